use super::*;
use crate::AlertKind;

/// docs/peers.md, PMSR defect 5: with the TXT query unanswered, a valid cached policy costs the wait.
#[test]
fn pmsr_5_a_check_of_the_record_delays_nobody() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    h.pass(299);
    h.lookup("example.com").unwrap();
    assert_eq!(h.outputs, []);
    h.pass(1);
    h.lookup("example.com").unwrap();
    h.lookup("example.com").unwrap();
    h.say_txt(&["v=STSv1; id=1"]);
    assert_eq!(h.outputs, []);
}

/// docs/peers.md, tlspol defect 2: the id is never checked, so changes wait for the old policy's end.
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
//= type=test
//# senders can determine when the policy has been updated by comparing to the "id" of a previously
//# seen policy.
#[test]
fn tlspol_2_a_new_id_brings_the_new_policy() {
    for (body, kind) in [(NONE, "none"), (TESTING, "testing"), (ENFORCE, "enforce")] {
        let mut h = Harness::new();
        h.discover("example.com", "1", ENFORCE);
        h.pass(300);
        assert_eq!(id(&h.lookup("example.com").unwrap()), Some("1"));
        h.say_txt(&["v=STSv1; id=2"]);
        assert_eq!(id(&h.lookup("example.com").unwrap()), Some("1"));
        h.say_policy(body);
        let decision = h.lookup("example.com").unwrap();
        assert_eq!((decision.kind(), id(&decision)), (kind, Some("2")));
    }
}

/// docs/peers.md, tlspol defect 3: refreshed only in the last 30 s. Here it is daily, whatever DNS says.
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# MTAs SHOULD proactively refresh cached policies before they expire; a suggested refresh
//# frequency is once per day.
//= https://www.rfc-editor.org/rfc/rfc8461#section-10.2
//= type=test
//# implementers SHOULD NOT wait until a cached policy has expired before checking for an update; if
//# senders attempt to refresh the cache regularly (for example, by fetching the current live policy
//# in a background task that runs daily or weekly, regardless of the state of the "_mta-sts" TXT
//# record
#[test]
fn tlspol_3_a_policy_is_fetched_anew_every_day() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    let fetched_at = h.now;
    h.pass(DAY * 79 / 100);
    h.tick();
    assert_eq!(h.outputs, []);
    h.pass(DAY * 21 / 100);
    h.tick();
    h.say_txt_fails(DnsFailure::ServFail);
    h.say_policy(ENFORCE);
    let Some(Decision::Enforce(applied)) = h.lookup("example.com") else { panic!() };
    assert!(applied.fetched_at > fetched_at && applied.failure.is_none());
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-10.2
//= type=test
//# implementers SHOULD NOT wait until a cached policy has expired before checking for an update
#[test]
fn a_short_policy_is_fetched_anew_half_way() {
    let mut h = Harness::new();
    h.discover("example.com", "1", &ENFORCE.replace("604800", "7200"));
    h.pass(3600);
    h.tick();
    h.say_txt(&["v=STSv1; id=1"]);
    assert!(h.fetch().is_some());
}

/// docs/peers.md, PMSR defect 2: an expired policy is revived by an unchanged id, without a fetch.
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
//= type=test
//# Well-behaved clients SHOULD cache a policy for up to this value from the last policy fetch time.
//= https://www.rfc-editor.org/rfc/rfc8461#section-5.1
//= type=test
//# Check for a cached policy whose time-since-fetch has not exceeded its "max_age".
#[test]
fn pmsr_2_an_unchanged_id_revives_nothing() {
    let mut h = Harness::new();
    h.discover("example.com", "1", &ENFORCE.replace("604800", "3"));
    h.pass(3);
    assert!(h.lookup("example.com").is_some());
    h.now = h.now.plus(Duration::from_millis(1));
    assert!(h.lookup("example.com").is_none());
    let lookup = h.ask("example.com");
    while let Some(request) = h.txt_query() {
        let answer = Ok(TxtAnswer { records: alloc::vec![b"v=STSv1; id=1".to_vec()], ttl: 60 });
        let _ = h.input(Input::TxtAnswer { request, answer });
    }
    h.say_fetch_fails(FetchFailure::Connect);
    assert_eq!(h.answer(lookup).unwrap().kind(), "no-policy");
}

/// docs/peers.md, tlspol defect 6: a gap after the expiry of a short policy.
#[test]
fn tlspol_6_a_short_policy_is_fetched_again_at_once() {
    let mut h = Harness::new();
    let short = ENFORCE.replace("604800", "4");
    h.discover("example.com", "1", &short);
    h.pass(5);
    assert_eq!(h.discover("example.com", "1", &short).kind(), "enforce");
}

/// docs/peers.md, tlspol defect 14: `mode: none` with `max_age: 0` keeps the old policy.
#[test]
fn tlspol_14_a_policy_that_must_not_be_kept_replaces_the_old_one() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    h.pass(300);
    h.lookup("example.com");
    h.say_txt(&["v=STSv1; id=2"]);
    h.say_policy("version: STSv1\nmode: none\nmax_age: 0\n");
    assert!(h.lookup("example.com").is_none());
    assert!(h.engine.is_empty());
}

#[test]
fn a_policy_that_must_not_be_kept_governs_the_lookup_it_was_fetched_for() {
    let mut h = Harness::new();
    let once = ENFORCE.replace("604800", "0");
    assert_eq!(h.discover("example.com", "1", &once).kind(), "enforce");
    assert!(h.lookup("example.com").is_none());
}

/// docs/peers.md, tlspol defect 15 and demand 16: endless fetches for domains that nobody mails.
#[test]
fn tlspol_15_a_domain_that_nobody_mails_is_left_alone() {
    let refresh_idle = Duration::from_secs(14 * DAY);
    let mut h = Harness::with(Config { refresh_idle, ..Config::default() });
    h.discover("example.com", "1", &ENFORCE.replace("604800", "31557600"));
    let mut fetches = 0;
    for _ in 0..40 {
        h.pass(DAY);
        h.tick();
        if h.outputs.iter().any(|output| matches!(output, Output::QueryTxt { .. })) {
            h.say_txt(&["v=STSv1; id=1"]);
            h.say_policy(&ENFORCE.replace("604800", "31557600"));
            fetches += 1;
        }
    }
    assert_eq!(fetches, 13);
    assert_eq!(h.lookup("example.com").unwrap().kind(), "enforce");
    assert!(h.txt_query().is_some());
}

/// docs/peers.md, tlspol defect 15 and PMSR's silence: administrators learn of failing refreshes.
//= https://www.rfc-editor.org/rfc/rfc8461#section-10.2
//= type=test
//# Additionally, MTAs SHOULD alert administrators to repeated policy refresh failures long before
//# cached policies expire (through warning logs or similar applicable mechanisms), allowing
//# administrators to detect such a persistent attack on policy refresh.
#[test]
fn tlspol_15_failing_refreshes_are_told_once_a_day() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    let mut alerts = 0;
    for _ in 0..3 * 24 {
        h.pass(3600);
        h.tick();
        if h.outputs.iter().any(|output| matches!(output, Output::QueryTxt { .. })) {
            h.say_txt(&["v=STSv1; id=1"]);
            h.say_fetch_fails(FetchFailure::Connect);
        }
        while let Some(AlertKind::RefreshFailed { expires_at, .. }) = h.alert() {
            assert!(expires_at > h.now);
            alerts += 1;
        }
    }
    assert_eq!(alerts, 3);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# unless the cached policy mode is "none".
//= https://www.rfc-editor.org/rfc/rfc8461#section-6
//= type=test
//# except if that policy's mode is "none".
//= https://www.rfc-editor.org/rfc/rfc8461#section-10.2
//= type=test
//# (However, they should not implement such alerts if the cached policy has a "none" mode, to allow
//# clean MTA-STS removal, as described in Section 8.3.)
#[test]
fn a_failing_refresh_of_mode_none_is_not_told() {
    let mut h = Harness::new();
    h.discover("example.com", "1", NONE);
    h.pass(DAY);
    h.tick();
    h.say_txt(&[]);
    h.say_fetch_fails(FetchFailure::NoAddress);
    assert!(h.alert().is_none());
    assert_eq!(h.lookup("example.com").unwrap().discovery_result(), None);
}

#[test]
fn a_failing_refresh_is_tried_again_ever_more_rarely() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    let mut attempts = Vec::new();
    for minute in 0..2 * 24 * 60_u64 {
        h.pass(60);
        h.tick();
        if h.outputs.iter().any(|output| matches!(output, Output::QueryTxt { .. })) {
            h.say_txt(&["v=STSv1; id=1"]);
            h.say_fetch_fails(FetchFailure::Connect);
            attempts.push(minute);
        }
    }
    let pauses: Vec<_> = attempts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses[..5], [5, 10, 20, 40, 60]);
    assert!(pauses[5..].iter().all(|pause| *pause == 60));
}
