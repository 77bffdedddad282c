use alloc::{borrow::ToOwned as _, sync::Arc, vec};

use super::*;
use crate::{
    Applied, Decision, Policy, PolicyId, ResultType, Source, TxtError, UnixMillis, Unprotected,
    Why, tlsrpt::PolicyType,
};

const RECORD: &str = "v=TLSRPTv1;rua=mailto:r@example.com";
/// How each datagram for [`RECORD`] begins.
const HEAD: &str = r#"{"dpv": "1","d": "example.com","pr": "v=TLSRPTv1;rua=mailto:r@example.com""#;

fn domain() -> PolicyDomain {
    PolicyDomain::from_lookup_key("example.com").unwrap()
}

fn sts() -> ReportedPolicy {
    let body = "version: STSv1\nmode: enforce\nmx: *.Example.com\nmax_age: 86400\nx: y\n";
    let decision = Decision::Enforce(Applied {
        policy: Arc::new(Policy::parse(body).unwrap().policy),
        id: PolicyId::parse("1").unwrap(),
        fetched_at: UnixMillis(0),
        source: Source::Live,
        failure: None,
    });
    ReportedPolicy::of(&decision, &domain())
}

fn text(attempts: &[PolicyAttempt]) -> String {
    let mut datagram = Datagram::new(&domain(), &[RECORD]).unwrap();
    attempts.iter().for_each(|attempt| datagram.push(attempt));
    let text = datagram.finish().unwrap();
    text.strip_prefix(HEAD).unwrap().to_owned()
}

#[test]
fn a_success_repeats_the_policy() {
    assert_eq!(
        text(&[PolicyAttempt { policy: sts(), failures: vec![], is_success: true }]),
        r#","policies":[{"policy-type":2,"policy-domain": "example.com","policy-string":["version: STSv1","mode: enforce","mx: *.example.com","max_age: 86400","x: y"],"mx-host":["*.example.com"],"t":0,"f":0}]}"#
    );
}

#[test]
fn a_failure_tells_its_circumstances_in_order() {
    let full = FailureDetails {
        result_type: ResultType::CertificateExpired,
        sending_mta_ip: Some([192, 0, 2, 1].into()),
        receiving_mx_hostname: Some("mx.example.org".into()),
        receiving_mx_helo: Some("helo.example.org".into()),
        receiving_ip: Some([198, 51, 100, 1].into()),
        additional_information: Some("info".into()),
        failure_reason_code: Some("reason".into()),
    };
    let bare = FailureDetails::new(ResultType::StsPolicyFetchError);
    let none = Decision::Opportunistic(Unprotected::new(Why::Failed));
    let policy = ReportedPolicy::of(&none, &domain());
    assert_eq!(
        text(&[PolicyAttempt { policy, failures: vec![full, bare], is_success: false }]),
        r#","policies":[{"policy-type":9,"policy-domain": "example.com","failure-details":[{"c":204,"s": "192.0.2.1","n": "mx.example.org","h": "helo.example.org","r": "198.51.100.1","a": "info","f": "reason"},{"c":301}],"t":2,"f":1}]}"#
    );
}

#[test]
fn several_policies_may_apply() {
    let tlsa = ReportedPolicy {
        policy_type: PolicyType::Tlsa,
        strings: vec!["3 1 1 0AFF".into()],
        domain: "mx.example.com".into(),
        mx_hosts: vec![],
    };
    let both = [tlsa, sts()];
    let attempts = both.map(|policy| PolicyAttempt { policy, failures: vec![], is_success: true });
    let text = text(&attempts);
    let tlsa = r#","policies":[{"policy-type":1,"policy-domain": "mx.example.com","policy-string":["3 1 1 0AFF"],"t":0,"f":0},{"policy-type":2,"#;
    assert!(text.starts_with(tlsa), "{text}");
    assert!(text.ends_with(r#","t":0,"f":0}]}"#), "{text}");
}

#[test]
fn what_json_escapes_is_escaped_as_libtlsrpt_does() {
    let mut failure = FailureDetails::new(ResultType::ValidationFailure);
    failure.failure_reason_code = Some("\"\\/\u{8}\t\n\u{c}\r\u{1}\u{1f}\u{7f}é".into());
    failure.receiving_mx_helo = Some(String::new());
    let attempt = PolicyAttempt { policy: sts(), failures: vec![failure], is_success: false };
    let expected = r#""failure-details":[{"c":205,"f": "\"\\/\b\t\n\f\r\u0001\u001f\u007fé"}]"#;
    let text = text(&[attempt]);
    assert!(text.contains(expected), "{text}");
}

#[test]
fn nothing_is_sent_that_nobody_asks_for() {
    let none: [&str; 0] = [];
    let error = TlsRptError::Txt(TxtError::NoRecord);
    assert_eq!(Datagram::new(&domain(), &none), Err(error));
    let unusable = Datagram::new(&domain(), &["v=TLSRPTv1;rua=ftp://x"]);
    assert_eq!(unusable, Err(TlsRptError::NoUsableUri));
    assert_eq!(Datagram::new(&domain(), &[RECORD]).unwrap().finish(), None);

    let others = ["x", "v=TLSRPTv1; rua=https://r.example"];
    let datagram = Datagram::new(&domain(), &others).unwrap();
    assert!(datagram.text.ends_with(r#""pr": "v=TLSRPTv1; rua=https://r.example""#));
}
