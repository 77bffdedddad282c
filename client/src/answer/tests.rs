use mtasts_core::{DnsFailure, Failure, FailureKind, Mode, PolicyDomain, render};

use super::*;

fn domain() -> PolicyDomain {
    PolicyDomain::from_lookup_key("example.com").unwrap()
}

fn applied(mode: &str, failure: Option<Arc<Failure>>) -> Applied {
    let body =
        format!("version: STSv1\nmode: {mode}\nmx: *.example.com\nmx: a.example\nmax_age: 60\n");
    Applied {
        policy: Arc::new(Policy::parse(body).unwrap().policy),
        id: PolicyId::parse("a1").unwrap(),
        fetched_at: UnixMillis::from_secs(1_000),
        source: Source::Cached,
        failure,
    }
}

fn failure() -> Arc<Failure> {
    let kind = FailureKind::Dns(DnsFailure::ServFail);
    Arc::new(Failure { kind, at: UnixMillis::from_secs(1_010), id: None, detail: "\"é".into() })
}

fn read(decision: &Decision) -> Answer {
    Answer::from_json(&render::json(decision, &domain(), UnixMillis::from_secs(1_020))).unwrap()
}

#[test]
fn a_decision_comes_through_whole() {
    let none = Unprotected { why: Why::ModeNone, failure: None, none: Some(applied("none", None)) };
    for decision in [
        Decision::Enforce(applied("enforce", None)),
        Decision::Testing(applied("testing", None)),
        Decision::Opportunistic(none),
        Decision::Opportunistic(Unprotected::new(Why::NoRecord)),
        Decision::TempFail(Unprotected::new(Why::Deadline)),
    ] {
        let answer = read(&decision);
        assert_eq!(answer.decision, decision);
        assert_eq!(answer.failure, None);
        let now = UnixMillis::from_secs(1_020);
        assert_eq!(answer.explanation, decision.explain(now).to_string());
    }
}

#[test]
fn a_failure_comes_in_words() {
    let answer = read(&Decision::Enforce(applied("enforce", Some(failure()))));
    assert_eq!(answer.decision, Decision::Enforce(applied("enforce", None)));
    let text = answer.failure.unwrap();
    assert_eq!((text.code.as_str(), text.detail.as_str()), ("dns-servfail", "\"é"));
    assert_eq!(text.at, UnixMillis::from_secs(1_010));

    let answer = read(&Decision::TempFail(Unprotected::failed(failure())));
    assert_eq!(answer.decision, Decision::TempFail(Unprotected::new(Why::Failed)));
    assert!(answer.failure.is_some());
}

#[test]
fn what_is_not_understood_is_no_permission() {
    let json = render::json(
        &Decision::Enforce(applied("enforce", None)),
        &domain(),
        UnixMillis::from_secs(1_020),
    );
    for (from, to) in [
        ("\"schema_version\":1", "\"schema_version\":2"),
        ("\"decision\":\"enforce\"", "\"decision\":\"perhaps\""),
        ("\"mode\":\"enforce\"", "\"mode\":\"Enforce\""),
        ("\"a.example\"", "\"a.example\\nmode: none\""),
        ("\"id\":\"a1\"", "\"id\":\"a-1\""),
        ("\"source\":\"cached\"", "\"source\":\"\""),
        ("\"max_age\":60", "\"max_age\":99999999"),
    ] {
        assert!(json.contains(from), "{from} is not in {json}");
        assert!(Answer::from_json(&json.replace(from, to)).is_err(), "{to}");
    }
    let without = json.replace("\"policy\":{", "\"was\":{").replace("\"failure\"", "\"policy\"");
    assert!(Answer::from_json(&without).is_err());
    assert!(Answer::from_json("").is_err());
    assert_eq!(
        read(&Decision::Enforce(applied("enforce", None))).decision.policy().unwrap().policy.mode(),
        Mode::Enforce
    );
}
