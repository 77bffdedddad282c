//! The Policy Domain, and how MTAs name it when they ask (RFC 8461 §1.1, §3.4).

use core::{fmt, net::IpAddr};

use smol_str::{SmolStr, format_smolstr};

use crate::name::{NameError, to_host_name};

/// The domain whose policy governs a delivery: the next hop, in lower case, as A-labels, without
/// root dot, brackets or port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyDomain(SmolStr);

/// Longest Policy Domain: with `_mta-sts.` before it, it still is a DNS name.
const MAX_DOMAIN: usize = 253 - "_mta-sts.".len();

/// Why a lookup key has no policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DomainError {
    /// `.example.com`: an MTA's question for the parent domain. Policies are not inherited
    /// (RFC 8461 §3.4).
    Parent,
    /// An address, bracketed or not. Policies are not for addresses (RFC 8461 §3.4).
    AddressLiteral,
    /// A bracket without its partner, or text after it that is no port.
    Brackets,
    /// What follows the colon is no port or service name.
    Port,
    /// Not a domain name.
    Name(NameError),
}

impl DomainError {
    /// The error as one word that does not change.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Parent => "domain-parent",
            Self::AddressLiteral => "domain-address",
            Self::Brackets => "domain-brackets",
            Self::Port => "domain-port",
            Self::Name(_) => "domain-name",
        }
    }
}

impl fmt::Display for DomainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parent => f.write_str("policies of parent domains do not apply"),
            Self::AddressLiteral => f.write_str("addresses have no policy"),
            Self::Brackets => f.write_str("the brackets do not enclose a host name"),
            Self::Port => f.write_str("no port or service name after the colon"),
            Self::Name(error) => write!(f, "not a domain name: {error}"),
        }
    }
}

impl core::error::Error for DomainError {}

impl PolicyDomain {
    /// Reads a lookup key as MTAs send it: `example.com`, `EXAMPLE.com.`, `bücher.example`,
    /// `[host]`, `host:port`, `[host]:port`. The host of a smart host is the Policy Domain
    /// (RFC 8461 §3.4).
    ///
    /// # Errors
    ///
    /// When the key names no Policy Domain. Such a key has no policy, which is an answer: an MTA
    /// asks for `.parent` and for address literals in the ordinary course of its work.
    pub fn from_lookup_key(key: impl AsRef<[u8]>) -> Result<Self, DomainError> {
        Self::from_octets(key.as_ref())
    }

    // Compiled once and here, whatever the caller has and is compiled for.
    fn from_octets(key: &[u8]) -> Result<Self, DomainError> {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.4
        //# compliant senders MUST treat the smart host domain as the Policy Domain for the purposes
        //# of policy discovery and application.
        let host = match key.strip_prefix(b"[") {
            Some(rest) => unbracket(rest)?,
            None => without_port(key)?,
        };
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.4
        //# When sending mail to a mailbox at a subdomain, compliant senders MUST NOT attempt to
        //# fetch a policy from the parent zone.
        if host.starts_with(b".") && host.len() > 1 {
            return Err(DomainError::Parent);
        }
        match to_host_name(host) {
            Ok(name) if name.len() > MAX_DOMAIN => Err(DomainError::Name(NameError::TooLong)),
            Ok(name) => Ok(Self(name)),
            Err(NameError::Address) => Err(DomainError::AddressLiteral),
            Err(error) => Err(DomainError::Name(error)),
        }
    }

    /// The domain in lower case, as A-labels, without the root dot.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the TXT record is: `_mta-sts.` and the domain (RFC 8461 §3.1).
    #[must_use]
    pub fn txt_name(&self) -> SmolStr {
        format_smolstr!("_mta-sts.{self}")
    }

    /// Where the policy is: `mta-sts.` and the domain (RFC 8461 §3.2).
    #[must_use]
    pub fn policy_host(&self) -> SmolStr {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
        //# The Policy Host DNS name is constructed by prepending "mta-sts" to the Policy Domain.
        format_smolstr!("mta-sts.{self}")
    }

    /// Where the TLSRPT record is: `_smtp._tls.` and the domain (RFC 8460 §3).
    #[must_use]
    pub fn tlsrpt_name(&self) -> SmolStr {
        format_smolstr!("_smtp._tls.{self}")
    }
}

impl fmt::Display for PolicyDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The host in `host]` or `host]:port`.
fn unbracket(rest: &[u8]) -> Result<&[u8], DomainError> {
    let end = rest.iter().position(|byte| *byte == b']').ok_or(DomainError::Brackets)?;
    let (host, rest) = rest.split_at_checked(end).ok_or(DomainError::Brackets)?;
    match rest.strip_prefix(b"]") {
        Some([]) => {}
        Some([b':', port @ ..]) if is_service(port) => {}
        Some([b':', ..]) => return Err(DomainError::Port),
        _ => return Err(DomainError::Brackets),
    }
    let tagged = host.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case(b"ipv6:"));
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.4
    //# This specification does not provide a means of associating policies with email addresses
    //# that employ Address Literals [RFC5321].
    let is_literal = tagged || is_address(host, host.contains(&b':'));
    if is_literal { Err(DomainError::AddressLiteral) } else { Ok(host) }
}

/// The host in `host` or `host:port`.
fn without_port(key: &[u8]) -> Result<&[u8], DomainError> {
    let colon = key.iter().position(|byte| *byte == b':');
    if is_address(key, colon.is_some()) {
        return Err(DomainError::AddressLiteral);
    }
    match colon {
        None => Ok(key),
        Some(colon) => match key.split_at_checked(colon) {
            Some((host, [_, port @ ..])) if is_service(port) => Ok(host),
            _ => Err(DomainError::Port),
        },
    }
}

fn is_address(host: &[u8], has_colon: bool) -> bool {
    // An IPv6 address has colons, and an IPv4 address ends with a digit, which few names do.
    let may_be = has_colon || host.last().is_some_and(u8::is_ascii_digit);
    may_be && core::str::from_utf8(host).is_ok_and(|host| host.parse::<IpAddr>().is_ok())
}

/// A port number or the name of a service.
fn is_service(port: &[u8]) -> bool {
    !port.is_empty() && port.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;

    fn read(key: &str) -> Result<String, DomainError> {
        PolicyDomain::from_lookup_key(key).map(|domain| domain.as_str().into())
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.4
    //= type=test
    //# compliant senders MUST treat the smart host domain as the Policy Domain for the purposes of
    //# policy discovery and application.
    #[test]
    fn all_spellings_name_one_domain() {
        for key in [
            "example.com",
            "EXAMPLE.com.",
            "[example.com]",
            "[Example.Com.]:25",
            "example.com:25",
            "example.com:submission",
            "[example.com]:smtps",
        ] {
            assert_eq!(read(key), Ok("example.com".into()), "{key}");
        }
    }

    #[cfg(feature = "idna")]
    #[test]
    fn u_labels_and_a_labels_name_one_domain() {
        assert_eq!(read("[bücher.example]:25"), Ok("xn--bcher-kva.example".into()));
        assert_eq!(read("xn--bcher-kva.example"), Ok("xn--bcher-kva.example".into()));
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.4
    //= type=test
    //# When sending mail to a mailbox at a subdomain, compliant senders MUST NOT attempt to fetch a
    //# policy from the parent zone.
    #[test]
    fn parents_are_no_policy_domains() {
        for key in [".example.com", ".com", "[.example.com]"] {
            assert_eq!(read(key), Err(DomainError::Parent), "{key}");
        }
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.4
    //= type=test
    //# This specification does not provide a means of associating policies with email addresses
    //# that employ Address Literals [RFC5321].
    #[test]
    fn addresses_are_no_policy_domains() {
        for key in [
            "192.0.2.1",
            "192.0.2.1:25",
            "[192.0.2.1]",
            "[192.0.2.1]:25",
            "[IPv6:2001:db8::1]",
            "[ipv6:2001:db8::1]:25",
            "[2001:db8::1]",
            "2001:db8::1",
            "::1",
        ] {
            assert_eq!(read(key), Err(DomainError::AddressLiteral), "{key}");
        }
    }

    #[test]
    fn malformed_keys_say_what_is_wrong() {
        for (key, error) in [
            ("", DomainError::Name(NameError::Empty)),
            ("[]", DomainError::Name(NameError::Empty)),
            ("[example.com", DomainError::Brackets),
            ("[example.com]x", DomainError::Brackets),
            ("[example.com]:", DomainError::Port),
            ("example.com:", DomainError::Port),
            ("example.com:2 5", DomainError::Port),
            ("a:b:c", DomainError::Port),
            ("exa mple.com", DomainError::Name(NameError::Character)),
            ("example.com]", DomainError::Name(NameError::Character)),
        ] {
            assert_eq!(read(key), Err(error), "{key:?}");
        }
        let long = ["abcdefghi."; 25].concat() + "com";
        assert_eq!(read(&long), Err(DomainError::Name(NameError::TooLong)));
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //= type=test
    //# The Policy Host DNS name is constructed by prepending "mta-sts" to the Policy Domain.
    #[test]
    fn derived_names() {
        let domain = PolicyDomain::from_lookup_key("example.com").unwrap();
        assert_eq!(domain.txt_name(), "_mta-sts.example.com");
        assert_eq!(domain.policy_host(), "mta-sts.example.com");
        assert_eq!(domain.tlsrpt_name(), "_smtp._tls.example.com");
    }
}
