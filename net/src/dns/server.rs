//! DNS servers: where they are, how they are reached, and how people write them down.

use core::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6},
    str::FromStr,
};
use std::net::ToSocketAddrs as _;

use rustls::pki_types::ServerName;

/// The port of DNS.
const PLAIN_PORT: u16 = 53;
/// The port of DNS over TLS (RFC 7858 §3.1).
const TLS_PORT: u16 = 853;

/// A recursive resolver.
///
/// Written as `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:53`,
/// `fe80::53%eth0`, or for DNS over TLS `tls://9.9.9.9`, `tls://9.9.9.9:853#dns.quad9.net`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Server {
    /// Where it listens.
    pub addr: SocketAddr,
    /// How it is reached.
    pub transport: Transport,
    /// Whether its AD bit is believed although the way to it is not protected: somebody vouches for
    /// the network between.
    pub trust_ad: bool,
}

/// How a server is reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Over UDP, and over TCP where an answer does not fit.
    Plain,
    /// Over TLS (RFC 7858).
    Tls {
        /// The name, or the address, that the server's certificate must be valid for.
        name: ServerName<'static>,
    },
}

/// A text that does not name a DNS server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServerError {
    /// Not an address, or not in a form that can be read.
    #[error(
        "`{0}` is not the address of a DNS server: write ADDRESS, ADDRESS:PORT, [IPV6]:PORT or \
         tls://ADDRESS:PORT#NAME"
    )]
    Address(String),
    /// A port that is no number from 1 to 65535.
    #[error("`{0}` is not a port: it must be a number from 1 to 65535")]
    Port(String),
    /// A scope that is neither a number nor an interface of this machine.
    #[error("`{0}` is not a network interface of this machine")]
    Interface(String),
    /// Something before `://` other than `tls`.
    #[error("`{0}://` is not supported: DNS servers are reached plainly or by `tls://`")]
    Scheme(String),
    /// Not a name that a certificate can be for.
    #[error("`{0}` is not a name that a certificate can be valid for")]
    Name(String),
}

impl Server {
    /// A server that is reached plainly.
    #[must_use]
    pub const fn plain(addr: SocketAddr) -> Self {
        Self { addr, transport: Transport::Plain, trust_ad: false }
    }

    /// Whether the AD bit of its answers is believed (RFC 4035 §4.9.3): on this machine, over TLS,
    /// or because the configuration says so.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        let is_encrypted = matches!(self.transport, Transport::Tls { .. });
        self.trust_ad || is_encrypted || self.addr.ip().to_canonical().is_loopback()
    }
}

impl FromStr for Server {
    type Err = ServerError;

    fn from_str(text: &str) -> Result<Self, ServerError> {
        match text.split_once("://") {
            None => Ok(Self::plain(parse_addr(text, PLAIN_PORT)?)),
            Some(("tls", rest)) => {
                let (addr, name) = match rest.split_once('#') {
                    Some((addr, name)) => (addr, Some(name)),
                    None => (rest, None),
                };
                let addr = parse_addr(addr, TLS_PORT)?;
                let name = match name {
                    Some(name) => ServerName::try_from(name.to_owned())
                        .map_err(|_| ServerError::Name(name.to_owned()))?,
                    None => ServerName::IpAddress(addr.ip().into()),
                };
                Ok(Self { addr, transport: Transport::Tls { name }, trust_ad: false })
            }
            Some((scheme, _)) => Err(ServerError::Scheme(scheme.to_owned())),
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.transport {
            Transport::Plain => write!(f, "{}", self.addr),
            Transport::Tls { name: ServerName::DnsName(name) } => {
                write!(f, "tls://{}#{}", self.addr, name.as_ref())
            }
            Transport::Tls { .. } => write!(f, "tls://{}", self.addr),
        }
    }
}

fn parse_addr(text: &str, default_port: u16) -> Result<SocketAddr, ServerError> {
    let malformed = || ServerError::Address(text.to_owned());
    let (host, port) = split_port(text).ok_or_else(malformed)?;
    let port = match port {
        None => default_port,
        Some(port) => match port.parse() {
            Ok(0) | Err(_) => return Err(ServerError::Port(port.to_owned())),
            Ok(port) => port,
        },
    };
    match host.split_once('%') {
        None => Ok(SocketAddr::new(host.parse::<IpAddr>().map_err(|_| malformed())?, port)),
        Some((ip, scope)) => scoped(ip.parse().map_err(|_| malformed())?, scope, port),
    }
}

/// Host and port of `HOST`, `HOST:PORT`, `[HOST]` or `[HOST]:PORT`. A host with more than one colon
/// is an IPv6 address, which has no port unless in brackets.
fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => Some((host, Some(port))),
        _ => Some((text, None)),
    }
}

/// An IPv6 address on the interface that `scope` names or numbers.
pub(super) fn scoped(ip: Ipv6Addr, scope: &str, port: u16) -> Result<SocketAddr, ServerError> {
    if let Ok(index) = scope.parse() {
        return Ok(SocketAddrV6::new(ip, port, 0, index).into());
    }
    // The system's own reading of a numeric address knows the interfaces, and asks no server.
    let found = (format!("{ip}%{scope}").as_str(), port).to_socket_addrs();
    let addr = found.ok().and_then(|mut found| found.next());
    addr.ok_or_else(|| ServerError::Interface(scope.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_servers_in_all_spellings() {
        for (text, addr) in [
            ("192.0.2.53", "192.0.2.53:53"),
            ("192.0.2.53:5353", "192.0.2.53:5353"),
            ("2001:db8::53", "[2001:db8::53]:53"),
            ("[2001:db8::53]", "[2001:db8::53]:53"),
            ("[2001:db8::53]:5353", "[2001:db8::53]:5353"),
            ("fe80::53%7", "[fe80::53%7]:53"),
            ("[fe80::53%7]:5353", "[fe80::53%7]:5353"),
        ] {
            let server: Server = text.parse().unwrap();
            assert_eq!(server, Server::plain(addr.parse().unwrap()), "{text}");
            assert_eq!(server.to_string(), addr);
        }
    }

    #[test]
    fn servers_over_tls() {
        for (text, shown, name) in [
            ("tls://9.9.9.9", "tls://9.9.9.9:853", "9.9.9.9"),
            ("tls://[2620:fe::fe]", "tls://[2620:fe::fe]:853", "2620:fe::fe"),
            (
                "tls://9.9.9.9:8853#dns.quad9.net",
                "tls://9.9.9.9:8853#dns.quad9.net",
                "dns.quad9.net",
            ),
        ] {
            let server: Server = text.parse().unwrap();
            let name = ServerName::try_from(name).unwrap().to_owned();
            assert_eq!(server.transport, Transport::Tls { name }, "{text}");
            assert_eq!(server.to_string(), shown);
        }
    }

    #[test]
    fn the_loopback_interface_has_an_index() {
        let server: Server = "[fe80::1%lo]:53".parse().unwrap();
        assert!(matches!(server.addr, SocketAddr::V6(addr) if addr.scope_id() > 0));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let owned = str::to_owned;
        for (text, error) in [
            ("", ServerError::Address(owned(""))),
            ("dns.example", ServerError::Address(owned("dns.example"))),
            ("192.0.2.53#name", ServerError::Address(owned("192.0.2.53#name"))),
            ("[2001:db8::53", ServerError::Address(owned("[2001:db8::53"))),
            ("[2001:db8::53]53", ServerError::Address(owned("[2001:db8::53]53"))),
            ("tls://dns.example", ServerError::Address(owned("dns.example"))),
            ("192.0.2.53:", ServerError::Port(owned(""))),
            ("192.0.2.53:0", ServerError::Port(owned("0"))),
            ("192.0.2.53:65536", ServerError::Port(owned("65536"))),
            ("fe80::1%nosuch0", ServerError::Interface(owned("nosuch0"))),
            ("https://192.0.2.53/dns-query", ServerError::Scheme(owned("https"))),
            ("tls://192.0.2.53#a b", ServerError::Name(owned("a b"))),
        ] {
            assert_eq!(text.parse::<Server>(), Err(error), "{text}");
        }
    }

    #[test]
    fn ad_is_believed_from_here_over_tls_and_by_configuration() {
        for (text, is_trusted) in [
            ("127.0.0.53", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("tls://9.9.9.9", true),
            ("9.9.9.9", false),
            ("10.0.0.1", false),
            ("fe80::1%1", false),
        ] {
            assert_eq!(text.parse::<Server>().unwrap().is_trusted(), is_trusted, "{text}");
        }
        let vouched = Server { trust_ad: true, ..Server::plain(([10, 0, 0, 1], 53).into()) };
        assert!(vouched.is_trusted());
    }
}
