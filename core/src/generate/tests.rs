//! What is generated is what senders accept, and what is no use is said.

use alloc::vec;

use proptest::prelude::*;

use super::*;
use crate::{Policy, StsRecord};

fn request(mx: &[&str]) -> Request {
    Request {
        domain: "example.com".into(),
        mx: mx.iter().map(|host| (*host).into()).collect(),
        now: Some(UnixMillis::from_secs(1_796_000_000)),
        ..Request::default()
    }
}

fn refusal(request: &Request) -> (Field, String) {
    let error = request.generate().unwrap_err();
    (error.field, error.message)
}

/// That the engine's own parsers read what was made, and find nothing amiss.
fn assert_accepted(plan: &Plan) {
    let parsed = Policy::parse(&plan.policy).unwrap();
    assert_eq!(parsed.deviations, []);
    assert_eq!(parsed.policy.mode(), plan.mode);
    assert_eq!(parsed.policy.to_string(), plan.policy);
    assert_eq!(StsRecord::select(&[&plan.txt.text]).unwrap().id, plan.id);
    if let Some(tlsrpt) = &plan.tlsrpt {
        assert!(TlsRptRecord::select(&[&tlsrpt.text]).is_ok(), "{}", tlsrpt.text);
    }
}

#[test]
fn a_domain_gets_a_record_and_a_policy() {
    let plan = Request {
        mode: Mode::Enforce,
        rua: vec!["tls@example.com".into(), "https://r.example.net/tls?a=b".into()],
        ..request(&["mx1.example.com", "*.mail.example.net"])
    }
    .generate()
    .unwrap();
    assert_accepted(&plan);
    assert_eq!(
        plan.policy,
        "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: *.mail.example.net\n\
         max_age: 1209600\n"
    );
    assert_eq!(plan.policy_url(), "https://mta-sts.example.com/.well-known/mta-sts.txt");
    assert_eq!(
        plan.tlsrpt.unwrap().zone_line(),
        "_smtp._tls.example.com. 3600 IN TXT \
         \"v=TLSRPTv1; rua=mailto:tls@example.com,https://r.example.net/tls?a=b;\""
    );
}

#[test]
fn hosts_are_written_as_policies_want_them() {
    let mx = ["MX1.Example.com.", "mx1.example.com", " *.EXAMPLE.net ", "a.example.net"];
    let plan = request(&mx).generate().unwrap();
    assert_accepted(&plan);
    let patterns: Vec<_> = plan.policy.lines().filter(|line| line.starts_with("mx: ")).collect();
    assert_eq!(patterns, ["mx: mx1.example.com", "mx: *.example.net"]);
}

#[cfg(feature = "idna")]
#[test]
fn u_labels_become_a_labels() {
    let plan = Request { domain: "Bücher.example".into(), ..request(&["mx.bücher.example"]) }
        .generate()
        .unwrap();
    assert_eq!(plan.domain.as_str(), "xn--bcher-kva.example");
    assert!(plan.policy.contains("mx: mx.xn--bcher-kva.example\n"), "{}", plan.policy);
}

#[test]
fn mode_none_needs_no_hosts() {
    let plan = Request { mode: Mode::None, ..request(&[]) }.generate().unwrap();
    assert_accepted(&plan);
    assert_eq!(plan.policy, "version: STSv1\nmode: none\nmax_age: 86400\n");
    assert_eq!(plan.occasion(), Occasion::Withdraw);
}

#[test]
fn what_is_wrong_is_named() {
    let good = request(&["mx.example.com"]);
    for domain in ["", "exa mple.com", "192.0.2.1", ".example.com", "[example.com]", "a@b", "a:25"]
    {
        assert_eq!(refusal(&Request { domain: domain.into(), ..good.clone() }).0, Field::Domain);
    }
    assert_eq!(refusal(&request(&[])).0, Field::MxHosts);
    for mx in
        [".", "", "10 mx.example.com", "*", "*.", "*.com", "mx*.example.com", "192.0.2.1", "-a.b"]
    {
        assert_eq!(refusal(&request(&["mx.example.com", mx])).0, Field::Mx(1), "{mx}");
    }
    assert_eq!(refusal(&request(&[&"a.".repeat(130)])).0, Field::Mx(0));
    for (mode, max_age) in
        [(Mode::Enforce, 86_399), (Mode::Testing, 31_557_601), (Mode::None, 604_801)]
    {
        let request = Request { mode, max_age: Some(max_age), ..good.clone() };
        assert_eq!(refusal(&request).0, Field::MaxAge, "{mode} {max_age}");
    }
    for id in ["", "2026-11-28", &"1".repeat(33)] {
        assert_eq!(refusal(&Request { id: Some(id.into()), ..good.clone() }).0, Field::Id, "{id}");
    }
    assert_eq!(refusal(&Request { now: None, ..good.clone() }).0, Field::Id);
    for rua in ["", "nobody", "ftp://a", "mailto:a@b,mailto:c@d", "a@b!10m", "a@b; x=1"] {
        let request = Request { rua: vec!["a@b".into(), rua.into()], ..good.clone() };
        assert_eq!(refusal(&request).0, Field::Rua(1), "{rua}");
    }
}

#[test]
fn long_records_are_several_strings() {
    let rua = (0..20).map(|n| format!("reports-{n}@tls.example.com")).collect();
    let plan = Request { rua, ..request(&["mx.example.com"]) }.generate().unwrap();
    let tlsrpt = plan.tlsrpt.unwrap();
    let line = tlsrpt.zone_line();
    let strings: Vec<_> = line.split('"').skip(1).step_by(2).collect();
    assert!(strings.len() > 1 && strings.iter().all(|string| string.len() <= 255), "{line}");
    assert_eq!(strings.concat(), tlsrpt.provider_form().value);
}

#[test]
fn records_come_after_the_policy() {
    let plan = request(&["mx.example.com"]).generate().unwrap();
    for occasion in Occasion::ALL {
        let steps = plan.steps(occasion);
        let command = |start: &str| {
            steps
                .iter()
                .position(|step| step.command.as_ref().is_some_and(|c| c.starts_with(start)))
        };
        let policy = command("curl ").or_else(|| command("mtasts generate"));
        assert!(policy.is_some() && policy < command("dig +short TXT _mta-sts."), "{steps:?}");
    }
}

#[cfg(feature = "json")]
#[test]
fn json_in_and_out() {
    let plan: serde_json::Value = serde_json::from_str(
        &json(r#"{"domain":"example.com","mx":["mx.example.com"],"id":"1","rua":["a@b"]}"#)
            .unwrap(),
    )
    .unwrap();
    assert_eq!(plan["txt"]["provider"]["name"], "_mta-sts");
    assert_eq!(plan["txt"]["dig"], "_mta-sts.example.com.\t3600\tIN\tTXT\t\"v=STSv1; id=1;\"");
    assert_eq!(plan["policy"]["mode"], "testing");
    assert_eq!(plan["tlsrpt"]["value"], "v=TLSRPTv1; rua=mailto:a@b;");
    assert_eq!(plan["steps"]["publish"][0]["title"], "Make every MX host ready");
    let field = |request: &str| json(request).unwrap_err().field;
    assert_eq!(field("{"), Field::Request);
    assert_eq!(field(r#"{"domain":"a.b","mxs":[]}"#), Field::Request);
    assert_eq!(field(r#"{"domain":"a.b","mx":["a.b"],"mode":"None"}"#), Field::Mode);
    assert_eq!(field(r#"{"domain":"a.b","mx":["a.b"],"max_age":99999999999}"#), Field::MaxAge);
    assert_eq!(Field::Mx(3).to_string(), "mx[3]");
}

proptest! {
    #[test]
    fn whatever_is_asked_for_is_refused_or_accepted_by_senders(
        domain in "[a-z.*@ \"\\\\-]{0,12}|example\\.com",
        mx in proptest::collection::vec("\\PC{0,12}|(\\*\\.)?[a-zA-Z0-9._-]{1,20}\\.?", 0..4),
        rua in proptest::collection::vec("\\PC{0,20}|[a-z]{1,5}@[a-z]{1,5}", 0..3),
        max_age in proptest::option::of(any::<u32>()),
    ) {
        let request = Request {
            domain, mx, rua, max_age, now: Some(UnixMillis(0)), ..Request::default()
        };
        if let Ok(plan) = request.generate() {
            assert_accepted(&plan);
            for text in [plan.txt.zone_line(), plan.web_server(WebServer::Nginx)] {
                prop_assert!(text.is_ascii(), "{}", text);
            }
        }
    }
}
