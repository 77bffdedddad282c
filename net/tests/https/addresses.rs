//! Where the policy host is, and whether it may be contacted.

use core::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use mtasts_core::{DnsFailure, FetchFailure, TlsFailure};
use mtasts_net::https::{FetchConfig, Phase};
use testkit::{
    answers::{CertSpec, DnsAnswer, HttpFail},
    world::{Certificate, DnsFault, RecordType, Reply, ResponseCode, Site, World},
};
use tokio::{
    net::{TcpSocket, TcpStream},
    time::{self, Instant},
};

use crate::{HOST, config, detail, failure, fetch, fetch_from, fetcher, resolver, response};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);
/// Nothing listens there.
const REFUSING: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 99));

/// A world that publishes a policy at these addresses.
async fn world(addresses: &[IpAddr]) -> World {
    let world = World::start().await;
    world.set_https(HOST, Reply::ok("policy"));
    world.set_address(HOST, addresses.to_vec());
    world
}

#[tokio::test]
async fn loopback_is_refused_by_default() {
    let world = world(&[V4, V6]).await;
    let config = FetchConfig { allow_networks: Vec::new(), ..config(&world) };
    let fetch = fetch_from(&fetcher(&world, config), HOST).await;
    assert_eq!(failure(&fetch), FetchFailure::AddressRefused);
    assert!(detail(&fetch).starts_with("::1, 127.0.0.1: "), "{}", detail(&fetch));
    assert_eq!(fetch.trace.refused, [V6, V4]);
    assert_eq!(world.connections(HOST), 0);
}

#[tokio::test]
async fn networks_that_are_allowed_are_contacted_and_no_others() {
    let world = world(&[V4, V6]).await;
    let allow_networks = vec!["127.0.0.0/8".parse().unwrap()];
    let config = FetchConfig { allow_networks, ..config(&world) };
    let fetch = fetch_from(&fetcher(&world, config), HOST).await;
    assert_eq!(fetch.trace.refused, [V6]);
    assert_eq!(fetch.trace.address.unwrap().ip(), V4);
    response(fetch);
}

#[tokio::test]
async fn an_ipv4_address_in_ipv6_clothes_is_recognised() {
    let mapped = Ipv4Addr::LOCALHOST.to_ipv6_mapped().into();
    let world = world(&[mapped]).await;
    let config = FetchConfig { allow_networks: Vec::new(), ..config(&world) };
    let fetch = fetch_from(&fetcher(&world, config), HOST).await;
    assert_eq!(failure(&fetch), FetchFailure::AddressRefused);
}

#[tokio::test]
async fn a_host_with_ipv6_only_is_reached() {
    let world = world(&[V6]).await;
    let fetch = fetch(&world).await;
    assert_eq!(fetch.trace.address.unwrap().ip(), V6);
    assert_eq!(response(fetch).body, b"policy");
}

#[tokio::test]
async fn an_address_that_refuses_is_followed_by_the_next() {
    let world = world(&[REFUSING, V4]).await;
    let fetch = fetch(&world).await;
    assert_eq!(fetch.trace.address.unwrap().ip(), V4);
    assert_eq!(response(fetch).body, b"policy");
}

#[tokio::test]
async fn both_names_may_be_delegated() {
    let world = World::start().await;
    world.set_https(HOST, Reply::ok("policy"));
    world.set_cname("_mta-sts.example.com", "_mta-sts.provider.example");
    world.set_dns("_mta-sts.provider.example", DnsAnswer::txt("v=STSv1; id=7;"));
    world.set_cname(HOST, "mta-sts.provider.example");
    world.set_address("mta-sts.provider.example", vec![V4]);

    let deadline = Instant::now() + Duration::from_secs(60);
    let txt = resolver(&world).txt("_mta-sts.example.com", deadline).await.unwrap();
    assert_eq!(txt.records, [b"v=STSv1; id=7;"]);
    assert_eq!(response(fetch(&world).await).body, b"policy");
    // RFC 8461 §3.3: the name of the policy host counts, not that of the provider.
    assert_eq!(world.requests(HOST)[0].sni, HOST);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-8.2
//= type=test
//# must still present a certificate valid for the Policy Host ("mta-sts.user.example"), and not for
//# that host at the provider's domain ("mta-sts.provider.example").
#[tokio::test]
async fn a_certificate_of_the_providers_policy_host_is_not_enough() {
    let provider = "mta-sts.provider.example";
    let world = World::start().await;
    let certificate = Certificate::Custom(CertSpec::dns(provider));
    world.set_https(HOST, Site::from(Reply::ok("policy")).certificate(certificate));
    world.set_cname(HOST, provider);
    world.set_address(provider, vec![V4]);
    let fetch = fetch(&world).await;
    assert_eq!(failure(&fetch), FetchFailure::Tls(TlsFailure::NameMismatch));
}

#[tokio::test]
async fn a_host_without_addresses_is_told_apart_from_one_that_cannot_be_looked_up() {
    let world = World::start().await;
    assert_eq!(failure(&fetch(&world).await), FetchFailure::NoAddress, "does not exist");
    world.set_address(HOST, vec![]);
    assert_eq!(failure(&fetch(&world).await), FetchFailure::NoAddress, "has no addresses");
    world.set_dns_fault(HOST, Some(DnsFault::Rcode(ResponseCode::ServFail)));
    let fetch = fetch(&world).await;
    assert_eq!(failure(&fetch), FetchFailure::Dns(DnsFailure::ServFail));
    assert!(detail(&fetch).contains("SERVFAIL"), "{}", detail(&fetch));
}

#[tokio::test]
async fn a_name_server_that_fails_for_ipv6_does_no_harm() {
    let world = world(&[V4]).await;
    let servfail = DnsFault::Rcode(ResponseCode::ServFail);
    world.dns().set_type_fault(HOST, RecordType::AAAA, Some(servfail));
    assert_eq!(response(fetch(&world).await).body, b"policy");
}

#[tokio::test]
async fn without_a_connection_each_address_is_accounted_for() {
    let world = World::start().await;
    world.set_https(HOST, HttpFail::Connect);
    assert_eq!(failure(&fetch(&world).await), FetchFailure::Connect);

    let other = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 98));
    let world = self::world(&[REFUSING, other]).await;
    let fetch = fetch(&world).await;
    assert_eq!(failure(&fetch), FetchFailure::Connect);
    for address in [REFUSING, other] {
        let words = format!("{address}:{}: Connection refused", world.https_port());
        assert!(detail(&fetch).contains(&words), "{}", detail(&fetch));
    }
}

#[tokio::test]
async fn what_an_address_does_after_connecting_is_the_outcome() {
    let world = World::start().await;
    world.set_https(HOST, HttpFail::TlsHandshake);
    world.set_address(HOST, vec![V6, V4]);
    assert!(matches!(failure(&fetch(&world).await), FetchFailure::Tls(_)));
    assert_eq!(world.connections(HOST), 1, "one fetch is one request");
}

/// An address on which connections neither succeed nor fail: the queue of those that have not been
/// accepted is full.
async fn silent(world: &World) -> (IpAddr, impl Sized) {
    let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 97));
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((address, world.https_port()).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let mut queue = Vec::new();
    let patience = Duration::from_millis(100);
    while let Ok(stream) =
        time::timeout(patience, TcpStream::connect(listener.local_addr().unwrap())).await
    {
        queue.push(stream.unwrap());
    }
    (address, (listener, queue))
}

#[tokio::test]
async fn an_address_that_is_silent_is_joined_by_the_next() {
    let world = World::start().await;
    let (silent, _held) = silent(&world).await;
    world.set_https(HOST, Reply::ok("policy"));
    world.set_address(HOST, vec![silent, V4]);
    let fetch = fetch(&world).await;
    assert!(fetch.trace.duration(Phase::Connect).unwrap() < Duration::from_secs(8));
    assert_eq!(response(fetch).body, b"policy");
}

#[tokio::test]
async fn a_silent_address_is_given_up_after_a_while() {
    let world = World::start().await;
    let (silent, _held) = silent(&world).await;
    world.set_address(HOST, vec![silent]);
    let connect_timeout = Duration::from_millis(50);
    let config = FetchConfig { connect_timeout, ..config(&world) };
    let fetch = fetch_from(&fetcher(&world, config), HOST).await;
    assert_eq!(failure(&fetch), FetchFailure::Connect);
    assert!(detail(&fetch).ends_with(": no answer within 50ms"), "{}", detail(&fetch));
}
