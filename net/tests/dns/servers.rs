//! Which server is asked, and when the next one is.

use core::time::Duration;

use mtasts_core::DnsFailure;
use mtasts_net::dns::{DnsConfig, Resolver};
use testkit::{
    answers::DnsAnswer,
    world::{DnsFault, DnsServer, Gate, RefusingPort, ResponseCode},
};
use tokio::time::Instant;

use crate::{NAME, config, far, impatient, resolver};

fn good() -> DnsServer {
    let server = DnsServer::start();
    server.set(NAME, DnsAnswer::txt("v=STSv1; id=1;"));
    server
}

fn failing(rcode: ResponseCode) -> DnsServer {
    let server = DnsServer::start();
    server.set_server_fault(Some(DnsFault::Rcode(rcode)));
    server
}

/// docs/peers.md, tlspol defect 11: only the first server is used.
#[tokio::test]
async fn tlspol_11_a_silent_server_is_followed_by_the_next() {
    let (silent, good) = (DnsServer::start_silent(), good());
    impatient([silent.addr(), good.addr()]).txt(NAME, far()).await.unwrap();
    assert_eq!(silent.queries(NAME), 1);
}

#[tokio::test]
async fn a_port_that_refuses_is_followed_by_the_next_at_once() {
    let (refusing, good) = (RefusingPort::reserve(), good());
    let start = Instant::now();
    resolver([refusing.addr(), good.addr()]).txt(NAME, far()).await.unwrap();
    assert!(start.elapsed().as_secs() < 4, "the timeout of a server is 5 s");
}

#[tokio::test]
async fn a_server_that_fails_is_followed_by_the_next_at_once() {
    for rcode in [ResponseCode::ServFail, ResponseCode::Refused, ResponseCode::NotAuth] {
        let (failing, good) = (failing(rcode), good());
        let start = Instant::now();
        resolver([failing.addr(), good.addr()]).txt(NAME, far()).await.unwrap();
        assert!(start.elapsed().as_secs() < 4, "the timeout of a server is 5 s");
        assert_eq!(failing.queries(NAME), 1);
    }
}

#[tokio::test]
async fn a_slow_server_may_still_answer_when_the_next_is_asked() {
    let (slow, silent) = (good(), DnsServer::start_silent());
    let gate = Gate::new();
    slow.set_fault(NAME, Some(DnsFault::Held(gate.clone())));
    let resolver = impatient([slow.addr(), silent.addr()]);
    let resolve = tokio::spawn(async move { resolver.txt(NAME, far()).await });
    silent.wait_for_queries(NAME, 1).await;
    gate.open();
    resolve.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_server_that_did_not_answer_is_not_asked_first_again() {
    let (silent, refusing, good) = (DnsServer::start_silent(), RefusingPort::reserve(), good());
    let resolver = impatient([silent.addr(), refusing.addr(), good.addr()]);
    resolver.txt(NAME, far()).await.unwrap();
    resolver.txt("another.example", far()).await.unwrap();
    assert_eq!(silent.queries("another.example"), 0);
}

#[tokio::test]
async fn a_server_is_asked_again_as_often_as_configured() {
    let server = failing(ResponseCode::ServFail);
    let attempts = Some(3);
    let resolver = Resolver::new(DnsConfig { attempts, ..config([server.addr()]) });
    resolver.txt(NAME, far()).await.unwrap_err();
    assert_eq!(server.queries(NAME), 3);
}

#[tokio::test]
async fn the_most_telling_failure_counts() {
    let refusing_port = RefusingPort::reserve();
    let silent = DnsServer::start_silent();
    let refused = failing(ResponseCode::Refused);
    let servfail = failing(ResponseCode::ServFail);
    for (servers, failure) in [
        (vec![refusing_port.addr()], DnsFailure::Other),
        (vec![silent.addr(), refusing_port.addr()], DnsFailure::Timeout),
        (vec![refused.addr(), silent.addr()], DnsFailure::Refused),
        (vec![silent.addr(), servfail.addr(), refused.addr()], DnsFailure::ServFail),
    ] {
        let error = impatient(servers.clone()).txt(NAME, far()).await.unwrap_err();
        assert_eq!(error.failure, failure, "{error}");
        for server in servers {
            assert!(error.detail.contains(&format!("{server}: ")), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends_when_all_attempts_are_used_up() {
    let silent = [DnsServer::start_silent(), DnsServer::start_silent()];
    let start = Instant::now();
    let resolver = resolver(silent.iter().map(DnsServer::addr));
    let error = resolver.txt(NAME, far()).await.unwrap_err();
    assert_eq!(error.failure, DnsFailure::Timeout);
    // Two servers, twice, 5 s each.
    assert_eq!(start.elapsed().as_secs(), 20);
    for server in silent {
        assert!(error.detail.contains(&format!("{}: it did not answer in time", server.addr())));
        server.wait_for_queries(NAME, 2).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_near_deadline_leaves_each_server_its_turn() {
    let silent = [DnsServer::start_silent(), DnsServer::start_silent()];
    let start = Instant::now();
    let resolver = resolver(silent.iter().map(DnsServer::addr));
    let deadline = start + Duration::from_secs(3);
    let error = resolver.txt(NAME, deadline).await.unwrap_err();
    assert_eq!(error.failure, DnsFailure::Timeout);
    assert_eq!(start.elapsed().as_secs(), 3);
    for server in silent {
        server.wait_for_queries(NAME, 2).await;
    }
}

#[tokio::test]
async fn queries_over_the_cap_wait_in_turn() {
    let server = good();
    let gate = Gate::new();
    server.set_fault("slow.example", Some(DnsFault::Held(gate.clone())));
    let resolver = Resolver::new(DnsConfig { max_queries: 1, ..config([server.addr()]) });
    let first = tokio::spawn({
        let resolver = resolver.clone();
        async move { resolver.txt("slow.example", far()).await }
    });
    server.wait_for_queries("slow.example", 1).await;
    let deadline = Instant::now() + Duration::from_millis(50);
    let error = resolver.txt(NAME, deadline).await.unwrap_err();
    assert_eq!((error.failure, server.queries(NAME)), (DnsFailure::Timeout, 0));
    gate.open();
    first.await.unwrap().unwrap();
    resolver.txt(NAME, far()).await.unwrap();
}

#[tokio::test]
async fn without_servers_it_says_so() {
    let error = resolver([]).txt(NAME, far()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{}: no DNS server is configured", DnsFailure::Other));
}

#[tokio::test]
async fn a_new_configuration_counts_from_the_next_query() {
    let (old, new) = (good(), good());
    let resolver = resolver([old.addr()]);
    resolver.txt(NAME, far()).await.unwrap();
    resolver.reconfigure(config([new.addr()]));
    resolver.txt(NAME, far()).await.unwrap();
    assert_eq!((old.queries(NAME), new.queries(NAME)), (1, 1));
}
