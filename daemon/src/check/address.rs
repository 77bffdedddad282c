//! Addresses of hosts.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::net::UdpSocket;

use mtasts_core::dns::{Answer, RecordType};
use mtasts_net::dns::DnsError;
use tokio::time::Instant;

use super::{Checker, records::unexplained};

/// What DNS says of a host's addresses.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    /// The addresses, those of IPv6 first.
    pub(super) found: Vec<IpAddr>,
    /// The names that the host's name leads to, if it is an alias.
    pub(super) aliases: Vec<String>,
    /// Why there is no answer for one of the families at least.
    pub(super) error: Option<DnsError>,
}

impl Checker {
    pub(super) async fn addresses(&self, host: &str, deadline: Instant) -> Addresses {
        let (v6, v4) = tokio::join!(
            self.ask(host, RecordType::Aaaa, deadline),
            self.ask(host, RecordType::A, deadline),
        );
        let mut addresses = Addresses::default();
        for answer in [v6, v4] {
            addresses.add(answer);
        }
        addresses
    }
}

impl Addresses {
    fn add(&mut self, answer: Result<Answer, DnsError>) {
        let found = answer.and_then(|answer| {
            if self.aliases.is_empty() {
                self.aliases.clone_from(&answer.aliases);
            }
            answer.into_addresses().map_err(unexplained)
        });
        match found {
            Ok(found) => self.found.extend(found.iter().map(IpAddr::to_canonical)),
            Err(error) => self.error = Some(error),
        }
    }

    /// Takes out the addresses that this machine has no route to, if there are others. That says
    /// nothing about the host.
    pub(super) fn take_unroutable(&mut self) -> Vec<IpAddr> {
        let (routable, unroutable): (Vec<_>, Vec<_>) =
            self.found.iter().partition(|address| has_route(**address));
        if routable.is_empty() || unroutable.is_empty() {
            return Vec::new();
        }
        self.found = routable;
        unroutable
    }
}

/// Whether packets to an address have somewhere to go. To connect a UDP socket sends none.
fn has_route(address: IpAddr) -> bool {
    let any: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    UdpSocket::bind(SocketAddr::new(any, 0))
        .and_then(|socket| socket.connect(SocketAddr::new(address, 443)))
        .is_ok()
}
