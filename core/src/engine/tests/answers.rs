use super::*;
use crate::{CertOutcome, DaneOutcome, ResultType, Source, TlsOutcome};

const VALID: TlsOutcome =
    TlsOutcome { starttls: true, cert: CertOutcome::Valid, dane: DaneOutcome::None };

/// What an MX host can lack, and how that is reported.
const FLAWS: [(TlsOutcome, ResultType); 5] = [
    (TlsOutcome { starttls: false, ..VALID }, ResultType::StarttlsNotSupported),
    (TlsOutcome { cert: CertOutcome::Expired, ..VALID }, ResultType::CertificateExpired),
    (TlsOutcome { cert: CertOutcome::Untrusted, ..VALID }, ResultType::CertificateNotTrusted),
    (TlsOutcome { cert: CertOutcome::NameMismatch, ..VALID }, ResultType::CertificateHostMismatch),
    (TlsOutcome { cert: CertOutcome::Invalid, ..VALID }, ResultType::ValidationFailure),
];

//= https://www.rfc-editor.org/rfc/rfc8461#section-5.1
//= type=test
//# If none exists, attempt to fetch a new policy
#[test]
fn a_first_lookup_asks_dns_then_https() {
    let mut h = Harness::new();
    let lookup = h.ask("example.com");
    assert!(h.fetch().is_none());
    h.say_txt(&["v=STSv1; id=1"]);
    assert!(h.answer(lookup).is_none());
    h.say_policy(ENFORCE);
    let Some(Decision::Enforce(applied)) = h.answer(lookup) else { panic!() };
    assert_eq!((applied.id.as_str(), applied.source), ("1", Source::Live));
    assert_eq!(h.outputs, []);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# A suggested timeout is one minute, and a suggested maximum policy size is 64 kilobytes
#[test]
fn a_fetch_may_take_a_minute_and_bring_64_kib() {
    let mut h = Harness::new();
    h.ask("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    let Some(Output::FetchPolicy { host, path, deadline, max_bytes, .. }) = h.outputs.pop_front()
    else {
        panic!()
    };
    assert_eq!((host.as_str(), path), ("mta-sts.example.com", "/.well-known/mta-sts.txt"));
    assert_eq!(deadline.since(h.now), Duration::from_secs(60));
    assert_eq!(max_bytes, 64 * 1024);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.4
//= type=test
//# When sending mail to a mailbox at a subdomain, compliant senders MUST NOT attempt to fetch a
//# policy from the parent zone.
#[test]
fn a_subdomain_has_no_part_in_its_parents_policy() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    let lookup = h.ask("mail.example.com");
    let names = h.outputs.iter().filter_map(|output| match output {
        Output::QueryTxt { name, .. } => Some(name.as_str()),
        _ => None,
    });
    assert!(names.eq(["_mta-sts.mail.example.com"]));
    h.say_txt(&[]);
    assert_eq!(h.answer(lookup).unwrap().kind(), "no-policy");
    assert_eq!(h.outputs, []);
}

#[test]
fn a_known_policy_is_answered_without_an_errand() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    h.pass(10);
    let Some(Decision::Enforce(applied)) = h.lookup("example.com") else { panic!() };
    assert_eq!(applied.source, Source::Cached);
    assert_eq!(applied.age(h.now), Duration::from_secs(10));
    let lookup = h.ask("example.com");
    assert!(h.answer(lookup).is_some());
    assert_eq!(h.outputs, []);
}

/// docs/peers.md, PMSR defect 5: no coalescing, no negative cache.
#[test]
fn pmsr_5_lookups_of_a_domain_join() {
    let mut h = Harness::new();
    let lookups: Vec<_> = (0..50).map(|_| h.ask("example.com")).collect();
    h.say_txt(&["v=STSv1; id=1"]);
    assert!(h.txt_query().is_none());
    let late = h.ask("example.com");
    h.say_policy(ENFORCE);
    assert!(h.fetch().is_none());
    for lookup in lookups.into_iter().chain([late]) {
        assert!(matches!(h.answer(lookup), Some(Decision::Enforce(_))));
    }
}

#[test]
fn an_absence_is_remembered_for_the_ttl_within_bounds() {
    for (ttl, remembered) in [(0, 60), (600, 600), (90_000, 3600)] {
        let mut h = Harness::new();
        let lookup = h.ask("example.com");
        let request = h.txt_query().unwrap();
        let answer = Ok(TxtAnswer { records: Vec::new(), ttl });
        h.input(Input::TxtAnswer { request, answer }).unwrap();
        assert_eq!(h.answer(lookup).unwrap().kind(), "no-policy");
        h.pass(remembered - 1);
        assert!(h.lookup("example.com").is_some(), "{ttl}");
        h.pass(1);
        assert!(h.lookup("example.com").is_none(), "{ttl}");
    }
}

/// ARCHITECTURE.md, promise 5: always answered once, by the deadline; discovery goes on and its result is kept.
#[test]
fn a_deadline_is_kept_and_the_policy_arrives_for_the_next() {
    let mut h = Harness::new();
    let lookup = h.ask("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    h.pass(90);
    h.tick();
    assert_eq!(h.answer(lookup).unwrap().kind(), "no-policy");
    assert!(h.answer(lookup).is_none());

    let mut h = Harness::new();
    let deadline = h.now.plus(Duration::from_secs(3));
    let lookup = LookupId(7);
    h.input(Input::Resolve { lookup, domain: domain("example.com"), deadline }).unwrap();
    h.say_txt(&["v=STSv1; id=1"]);
    h.pass(3);
    h.tick();
    assert!(h.answer(lookup).is_some());
    h.say_policy(ENFORCE);
    assert_eq!(h.lookup("example.com").unwrap().kind(), "enforce");
}

#[test]
fn a_deadline_that_has_passed_already_is_kept_at_once() {
    let mut h = Harness::new();
    let (lookup, deadline) = (LookupId(1), h.now);
    h.input(Input::Resolve { lookup, domain: domain("example.com"), deadline }).unwrap();
    assert!(h.answer(lookup).is_some());
}

#[test]
fn a_cancelled_lookup_is_not_answered() {
    let mut h = Harness::new();
    let lookup = h.ask("example.com");
    h.input(Input::Cancel { lookup }).unwrap();
    h.say_txt(&[]);
    assert!(h.answer(lookup).is_none());
    assert_eq!(h.input(Input::Cancel { lookup }), Err(InputError::UnknownLookup(lookup)));
}

#[test]
fn inputs_that_fit_nothing_change_nothing() {
    let mut h = Harness::new();
    let lookup = h.ask("example.com");
    let deadline = h.now;
    let again = Input::Resolve { lookup, domain: domain("example.net"), deadline };
    assert_eq!(h.input(again), Err(InputError::DuplicateLookup(lookup)));
    let request = h.txt_query().unwrap();
    let stored = Input::Stored { request };
    assert_eq!(h.input(stored), Err(InputError::WrongAnswer(request)));
    let answer = Input::TxtAnswer { request, answer: Ok(TxtAnswer::default()) };
    h.input(answer.clone()).unwrap();
    assert_eq!(h.input(answer), Err(InputError::UnknownRequest(request)));
    assert_eq!(h.lookup("example.com").unwrap().kind(), "no-policy");
}

#[test]
fn a_clock_that_goes_back_stands_still() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    h.now = UnixMillis::from_secs(1_000);
    assert_eq!(h.lookup("example.com").unwrap().kind(), "enforce");
    let lookup = h.ask("example.net");
    // Its deadline has passed on the engine's clock.
    assert!(h.answer(lookup).is_some());
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-4
//= type=test
//# a Sending MTA honoring MTA-STS MUST check whether: 1. At least one of the policy's "mx" patterns
//# matches the selected MX host
//= https://www.rfc-editor.org/rfc/rfc8461#section-8.4
//= type=test
//# treat invalid candidates as though they were unreachable
#[test]
fn an_attempt_is_judged_by_the_policy() {
    let mut h = Harness::new();
    let decision = h.discover("example.com", "1", ENFORCE);
    let seen = TlsOutcome { starttls: true, cert: CertOutcome::Valid, dane: DaneOutcome::None };
    assert_eq!(decision.judge("MX.example.com.", seen).verdict, Verdict::Deliver);
    let attempt = decision.judge("mx.example.net", seen);
    assert_eq!(attempt.verdict, Verdict::SkipMx);
    assert_eq!(attempt.report, Some(ResultType::ValidationFailure));
    let testing = Harness::new().discover("example.com", "1", TESTING);
    let attempt = testing.judge("mx.example.net", TlsOutcome { starttls: false, ..seen });
    assert_eq!(attempt.verdict, Verdict::Deliver);
    assert!(attempt.report.is_some());
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-4
//= type=test
//# 2. The recipient mail server supports STARTTLS and offers a PKIX-based TLS certificate, during
//# TLS handshake, which is valid for that host
//= https://www.rfc-editor.org/rfc/rfc8461#section-4.2
//= type=test
//# The certificate presented by the receiving MTA MUST not be expired and MUST chain to a root CA
//# that is trusted by the Sending MTA.
//= https://www.rfc-editor.org/rfc/rfc8461#section-4.2
//= type=test
//# The certificate MUST have a subject alternative name (SAN) [RFC5280] with a DNS-ID [RFC6125]
//# matching the hostname, per the rules given in [RFC6125].
//= https://www.rfc-editor.org/rfc/rfc8461#section-5
//= type=test
//# In this mode, Sending MTAs MUST NOT deliver the message to hosts that fail MX matching or
//# certificate validation or that do not support STARTTLS.
//= https://www.rfc-editor.org/rfc/rfc8461#section-6
//= type=test
//# o Delivery attempts in which a contacted MX does not support STARTTLS or does not present a
//# certificate that validates according to the applied policy
#[test]
fn an_enforced_policy_wants_starttls_and_a_valid_certificate() {
    let decision = Harness::new().discover("example.com", "1", ENFORCE);
    for (seen, report) in FLAWS {
        let attempt = decision.judge("mx.example.com", seen);
        assert_eq!((attempt.verdict, attempt.report), (Verdict::SkipMx, Some(report)), "{seen:?}");
    }
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-5
//= type=test
//# In this mode, Sending MTAs that also implement the TLSRPT (TLS Reporting) specification
//# [RFC8460] send a report indicating policy application failures (as long as TLSRPT is also
//# implemented by the recipient domain); in any case, messages may be delivered as though there
//# were no MTA-STS validation failure.
#[test]
fn a_policy_in_testing_keeps_no_mail_back_but_reports() {
    let decision = Harness::new().discover("example.com", "1", TESTING);
    for (seen, report) in FLAWS {
        let attempt = decision.judge("mx.example.com", seen);
        assert_eq!((attempt.verdict, attempt.report), (Verdict::Deliver, Some(report)), "{seen:?}");
    }
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-5
//= type=test
//# In this mode, Sending MTAs should treat the Policy Domain as though it does not have any active
//# policy
//= https://www.rfc-editor.org/rfc/rfc8461#section-6
//= type=test
//# except if that policy's mode is "none".
#[test]
fn a_policy_in_mode_none_is_as_though_there_were_none() {
    let decision = Harness::new().discover("example.com", "1", NONE);
    for mx in ["mx.example.com", "mx.example.net"] {
        for (seen, _) in FLAWS {
            let attempt = decision.judge(mx, seen);
            assert_eq!((attempt.verdict, attempt.report), (Verdict::Deliver, None), "{seen:?}");
        }
    }
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-2
//= type=test
//# senders who implement MTA-STS validation MUST NOT allow MTA-STS Policy validation to override a
//# failing DANE validation.
#[test]
fn no_policy_makes_up_for_a_failing_dane_validation() {
    let absent = Decision::Opportunistic(crate::Unprotected::new(crate::Why::NoRecord));
    let policies = [ENFORCE, TESTING, NONE];
    let decisions = policies.map(|body| Harness::new().discover("example.com", "1", body));
    for dane in [DaneOutcome::Fail, DaneOutcome::LookupError] {
        let seen = TlsOutcome { dane, ..VALID };
        for decision in decisions.iter().chain([&absent]) {
            let attempt = decision.judge("mx.example.com", seen);
            assert_eq!(attempt.verdict, Verdict::SkipMx, "{dane:?} {}", decision.kind());
        }
    }
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-5
//= type=test
//# When a message fails to deliver due to an "enforce" policy, a compliant MTA MUST NOT permanently
//# fail to deliver messages before checking, via DNS, for the presence of an updated policy at the
//# Policy Domain.
//= https://www.rfc-editor.org/rfc/rfc8461#section-5.1
//= type=test
//# A message delivery attempt MUST NOT be permanently failed until the sender has first checked for
//# the presence of a new policy (as indicated by the "id" field in the "_mta-sts" TXT record).
#[test]
fn before_a_bounce_dns_is_asked_whatever_is_known() {
    let mut h = Harness::new();
    h.discover("example.com", "1", ENFORCE);
    let lookup = h.recheck("example.com");
    h.say_txt(&["v=STSv1; id=1"]);
    assert_eq!(h.bounce_answer(lookup).unwrap().1, Some(Bounce::Allowed));

    let lookup = h.recheck("example.com");
    h.say_txt_fails(DnsFailure::ServFail);
    assert_eq!(h.bounce_answer(lookup).unwrap().1, Some(Bounce::Forbidden));

    let lookup = h.recheck("example.com");
    h.say_txt(&["v=STSv1; id=2"]);
    h.say_policy(NONE);
    let (decision, bounce) = h.bounce_answer(lookup).unwrap();
    assert_eq!((decision.kind(), bounce), ("none", Some(Bounce::Forbidden)));
}
