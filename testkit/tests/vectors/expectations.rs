//! A wrong expectation fails, whatever it is about; a right one passes.

use testkit::vectors::{Face, run_text};

/// Runs one case; `Err` is why it failed.
fn run(kind: &str, case: &str) -> Result<(), String> {
    let mut report =
        run_text(&mut Face::rust(), kind, &case.replace('\n', " ")).expect("a kind and a case");
    report.failed.pop().map_or(Ok(()), |failed| Err(failed.reason))
}

#[track_caller]
fn passes(kind: &str, case: &str) {
    assert_eq!(run(kind, case), Ok(()), "{case}");
}

#[track_caller]
fn differs(kind: &str, case: &str) {
    let reason = run(kind, case).expect_err("a wrong expectation");
    assert!(reason.contains("expected") && reason.contains("got"), "{case}\n{reason}");
}

#[test]
fn records() {
    let txt = |rest: &str| format!(r#"{{"name": "a", "strings": [["v=STSv1; id=1"]], {rest}}}"#);
    passes("txt", &txt(r#""expect": "1""#));
    differs("txt", &txt(r#""expect": "2""#));
    differs("txt", &txt(r#""expect": null"#));
    passes("txt", &txt(r#""expect": null, "also_ok": ["1"]"#));
    passes("txt", &txt(r#""expect": null, "also_ok": ["1"], "strictness": "lenient-ok""#));
    differs("txt", &txt(r#""expect": null, "also_ok": ["2"], "strictness": "lenient-ok""#));
    differs("txt", &txt(r#""expect": null, "also_ok": ["1"], "strictness": "abnf""#));
    let ambiguous = r#""expect": null, "also_ok": ["1"], "strictness": "abnf", "ambiguous": true"#;
    passes("txt", &txt(ambiguous));

    let rua = |expect: &str| {
        format!(
            r#"{{"name": "a", "strings": [["v=TLSRPTv1; rua=mailto:a@b"]], "expect": {expect}}}"#
        )
    };
    passes("tlsrpt_txt", &rua(r#"{"rua": ["mailto:a@b"]}"#));
    differs("tlsrpt_txt", &rua(r#"{"rua": ["mailto:a@c"]}"#));
    differs("tlsrpt_txt", &rua("null"));
}

#[test]
fn policies() {
    let policy = |rest: &str| {
        let body = r"version: STSv1\nmode: enforce\nmx: A.b\nmx: a.b\nmax_age: 60\n";
        format!(r#"{{"name": "a", "body": "{body}", {rest}}}"#)
    };
    let right = r#"{"version": "STSv1", "mode": "enforce", "mx": ["a.B"], "max_age": 60}"#;
    passes("policy", &policy(&format!(r#""expect": {right}"#)));
    for (from, to) in [("STSv1", "STSv2"), ("enforce", "testing"), ("a.B", "c.d"), ("60", "61")] {
        differs("policy", &policy(&format!(r#""expect": {}"#, right.replace(from, to))));
    }
    differs("policy", &policy(r#""expect": null"#));
    for http in [
        r#"{"status": 201}"#,
        r#"{"status": 302, "location": "https://a.b/"}"#,
        r#"{"status": 200, "content_type": "text/html"}"#,
        r#"{"status": 200, "content_type": null}"#,
        r#"{"status": 200, "complete": false}"#,
        r#"{"status": 200, "content_encoding": "br"}"#,
        r#"{"status": 200, "host": "a.b", "tls": {"san": ["DNS:c.d"]}}"#,
        r#"{"fail": "timeout"}"#,
    ] {
        differs("policy", &policy(&format!(r#""http": {http}, "expect": {right}"#)));
        passes("policy", &policy(&format!(r#""http": {http}, "expect": null"#)));
    }
}

#[test]
fn matches() {
    let mx = |matches: bool| {
        format!(r#"{{"name": "a", "pattern": "*.b", "host": "a.b", "match": {matches}}}"#)
    };
    passes("mxmatch", &mx(true));
    differs("mxmatch", &mx(false));
    let cert = |more: &str, valid: bool| {
        format!(
            r#"{{"name": "a", "role": "mx", "reference": "a.b", "cert": {{"san": ["DNS:a.b"]{more}}}, "valid": {valid}}}"#
        )
    };
    passes("certmatch", &cert("", true));
    differs("certmatch", &cert("", false));
    for fault in [r#", "expired": true"#, r#", "not_yet_valid": true"#, r#", "trusted": false"#] {
        differs("certmatch", &cert(fault, true));
        passes("certmatch", &cert(fault, false));
    }
}

#[test]
fn publications() {
    let policy = |body: &str, parsed: &str, lenient: &str| {
        format!(
            r#"{{"kind": "policy", "domain": null, "body": "{body}", "parsed": {parsed}, {lenient} "quirks": [], "source": {{}}}}"#
        )
    };
    let fields = r#"{"version": "STSv1", "mode": "none", "mx": [], "max_age": 60}"#;
    let (strict, blank) =
        (r"version: STSv1\nmode: none\nmax_age: 60", r"version: STSv1\n\nmode: none\nmax_age: 60");
    let lenient = format!(r#""lenient": {fields},"#);
    passes("real_world", &policy(strict, fields, ""));
    passes("real_world", &policy(blank, "null", &lenient));
    differs("real_world", &policy(strict, "null", &lenient));
    differs("real_world", &policy(blank, fields, ""));
    differs("real_world", &policy(blank, "null", r#""lenient": null,"#));
    for (kind, record) in [("txt", "v=STSv1; id=1"), ("tlsrpt", "v=TLSRPTv1; rua=mailto:a@b")] {
        let line = format!(
            r#"{{"kind": "{kind}", "domain": null, "strings": [["{record}"]], "parsed": null, "quirks": [], "source": {{}}}}"#
        );
        differs("real_world", &line);
    }
}

/// A domain whose policy in mode `mode` is discovered at 0, then these steps.
fn scenario(mode: &str, steps: &str) -> String {
    format!(
        r#"{{"name": "a", "level": "MUST", "steps": [
        {{"t": 0, "op": "dns", "name": "_mta-sts.example.org", "answer": {{"txt": [["v=STSv1; id=1"]], "ttl": 60}}}},
        {{"t": 0, "op": "https", "host": "MTA-STS.example.org.", "answer": {{"status": 200, "body": "version: STSv1\nmode: {mode}\nmx: mx.example.org\nmax_age: 604800\n"}}}},
        {steps}]}}"#
    )
}

/// A lookup at 0 with these expectations.
fn first(expect: &str) -> String {
    let lookup = r#"{"t": 0, "op": "lookup", "domain": "example.org", "expect":"#;
    scenario("enforce", &format!("{lookup} {{{expect}}}}}"))
}

#[test]
fn decisions() {
    passes("flow", &first(r#""decision": {"kind": "enforce"}"#));
    passes(
        "flow",
        &first(
            r#""decision": {"kind": "enforce", "id": "1", "mx": ["MX.example.org"], "max_age": 604800}"#,
        ),
    );
    for wrong in [
        r#"{"kind": "testing"}"#,
        r#"{"kind": "enforce", "id": "2"}"#,
        r#"{"kind": "enforce", "mx": ["other.example.org"]}"#,
        r#"{"kind": "enforce", "mx": []}"#,
        r#"{"kind": "enforce", "max_age": 1}"#,
    ] {
        differs("flow", &first(&format!(r#""decision": {wrong}"#)));
        differs(
            "flow",
            &first(&format!(r#""decision": {{"kind": "none"}}, "also_ok": [{wrong}]"#)),
        );
    }
    passes("flow", &first(r#""decision": {"kind": "none"}, "also_ok": [{"kind": "enforce"}]"#));
}

#[test]
fn requests_and_cache() {
    for (right, wrong) in [
        (
            r#""dns": {"_MTA-STS.example.org": "must"}"#,
            r#""dns": {"_mta-sts.example.org": "must-not"}"#,
        ),
        (r#""dns": {"_mta-sts.example.com": "must-not"}"#, r#""dns": {"a.example.org": "should"}"#),
        (
            r#""https": {"mta-sts.example.org": "should"}"#,
            r#""https": {"mta-sts.example.org": "should-not"}"#,
        ),
        (
            r#""https": {"mta-sts.example.org": "may"}"#,
            r#""https": {"mta-sts.example.com": "must"}"#,
        ),
        (r#""max_https": 1"#, r#""max_https": 0"#),
        (
            r#""cache": {"id": "1", "expires": 604800}"#,
            r#""cache": {"id": "2", "expires": 604800}"#,
        ),
        (r#""cache": {"id": "1"}"#, r#""cache": {"id": "1", "expires": 604801}"#),
        (r#""report": []"#, r#""report": ["sts-policy-fetch-error"]"#),
        (r#""alert": "should-not""#, r#""alert": "should""#),
        (
            r#""request": {"forbidden_headers": ["If-None-Match"]}"#,
            r#""request": {"forbidden_headers": ["user-agent"]}"#,
        ),
    ] {
        passes("flow", &first(right));
        differs("flow", &first(wrong));
    }
    differs("flow", &first(r#""cache": null"#));
    differs("flow", &first(r#""report_any": ["sts-policy-fetch-error"]"#));
    // Expectations that nothing in such a step can meet.
    differs("flow", &first(r#""verdict": "deliver""#));
    differs("flow", &first(r#""bounce": "allowed""#));
}

#[test]
fn failures_are_reported_and_told() {
    let late = |expect: &str| {
        scenario(
            "enforce",
            &format!(
                r#"{{"t": 0, "op": "lookup", "domain": "example.org"}},
                {{"t": 9, "op": "https", "host": "mta-sts.example.org", "answer": {{"fail": "connect"}}}},
                {{"t": 86400, "op": "tick", "expect": {{{expect}}}}}"#
            ),
        )
    };
    passes("flow", &late(r#""alert": "should", "report": ["sts-policy-fetch-error"]"#));
    passes("flow", &late(r#""report_any": ["sts-policy-invalid", "sts-policy-fetch-error"]"#));
    passes("flow", &late(r#""cache": {"id": "1", "expires": 604800}"#));
    differs("flow", &late(r#""alert": "should-not""#));
    differs("flow", &late(r#""report": []"#));
    differs("flow", &late(r#""report": ["sts-policy-invalid"]"#));
    differs("flow", &late(r#""report_any": ["sts-policy-invalid"]"#));
    differs("flow", &late(r#""cache": null"#));
    differs("flow", &late(r#""https": {"mta-sts.example.org": "should-not"}"#));
}

#[test]
fn verdicts_and_bounces() {
    let attempt = |expect: &str| {
        scenario(
            "enforce",
            &format!(
                r#"{{"t": 0, "op": "attempt", "domain": "example.org", "mx": "mx.example.org", "starttls": false, "cert": "valid", "expect": {{{expect}}}}}"#
            ),
        )
    };
    passes("flow", &attempt(r#""verdict": "skip-mx", "report": ["starttls-not-supported"]"#));
    passes("flow", &attempt(r#""verdict": "deliver", "also_ok": ["skip-mx"]"#));
    differs("flow", &attempt(r#""verdict": "deliver""#));
    differs("flow", &attempt(r#""report": []"#));
    let bounce = |expect: &str| {
        scenario(
            "enforce",
            &format!(
                r#"{{"t": 0, "op": "lookup", "domain": "example.org"}},
                {{"t": 1, "op": "before-bounce", "domain": "example.org", "expect": {{{expect}}}}}"#
            ),
        )
    };
    passes("flow", &bounce(r#""bounce": "allowed", "dns": {"_mta-sts.example.org": "must"}"#));
    passes("flow", &bounce(r#""bounce": "forbidden", "also_ok": ["allowed"]"#));
    differs("flow", &bounce(r#""bounce": "forbidden""#));
}

/// What a fetch has brought that a scenario does not count on is right too; a policy that has ended
/// is not.
#[test]
fn an_end_holds_unless_a_fetch_has_moved_it() {
    let late = |lookups: &str, expect: &str| {
        scenario(
            "testing",
            &format!(
                r#"{{"t": 0, "op": "lookup", "domain": "example.org", "expect": {{"https": {{"mta-sts.example.org": "must"}}}}}},
                {lookups}
                {{"t": 604000, "op": "https", "host": "mta-sts.example.org", "answer": {{"fail": "connect"}}}},
                {{"t": 604801, "op": "lookup", "domain": "example.org", "expect": {{"decision": {{"kind": "{expect}"}}}}}}"#
            ),
        )
    };
    let lookup = r#"{"t": 100000, "op": "lookup", "domain": "example.org", "expect": {"https": {"mta-sts.example.org": "may"}}},"#;
    passes("flow", &late("", "no-policy"));
    differs("flow", &late("", "testing"));
    passes("flow", &late(lookup, "no-policy"));
    passes("flow", &late(lookup, "testing"));
    differs("flow", &late(&lookup.replace("may", "must"), "no-policy"));
}

/// A step may presume a DNS check that is not due; then what was known before is right.
#[test]
fn a_check_that_was_not_due_may_be_missing() {
    let soon = |t: u32, need: bool, kind: &str| {
        scenario(
            "enforce",
            &format!(
                r#"{{"t": 0, "op": "lookup", "domain": "example.org"}},
                {{"t": 1, "op": "dns", "name": "_mta-sts.example.org", "answer": {{"txt": [["v=STSv1; id=2"]], "ttl": 60}}}},
                {{"t": {t}, "op": "lookup", "domain": "example.org", "needs_dns_check": {need}, "expect": {{"decision": {{"kind": "{kind}", "id": "2"}}}}}}"#
            ),
        )
    };
    passes("flow", &soon(100, true, "enforce"));
    differs("flow", &soon(100, false, "enforce"));
    passes("flow", &soon(600, true, "enforce"));
    differs("flow", &soon(600, true, "testing"));
}

#[test]
fn a_restart_loses_nothing_but_what_is_not_stored() {
    let restarted = |expect: &str| {
        scenario(
            "enforce",
            &format!(
                r#"{{"t": 0, "op": "lookup", "domain": "example.org"}},
                {{"t": 1, "op": "restart", "expect": {{"cache": {{"id": "1", "expires": 604800}}}}}},
                {{"t": 2, "op": "dns", "name": "_mta-sts.example.org", "answer": {{"timeout": true}}}},
                {{"t": 600, "op": "lookup", "domain": "example.org", "expect": {{"decision": {{"kind": "{expect}"}}}}}}"#
            ),
        )
    };
    passes("flow", &restarted("enforce"));
    differs("flow", &restarted("no-policy"));
    // Once with an engine that is told what is stored, once with one that asks.
    let tick = scenario(
        "enforce",
        r#"{"t": 0, "op": "lookup", "domain": "example.org"},
        {"t": 1, "op": "restart"},
        {"t": 86400, "op": "tick", "expect": {"https": {"mta-sts.example.org": "should"}}}"#,
    );
    passes("flow", &tick);
}
