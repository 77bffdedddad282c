//! Replies into bytes.

use mtasts_core::{Decision, PolicyDomain, UnixMillis, render};

use crate::config::{Maps, Profile};

/// What a request asks: a map, by its profile, and a key in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// The form of the answer.
    pub profile: Profile,
    /// The key, as sent.
    pub key: &'a [u8],
}

impl<'a> Question<'a> {
    /// Reads a request.
    ///
    /// # Errors
    ///
    /// The map's name, if there is no such map; nothing, if the request names none.
    pub fn parse(request: &'a [u8], maps: &Maps) -> Result<Self, &'a [u8]> {
        let space = request.iter().position(|byte| *byte == b' ').unwrap_or(request.len());
        let (name, key) = request.split_at_checked(space).unwrap_or((request, b""));
        let profile = core::str::from_utf8(name).ok().and_then(|name| maps.profile(name));
        let profile = profile.ok_or(name)?;
        Ok(Self { profile, key: key.strip_prefix(b" ").unwrap_or_default() })
    }
}

/// Appends the reply to a question about `domain`. `now` is asked for the time only where the reply
/// tells how old something is.
pub fn render(
    profile: Profile,
    decision: &Decision,
    domain: &PolicyDomain,
    now: impl FnOnce() -> UnixMillis,
    reply: &mut String,
) {
    match profile {
        Profile::Postfix => render::postfix(decision, reply),
        Profile::PostfixTlsrpt => render::postfix_tlsrpt(decision, domain, reply),
        Profile::Sendmail => render::sendmail(decision, reply),
        // Exim's configuration can hold mail for `TEMP`, and need not know a mode of that name.
        Profile::Exim if matches!(decision, Decision::TempFail(_)) => {
            render::postfix(decision, reply);
        }
        Profile::Exim => {
            reply.push_str("OK ");
            render::exim(decision, reply);
        }
        Profile::Json => {
            reply.push_str("OK ");
            reply.push_str(&render::json(decision, domain, now()));
        }
    }
}

/// The reply to a request for a map that does not exist. Postfix logs it.
#[must_use]
pub fn unknown_map(name: &[u8]) -> String {
    if name.is_empty() {
        return "PERM the request names no map".into();
    }
    let shown = name.get(..64).unwrap_or(name);
    format!("PERM there is no map `{}`", shown.escape_ascii())
}

/// The reply to a request that is too long.
#[must_use]
pub fn refusal(length: usize, max: usize) -> String {
    format!("PERM the request has {length} bytes, and at most {max} are allowed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_space_ends_the_name_of_the_map() {
        let maps = Maps::default();
        let question = Question::parse(b"postfix example.com", &maps);
        assert_eq!(question, Ok(Question { profile: Profile::Postfix, key: b"example.com" }));
        let question = Question::parse(b"sts a b\xff", &maps);
        assert_eq!(question, Ok(Question { profile: Profile::Sendmail, key: b"a b\xff" }));
        let question = Question::parse(b"postfix", &maps);
        assert_eq!(question, Ok(Question { profile: Profile::Postfix, key: b"" }));
    }

    #[test]
    fn a_map_that_does_not_exist_is_named() {
        let maps = Maps::default();
        assert_eq!(Question::parse(b"postfi example.com", &maps), Err(&b"postfi"[..]));
        assert!(Question::parse(b"querywithtlsrpt example.com", &maps).is_ok());
        assert_eq!(Question::parse(b"", &maps), Err(&b""[..]));
        assert_eq!(unknown_map(b"a\n,\xff"), "PERM there is no map `a\\n,\\xff`");
        assert_eq!(unknown_map(b""), "PERM the request names no map");
        assert!(unknown_map(&[b'x'; 5_000]).len() < 100);
    }
}
