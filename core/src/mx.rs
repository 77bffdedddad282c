//! MX patterns and the hosts they match (RFC 8461 §3.2, §4.1).

use core::fmt;

use smol_str::SmolStr;

use crate::name::{is_label_byte, to_host_name, to_mx_name};

/// A pattern of MX hosts from a policy: a host name, or `*.` and a name, where `*` stands for
/// exactly one label. Kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MxPattern {
    text: SmolStr,
    /// Follows from the text, and is asked for with every reply.
    can_match: bool,
}

/// Why a text is no MX pattern. It matches nothing then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MxPatternError {
    /// There is nothing, or nothing after `*.`.
    Empty,
    /// Two dots in a row, or one at the start or end.
    EmptyLabel,
    /// A `*` that is not the whole left-most label.
    Wildcard,
    /// A label begins or ends with `-`.
    Hyphen,
    /// An internationalised name: patterns are written with A-labels.
    NotAscii,
    /// A character that does not occur in host names.
    Character,
}

impl MxPattern {
    /// Reads a pattern by the grammar of RFC 8461 §3.2: `["*."] Domain`, with the `Domain` of
    /// RFC 5321 §4.1.2.
    ///
    /// # Errors
    ///
    /// Says what keeps the text from being a pattern.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, MxPatternError> {
        let text = text.as_ref();
        match read(text)? {
            Quirks { trailing_dot: true, .. } => Err(MxPatternError::EmptyLabel),
            Quirks { underscore: true, .. } => Err(MxPatternError::Character),
            Quirks { .. } => Ok(Self::lower_case(text)),
        }
    }

    /// As [`parse`](Self::parse), but a trailing dot and underscores are allowed and told.
    pub(crate) fn parse_tolerant(text: &[u8]) -> Result<(Self, Quirks), MxPatternError> {
        let quirks = read(text)?;
        let text = if quirks.trailing_dot { text.strip_suffix(b".").unwrap_or(text) } else { text };
        Ok((Self::lower_case(text), quirks))
    }

    /// Whether the MX host matches: label by label without regard to case, and `*` for exactly one
    /// label. U-labels are converted first, a root dot is ignored, and what is no host name matches
    /// nothing (RFC 8461 §4.1, RFC 6125 §6.4).
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        to_mx_name(host.as_bytes()).is_ok_and(|host| self.matches_name(&host))
    }

    /// As [`matches`](Self::matches), for a host that has been normalised.
    pub(crate) fn matches_name(&self, host: &str) -> bool {
        match self.text.strip_prefix("*.") {
            //= https://www.rfc-editor.org/rfc/rfc8461#section-4.1
            //# Matching is identical to the rules given in [RFC6125], with the restriction that the
            //# wildcard character '*' may only be used to match the entire left-most label in the
            //# presented identifier.
            Some(suffix) => host.split_once('.').is_some_and(|(_, parent)| parent == suffix),
            None => host == self.text,
        }
    }

    /// The pattern in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part after `*.`, if the pattern is a wildcard.
    #[must_use]
    pub fn wildcard_suffix(&self) -> Option<&str> {
        self.text.strip_prefix("*.")
    }

    /// Whether some host can match. The grammar also allows labels and names too long for DNS, and
    /// IPv4 addresses.
    #[must_use]
    pub const fn can_match(&self) -> bool {
        self.can_match
    }

    fn lower_case(text: &[u8]) -> Self {
        let text = core::str::from_utf8(text).unwrap_or_default();
        let text = if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            SmolStr::new(text.to_ascii_lowercase())
        } else {
            SmolStr::new(text)
        };
        let name = text.strip_prefix("*.").unwrap_or(&text);
        let can_match = text.len() <= 253 && to_host_name(name.as_bytes()).is_ok();
        Self { text, can_match }
    }
}

/// What a pattern has that the grammar does not allow and that does no harm.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quirks {
    pub(crate) trailing_dot: bool,
    pub(crate) underscore: bool,
}

fn read(text: &[u8]) -> Result<Quirks, MxPatternError> {
    let domain = text.strip_prefix(b"*.").unwrap_or(text);
    let (domain, trailing_dot) = match domain.strip_suffix(b".") {
        Some(domain) => (domain, true),
        None => (domain, false),
    };
    if domain.is_empty() {
        return Err(MxPatternError::Empty);
    }
    if domain.contains(&b'*') {
        return Err(MxPatternError::Wildcard);
    }
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //# the "mx" value MUST specify the Punycode-encoded A-label [RFC3492] to match against, and not
    //# the Unicode-encoded U-label.
    if !domain.is_ascii() {
        return Err(MxPatternError::NotAscii);
    }
    for label in domain.split(|byte| *byte == b'.') {
        match label {
            [] => return Err(MxPatternError::EmptyLabel),
            [b'-', ..] | [.., b'-'] => return Err(MxPatternError::Hyphen),
            _ if label.iter().copied().all(is_label_byte) => {}
            _ => return Err(MxPatternError::Character),
        }
    }
    Ok(Quirks { trailing_dot, underscore: domain.contains(&b'_') })
}

impl fmt::Display for MxPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for MxPatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the host name is missing",
            Self::EmptyLabel => "a label is empty",
            Self::Wildcard => "`*` may only be the whole left-most label",
            Self::Hyphen => "a label begins or ends with a hyphen",
            Self::NotAscii => "internationalised names are written as A-labels",
            Self::Character => "a character does not occur in host names",
        })
    }
}

impl core::error::Error for MxPatternError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, host: &str) -> bool {
        MxPattern::parse(pattern).unwrap().matches(host)
    }

    #[test]
    fn a_name_matches_itself_only() {
        assert!(matches("mail.example.com", "MAIL.example.com."));
        assert!(!matches("mail.example.com", "a.mail.example.com"));
        assert!(!matches("mail.example.com", "example.com"));
        assert!(!matches("mail.example.com", ""));
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-4.1
    //= type=test
    //# Matching is identical to the rules given in [RFC6125], with the restriction that the
    //# wildcard character '*' may only be used to match the entire left-most label in the presented
    //# identifier. Thus, the mx pattern "*.example.com" matches "mail.example.com" but not
    //# "example.com" or "foo.bar.example.com".
    #[test]
    fn a_star_is_exactly_one_label() {
        assert!(matches("*.example.com", "mail.example.com"));
        assert!(!matches("*.example.com", "example.com"));
        assert!(!matches("*.example.com", "foo.bar.example.com"));
        assert!(!matches("*.example.com", "*.example.com"));
        assert!(!matches("*.example.com", ".example.com"));
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //= type=test
    //# the "mx" value MUST specify the Punycode-encoded A-label [RFC3492] to match against, and not
    //# the Unicode-encoded U-label.
    #[test]
    fn patterns_are_written_with_a_labels() {
        assert!(matches("*.xn--bcher-kva.example", "mail.xn--bcher-kva.example"));
        assert_eq!(MxPattern::parse("*.bücher.example"), Err(MxPatternError::NotAscii));
    }

    #[cfg(feature = "idna")]
    #[test]
    fn a_host_with_u_labels_matches_a_labels() {
        assert!(matches("*.xn--bcher-kva.example", "mail.bücher.example"));
    }

    #[test]
    fn addresses_match_nothing() {
        assert!(!matches("192.0.2.1", "192.0.2.1"));
        assert!(!matches("*.0.2.1", "192.0.2.1"));
        assert!(!MxPattern::parse("192.0.2.1").unwrap().can_match());
    }

    #[test]
    fn each_defect_has_its_error() {
        for (text, error) in [
            ("", MxPatternError::Empty),
            ("*.", MxPatternError::Empty),
            (".", MxPatternError::Empty),
            ("*", MxPatternError::Wildcard),
            ("**.example.com", MxPatternError::Wildcard),
            ("alt*.example.com", MxPatternError::Wildcard),
            ("mail.*.example.com", MxPatternError::Wildcard),
            (".example.com", MxPatternError::EmptyLabel),
            ("mail.example.com.", MxPatternError::EmptyLabel),
            ("mail..example.com", MxPatternError::EmptyLabel),
            ("-mail.example.com", MxPatternError::Hyphen),
            ("bücher.example", MxPatternError::NotAscii),
            ("mx_1.example.com", MxPatternError::Character),
            ("mail.example.com:25", MxPatternError::Character),
            ("m servername=evil", MxPatternError::Character),
        ] {
            assert_eq!(MxPattern::parse(text), Err(error), "{text:?}");
        }
    }
}
