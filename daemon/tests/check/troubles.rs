//! What is nobody's fault, or the fault of whoever looks.

use testkit::{
    answers::{DnsAnswer, Rcode},
    world::{DnsServer, RefusingPort},
};

use crate::domain::{DOMAIN, Domain, TXT, another_resolver, codes, report, stdout};

#[test]
fn a_dead_resolver_says_nothing_about_the_domain() {
    let domain = Domain::new();
    let dead = RefusingPort::reserve();
    let output = domain.check_through(&dead.addr().to_string(), &[DOMAIN]);
    assert_eq!(output.status.code(), Some(3));
    let text = stdout(&output);
    assert!(text.contains(&format!("DNS: {}: Connection refused", dead.addr())), "{text}");
    let silent = DnsServer::start_silent();
    let output = domain.check_through(&silent.addr().to_string(), &["--timeout", "1s", DOMAIN]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let output =
        domain.check_through(&silent.addr().to_string(), &["--nagios", "--timeout", "1s", DOMAIN]);
    assert_eq!(stdout(&output), "MTASTS UNKNOWN - good.test: no resolver answers\n");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_domain_without_mta_sts_has_nothing_wrong() {
    let domain = Domain::new();
    domain.world.set_mx("plain.test", vec![(10, "mx1.good.test".into())]);
    let output = domain.check(&["--json", "plain.test"]);
    let report = report(&output);
    assert_eq!(codes(&report), ["txt-absent"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(report["facts"]["http"], serde_json::Value::Null);
}

#[test]
fn the_parents_policy_is_noted_not_applied() {
    let domain = Domain::new();
    domain.world.set_mx("sub.good.test", vec![(10, "mx1.good.test".into())]);
    let report = report(&domain.check(&["--json", "sub.good.test"]));
    assert_eq!(codes(&report), ["txt-absent"]);
    let note = report["notes"][0].as_str().unwrap();
    assert!(note.starts_with("good.test announces a policy, which does not count"), "{note}");
}

#[test]
fn resolvers_are_compared() {
    let domain = Domain::new();
    let first = domain.world.dns_addr().to_string();
    let late = another_resolver("v=STSv1; id=20250101;");
    let late = late.addr().to_string();
    let output = domain.check(&["--resolver", &first, "--resolver", &late, "--json", DOMAIN]);
    let report = report(&output);
    assert_eq!(codes(&report), ["txt-resolvers-differ"]);
    assert_eq!(report["facts"]["txt"]["resolvers"][0]["records"][0], "v=STSv1; id=20250101;");
    let text = stdout(&domain.check(&["--resolver", &first, "--resolver", &first, DOMAIN]));
    assert!(text.contains(&format!("  {first}: the same\n")), "{text}");
}

#[test]
fn several_domains_are_told_in_their_order() {
    let domain = Domain::new();
    domain.world.set_dns("_mta-sts.b.test", DnsAnswer::txt("v=STSv1; id=-"));
    domain.world.set_dns("_mta-sts.a.test", DnsAnswer::Rcode { rcode: Rcode::Nxdomain, ttl: None });
    let output = domain.check(&["--json", "b.test", DOMAIN, "a.test"]);
    let parsed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<_> =
        parsed["domains"].as_array().unwrap().iter().map(|d| &d["domain"]).collect();
    assert_eq!(names, ["b.test", DOMAIN, "a.test"]);
    assert_eq!(output.status.code(), Some(1), "one has an error");
}

#[test]
fn hostile_answers_do_not_reach_the_terminal_raw() {
    let domain = Domain::new();
    domain.world.set_dns(TXT, DnsAnswer::txt("v=STSv1; id=\x1b[2J\x07;"));
    domain.set_policy("version: STSv1\nmode: \x1b]0;x\x07\u{202e}\nmx: a\x1b[31m\nmax_age: 1\n");
    let text = stdout(&domain.check(&["--color", "never", DOMAIN]));
    let raw: Vec<char> =
        text.chars().filter(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}').collect();
    assert!(raw.is_empty(), "{raw:?} in {text:?}");
}

#[test]
fn what_is_no_domain_is_refused() {
    let domain = Domain::new();
    for name in ["[192.0.2.1]", "a b", ""] {
        let output = domain.check(&[name]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with(&format!("error: `{name}` is no mail domain")), "{error}");
    }
    assert_eq!(domain.check(&[]).status.code(), Some(2));
    assert_eq!(domain.check(&["--resolver", "dns.example", DOMAIN]).status.code(), Some(2));
}
