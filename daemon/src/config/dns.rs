//! `[dns]`: which resolvers to ask, and for how long.

use core::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;
use serde::Serialize;
use toml::{Spanned, de::DeValue};

use super::{
    problem::Problem,
    section::Section,
    value::{
        duration, integer, millis, minutes, network, seconds, string, write_duration,
        write_optional_duration,
    },
};

/// Settings of the stub resolver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dns {
    /// The resolvers: `ADDRESS`, `ADDRESS:PORT` or `tls://ADDRESS[:PORT][#NAME]`. When there are
    /// none, those of the system.
    pub servers: Vec<String>,
    /// Time allowed for a TXT query, with all its attempts.
    #[serde(serialize_with = "write_duration")]
    pub timeout: Duration,
    /// Time after which the next resolver is asked as well, if not what the system says.
    #[serde(serialize_with = "write_optional_duration")]
    pub attempt_timeout: Option<Duration>,
    /// How often each resolver is asked, if not as often as the system says.
    pub attempts: Option<u32>,
    /// Most queries under way at one time.
    pub max_queries: usize,
    /// Networks whose resolvers, of those in `servers`, are believed when they say that an answer is
    /// authentic. Those on loopback or reached over TLS always are.
    pub trust_ad: Vec<IpNet>,
}

impl Dns {
    pub(super) fn read(section: &mut Section<'_, '_>) -> Self {
        let default = Self::default();
        let dns = Self {
            servers: section.list("servers", server),
            timeout: section.value("timeout", default.timeout, duration(seconds(1)..=minutes(2))),
            attempt_timeout: section
                .optional("attempt_timeout", duration(millis(100)..=minutes(1))),
            attempts: section.optional("attempts", integer(1..=10)),
            max_queries: section.value("max_queries", default.max_queries, integer(1..=10_000)),
            trust_ad: section.list("trust_ad", network),
        };
        if let Some(attempt) = dns.attempt_timeout {
            section.at_most(("attempt_timeout", attempt), ("timeout", dns.timeout));
        }
        if dns.servers.is_empty() && !dns.trust_ad.is_empty() {
            let help = "it is about `dns.servers`; for those of /etc/resolv.conf, write \
                        `options trust-ad` there";
            section.warn("trust_ad", "has no effect", help);
        }
        dns
    }
}

impl Default for Dns {
    fn default() -> Self {
        Self {
            servers: Vec::new(),
            timeout: Duration::from_secs(20),
            attempt_timeout: None,
            attempts: None,
            max_queries: 256,
            trust_ad: Vec::new(),
        }
    }
}

fn server(value: &Spanned<DeValue<'_>>) -> Result<String, Problem> {
    let text = string(value, "addresses such as \"127.0.0.1\"")?;
    let (address, name) = match text.strip_prefix("tls://") {
        None => (text, None),
        Some(rest) => match rest.split_once('#') {
            None => (rest, None),
            Some((address, name)) => (address, Some(name)),
        },
    };
    let readable = is_address(address) && name.is_none_or(is_host_name);
    if readable {
        return Ok(text.to_owned());
    }
    let problem = Problem::error(value.span(), format!("cannot contain `{text}`"));
    Err(problem.label("not the address of a resolver").help(
        "write `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353` or \
         `tls://192.0.2.53#dns.example.com`",
    ))
}

/// Whether this is an address, perhaps with a port. An IPv6 address may name its interface.
fn is_address(text: &str) -> bool {
    if let Some((before, after)) = text.split_once('%') {
        let (scope, rest) = after.find(']').map_or((after, ""), |end| after.split_at(end));
        return !scope.is_empty() && before.contains(':') && is_address(&format!("{before}{rest}"));
    }
    let bracketed = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    text.parse::<IpAddr>().is_ok()
        || text.parse::<SocketAddr>().is_ok_and(|address| address.port() != 0)
        || bracketed.is_some_and(|text| text.parse::<IpAddr>().is_ok())
}

fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_server(text: &str) -> bool {
        let value = DeValue::String(text.into());
        server(&Spanned::new(0..0, value)).is_ok_and(|server| server == text)
    }

    #[test]
    fn a_server_is_an_address_with_or_without_a_port() {
        for text in [
            "192.0.2.53",
            "192.0.2.53:5353",
            "2001:db8::53",
            "[2001:db8::53]:5353",
            "fe80::53%eth0",
            "[fe80::53%2]:53",
        ] {
            assert!(is_server(text), "{text}");
        }
        for text in [
            "",
            "localhost",
            "192.0.2.53:0",
            "192.0.2.53:",
            "192.0.2.53#name",
            "::1:x",
            "fe80::1%",
            "192.0.2.53%eth0",
        ] {
            assert!(!is_server(text), "{text}");
        }
    }

    #[test]
    fn a_server_over_tls_may_have_a_name() {
        for text in ["tls://192.0.2.53", "tls://[::1]:853", "tls://192.0.2.53:853#dns.example.com"]
        {
            assert!(is_server(text), "{text}");
        }
        for text in ["tls://", "tls://192.0.2.53#", "tls://dns.example.com", "https://192.0.2.53"] {
            assert!(!is_server(text), "{text}");
        }
    }
}
