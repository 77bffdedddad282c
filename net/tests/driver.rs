//! Engines, DNS, HTTPS and a store together, on a loopback network.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use core::{net::SocketAddr, time::Duration};
use std::sync::Arc;

use mtasts_core::{Bounce, Config, Decision, PolicyDomain, Source};
use mtasts_net::{
    dns::{DnsConfig, Resolver, Server, Servers},
    driver::{Busy, Driver, Setup},
    https::{FetchConfig, Fetcher, TrustStore},
    store::{Memory, Store},
};
use testkit::{
    answers::{DnsAnswer, HttpAnswer, HttpFail, Rcode},
    world::{Gate, Reply, World, enforce},
};

const SOON: Duration = Duration::from_secs(20);

fn domain(name: &str) -> PolicyDomain {
    PolicyDomain::from_lookup_key(name).unwrap()
}

fn resolver(servers: &[SocketAddr]) -> Resolver {
    let servers = servers.iter().map(|addr| addr.to_string().parse::<Server>().unwrap()).collect();
    Resolver::new(DnsConfig { servers: Servers::Named(servers), ..DnsConfig::default() })
}

fn fetcher(world: &World, resolver: Resolver) -> Fetcher {
    let config = FetchConfig {
        port: world.https_port(),
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..FetchConfig::default()
    };
    let roots = TrustStore::from_pem("World's CA", world.ca_pem().as_bytes()).unwrap();
    Fetcher::new(config, resolver, roots)
}

fn driver_with(world: &World, engine: Config, store: Option<Arc<dyn Store>>) -> Driver {
    let resolver = resolver(&[world.dns_addr()]);
    let fetcher = fetcher(world, resolver.clone());
    Driver::start(Setup { engine, shards: 2, resolver, fetcher, store })
}

fn driver(world: &World) -> Driver {
    driver_with(world, Config::default(), None)
}

fn mx(decision: &Decision) -> Vec<String> {
    let policy = &decision.policy().unwrap().policy;
    policy.mx().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_policy_is_discovered_and_remembered() {
    let world = World::start().await;
    world.publish("example.com", "1", &enforce(&["mx.example.com"]));
    let driver = driver(&world);
    let decision = driver.resolve(&domain("example.com"), SOON).await.unwrap();
    assert_eq!((decision.kind(), mx(&decision)), ("enforce", vec!["mx.example.com".into()]));
    let Some(Decision::Enforce(cached)) = driver.lookup(&domain("example.com")) else { panic!() };
    assert_eq!(cached.source, Source::Cached);
    assert_eq!(world.requests("mta-sts.example.com").len(), 1);
    assert_eq!(driver.len(), 1);
}

/// docs/peers.md, PMSR: 50 parallel lookups are 50 fetches.
#[tokio::test]
async fn pmsr_5_parallel_lookups_are_one_fetch() {
    let world = World::start().await;
    world.publish("example.com", "1", &enforce(&["mx.example.com"]));
    let driver = driver(&world);
    let lookups = (0..50).map(|_| {
        let driver = driver.clone();
        tokio::spawn(async move { driver.resolve(&domain("example.com"), SOON).await.unwrap() })
    });
    for lookup in lookups.collect::<Vec<_>>() {
        assert_eq!(lookup.await.unwrap().kind(), "enforce");
    }
    assert_eq!(world.queries("_mta-sts.example.com"), 1);
    assert_eq!(world.requests("mta-sts.example.com").len(), 1);
}

/// docs/peers.md, tlspol defect 5: a slow policy host is silently no policy.
#[tokio::test]
async fn tlspol_5_a_slow_policy_host_is_waited_for_and_its_policy_kept() {
    let world = World::start().await;
    let gate = Gate::new();
    world.publish("example.com", "1", "");
    world.set_https("mta-sts.example.com", Reply::ok(enforce(&["mx.example.com"])).held(&gate));
    let driver = driver(&world);
    let impatient = driver.resolve(&domain("example.com"), Duration::from_millis(1)).await.unwrap();
    assert_eq!(impatient.kind(), "no-policy");
    let patient = tokio::spawn({
        let driver = driver.clone();
        async move { driver.resolve(&domain("example.com"), SOON).await.unwrap() }
    });
    world.wait_for_connections("mta-sts.example.com", 1).await;
    gate.open();
    assert_eq!(patient.await.unwrap().kind(), "enforce");
    assert_eq!(world.requests("mta-sts.example.com").len(), 1);
}

#[tokio::test]
async fn a_new_id_is_noticed_in_the_background() {
    let world = World::start().await;
    world.publish("example.com", "1", &enforce(&["old.example.com"]));
    let engine = Config { txt_recheck: Duration::ZERO, ..Config::default() };
    let driver = driver_with(&world, engine, None);
    driver.resolve(&domain("example.com"), SOON).await.unwrap();
    world.publish("example.com", "2", &enforce(&["new.example.com"]));
    // Answered at once, from the cache; the check goes on.
    let old = driver.lookup(&domain("example.com")).unwrap();
    assert_eq!(mx(&old), ["old.example.com"]);
    let (new, bounce) = driver.recheck(&domain("example.com"), SOON).await.unwrap();
    assert_eq!((mx(&new), bounce), (vec!["new.example.com".into()], Bounce::Forbidden));
}

#[tokio::test]
async fn what_fails_is_explained() {
    let world = World::start().await;
    let driver = driver(&world);
    world.set_dns("_mta-sts.servfail.test", DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None });
    world.publish("refused.test", "1", "");
    world.set_https("mta-sts.refused.test", HttpAnswer::fail(HttpFail::Connect));
    world.publish("expired.test", "1", "");
    world.set_https("mta-sts.expired.test", HttpAnswer::fail(HttpFail::TlsExpired));
    world.publish("invalid.test", "1", "version: STSv1\nmode: Enforce\n");
    for (name, code, words) in [
        ("servfail.test", "dns-servfail", "SERVFAIL"),
        ("refused.test", "fetch-connect", "refused"),
        ("expired.test", "fetch-tls-expired", "expired"),
        ("invalid.test", "policy-mode-invalid", "line 2, column 7"),
    ] {
        let decision = driver.resolve(&domain(name), SOON).await.unwrap();
        assert_eq!(decision.failure().unwrap().kind.code(), code, "{name}");
        let explanation = decision.explain(driver.now()).to_string();
        assert!(explanation.contains(words), "{name}: {explanation}");
    }
    // The failure of DNS is not remembered as an absence, that of the fetch is for a while.
    assert!(driver.lookup(&domain("servfail.test")).is_none());
    assert!(driver.lookup(&domain("refused.test")).is_some());
}

/// ARCHITECTURE.md, promise 1: a restart does not lose a policy, and it governs although nobody answers.
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# Conversely, if no "live" policy can be discovered via DNS or fetched via HTTPS, but a valid
//# (non-expired) policy exists in the sender's cache, the sender MUST apply that cached policy.
#[tokio::test]
async fn a_policy_outlives_its_driver() {
    let world = World::start().await;
    world.publish("example.com", "1", &enforce(&["mx.example.com"]));
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let first = driver_with(&world, Config::default(), Some(Arc::clone(&store)));
    first.resolve(&domain("example.com"), SOON).await.unwrap();
    first.stop().await;

    world.set_dns("_mta-sts.example.com", DnsAnswer::Timeout);
    world.set_https("mta-sts.example.com", HttpAnswer::fail(HttpFail::Timeout));
    let second = driver_with(&world, Config::default(), Some(store));
    let decision = second.resolve(&domain("example.com"), SOON).await.unwrap();
    assert_eq!(decision.kind(), "enforce");
    second.stop().await;
}

#[tokio::test]
async fn a_driver_too_busy_says_so() {
    let world = World::start().await;
    world.set_dns("_mta-sts.a.test", DnsAnswer::Timeout);
    let engine = Config { max_lookups: 1, ..Config::default() };
    let resolver = resolver(&[world.dns_addr()]);
    let fetcher = fetcher(&world, resolver.clone());
    let driver = Driver::start(Setup { engine, shards: 1, resolver, fetcher, store: None });
    let waiting = tokio::spawn({
        let driver = driver.clone();
        async move { driver.resolve(&domain("a.test"), SOON).await }
    });
    world.dns().wait_for_queries("_mta-sts.a.test", 1).await;
    assert_eq!(driver.resolve(&domain("b.test"), SOON).await, Err(Busy));
    // Nobody waits any more, so there is room again.
    waiting.abort();
    let _ = waiting.await;
    assert_eq!(driver.resolve(&domain("b.test"), SOON).await.unwrap().kind(), "no-policy");
}

#[tokio::test]
async fn stopping_answers_everybody() {
    let world = World::start().await;
    world.set_dns("_mta-sts.a.test", DnsAnswer::Timeout);
    let driver = driver(&world);
    let waiting = tokio::spawn({
        let driver = driver.clone();
        async move { driver.resolve(&domain("a.test"), SOON).await }
    });
    world.dns().wait_for_queries("_mta-sts.a.test", 1).await;
    driver.stop().await;
    assert_eq!(waiting.await.unwrap(), Err(Busy));
}

#[tokio::test]
async fn settings_and_servers_can_be_replaced() {
    let (old, new) = (World::start().await, World::start().await);
    new.publish("example.com", "1", &enforce(&["mx.example.com"]));
    let driver = driver(&old);
    let resolver = resolver(&[new.dns_addr()]);
    let fetcher = fetcher(&new, resolver.clone());
    driver.reconfigure(&Config::default(), resolver, fetcher);
    let decision = driver.resolve(&domain("example.com"), SOON).await.unwrap();
    assert_eq!(decision.kind(), "enforce");
}
