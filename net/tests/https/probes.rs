//! One address of a policy host, looked at by itself.

use core::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use mtasts_core::{FetchFailure, TlsFailure};
use mtasts_net::https::{Fetch, FetchConfig};
use testkit::world::{Certificate, HandshakeFault, POLICY_PATH, Reply, Site, World};
use tokio::time::Instant;

use crate::{HOST, MAX_BYTES, config, detail, failure, fetcher};

async fn probe(world: &World, address: impl Into<IpAddr>) -> Fetch {
    let deadline = Instant::now() + Duration::from_secs(60);
    fetcher(world, config(world))
        .probe(HOST, POLICY_PATH, address.into(), deadline, MAX_BYTES)
        .await
}

fn site() -> Site {
    Reply::ok("policy").field("Cache-Control", "no-store").into()
}

#[tokio::test]
async fn dns_is_not_asked() {
    let world = World::start().await;
    world.set_https(HOST, site());
    for address in [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
        let fetch = probe(&world, address).await;
        assert_eq!(fetch.trace.address.map(|addr| addr.ip()), Some(address));
        assert_eq!(fetch.trace.addresses, [address]);
        assert_eq!(fetch.outcome.unwrap().body, b"policy");
        let field = ("cache-control".to_owned(), "no-store".to_owned());
        assert!(fetch.trace.headers.contains(&field), "{:?}", fetch.trace.headers);
    }
    assert_eq!(world.queries(HOST), 0);
}

#[tokio::test]
async fn a_refused_certificate_is_seen() {
    let world = World::start().await;
    for (certificate, tls, names) in [
        (Certificate::NameMismatch, TlsFailure::NameMismatch, vec!["another.invalid"]),
        (Certificate::Expired, TlsFailure::Expired, vec![HOST]),
        (Certificate::Untrusted, TlsFailure::Untrusted, vec![HOST]),
        (Certificate::CnOnly, TlsFailure::NameMismatch, vec![]),
    ] {
        world.set_https(HOST, site().certificate(certificate.clone()));
        let fetch = probe(&world, Ipv4Addr::LOCALHOST).await;
        assert_eq!(failure(&fetch), FetchFailure::Tls(tls), "{certificate:?}");
        let seen = fetch.trace.refused_certificate.as_ref().unwrap();
        assert_eq!(seen.names, names);
        let common_name = (certificate == Certificate::CnOnly).then_some(HOST);
        assert_eq!(seen.common_name.as_deref(), common_name);
        assert!(!seen.is_alone, "nothing says where the issuer's certificate is");
    }
    assert!(world.requests(HOST).is_empty(), "nothing is sent to a host that is not known");
}

#[tokio::test]
async fn tls_that_is_too_old_is_noticed() {
    let world = World::start().await;
    for (fault, is_too_old) in [(HandshakeFault::Tls11, true), (HandshakeFault::Refused, false)] {
        world.set_https(HOST, site().handshake_fault(fault));
        let fetch = probe(&world, Ipv4Addr::LOCALHOST).await;
        assert_eq!(failure(&fetch), FetchFailure::Tls(TlsFailure::Handshake));
        assert_eq!(fetch.trace.tls_too_old, is_too_old, "{fault:?}");
    }
}

#[tokio::test]
async fn the_same_networks_are_off_limits() {
    let world = World::start().await;
    let fetcher = fetcher(&world, FetchConfig { allow_networks: vec![], ..config(&world) });
    let deadline = Instant::now() + Duration::from_secs(60);
    let address = Ipv4Addr::LOCALHOST.into();
    let fetch = fetcher.probe(HOST, POLICY_PATH, address, deadline, MAX_BYTES).await;
    assert_eq!(failure(&fetch), FetchFailure::AddressRefused);
    assert_eq!(fetch.trace.refused, [address]);
}

#[tokio::test]
async fn the_deadline_ends_it() {
    let world = World::start().await;
    world.set_https(HOST, site().handshake_fault(HandshakeFault::Silent));
    let deadline = Instant::now() + Duration::from_millis(200);
    let fetcher = fetcher(&world, config(&world));
    let address = Ipv4Addr::LOCALHOST.into();
    let fetch = fetcher.probe(HOST, POLICY_PATH, address, deadline, MAX_BYTES).await;
    assert_eq!(failure(&fetch), FetchFailure::Timeout);
    assert!(detail(&fetch).starts_with("the time was over during the TLS handshake"));
}
