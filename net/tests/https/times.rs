//! The deadline, which holds in every phase.
//!
//! The clock is stopped when the fetch has got there. It then jumps to the deadline, since there is
//! nothing else to wait for.

use core::time::Duration;

use mtasts_core::{DnsFailure, FetchFailure};
use mtasts_net::https::{Fetch, Phase};
use testkit::{
    answers::HttpFail,
    world::{DnsFault, Gate, Reply, Script, Site, World},
};
use tokio::{task::JoinHandle, time};

use crate::{HOST, config, detail, failure, fetch_from, fetch_within, fetcher};

async fn start(site: impl Into<Site>) -> (World, JoinHandle<Fetch>) {
    let world = World::start().await;
    world.set_https(HOST, site);
    let fetcher = fetcher(&world, config(&world));
    (world, tokio::spawn(async move { fetch_from(&fetcher, HOST).await }))
}

async fn end(fetch: JoinHandle<Fetch>, phase: Phase, words: &str) {
    time::pause();
    let fetch = fetch.await.unwrap();
    assert_eq!(failure(&fetch), FetchFailure::Timeout);
    assert_eq!(fetch.trace.phase(), Some(phase));
    assert!(detail(&fetch).contains(words), "{}", detail(&fetch));
    assert!(fetch.trace.total >= Duration::from_secs(59), "{fetch:?}");
}

#[tokio::test]
async fn in_the_handshake() {
    let (world, fetch) = start(HttpFail::Timeout).await;
    world.wait_for_connections(HOST, 1).await;
    end(fetch, Phase::Tls, "during the TLS handshake (127.0.0.1:").await;
}

#[tokio::test]
async fn before_the_response() {
    let (world, fetch) = start(Script::new().hang()).await;
    world.wait_for_requests(HOST, 1).await;
    end(fetch, Phase::Response, "during waiting for the response").await;
}

#[tokio::test]
async fn in_the_head_of_the_response() {
    let gate = Gate::new();
    let (_world, fetch) = start(Script::new().send("HTTP/1.1 200 OK\r\nConte").wait(&gate)).await;
    gate.wait_for(1).await;
    end(fetch, Phase::Response, "during waiting for the response").await;
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# Senders MAY impose a timeout on the HTTPS GET
#[tokio::test]
async fn in_the_body() {
    let gate = Gate::new();
    let part = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\nversion:";
    let (_world, fetch) = start(Script::new().send(part).wait(&gate)).await;
    gate.wait_for(1).await;
    end(fetch, Phase::Body, "during reading the body").await;
}

#[tokio::test]
async fn a_body_that_trickles_in_does_not_put_it_off() {
    let world = World::start().await;
    world.set_https(HOST, Reply::of_length(1000).drip(Duration::from_millis(20)));
    let fetcher = fetcher(&world, config(&world));
    let start = time::Instant::now();
    let fetch = fetch_within(&fetcher, HOST, Duration::from_millis(500)).await;
    assert_eq!(failure(&fetch), FetchFailure::Timeout);
    assert!(start.elapsed() < Duration::from_secs(10), "it takes 20 s");
}

#[tokio::test(start_paused = true)]
async fn in_the_lookup_of_addresses() {
    let world = World::start().await;
    world.set_dns_fault(HOST, Some(DnsFault::Silent));
    let fetcher = fetcher(&world, config(&world));
    let fetch = fetch_within(&fetcher, HOST, Duration::from_secs(3)).await;
    assert_eq!(failure(&fetch), FetchFailure::Dns(DnsFailure::Timeout));
    assert_eq!(fetch.trace.phase(), Some(Phase::Addresses));
    assert_eq!(fetch.trace.total.as_secs(), 3);
}
