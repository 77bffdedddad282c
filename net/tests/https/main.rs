//! The fetcher against real HTTPS servers on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests, which may fail with them"
)]

use core::time::Duration;

use mtasts_core::{FetchFailure, Response};
use mtasts_net::{
    dns::{DnsConfig, Resolver, Server, Servers},
    https::{Fetch, FetchConfig, Fetcher, TrustStore},
};
use testkit::world::{POLICY_PATH, World};
use tokio::time::Instant;

mod addresses;
mod bodies;
mod certificates;
mod limits;
mod probes;
mod responses;
mod times;
mod trust;

/// A policy host.
const HOST: &str = "mta-sts.example.com";

/// The largest body that is accepted.
const MAX_BYTES: usize = 64 * 1024;

fn config(world: &World) -> FetchConfig {
    let allow_networks = vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
    FetchConfig { port: world.https_port(), allow_networks, ..FetchConfig::default() }
}

fn resolver(world: &World) -> Resolver {
    let servers = Servers::Named(vec![Server::plain(world.dns_addr())]);
    Resolver::new(DnsConfig { servers, ..DnsConfig::default() })
}

fn roots(world: &World) -> TrustStore {
    TrustStore::from_pem("the world's CA", world.ca_pem().as_bytes()).unwrap()
}

fn fetcher(world: &World, config: FetchConfig) -> Fetcher {
    Fetcher::new(config, resolver(world), roots(world))
}

async fn fetch_within(fetcher: &Fetcher, host: &str, time: Duration) -> Fetch {
    fetcher.fetch(host, POLICY_PATH, Instant::now() + time, MAX_BYTES).await
}

/// Fetches a host's policy, without an end that a test would live to see.
async fn fetch_from(fetcher: &Fetcher, host: &str) -> Fetch {
    fetch_within(fetcher, host, Duration::from_secs(60)).await
}

/// Fetches the policy of [`HOST`].
async fn fetch(world: &World) -> Fetch {
    fetch_from(&fetcher(world, config(world)), HOST).await
}

fn response(fetch: Fetch) -> Response {
    fetch.outcome.unwrap()
}

fn failure(fetch: &Fetch) -> FetchFailure {
    fetch.outcome.as_ref().unwrap_err().0
}

fn detail(fetch: &Fetch) -> &str {
    &fetch.outcome.as_ref().unwrap_err().1
}
