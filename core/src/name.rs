//! Host names: the one place that decides what is a name, for lookup keys and MX hosts alike.

use core::fmt;

use smol_str::SmolStr;

/// Longest name that DNS can carry, in octets without the root dot (RFC 1035 §2.3.4).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Why a text is not a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameError {
    /// There is nothing, or nothing but a root dot.
    Empty,
    /// Two dots in a row, or one at the start.
    EmptyLabel,
    /// A label of more than 63 octets.
    LabelTooLong,
    /// More octets than a DNS name can have.
    TooLong,
    /// A label begins or ends with `-`.
    Hyphen,
    /// A character other than a letter, digit, `-` or `_`.
    Character,
    /// An internationalised label that IDNA does not allow, or IDNA is not compiled in.
    Idna,
    /// An IPv4 address.
    Address,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the name is empty",
            Self::EmptyLabel => "a label is empty",
            Self::LabelTooLong => "a label is longer than 63 octets",
            Self::TooLong => "the name is too long for DNS",
            Self::Hyphen => "a label begins or ends with a hyphen",
            Self::Character => "a character is not allowed in host names",
            Self::Idna => "an internationalised label cannot be converted",
            Self::Address => "it is an IP address",
        })
    }
}

/// `name` in lower case, as A-labels, without the root dot. What IDNA maps to other characters is
/// taken as those, as the MTA does that resolves the name; dots among them.
pub(crate) fn to_host_name(name: &[u8]) -> Result<SmolStr, NameError> {
    match convert(name, false) {
        Err(_) if !name.is_ascii() => {
            let name = core::str::from_utf8(name).map_err(|_| NameError::Idna)?;
            convert(name.replace(IDEOGRAPHIC_DOTS, ".").as_bytes(), false)
        }
        converted => converted,
    }
}

/// What separates labels beside the full stop (UTS #46 §2.3).
pub(crate) const IDEOGRAPHIC_DOTS: [char; 3] = ['\u{3002}', '\u{ff0e}', '\u{ff61}'];

/// As [`to_host_name`], for the name of a host that is to be recognised: a label that is not ASCII
/// must be a U-label as it stands, but for its case. U+212A (the Kelvin sign) is no `k`.
pub(crate) fn to_mx_name(name: &[u8]) -> Result<SmolStr, NameError> {
    convert(name, true)
}

fn convert(name: &[u8], exact: bool) -> Result<SmolStr, NameError> {
    let name = name.strip_suffix(b".").unwrap_or(name);
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    let mut host = HostName::default();
    for label in name.split(|byte| *byte == b'.') {
        match host.push(label) {
            Err(_) if !label.is_ascii() => host.push(idna_label(label, exact)?.as_bytes())?,
            pushed => pushed?,
        }
    }
    host.finish()
}

struct HostName {
    buffer: [u8; MAX_NAME],
    len: usize,
}

impl Default for HostName {
    fn default() -> Self {
        Self { buffer: [0; MAX_NAME], len: 0 }
    }
}

impl HostName {
    /// Adds a label, or nothing if it is none in ASCII.
    fn push(&mut self, label: &[u8]) -> Result<(), NameError> {
        if label.is_empty() {
            return Err(NameError::EmptyLabel);
        }
        if label.len() > MAX_LABEL {
            return Err(NameError::LabelTooLong);
        }
        if label.starts_with(b"-") || label.ends_with(b"-") {
            return Err(NameError::Hyphen);
        }
        let dot = usize::from(self.len > 0);
        let start = self.len.saturating_add(dot);
        let end = start.saturating_add(label.len());
        if dot > 0 {
            *self.buffer.get_mut(self.len).ok_or(NameError::TooLong)? = b'.';
        }
        let place = self.buffer.get_mut(start..end).ok_or(NameError::TooLong)?;
        let mut valid = true;
        for (place, byte) in place.iter_mut().zip(label) {
            let lower = LABEL_BYTES.get(usize::from(*byte)).copied().unwrap_or(0);
            valid &= lower != 0;
            *place = lower;
        }
        if !valid {
            return Err(NameError::Character);
        }
        self.len = end;
        Ok(())
    }

    fn finish(&self) -> Result<SmolStr, NameError> {
        let bytes = self.buffer.get(..self.len).ok_or(NameError::TooLong)?;
        let name = core::str::from_utf8(bytes).map_err(|_| NameError::Character)?;
        // An IPv4 address ends with a digit, which few names do.
        if bytes.last().is_some_and(u8::is_ascii_digit)
            && name.parse::<core::net::Ipv4Addr>().is_ok()
        {
            return Err(NameError::Address);
        }
        Ok(SmolStr::new(name))
    }
}

/// Letters, digits, `-`, and `_`, which is no host name character but occurs in mail domains.
pub(crate) const fn is_label_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// What each octet is in a label, in lower case; 0 for those that no label has. A table, since of a
/// lookup that is answered from memory, most is reading the name.
static LABEL_BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut rest: &mut [u8] = &mut bytes;
    let mut byte = 0_u8;
    while let Some((place, others)) = rest.split_first_mut() {
        if is_label_byte(byte) {
            *place = byte.to_ascii_lowercase();
        }
        byte = byte.wrapping_add(1);
        rest = others;
    }
    bytes
};

/// One U-label as an A-label. Only whole labels are converted: a character that IDNA maps to a dot
/// separates nothing. With `exact`, a label is refused in which IDNA maps more than upper case.
#[cfg(feature = "idna")]
#[cold]
fn idna_label(label: &[u8], exact: bool) -> Result<alloc::string::String, NameError> {
    use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

    let idna = Uts46::new();
    let ascii = idna
        .to_ascii(label, AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Ignore)
        .map_err(|_| NameError::Idna)?;
    if ascii.contains('.') {
        return Err(NameError::Idna);
    }
    if exact {
        let label = core::str::from_utf8(label).map_err(|_| NameError::Idna)?;
        let (back, _) = idna.to_unicode(ascii.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
        if !label.chars().map(lower_case).eq(back.chars()) {
            return Err(NameError::Idna);
        }
    }
    Ok(ascii.into_owned())
}

/// The character in lower case, unless that makes an ASCII character of another one.
#[cfg(feature = "idna")]
fn lower_case(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) if lower.is_ascii() == character.is_ascii() => lower,
        _ => character,
    }
}

#[cfg(not(feature = "idna"))]
fn idna_label(_label: &[u8], _exact: bool) -> Result<alloc::string::String, NameError> {
    Err(NameError::Idna)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Result<SmolStr, NameError> {
        to_host_name(name.as_bytes())
    }

    #[test]
    fn case_and_root_dot_do_not_matter() {
        assert_eq!(read("Mail.EXAMPLE.com."), Ok("mail.example.com".into()));
        assert_eq!(read("localhost"), Ok("localhost".into()));
        assert_eq!(read("_x.mail-1.example"), Ok("_x.mail-1.example".into()));
    }

    #[test]
    fn each_defect_has_its_error() {
        for (name, error) in [
            ("", NameError::Empty),
            (".", NameError::Empty),
            (".example.com", NameError::EmptyLabel),
            ("example..com", NameError::EmptyLabel),
            ("example.com..", NameError::EmptyLabel),
            ("-a.example", NameError::Hyphen),
            ("a-.example", NameError::Hyphen),
            ("a b.example", NameError::Character),
            ("*.example", NameError::Character),
            ("a\0.example", NameError::Character),
            ("192.0.2.1", NameError::Address),
        ] {
            assert_eq!(read(name), Err(error), "{name:?}");
        }
    }

    #[test]
    fn lengths_are_those_of_dns() {
        let label = "a".repeat(63);
        assert!(read(&label).is_ok());
        assert_eq!(read(&(label.clone() + "a")), Err(NameError::LabelTooLong));
        let name = [label.as_str(); 4].join(".");
        assert!(to_host_name(&name.as_bytes()[..253]).is_ok());
        assert_eq!(read(&name), Err(NameError::TooLong));
    }

    #[test]
    fn octets_that_are_not_utf8_are_no_name() {
        assert_eq!(to_host_name(b"caf\xe9.example"), Err(NameError::Idna));
    }

    #[cfg(feature = "idna")]
    #[test]
    fn u_labels_become_a_labels() {
        assert_eq!(read("BÜCHER.example"), Ok("xn--bcher-kva.example".into()));
        assert_eq!(read("mail\u{3002}example\u{ff0e}com"), Ok("mail.example.com".into()));
        assert_eq!(read("\u{212a}.example"), Ok("k.example".into()));
    }

    #[cfg(feature = "idna")]
    #[test]
    fn a_host_is_recognised_by_its_u_labels_only() {
        let read = |name: &str| to_mx_name(name.as_bytes());
        assert_eq!(read("BÜCHER.example"), Ok("xn--bcher-kva.example".into()));
        for mapped in [
            "mail\u{3002}example.com",
            "\u{212a}.example",
            "\u{17f}mtp.example",
            "\u{ff4d}ail.example",
            "\u{fb01}le.example",
            "ma\u{ad}il.example",
            "ma\u{130}l.example",
            "bu\u{308}cher.example",
            "\u{212a}ü.example",
        ] {
            assert_eq!(read(mapped), Err(NameError::Idna), "{mapped:?}");
        }
    }
}
