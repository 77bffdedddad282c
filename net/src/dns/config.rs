//! Which servers are asked, and how patiently.

use core::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use std::path::PathBuf;

use resolv_conf::ScopedIp;
use tracing::debug;

use super::server::{Server, scoped};
use crate::https::TrustStore;

/// Where the system says which DNS servers it uses.
pub const SYSTEM_CONFIG: &str = "/etc/resolv.conf";

/// Time for an answer and times that each server is asked, as in resolv.conf(5).
const TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPTS: u32 = 2;
/// The most that resolv.conf(5) allows for both.
const MAX_TIMEOUT: u32 = 30;
const MAX_ATTEMPTS: u32 = 5;

/// Settings of a [`Resolver`](super::Resolver).
#[derive(Clone, Debug)]
pub struct DnsConfig {
    /// The servers.
    pub servers: Servers,
    /// How long a server may take before the next one is asked as well. By default what the
    /// servers' file says, else 5 s; less if otherwise a query's deadline would leave no time for
    /// the others.
    pub timeout: Option<Duration>,
    /// How often each server is asked, at most 10 times. By default what the servers' file says,
    /// else twice.
    pub attempts: Option<u32>,
    /// Most queries under way at one time, 256 by default. Others wait in turn. In the worst case,
    /// when no server answers, each has as many sockets as servers times attempts.
    pub max_queries: usize,
    /// What the certificates of DNS-over-TLS servers must come from.
    pub roots: Option<TrustStore>,
}

/// Where the servers are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Servers {
    /// In a file in the format of resolv.conf(5), of which `nameserver` lines and the options
    /// `timeout`, `attempts`, `rotate`, `use-vc` and `trust-ad` are used. A change of it is noticed
    /// by the first query that comes 3 s or more after the file was last looked at. As with the C
    /// library, a file that names no server or cannot be read stands for 127.0.0.1.
    File(PathBuf),
    /// Here. The first one is asked first.
    Named(Vec<Server>),
}

impl Default for Servers {
    /// Those of [`SYSTEM_CONFIG`].
    fn default() -> Self {
        Self::File(SYSTEM_CONFIG.into())
    }
}

impl Default for DnsConfig {
    fn default() -> Self {
        Self {
            servers: Servers::default(),
            timeout: None,
            attempts: None,
            max_queries: 256,
            roots: None,
        }
    }
}

impl DnsConfig {
    /// The settings that hold, given the text of the servers' file where there is one.
    pub(super) fn settings(&self, file: Option<&[u8]>) -> Settings {
        let mut settings = match &self.servers {
            Servers::File(_) => Settings::parse(file.unwrap_or_default()),
            Servers::Named(servers) => Settings::new(servers.clone()),
        };
        settings.timeout = self.timeout.unwrap_or(settings.timeout);
        settings.attempts = self.attempts.unwrap_or(settings.attempts).clamp(1, 10);
        settings
    }
}

/// Settings with nothing left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) servers: Vec<Server>,
    pub(super) timeout: Duration,
    pub(super) attempts: u32,
    /// Begin with another server each time.
    pub(super) rotate: bool,
    /// Use TCP from the start.
    pub(super) tcp: bool,
}

impl Settings {
    const fn new(servers: Vec<Server>) -> Self {
        Self { servers, timeout: TIMEOUT, attempts: ATTEMPTS, rotate: false, tcp: false }
    }

    /// Reads a resolv.conf(5). Lines that cannot be read do not count.
    fn parse(text: &[u8]) -> Self {
        let (file, errors) = resolv_conf::Config::parse_with_errors(text);
        for error in errors {
            debug!(%error, "part of the resolver configuration is ignored");
        }
        let mut servers: Vec<Server> = file.nameservers.iter().filter_map(server).collect();
        if servers.is_empty() {
            servers.push(Server::plain((Ipv4Addr::LOCALHOST, 53).into()));
        }
        for server in &mut servers {
            server.trust_ad = file.trust_ad;
        }
        Self {
            servers,
            timeout: Duration::from_secs(file.timeout.clamp(1, MAX_TIMEOUT).into()),
            attempts: file.attempts.clamp(1, MAX_ATTEMPTS),
            rotate: file.rotate,
            tcp: file.use_vc,
        }
    }
}

fn server(address: &ScopedIp) -> Option<Server> {
    let addr = match address {
        ScopedIp::V4(ip) => SocketAddr::from((*ip, 53)),
        ScopedIp::V6(ip, None) => SocketAddr::from((*ip, 53)),
        ScopedIp::V6(ip, Some(scope)) => scoped(*ip, scope, 53)
            .inspect_err(|error| debug!(%error, "a name server is ignored"))
            .ok()?,
    };
    Some(Server::plain(addr))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addrs(settings: &Settings) -> Vec<String> {
        settings.servers.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn name_servers_and_options_are_read() {
        let settings = Settings::parse(
            b"# by hand\n\
              search example.com\n\
              nameserver 192.0.2.53\n\
              nameserver 2001:db8::53\n\
              nameserver fe80::53%1\n\
              options timeout:3 attempts:4 rotate\n\
              options use-vc\n",
        );
        assert_eq!(addrs(&settings), ["192.0.2.53:53", "[2001:db8::53]:53", "[fe80::53%1]:53"]);
        assert_eq!(settings.timeout, Duration::from_secs(3));
        assert_eq!((settings.attempts, settings.rotate, settings.tcp), (4, true, true));
    }

    #[test]
    fn what_cannot_be_read_does_not_count() {
        let settings = Settings::parse(
            b"nameserver nonsense\n\
              frobnicate\n\
              nameserver 192.0.2.53\n\
              nameserver fe80::1%nosuch0\n\
              options no-such-option timeout:x timeout:7 \xff\n\
              options attempts:3\n",
        );
        assert_eq!(addrs(&settings), ["192.0.2.53:53"]);
        assert_eq!(settings.timeout, TIMEOUT, "a line that is not UTF-8 is lost as a whole");
        assert_eq!(settings.attempts, 3);
    }

    #[test]
    fn without_name_servers_it_is_this_machine() {
        for text in ["", "search example.com\n", "options rotate"] {
            assert_eq!(addrs(&Settings::parse(text.as_bytes())), ["127.0.0.1:53"], "{text}");
        }
    }

    #[test]
    fn options_keep_within_what_the_c_library_allows() {
        let settings = Settings::parse(b"options timeout:0 attempts:0");
        assert_eq!((settings.timeout, settings.attempts), (Duration::from_secs(1), 1));
        let settings = Settings::parse(b"options timeout:99 attempts:99");
        assert_eq!((settings.timeout, settings.attempts), (Duration::from_secs(30), 5));
    }

    #[test]
    fn ad_is_trusted_when_the_file_says_so() {
        let is_trusted = |text: &[u8]| Settings::parse(text).servers[0].is_trusted();
        assert!(!is_trusted(b"nameserver 192.0.2.53"));
        assert!(is_trusted(b"options trust-ad\nnameserver 192.0.2.53"));
    }

    #[test]
    fn the_configuration_counts_before_the_file() {
        let config = DnsConfig {
            timeout: Some(Duration::from_millis(50)),
            attempts: Some(0),
            ..DnsConfig::default()
        };
        let settings = config.settings(Some(b"options timeout:3 attempts:4"));
        assert_eq!((settings.timeout, settings.attempts), (Duration::from_millis(50), 1));
    }
}
