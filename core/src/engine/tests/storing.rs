use super::*;
use crate::{Mode, PolicyId};

fn with_store() -> Harness {
    Harness::with(Config { store: true, ..Config::default() })
}

fn cached(h: &Harness, id: &str, body: &str) -> CachedPolicy {
    CachedPolicy {
        policy: crate::Policy::parse(body).unwrap().policy.into(),
        id: PolicyId::parse(id).unwrap(),
        fetched_at: h.now,
        last_used: h.now,
    }
}

/// Discovers a policy and stores it.
fn discover(h: &mut Harness, domain: &str, id: &str, body: &str) -> CachedPolicy {
    let lookup = h.ask(domain);
    let request = h.load().unwrap();
    h.input(Input::Loaded { request, policy: None }).unwrap();
    h.say_txt(&[&alloc::format!("v=STSv1; id={id}")]);
    h.say_policy(body);
    assert!(h.answer(lookup).is_none(), "answered before the policy was durable");
    let (request, policy) = h.store().unwrap();
    h.input(Input::Stored { request }).unwrap();
    assert!(h.answer(lookup).is_some());
    policy
}

#[test]
fn an_answer_waits_until_its_policy_is_durable() {
    let mut h = with_store();
    let stored = discover(&mut h, "example.com", "1", ENFORCE);
    assert_eq!((stored.policy.mode(), stored.fetched_at), (Mode::Enforce, h.now));
}

#[test]
fn a_store_that_does_not_answer_delays_nobody_for_long() {
    let mut h = with_store();
    let lookup = h.ask("example.com");
    h.load().unwrap();
    h.pass(6);
    h.tick();
    h.say_txt(&["v=STSv1; id=1"]);
    h.say_policy(ENFORCE);
    h.store().unwrap();
    h.pass(6);
    h.tick();
    assert_eq!(h.answer(lookup).unwrap().kind(), "enforce");
}

#[test]
fn a_stored_policy_governs_and_is_checked() {
    let mut h = with_store();
    let policy = cached(&h, "1", ENFORCE);
    h.pass(1_000);
    let lookup = h.ask("example.com");
    let request = h.load().unwrap();
    h.input(Input::Loaded { request, policy: Some(policy) }).unwrap();
    assert_eq!(h.answer(lookup).unwrap().kind(), "enforce");
    h.say_txt(&["v=STSv1; id=1"]);
    assert_eq!(h.outputs, []);
}

#[test]
fn a_stored_policy_that_has_expired_is_removed() {
    let mut h = with_store();
    let policy = cached(&h, "1", &ENFORCE.replace("604800", "60"));
    h.pass(61);
    let lookup = h.ask("example.com");
    let request = h.load().unwrap();
    h.input(Input::Loaded { request, policy: Some(policy) }).unwrap();
    assert_eq!(h.removed().as_deref(), Some("example.com"));
    h.say_txt(&[]);
    assert_eq!(h.answer(lookup).unwrap().kind(), "no-policy");
}

#[test]
fn a_policy_from_the_future_lives_no_longer_than_its_max_age() {
    let mut h = with_store();
    let mut policy = cached(&h, "1", ENFORCE);
    policy.fetched_at = h.now.plus(Duration::from_secs(1_000_000));
    h.input(Input::Restore { domain: domain("example.com"), policy }).unwrap();
    h.pass(604_800);
    assert!(h.lookup("example.com").is_some());
    h.pass(1);
    assert!(h.lookup("example.com").is_none());
}

#[test]
fn restoring_replaces_nothing_newer() {
    let mut h = with_store();
    let old = cached(&h, "1", TESTING);
    h.pass(10);
    discover(&mut h, "example.com", "2", ENFORCE);
    h.input(Input::Restore { domain: domain("example.com"), policy: old.clone() }).unwrap();
    assert_eq!(h.lookup("example.com").unwrap().kind(), "enforce");
    h.input(Input::Restore { domain: domain("example.net"), policy: old }).unwrap();
    assert_eq!(h.lookup("example.net").unwrap().kind(), "testing");
}

#[test]
fn a_restored_policy_is_refreshed_only_if_it_was_used_of_late() {
    let mut h = with_store();
    let mut used = cached(&h, "1", &ENFORCE.replace("604800", "31557600"));
    used.fetched_at = UnixMillis(h.now.0 - 2 * DAY * 1000);
    let mut unused = used.clone();
    unused.last_used = UnixMillis(h.now.0 - 36 * DAY * 1000);
    h.input(Input::Restore { domain: domain("used.test"), policy: used }).unwrap();
    h.input(Input::Restore { domain: domain("unused.test"), policy: unused }).unwrap();
    h.tick();
    let mut names = Vec::new();
    for output in &h.outputs {
        if let Output::QueryTxt { name, .. } = output {
            names.push(name.as_str());
        }
    }
    assert_eq!(names, ["_mta-sts.used.test"]);
}

#[test]
fn an_expired_policy_is_removed_from_the_store() {
    let mut h = with_store();
    discover(&mut h, "example.com", "1", &ENFORCE.replace("604800", "60"));
    h.pass(30);
    h.tick();
    h.say_txt(&[]);
    h.say_fetch_fails(FetchFailure::NoAddress);
    h.pass(31);
    h.tick();
    assert_eq!(h.removed().as_deref(), Some("example.com"));
}

#[test]
fn what_an_engine_knows_goes_into_another() {
    let mut h = with_store();
    let policy = discover(&mut h, "example.com", "1", ENFORCE);
    discover(&mut h, "short.example", "2", &ENFORCE.replace("604800", "60"));
    let domains = |h: &Harness| {
        let mut domains: Vec<_> =
            h.engine.policies(h.now).map(|(domain, cached)| (domain.clone(), cached)).collect();
        domains.sort_by(|a, b| a.0.cmp(&b.0));
        domains
    };
    assert_eq!(domains(&h).len(), 2);

    h.pass(61);
    let exported = domains(&h);
    let [(domain, kept)] = exported.as_slice() else { panic!("{exported:?}") };
    assert_eq!(
        (domain.as_str(), &kept.policy, kept.id),
        ("example.com", &policy.policy, policy.id)
    );
    assert_eq!(kept.fetched_at, policy.fetched_at);

    let mut other = Harness::new();
    other.now = h.now;
    other.input(Input::Restore { domain: domain.clone(), policy: kept.clone() }).unwrap();
    assert_eq!(domains(&other), exported);
}
