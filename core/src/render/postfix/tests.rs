use alloc::{format, sync::Arc, vec::Vec};

use super::*;
use crate::{Applied, PolicyId, Source, UnixMillis, Unprotected, Why};

fn enforce(body: &str) -> Decision {
    Decision::Enforce(Applied {
        policy: Arc::new(Policy::parse(body).unwrap().policy),
        id: PolicyId::parse("1").unwrap(),
        fetched_at: UnixMillis(0),
        source: Source::Live,
        failure: None,
    })
}

fn policy(mx: &[&str]) -> String {
    let mx: String = mx.iter().map(|mx| format!("mx: {mx}\n")).collect();
    format!("version: STSv1\nmode: enforce\n{mx}max_age: 86400\n")
}

fn plain(body: &str) -> String {
    let mut reply = String::new();
    postfix(&enforce(body), &mut reply);
    reply
}

fn with_tlsrpt(body: &str) -> String {
    let mut reply = String::new();
    let domain = PolicyDomain::from_lookup_key("good.test").unwrap();
    postfix_tlsrpt(&enforce(body), &domain, &mut reply);
    reply
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-7.1
//= type=test
//# When connecting to an SMTP server, the SNI extension MUST contain the MX hostname.
#[test]
fn patterns_stand_in_the_order_of_the_policy() {
    let reply = plain(&policy(&["mail.good.test", "*.Good.Test"]));
    assert_eq!(reply, "OK secure match=mail.good.test:.good.test servername=hostname");
}

/// docs/peers.md, both: `*.x` matches at any depth. Postfix 3.10.5 matches `mx_host_pattern` exactly.
#[test]
fn both_a_wildcard_is_told_exactly_where_postfix_can_tell() {
    assert_eq!(
        with_tlsrpt(&policy(&["mail.good.test", "*.good.test"])),
        "OK secure match=mail.good.test:.good.test servername=hostname policy_type=sts \
         policy_domain=good.test mx_host_pattern=mail.good.test mx_host_pattern=*.good.test \
         { policy_string = version: STSv1 } { policy_string = mode: enforce } \
         { policy_string = mx: mail.good.test } { policy_string = mx: *.good.test } \
         { policy_string = max_age: 86400 }"
    );
}

#[test]
fn sendmail_is_told_the_patterns_that_it_has_room_for() {
    let told = |mx: &[&str]| {
        let mut reply = String::new();
        sendmail(&enforce(&policy(mx)), &mut reply);
        reply
    };
    let mx = ["mail.good.test", "*.Good.Test"];
    assert_eq!(told(&mx), "OK secure match=mail.good.test:.good.test servername=hostname");

    // 23 octets each, with a colon.
    let hosts: Vec<_> = (0..60).map(|number| format!("mx{number:02}.mail.long.example")).collect();
    let hosts: Vec<_> = hosts.iter().map(String::as_str).collect();
    let fitting = hosts[..10].join(":");
    assert_eq!(told(&hosts), format!("OK secure match={fitting} servername=hostname"));

    let long = format!("{}example", "long-label.".repeat(22));
    assert_eq!(told(&[&long, "a.test"]), "TEMP the policy names no usable MX host");
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-5
//= type=test
//# in any case, messages may be delivered as though there were no MTA-STS validation failure.
#[test]
fn what_does_not_protect_is_not_found() {
    let none = Decision::Opportunistic(Unprotected::new(Why::NoRecord));
    let Decision::Enforce(applied) = enforce(&policy(&["a.b"])) else { panic!() };
    for decision in [none, Decision::Testing(applied)] {
        let mut reply = String::new();
        postfix(&decision, &mut reply);
        assert_eq!(reply, "NOTFOUND ");
        let mut reply = String::new();
        let domain = PolicyDomain::from_lookup_key("good.test").unwrap();
        postfix_tlsrpt(&decision, &domain, &mut reply);
        assert_eq!(reply, "NOTFOUND ");
    }
}

/// docs/peers.md, PMSR defect 4: what a policy says is injected into the reply.
#[test]
fn pmsr_4_nothing_from_a_policy_adds_attributes() {
    let body = policy(&["m servername=evil ciphers=low", "mail.good.test", "*", "a:b", "a,b"]);
    assert_eq!(plain(&body), "OK secure match=mail.good.test servername=hostname");

    let injected = "foo: a } ciphers=low { policy_string = b\nbar: {\nbaz: ok\n";
    let reply = with_tlsrpt(&(policy(&["mail.good.test"]) + injected));
    assert!(!reply.contains("ciphers") && !reply.contains("bar"), "{reply}");
    assert!(reply.ends_with(" { policy_string = max_age: 86400 } { policy_string = baz: ok }"));
}

/// docs/peers.md, both: `mx: hostname` and `mx: nexthop` become keywords of Postfix.
#[test]
fn both_keywords_of_postfix_are_no_patterns() {
    let keywords = ["hostname", "Nexthop", "dot-nexthop"];
    let reply = plain(&policy(&[&keywords[..], &["mail.good.test"]].concat()));
    assert_eq!(reply, "OK secure match=mail.good.test servername=hostname");
    assert_eq!(plain(&policy(&keywords)), "TEMP the policy names no usable MX host");
    assert_eq!(with_tlsrpt(&policy(&keywords)), "TEMP the policy names no usable MX host");
}

/// docs/peers.md, both: a trailing dot of an mx passes through.
#[test]
fn both_a_trailing_dot_does_not_pass() {
    let reply = plain(&policy(&["mail.good.test.", "*.good.test."]));
    assert_eq!(reply, "OK secure match=mail.good.test:.good.test servername=hostname");
}

/// Postfix voids a reply whose `mx_host_pattern` is no host name.
#[test]
fn names_that_no_host_can_have_are_left_out() {
    let long = "a".repeat(64) + ".test";
    let reply = with_tlsrpt(&policy(&[&long, "192.0.2.1", "mail.good.test"]));
    assert!(reply.starts_with("OK secure match=mail.good.test servername"), "{reply}");
    assert!(reply.contains(" mx_host_pattern=mail.good.test {"), "{reply}");
}

/// docs/peers.md, PMSR defect 9 and tlspol defect 12: replies that Postfix refuses for their length.
#[test]
fn pmsr_9_tlspol_12_replies_fit_whatever_the_policy() {
    let with_extensions =
        policy(&["mail.good.test"]) + &format!("note: {}\n", "x".repeat(30_000)).repeat(4);
    let reply = with_tlsrpt(&with_extensions);
    assert!(reply.len() <= MAX_REPLY && reply.ends_with("{ policy_string = max_age: 86400 }"));

    let hosts = |count: usize| {
        let hosts: Vec<_> = (0..count).map(|host| format!("h{host:04}.test")).collect();
        policy(&hosts.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let reply = with_tlsrpt(&hosts(2_000));
    assert!(reply.len() <= MAX_REPLY && reply.ends_with("mx_host_pattern=h1999.test"));
    let reply = with_tlsrpt(&hosts(4_000));
    assert!(reply.len() <= MAX_REPLY && reply.ends_with(":h3999.test servername=hostname"));
}
