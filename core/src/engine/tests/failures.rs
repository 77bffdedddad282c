use super::*;
use crate::{FailureKind, OnFailure, ResultType};

#[test]
fn a_dns_failure_is_never_remembered_as_absence() {
    for failure in [DnsFailure::ServFail, DnsFailure::Timeout, DnsFailure::Refused] {
        let mut h = Harness::new();
        let lookup = h.ask("example.com");
        h.say_txt_fails(failure);
        let decision = h.answer(lookup).unwrap();
        assert_eq!(decision.kind(), "no-policy");
        assert_eq!(decision.failure().unwrap().kind, FailureKind::Dns(failure));
        assert!(h.lookup("example.com").is_none());
    }
}

#[test]
fn failures_are_temporary_if_so_configured() {
    let config = Config {
        on_dns_failure: OnFailure::TempFail,
        on_fetch_failure: OnFailure::TempFail,
        ..Config::default()
    };
    let mut h = Harness::with(config);
    let lookup = h.ask("example.com");
    h.say_txt_fails(DnsFailure::ServFail);
    assert_eq!(h.answer(lookup).unwrap().kind(), "temp-fail");
    let lookup = h.ask("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    h.say_fetch_fails(FetchFailure::Connect);
    assert_eq!(h.answer(lookup).unwrap().kind(), "temp-fail");
    // Without a usable record there is nothing that could fail (RFC 8461 §3.1).
    let lookup = h.ask("example.net");
    h.say_txt(&["v=STSv1; id=1", "v=STSv1; id=2"]);
    assert_eq!(h.answer(lookup).unwrap().kind(), "no-policy");
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
//= type=test
//# If the number of resulting records is not one, or if the resulting record is syntactically
//# invalid, senders MUST assume the recipient domain does not have an available MTA-STS Policy and
//# skip the remaining steps of policy discovery.
#[test]
fn without_one_valid_record_nothing_is_fetched() {
    let several = ["v=STSv1; id=1", "v=STSv1; id=1"];
    for records in [&[][..], &["v=spf1 -all"], &["v=STSv1; id="], &["v=STSv1;"], &several] {
        let mut h = Harness::new();
        let lookup = h.ask("example.com");
        h.say_txt(records);
        assert_eq!(h.answer(lookup).unwrap().kind(), "no-policy", "{records:?}");
        assert_eq!(h.outputs, [], "{records:?}");
    }
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# In the case where the HTTPS GET fails, implementers SHOULD limit further attempts to a period of
//# five minutes or longer per version ID, to avoid overwhelming resource-constrained recipients
//# with cascading failures.
//= https://www.rfc-editor.org/rfc/rfc8461#section-6
//= type=test
//# senders that also implement TLSRPT SHOULD treat the following events as reportable failures: o
//# HTTPS policy fetch failures when a valid TXT record is present.
#[test]
fn a_failed_fetch_is_not_repeated_for_five_minutes() {
    let mut h = Harness::new();
    h.ask("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    h.say_fetch_fails(FetchFailure::Connect);
    for _ in 0..4 {
        h.pass(60);
        let lookup = h.ask("example.com");
        h.say_txt(&["v=STSv1; id=1"]);
        assert!(h.fetch().is_none());
        let decision = h.answer(lookup).unwrap();
        assert_eq!(decision.discovery_result(), Some(ResultType::StsPolicyFetchError));
    }
    h.pass(60);
    h.ask("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    assert!(h.fetch().is_some());
}

#[test]
fn a_new_id_may_be_fetched_during_the_back_off_of_another() {
    let mut h = Harness::new();
    h.ask("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    h.say_fetch_fails(FetchFailure::Connect);
    h.pass(60);
    let lookup = h.ask("example.com");
    h.say_txt(&["v=STSv1; id=2"]);
    h.say_policy(ENFORCE);
    assert_eq!(h.answer(lookup).unwrap().kind(), "enforce");
}

#[test]
fn ids_that_change_all_the_time_do_not_defeat_the_back_off() {
    let mut h = Harness::new();
    let mut fetches = 0;
    for id in 0..5 {
        h.ask("example.com");
        h.say_txt(&[&alloc::format!("v=STSv1; id={id}")]);
        if h.outputs.iter().any(|output| matches!(output, Output::FetchPolicy { .. })) {
            h.say_fetch_fails(FetchFailure::Connect);
            fetches += 1;
        }
        h.outputs.clear();
        h.pass(60);
    }
    assert_eq!(fetches, 4);
}

/// ARCHITECTURE.md, promise 1: an unexpired policy is only ever replaced by a newer, valid, fetched one.
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
//= type=test
//# the absence of a usable TXT record is not by itself sufficient to remove a sender's previously
//# cached policy for the Policy Domain
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# Conversely, if no "live" policy can be discovered via DNS or fetched via HTTPS, but a valid
//# (non-expired) policy exists in the sender's cache, the sender MUST apply that cached policy.
//= https://www.rfc-editor.org/rfc/rfc8461#section-6
//= type=test
//# o Policy fetch failures of any kind when a valid policy exists in the policy cache
#[test]
fn nothing_but_a_valid_fetch_replaces_a_policy() {
    type Discovery = fn(&mut Harness);
    let failures: [Discovery; 6] = [
        |h| h.say_txt(&[]),
        |h| h.say_txt(&["v=STSv1; id=1", "v=STSv1; id=2"]),
        |h| h.say_txt(&["v=STSv1; id="]),
        |h| h.say_txt_fails(DnsFailure::Timeout),
        |h| {
            h.say_txt(&["v=STSv1; id=2"]);
            h.say_fetch_fails(FetchFailure::Status(404));
        },
        |h| {
            h.say_txt(&["v=STSv1; id=2"]);
            h.say_policy("version: STSv1\nmode: none\n");
        },
    ];
    for (index, discovery) in failures.iter().enumerate() {
        let mut h = Harness::new();
        h.discover("example.com", "1", ENFORCE);
        h.pass(301);
        assert_eq!(h.lookup("example.com").unwrap().kind(), "enforce");
        discovery(&mut h);
        let decision = h.lookup("example.com").unwrap();
        assert_eq!((decision.kind(), id(&decision)), ("enforce", Some("1")), "{index}");
        assert!(decision.discovery_result().is_some(), "{index}");
    }
}

#[test]
fn an_invalid_policy_says_what_is_wrong_with_it() {
    let mut h = Harness::new();
    let lookup = h.ask("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    h.say_policy("version: STSv1\nmode: Enforce\n");
    let decision = h.answer(lookup).unwrap();
    assert_eq!(decision.discovery_result(), Some(ResultType::StsPolicyInvalid));
    let explanation = alloc::format!("{}", decision.explain(h.now));
    assert!(explanation.contains("line 2, column 7: `mode` is not"), "{explanation}");
}

#[test]
fn an_errand_without_an_answer_is_given_up() {
    let mut h = Harness::new();
    let lookup = h.ask("example.com");
    h.txt_query().unwrap();
    h.pass(21);
    h.tick();
    let decision = h.answer(lookup).unwrap();
    assert_eq!(decision.failure().unwrap().kind, FailureKind::Dns(DnsFailure::Timeout));

    let lookup = h.ask("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    let request = h.fetch().unwrap();
    h.pass(61);
    h.tick();
    let decision = h.answer(lookup).unwrap();
    assert_eq!(decision.failure().unwrap().kind, FailureKind::Fetch(FetchFailure::Timeout));
    let answer = Err((FetchFailure::Connect, "".into()));
    let late = h.input(Input::FetchAnswer { request, answer });
    assert_eq!(late, Err(InputError::UnknownRequest(request)));
}
