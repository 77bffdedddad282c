//! The stub resolver against real DNS servers on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests, which may fail with them"
)]

use core::{net::SocketAddr, time::Duration};

use mtasts_net::dns::{DnsConfig, Resolver, Server, Servers};
use tokio::time::Instant;

mod answers;
mod messages;
mod servers;
mod system;
mod tls;

/// A name with a record, wherever it is published.
const NAME: &str = "_mta-sts.example.com";

fn config(servers: impl IntoIterator<Item = SocketAddr>) -> DnsConfig {
    let servers = servers.into_iter().map(Server::plain).collect();
    DnsConfig { servers: Servers::Named(servers), ..DnsConfig::default() }
}

fn resolver(servers: impl IntoIterator<Item = SocketAddr>) -> Resolver {
    Resolver::new(config(servers))
}

/// A resolver that gives each server so little time that a test can wait for it.
fn impatient(servers: impl IntoIterator<Item = SocketAddr>) -> Resolver {
    let timeout = Some(Duration::from_millis(100));
    Resolver::new(DnsConfig { timeout, ..config(servers) })
}

/// A deadline that a test does not live to see.
fn far() -> Instant {
    Instant::now() + Duration::from_secs(60)
}
