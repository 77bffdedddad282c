//! What answers are understood to mean.

use core::{net::IpAddr, time::Duration};

use mtasts_core::{
    DnsFailure, TxtAnswer,
    dns::{Question, RecordType},
};
use mtasts_net::dns::{DnsConfig, Resolver, Server, Servers};
use testkit::{
    answers::{DnsAnswer, Rcode},
    world::{DnsFault, RecordType as Type, ResponseCode, World},
};
use tokio::time::Instant;

use crate::{NAME, far, resolver};

const HOST: &str = "mta-sts.example.com";

fn addresses<const N: usize>(texts: [&str; N]) -> Vec<IpAddr> {
    texts.map(|text| text.parse().unwrap()).to_vec()
}

#[tokio::test]
async fn records_come_with_their_ttl() {
    let world = World::start().await;
    world.set_dns(NAME, DnsAnswer::txt("v=STSv1; id=1;"));
    let answer = resolver([world.dns_addr()]).txt(NAME, far()).await;
    assert_eq!(answer, Ok(TxtAnswer { records: vec![b"v=STSv1; id=1;".to_vec()], ttl: 60 }));
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
//= type=test
//# The "_mta-sts" record MAY return a CNAME that points (directly or via other CNAMEs) to a TXT
//# record, in which case senders MUST follow the CNAME pointers.
#[tokio::test]
async fn a_chain_of_aliases_is_followed_to_the_record() {
    let world = World::start().await;
    world.set_cname(NAME, "a.example.net");
    world.set_cname("a.example.net", "b.example.org");
    world.set_dns("b.example.org", DnsAnswer::txt("v=STSv1; id=2;"));
    let answer = resolver([world.dns_addr()]).txt(NAME, far()).await.unwrap();
    assert_eq!(answer.records, [b"v=STSv1; id=2;"]);
}

#[tokio::test]
async fn absence_is_an_answer() {
    let world = World::start().await;
    for rcode in [Rcode::Nxdomain, Rcode::Nodata] {
        world.set_dns(NAME, DnsAnswer::Rcode { rcode, ttl: Some(77) });
        let answer = resolver([world.dns_addr()]).txt(NAME, far()).await;
        assert_eq!(answer, Ok(TxtAnswer { records: vec![], ttl: 77 }), "{rcode:?}");
    }
}

#[tokio::test]
async fn response_codes_are_failures() {
    let world = World::start().await;
    for (rcode, failure, word) in [
        (ResponseCode::ServFail, DnsFailure::ServFail, "SERVFAIL"),
        (ResponseCode::Refused, DnsFailure::Refused, "REFUSED"),
        (ResponseCode::FormErr, DnsFailure::Refused, "FORMERR"),
        (ResponseCode::NotImp, DnsFailure::Refused, "NOTIMP"),
    ] {
        world.set_dns_fault(NAME, Some(DnsFault::Rcode(rcode)));
        let error = resolver([world.dns_addr()]).txt(NAME, far()).await.unwrap_err();
        assert_eq!(error.failure, failure);
        assert_eq!(error.detail, format!("{}: it answered {word}", world.dns_addr()));
    }
}

#[tokio::test]
async fn a_name_that_dns_cannot_carry_is_not_asked_for() {
    let world = World::start().await;
    let resolver = resolver([world.dns_addr()]);
    let long = format!("{}.example", "x".repeat(64));
    for name in ["a..b", long.as_str()] {
        let error = resolver.txt(name, far()).await.unwrap_err();
        assert_eq!(error.failure, DnsFailure::Other, "{name}");
    }
    assert!(world.dns().query_log().is_empty());
}

#[tokio::test]
async fn both_families_of_addresses_are_found() {
    let world = World::start().await;
    world.set_address(HOST, addresses(["192.0.2.1", "192.0.2.2", "2001:db8::1"]));
    let mut found = resolver([world.dns_addr()]).addresses(HOST, far()).await.unwrap();
    assert!(found[0].is_ipv6());
    found.sort_unstable();
    assert_eq!(found, addresses(["192.0.2.1", "192.0.2.2", "2001:db8::1"]));
}

#[tokio::test]
async fn a_host_without_addresses_has_none() {
    let world = World::start().await;
    let resolver = resolver([world.dns_addr()]);
    assert_eq!(resolver.addresses(HOST, far()).await, Ok(vec![]), "does not exist");
    world.set_address(HOST, vec![]);
    assert_eq!(resolver.addresses(HOST, far()).await, Ok(vec![]), "has no addresses");
}

#[tokio::test]
async fn a_family_that_fails_does_not_spoil_the_other() {
    let world = World::start().await;
    for (failing, address) in [(Type::AAAA, "192.0.2.1"), (Type::A, "2001:db8::1")] {
        let host = format!("{failing}.example.com");
        world.set_address(&host, addresses([address]));
        let servfail = DnsFault::Rcode(ResponseCode::ServFail);
        world.dns().set_type_fault(&host, failing, Some(servfail));
        let found = resolver([world.dns_addr()]).addresses(&host, far()).await;
        assert_eq!(found, Ok(addresses([address])), "{failing}");
    }
}

#[tokio::test]
async fn a_family_that_nobody_answers_for_is_not_waited_for() {
    let world = World::start().await;
    world.set_address(HOST, addresses(["192.0.2.1"]));
    world.dns().set_type_fault(HOST, Type::AAAA, Some(DnsFault::Silent));
    let start = Instant::now();
    let found = resolver([world.dns_addr()]).addresses(HOST, far()).await;
    assert_eq!(found, Ok(addresses(["192.0.2.1"])));
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn a_failing_family_counts_when_the_other_is_empty() {
    let world = World::start().await;
    world.set_address(HOST, vec![]);
    let servfail = DnsFault::Rcode(ResponseCode::ServFail);
    world.dns().set_type_fault(HOST, Type::AAAA, Some(servfail));
    let error = resolver([world.dns_addr()]).addresses(HOST, far()).await.unwrap_err();
    assert_eq!(error.failure, DnsFailure::ServFail);
}

/// docs/peers.md, tlspol defect 11: AD is trusted from the first server, however remote.
#[tokio::test]
async fn tlspol_11_ad_is_kept_only_from_trusted_servers() {
    let world = World::start().await;
    world.set_dns(NAME, DnsAnswer::txt("v=STSv1; id=1;"));
    world.dns().set_authenticated(true);
    let question = Question::new(NAME, RecordType::Txt).unwrap();
    // 0.0.0.0 is this machine by an address that is none of the loopback network.
    let elsewhere = Server::plain(([0, 0, 0, 0], world.dns_addr().port()).into());
    for (server, is_authentic) in [
        (Server::plain(world.dns_addr()), true),
        (elsewhere.clone(), false),
        (Server { trust_ad: true, ..elsewhere }, true),
    ] {
        let servers = Servers::Named(vec![server.clone()]);
        let resolver = Resolver::new(DnsConfig { servers, ..DnsConfig::default() });
        let answer = resolver.query(&question, far()).await.unwrap();
        assert_eq!(answer.is_authentic, is_authentic, "{server:?}");
    }
}
