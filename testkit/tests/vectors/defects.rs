//! Each defect of a file is an error, never passed over.

use testkit::vectors::{Face, run_text};

const TXT: &str = r#"{"name": "a", "strings": [["v=STSv1; id=1"]], "expect": "1", "strictness": "abnf", "rfc": "r", "why": "w"}"#;
const FLOW: &str = r#"{"name": "a", "level": "MUST", "rfc": "r", "why": "w", "steps": [{"t": 5, "op": "lookup", "domain": "example.org", "expect": {"decision": {"kind": "no-policy"}}}]}"#;

/// A case of each kind that passes.
const GOOD: [(&str, &str); 7] = [
    ("txt", TXT),
    (
        "tlsrpt_txt",
        r#"{"name": "a", "strings": [["v=TLSRPTv1; rua=mailto:a@b"]], "expect": {"rua": ["mailto:a@b"]}, "rfc": "r", "why": "w"}"#,
    ),
    ("policy", r#"{"name": "a", "body": "", "expect": null, "rfc": "r", "why": "w"}"#),
    ("mxmatch", r#"{"name": "a", "pattern": "a.b", "host": "a.b", "match": true, "rfc": "r"}"#),
    (
        "certmatch",
        r#"{"name": "a", "role": "mx", "reference": "a.b", "cert": {"san": ["DNS:a.b"]}, "valid": true}"#,
    ),
    ("flow", FLOW),
    (
        "real_world",
        r#"{"kind": "policy", "domain": null, "body": "a\n", "parsed": null, "quirks": [], "source": {}}"#,
    ),
];

/// The reasons why the cases of a file fail.
fn reasons(kind: &str, text: &str) -> Vec<String> {
    let report = run_text(&mut Face::rust(), kind, text).expect("a kind and a case");
    report.failed.into_iter().map(|failed| failed.reason).collect()
}

#[track_caller]
fn fails(kind: &str, line: &str, reason: &str) {
    let reasons = reasons(kind, line);
    assert!(matches!(&reasons[..], [only] if only.contains(reason)), "{line}\n{reasons:?}");
}

/// The line with a part of it replaced.
#[track_caller]
fn with(line: &str, part: &str, by: &str) -> String {
    assert!(line.contains(part), "{line}");
    line.replacen(part, by, 1)
}

#[test]
fn the_examples_are_good() {
    for (kind, line) in GOOD {
        assert_eq!(reasons(kind, line), [""; 0], "{kind}");
    }
}

#[test]
fn an_unknown_member_is_an_error() {
    for (kind, line) in GOOD {
        fails(kind, &with(line, "{", r#"{"exspect": null, "#), "unknown field `exspect`");
    }
    let http = r#"{"name": "a", "body": "", "http": {"status": 200, "stauts": 1}, "expect": null}"#;
    fails("policy", http, "unknown field `stauts`");
    fails("flow", &with(FLOW, r#""domain""#, r#""tims": 2, "domain""#), "unknown field `tims`");
    fails("flow", &with(FLOW, r#""decision""#, r#""decison""#), "unknown field `decison`");
    fails("flow", &with(FLOW, r#""kind""#, r#""id ": "1", "kind""#), "unknown field `id `");
    let tls = r#"{"name": "a", "role": "mx", "reference": "a.b", "cert": {"san": [], "expried": true}, "valid": false}"#;
    fails("certmatch", tls, "unknown field `expried`");
}

#[test]
fn a_missing_member_is_an_error() {
    for (kind, line) in GOOD.iter().filter(|(kind, _)| *kind != "real_world") {
        fails(kind, &with(line, r#""name": "a", "#, ""), "the case has no name");
    }
    fails("txt", &with(TXT, r#""expect": "1", "#, ""), "missing field `expect`");
    fails("policy", r#"{"name": "a", "body": ""}"#, "missing field `expect`");
    fails("policy", r#"{"name": "a", "expect": null}"#, "needs a body");
    fails("mxmatch", r#"{"name": "a", "pattern": "a", "host": "a"}"#, "missing field `match`");
    fails("flow", &with(FLOW, r#""t": 5, "#, ""), "missing field `t`");
    fails("flow", &with(FLOW, r#""op": "lookup", "#, ""), "missing field `op`");
    fails("flow", &with(FLOW, r#", "expect": {"decision": {"kind": "no-policy"}}"#, ""), "no step");
    fails("flow", r#"{"name": "a", "level": "MUST", "steps": []}"#, "no step expects anything");
}

#[test]
fn a_member_of_a_wrong_type_is_an_error() {
    fails("txt", &with(TXT, r#""1""#, "1"), "invalid type");
    fails("txt", &with(TXT, r#"[["v=STSv1; id=1"]]"#, r#"["v=STSv1; id=1"]"#), "invalid type");
    fails("mxmatch", r#"{"name": "a", "pattern": "a", "host": "a", "match": "yes"}"#, "invalid");
    fails("flow", &with(FLOW, r#""t": 5"#, r#""t": "5""#), "invalid type");
    fails("flow", &with(FLOW, r#""t": 5"#, r#""t": -5"#), "invalid value");
    fails("policy", r#"{"name": "a", "body_b64": "?", "expect": null}"#, "not base64");
    fails("policy", r#"{"name": "a", "body": "", "body_b64": "", "expect": null}"#, "only one of");
}

#[test]
fn an_unknown_word_is_an_error() {
    fails("txt", &with(TXT, r#""abnf""#, r#""abfn""#), "unknown strictness `abfn`");
    fails("flow", &with(FLOW, r#""MUST""#, r#""must""#), "unknown level `must`");
    fails("flow", &with(FLOW, r#""lookup""#, r#""lokup""#), "unknown variant `lokup`");
    let obligation = r#""expect": {"dns": {"a": "shall"}, "#;
    fails("flow", &with(FLOW, r#""expect": {"#, obligation), "unknown variant `shall`");
    let attempt = r#""op": "attempt", "mx": "a.b", "starttls": true, "cert": "vaild""#;
    fails("flow", &with(FLOW, r#""op": "lookup""#, attempt), "unknown variant `vaild`");
    let dns = r#"[{"t": 0, "op": "dns", "name": "a", "answer": {"rcode": "NXDOMIAN"}}, "#;
    fails("flow", &with(FLOW, "[", dns), "unknown variant `NXDOMIAN`");
    let https = r#"[{"t": 0, "op": "https", "host": "a", "answer": {"fail": "conect"}}, "#;
    fails("flow", &with(FLOW, "[", https), "unknown variant `conect`");
    let role =
        r#"{"name": "a", "role": "mta", "reference": "a", "cert": {"san": []}, "valid": false}"#;
    fails("certmatch", role, "unknown variant `mta`");
    let san = r#"{"name": "a", "role": "mx", "reference": "a", "cert": {"san": ["DSN:a"]}, "valid": false}"#;
    fails("certmatch", san, "`DSN:a` is not a name of type");
}

#[test]
fn contradictions_are_errors() {
    let dns =
        r#"[{"t": 0, "op": "dns", "name": "a", "answer": {"rcode": "NODATA", "timeout": true}}, "#;
    fails("flow", &with(FLOW, "[", dns), "a DNS answer is");
    let late = r#"[{"t": 6, "op": "restart"}, "#;
    fails("flow", &with(FLOW, "[", late), "time goes backwards");
    let both =
        r#"{"name": "a", "body": "", "http": {"status": 200, "fail": "connect"}, "expect": null}"#;
    fails("policy", both, "either `status` or `fail`");
    let tls =
        r#"{"name": "a", "body": "", "http": {"status": 200, "tls": {"san": []}}, "expect": null}"#;
    fails("policy", tls, "`tls` without `host`");
    let long = format!(r#"{{"name": "a", "strings": [["{}"]], "expect": null}}"#, "x".repeat(256));
    fails("txt", &long, "a character-string of 256 octets");
}

#[test]
fn a_name_may_be_used_once_in_a_file() {
    for (kind, line) in GOOD.iter().filter(|(kind, _)| *kind != "real_world") {
        let twice = format!("{line}\n{line}\n");
        assert_eq!(reasons(kind, &twice), ["another case of this file has the same name"]);
    }
}

#[test]
fn what_is_no_json_is_an_error_with_its_line() {
    let report = run_text(&mut Face::rust(), "txt", &format!("{TXT}\n{{\n")).expect("a kind");
    let names: Vec<&str> = report.failed.iter().map(|failed| failed.name.as_str()).collect();
    assert_eq!((report.passed, &names[..]), (1, &["line 2"][..]));
}

#[test]
fn a_file_without_a_kind_or_a_case_is_an_error() {
    assert!(run_text(&mut Face::rust(), "text.jsonl", TXT).is_err());
    assert!(run_text(&mut Face::rust(), "txt.jsonl", "\n").is_err());
}

#[test]
fn what_the_format_allows_is_read() {
    for (kind, line) in [
        // `error` and `note` may stand in any kind; `rfc` and `why` are not needed to run a case.
        ("mxmatch", r#"{"name": "a", "pattern": "a", "host": "b", "match": false, "error": "x"}"#),
        ("txt", r#"{"name": "a", "strings": [], "expect": null, "error": null, "note": "n"}"#),
        ("txt", r#"{"name": "a", "strings": [[{"b64": "/w=="}]], "expect": null}"#),
        ("policy", r#"{"name": "a", "http": {"fail": "connect"}, "expect": null}"#),
        (
            "policy",
            r#"{"name": "a", "body_gen": [["x", 3]], "http": {"status": 200, "content_type": null, "headers": {"a": "b"}, "note": "n"}, "expect": null}"#,
        ),
        (
            "real_world",
            r#"{"name": "a", "kind": "txt", "domain": "a.b", "strings": [], "parsed": null, "quirks": [], "source": {}, "note": "n"}"#,
        ),
        // Every step may have the common members.
        (
            "flow",
            r#"{"name": "a", "ambiguous": true, "steps": [
                {"t": 0, "op": "dns", "name": "a.b", "answer": {"rcode": "NODATA"}, "note": "n"},
                {"t": 0, "op": "restart", "expect": {"https": {"a.b": "must-not"}, "alert": "should-not", "report": []}},
                {"t": 0, "op": "tick", "needs_dns_check": true, "expect": {"report": []}},
                {"t": 1, "op": "attempt", "domain": "a.b", "mx": "a.b", "starttls": true, "cert": "valid", "route": "smart-host"},
                {"t": 1, "op": "before-bounce", "domain": "[192.0.2.1]", "expect": {"bounce": "allowed", "cache": null}}]}"#,
        ),
    ] {
        let line = line.replace('\n', " ");
        assert_eq!(reasons(kind, &line), [""; 0], "{line}");
    }
}
