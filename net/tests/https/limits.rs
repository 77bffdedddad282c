//! Caps on fetches.

use core::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use mtasts_core::FetchFailure;
use mtasts_net::https::{Fetch, FetchConfig, Fetcher, Phase};
use testkit::world::{Gate, Reply, World};
use tokio::task::JoinHandle;

use crate::{HOST, config, failure, fetch_from, fetch_within, fetcher, response};

const OTHER: &str = "mta-sts.example.net";
const THIRD: &str = "mta-sts.example.org";

/// A world whose [`HOST`] does not answer until the gate is open, and whose other hosts do.
async fn world() -> (World, Gate) {
    let world = World::start().await;
    let gate = Gate::new();
    world.set_https(HOST, Reply::ok("policy").held(&gate));
    world.set_https(OTHER, Reply::ok("other policy"));
    world.set_https(THIRD, Reply::ok("third policy"));
    world.set_address(THIRD, vec![IpAddr::V6(Ipv6Addr::LOCALHOST)]);
    (world, gate)
}

fn start(fetcher: &Fetcher, host: &'static str) -> JoinHandle<Fetch> {
    let fetcher = fetcher.clone();
    tokio::spawn(async move { fetch_from(&fetcher, host).await })
}

#[tokio::test]
async fn a_fetch_over_the_cap_waits_for_its_turn() {
    let (world, gate) = world().await;
    let fetcher = fetcher(&world, FetchConfig { max_concurrent: 1, ..config(&world) });
    let first = start(&fetcher, HOST);
    world.wait_for_requests(HOST, 1).await;
    let second = start(&fetcher, OTHER);
    tokio::task::yield_now().await;
    assert_eq!(world.queries(OTHER), 0, "it has not begun");
    gate.open();
    assert_eq!(response(first.await.unwrap()).body, b"policy");
    assert_eq!(response(second.await.unwrap()).body, b"other policy");
}

#[tokio::test]
async fn a_fetch_that_finds_the_queue_full_fails_at_once() {
    let (world, gate) = world().await;
    let config = FetchConfig { max_concurrent: 1, max_waiting: 1, ..config(&world) };
    let fetcher = fetcher(&world, config);
    let running = start(&fetcher, HOST);
    world.wait_for_requests(HOST, 1).await;
    let waiting = start(&fetcher, OTHER);
    tokio::task::yield_now().await;
    assert_eq!(failure(&fetch_from(&fetcher, THIRD).await), FetchFailure::Busy);
    gate.open();
    response(running.await.unwrap());
    response(waiting.await.unwrap());
    response(fetch_from(&fetcher, THIRD).await);
}

#[tokio::test]
async fn a_fetch_whose_turn_does_not_come_in_time_fails_as_busy() {
    let (world, _gate) = world().await;
    let fetcher = fetcher(&world, FetchConfig { max_concurrent: 1, ..config(&world) });
    let _running = start(&fetcher, HOST);
    world.wait_for_requests(HOST, 1).await;
    let late = fetch_within(&fetcher, OTHER, Duration::from_millis(20)).await;
    assert_eq!(failure(&late), FetchFailure::Busy);
    assert_eq!(late.trace.phase(), Some(Phase::Waiting));
}

#[tokio::test]
async fn hosts_that_share_an_address_share_its_cap() {
    let (world, gate) = world().await;
    let config = FetchConfig { max_concurrent: 2, max_per_address: 1, ..config(&world) };
    let fetcher = fetcher(&world, config);
    let first = start(&fetcher, HOST);
    world.wait_for_requests(HOST, 1).await;
    let same_address = start(&fetcher, OTHER);
    world.dns().wait_for_queries(OTHER, 2).await;
    // A host elsewhere is not held up, though it came later.
    assert_eq!(response(fetch_from(&fetcher, THIRD).await).body, b"third policy");
    assert_eq!(world.connections(OTHER), 0);
    gate.open();
    response(first.await.unwrap());
    let fetch = same_address.await.unwrap();
    assert!(fetch.trace.phases.iter().filter(|(phase, _)| *phase == Phase::Waiting).count() == 2);
    assert_eq!(response(fetch).body, b"other policy");
}

#[tokio::test]
async fn a_host_with_a_free_address_need_not_wait_for_the_full_one() {
    let (world, _gate) = world().await;
    let fetcher = fetcher(&world, FetchConfig { max_per_address: 1, ..config(&world) });
    let _running = start(&fetcher, HOST);
    world.wait_for_requests(HOST, 1).await;
    let both = vec![IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::from([127, 0, 0, 1])];
    world.set_address(OTHER, both);
    assert_eq!(response(fetch_from(&fetcher, OTHER).await).body, b"other policy");
}

#[tokio::test]
async fn a_fetch_that_is_given_up_makes_room() {
    let (world, _gate) = world().await;
    let fetcher = fetcher(&world, FetchConfig { max_concurrent: 1, ..config(&world) });
    let running = start(&fetcher, HOST);
    world.wait_for_requests(HOST, 1).await;
    running.abort();
    response(fetch_from(&fetcher, OTHER).await);
}
