use super::*;

#[test]
fn too_many_waiting_lookups_are_refused() {
    let mut h = Harness::with(Config { max_lookups: 2, ..Config::default() });
    let first = h.ask("example.com");
    h.ask("example.com");
    assert_eq!(h.try_ask("example.com"), Err(InputError::Busy));
    h.input(Input::Cancel { lookup: first }).unwrap();
    assert!(h.try_ask("example.com").is_ok());
}

#[test]
fn too_many_discoveries_are_refused_but_can_be_joined() {
    let mut h = Harness::with(Config { max_discoveries: 1, ..Config::default() });
    h.ask("example.com");
    assert_eq!(h.try_ask("example.net"), Err(InputError::Busy));
    assert!(h.try_ask("example.com").is_ok());
    h.say_txt(&[]);
    assert!(h.try_ask("example.net").is_ok());
}

#[test]
fn answers_that_nobody_collects_are_bounded() {
    let mut h = Harness::with(Config { max_lookups: 3, ..Config::default() });
    h.discover("example.com", "1", ENFORCE);
    let mut resolve = |lookup| {
        let input = Input::Resolve {
            lookup: LookupId(lookup),
            domain: domain("example.com"),
            deadline: h.now,
        };
        h.engine.handle_input(input, h.now)
    };
    assert_eq!([101, 102, 103, 104].map(&mut resolve).last(), Some(&Err(InputError::Busy)));
}

/// ARCHITECTURE.md, promise 6: the cap evicts what is cheapest to lose.
#[test]
fn absences_go_first_and_enforced_policies_last() {
    let mut h = Harness::with(Config { max_domains: 4, ..Config::default() });
    h.discover("enforce.test", "1", ENFORCE);
    h.pass(1);
    h.discover("testing.test", "1", TESTING);
    h.ask("absent.test");
    h.say_txt(&[]);
    h.discover("none.test", "1", NONE);
    assert_eq!(h.engine.len(), 4);

    h.discover("a.test", "1", ENFORCE);
    assert!(h.lookup("absent.test").is_none());
    h.pass(1);
    h.lookup("none.test");
    h.discover("b.test", "1", ENFORCE);
    assert!(h.lookup("testing.test").is_none());
    h.discover("c.test", "1", ENFORCE);
    assert!(h.lookup("none.test").is_none());
    assert_eq!(h.lookup("enforce.test").unwrap().kind(), "enforce");
    assert_eq!(h.engine.len(), 4);
}

#[test]
fn among_equals_the_one_unused_for_longest_goes() {
    let mut h = Harness::with(Config { max_domains: 3, ..Config::default() });
    for name in ["a.test", "b.test", "c.test"] {
        h.discover(name, "1", ENFORCE);
        h.pass(1);
    }
    h.lookup("a.test");
    h.discover("d.test", "1", ENFORCE);
    assert!(h.lookup("b.test").is_none());
    assert!(h.lookup("a.test").is_some());
}

#[test]
fn a_domain_being_discovered_is_not_evicted() {
    let mut h = Harness::with(Config { max_domains: 1, ..Config::default() });
    let lookup = h.ask("example.com");
    assert_eq!(h.try_ask("example.net"), Err(InputError::Busy));
    h.say_txt(&["v=STSv1; id=1"]);
    h.say_policy(ENFORCE);
    assert_eq!(h.answer(lookup).unwrap().kind(), "enforce");
}

#[test]
fn a_smaller_cap_is_kept_from_the_next_domain_on() {
    let mut h = Harness::new();
    for name in ["a.test", "b.test", "c.test"] {
        h.discover(name, "1", ENFORCE);
    }
    h.engine.reconfigure(Config { max_domains: 2, seed: 7, ..Config::default() });
    assert_eq!(h.engine.config().seed, 0);
    h.discover("d.test", "1", ENFORCE);
    assert_eq!(h.engine.len(), 2);
}

#[test]
fn refreshes_take_turns() {
    let mut h = Harness::with(Config { max_refreshes: 2, ..Config::default() });
    for name in ["a.test", "b.test", "c.test", "d.test"] {
        h.discover(name, "1", ENFORCE);
    }
    h.pass(DAY);
    let mut refreshed = 0;
    h.tick();
    while h.outputs.iter().any(|output| matches!(output, Output::QueryTxt { .. })) {
        assert!(h.outputs.len() <= 2);
        h.say_txt(&["v=STSv1; id=1"]);
        h.say_policy(ENFORCE);
        refreshed += 1;
        h.engine.handle_timeout(h.now);
        h.drain();
    }
    assert_eq!(refreshed, 4);
}

#[test]
fn the_same_seed_gives_the_same_refresh_times() {
    let wake = |seed| {
        let mut h = Harness::with(Config { seed, ..Config::default() });
        h.discover("example.com", "1", ENFORCE);
        h.engine.poll_timeout()
    };
    assert_eq!(wake(1), wake(1));
    assert_ne!(wake(1), wake(2));
}
