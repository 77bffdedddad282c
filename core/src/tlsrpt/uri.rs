//! The URIs of a `rua` field (RFC 8460 §3, RFC 3986 §3).

use core::net::Ipv6Addr;

use crate::txt::TrimWsp as _;

/// The URIs of a value that is a list of them: a comma between two, white space beside it.
pub(super) fn list(value: &[u8]) -> Option<impl Iterator<Item = &str> + Clone> {
    let count = value.split(|byte| *byte == b',').count();
    let uris = value.split(|byte| *byte == b',').enumerate().filter_map(move |(index, uri)| {
        let uri = if index == 0 { uri } else { uri.trim_wsp_start() };
        let is_last = index.saturating_add(1) == count;
        as_uri(if is_last { uri } else { uri.trim_wsp_end() })
    });
    (uris.clone().count() == count).then_some(uris)
}

/// Whether a report can be sent there: the scheme is known, and a mailbox or a host follows.
pub(crate) fn is_usable(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    if scheme.eq_ignore_ascii_case("mailto") {
        let mailbox = rest.split(['?', '#']).next().unwrap_or_default();
        mailbox.rsplit_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
    } else if scheme.eq_ignore_ascii_case("https") {
        let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
        let host = authority.map(|authority| authority.rsplit('@').next().unwrap_or_default());
        host.is_some_and(|host| !host.is_empty() && !host.starts_with(':'))
    } else {
        false
    }
}

/// A `URI` of RFC 3986; `!`, `,` and `;` must be encoded here.
fn as_uri(text: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(text).ok()?;
    let (scheme, rest) = text.split_once(':')?;
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = match rest.strip_prefix("//") {
        None => rest,
        Some(rest) => {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            is_authority(authority).then_some(path)?
        }
    };
    let valid = is_scheme(scheme)
        && consists_of(path, b":@/")
        && consists_of(query, b":@/?")
        && consists_of(fragment, b":@/?");
    valid.then_some(text)
}

fn is_scheme(scheme: &str) -> bool {
    let mut letters = scheme.bytes();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn is_authority(authority: &str) -> bool {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (is_host, port) = match host.strip_prefix('[').map(|host| host.split_once(']')) {
        None => {
            let (name, port) = host.split_once(':').unwrap_or((host, ""));
            (consists_of(name, b""), Some(port))
        }
        Some(None) => return false,
        Some(Some((literal, ""))) => (is_ip_literal(literal), Some("")),
        Some(Some((literal, rest))) => (is_ip_literal(literal), rest.strip_prefix(':')),
    };
    let is_port = port.is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    consists_of(user, b":") && is_host && is_port
}

fn is_ip_literal(literal: &str) -> bool {
    let future = literal.strip_prefix(['v', 'V']).and_then(|future| future.split_once('.'));
    match future {
        None => literal.parse::<Ipv6Addr>().is_ok(),
        Some((version, address)) => {
            let is_version = version.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_address = !address.contains('%') && consists_of(address, b":");
            !version.is_empty() && is_version && !address.is_empty() && is_address
        }
    }
}

/// Whether all characters are unreserved, percent-encoded, delimiters that are allowed in any part,
/// or among `others`.
fn consists_of(part: &str, others: &[u8]) -> bool {
    let mut bytes = part.bytes();
    while let Some(byte) = bytes.next() {
        let allowed = match byte {
            b'%' => [bytes.next(), bytes.next()]
                .iter()
                .all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit())),
            b'-' | b'.' | b'_' | b'~' => true,
            b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b'=' => true,
            other => other.is_ascii_alphanumeric() || others.contains(&other),
        };
        if !allowed {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_follow_the_grammar_part_by_part() {
        for good in [
            "mailto:reports@example.com",
            "https://example.com",
            "https://user:pw@example.com:8443/a/b?c=d/?#e?",
            "https://[2001:db8::1]:443/",
            "https://[v7.a:b]/",
            "https://example.com:/",
            "x-y.z+1:",
            "mailto:a%21b@example.com",
        ] {
            assert_eq!(as_uri(good.as_bytes()), Some(good));
        }
        for bad in [
            "",
            ":a",
            "1a:b",
            "reports@example.com",
            "mailto:a[b]@example.com",
            "mailto:a b@example.com",
            "mailto:a!b@example.com",
            "https://a@b@example.com/",
            "https://example.com:x/",
            "https://[2001:db8::1",
            "https://[2001:db8::1]x/",
            "https://[example.com]/",
            "https://[v.a]/",
            "https://example.com/%2",
            "https://example.com/%zz",
            "https://example.com/#a#b",
            "https://example.com/\"",
            "https://exämple.com/",
        ] {
            assert_eq!(as_uri(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn white_space_stands_only_beside_commas() {
        let count = |value: &str| list(value.as_bytes()).map(Iterator::count);
        assert_eq!(count("a:b \t,\t c:d"), Some(2));
        for bad in [" a:b", "a:b ", "a:b,", ",a:b", "a:b,,c:d", "a:b , ", ""] {
            assert_eq!(count(bad), None, "{bad:?}");
        }
    }
}
