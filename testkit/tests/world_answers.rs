//! The flow language: what is read, and what is not.

#![expect(clippy::expect_used, reason = "a test may fail by a panic")]

use testkit::answers::{
    BodyMembers, CertSpec, DnsAnswer, HttpAnswer, HttpFail, Octets, Rcode, join,
};

fn dns(json: &str) -> DnsAnswer {
    serde_json::from_str(json).expect("an answer")
}

fn http(json: &str) -> HttpAnswer {
    serde_json::from_str(json).expect("an answer")
}

#[test]
fn dns_answers_are_read() {
    assert_eq!(
        dns(r#"{"txt": [["v=STSv1; id=1;"]], "ttl": 60}"#),
        DnsAnswer::txt("v=STSv1; id=1;")
    );
    assert_eq!(
        dns(r#"{"cname": "a.example.net", "ttl": 5}"#),
        DnsAnswer::Cname { target: "a.example.net".into(), ttl: 5 }
    );
    assert_eq!(dns(r#"{"rcode": "NODATA"}"#), DnsAnswer::Rcode { rcode: Rcode::Nodata, ttl: None });
    assert_eq!(dns(r#"{"timeout": true}"#), DnsAnswer::Timeout);
}

#[test]
fn strings_are_joined_within_a_record_only() {
    let records: Vec<Vec<Octets>> =
        serde_json::from_str(r#"[["a", {"b64": "/w=="}], ["b"]]"#).expect("records");
    assert_eq!(join(&records), Ok(vec![b"a\xff".to_vec(), b"b".to_vec()]));
    assert!(join(&[vec![Octets::from("x".repeat(256).as_str())]]).is_err());
    let bad: Octets = serde_json::from_str(r#"{"b64": "?"}"#).expect("octets");
    assert!(bad.bytes().is_err());
}

#[test]
fn http_answers_are_read() {
    assert_eq!(http(r#"{"status": 200, "body": "policy"}"#), HttpAnswer::ok("policy"));
    assert_eq!(http(r#"{"fail": "tls-expired"}"#), HttpAnswer::fail(HttpFail::TlsExpired));
    let content_type = |json| http(json).head.response.expect("a response").content_type;
    assert_eq!(content_type(r#"{"status": 200}"#).as_deref(), Some("text/plain"));
    assert_eq!(content_type(r#"{"status": 200, "content_type": ""}"#).as_deref(), Some(""));
    assert_eq!(content_type(r#"{"status": 200, "content_type": null}"#), None);
    let tls = http(r#"{"status": 200, "tls": {"san": ["DNS:a.example"]}}"#).head.tls;
    assert_eq!(tls, Some(CertSpec::dns("a.example")));
}

#[test]
fn bodies_have_three_forms() {
    let body = |json| serde_json::from_str::<BodyMembers>(json).expect("members").octets();
    assert_eq!(body("{}"), Ok(Vec::new()));
    assert_eq!(body(r#"{"body": "é"}"#), Ok("é".into()));
    assert_eq!(body(r#"{"body_b64": "/wA="}"#), Ok(b"\xff\0".to_vec()));
    assert_eq!(body(r#"{"body_gen": [["ab", 2], ["c", 0], ["d", 1]]}"#), Ok("ababd".into()));
    assert!(body(r#"{"body": "", "body_gen": []}"#).is_err());
}

#[test]
fn dns_members_that_are_unknown_or_contradict_each_other_are_errors() {
    for json in [
        r#"{"txt": [["a"]]}"#,
        r#"{"txt": [["a"]], "ttl": 1, "cname": "b"}"#,
        r#"{"txt": [[{"b64": "", "b": 1}]], "ttl": 1}"#,
        r#"{"rcode": "nxdomain"}"#,
        r#"{"timeout": false}"#,
        r#"{"timeout": true, "delay": 1}"#,
        "{}",
    ] {
        assert!(serde_json::from_str::<DnsAnswer>(json).is_err(), "{json}");
    }
}

#[test]
fn http_members_that_are_unknown_or_contradict_each_other_are_errors() {
    for json in [
        "{}",
        r#"{"body": "policy"}"#,
        r#"{"status": 200, "fail": "connect"}"#,
        r#"{"status": 200, "unknown": 1}"#,
        r#"{"status": 200, "body": "a", "body_b64": "YQ=="}"#,
        r#"{"status": 200, "body_b64": "no base64"}"#,
        r#"{"status": 200, "tls": {"san": ["X:a"]}}"#,
        r#"{"status": 200, "tls": {"san": [], "revoked": true}}"#,
        r#"{"fail": "connect", "body": ""}"#,
        r#"{"fail": "connect", "content_type": null}"#,
        r#"{"fail": "unknown"}"#,
    ] {
        assert!(serde_json::from_str::<HttpAnswer>(json).is_err(), "{json}");
    }
}
