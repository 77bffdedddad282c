//! What is answered, byte for byte.

use mtasts_client::Client as Asking;
use mtasts_core::{Decision, Source};
use testkit::{
    answers::{DnsAnswer, HttpAnswer, HttpFail, Rcode},
    world::{World, enforce},
};

use crate::daemon::{Client, Daemon, netstring};

const GOOD: &str =
    "version: STSv1\nmode: enforce\nmx: mail.good.test\nmx: *.good.test\nmax_age: 86400\n";

fn world() -> World {
    let world = World::start_blocking();
    world.publish("good.test", "1", GOOD);
    world.publish("testing.test", "1", &GOOD.replace("enforce", "testing"));
    world.publish("none.test", "1", &GOOD.replace("enforce", "none"));
    world.publish("xn--bcher-kva.test", "1", GOOD);
    world
}

const PLAIN: &str = "61:OK secure match=mail.good.test:.good.test servername=hostname,";
const TLSRPT: &str = "339:OK secure match=mail.good.test:.good.test servername=hostname \
    policy_type=sts policy_domain=good.test mx_host_pattern=mail.good.test \
    mx_host_pattern=*.good.test { policy_string = version: STSv1 } { policy_string = mode: enforce } \
    { policy_string = mx: mail.good.test } { policy_string = mx: *.good.test } \
    { policy_string = max_age: 86400 },";
const NOTFOUND: &str = "9:NOTFOUND ,";

//= https://www.rfc-editor.org/rfc/rfc8461#section-4
//= type=test
//# a Sending MTA honoring MTA-STS MUST check whether: 1. At least one of the policy's "mx" patterns
//# matches the selected MX host
//= https://www.rfc-editor.org/rfc/rfc8461#section-5
//= type=test
//# In this mode, Sending MTAs MUST NOT deliver the message to hosts that fail MX matching or
//# certificate validation or that do not support STARTTLS.
#[test]
fn replies_are_these_bytes() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    for (request, reply) in [
        ("postfix good.test", PLAIN),
        ("sts good.test", PLAIN),
        ("QUERY good.test", PLAIN),
        ("postfix-tlsrpt good.test", TLSRPT),
        ("QUERYwithTLSRPT good.test", TLSRPT),
        ("exim good.test", "45:OK mode=enforce mx=mail.good.test:*.good.test,"),
        ("exim testing.test", "45:OK mode=testing mx=mail.good.test:*.good.test,"),
        ("exim none.test", "12:OK mode=none,"),
        ("exim absent.test", "17:OK mode=no-policy,"),
        ("exim [192.0.2.1]", NOTFOUND),
        ("json [192.0.2.1]", NOTFOUND),
        ("postfix testing.test", NOTFOUND),
        ("postfix-tlsrpt testing.test", NOTFOUND),
        ("postfix none.test", NOTFOUND),
        ("postfix absent.test", NOTFOUND),
    ] {
        for _ in 0..2 {
            let mut client = daemon.connect();
            client.request(request);
            assert_eq!(client.finish(), reply, "{request}");
        }
    }
}

#[test]
fn programs_get_the_whole_decision() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    let client = Asking::new(daemon.address.parse().unwrap());
    let answer = client.lookup("good.test").unwrap();
    let Decision::Enforce(applied) = &answer.decision else { panic!("{answer:?}") };
    assert_eq!(applied.id.as_str(), "1");
    assert_eq!(applied.source, Source::Live);
    assert_eq!(applied.policy.mx().len(), 2);
    assert!(!answer.explanation.is_empty());
    for (key, decision) in [
        ("testing.test", "testing"),
        ("none.test", "none"),
        ("absent.test", "no-policy"),
        ("[192.0.2.1]", "no-policy"),
    ] {
        assert_eq!(client.lookup(key).unwrap().decision.kind(), decision, "{key}");
    }
}

/// docs/peers.md, tlspol defect 8 and demand 19: smart-host keys and U-labels are unprotected.
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.4
//= type=test
//# compliant senders MUST treat the smart host domain as the Policy Domain for the purposes of
//# policy discovery and application.
#[test]
fn tlspol_8_every_spelling_of_a_next_hop_is_protected() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    let mut client = daemon.connect();
    for key in ["good.test", "GOOD.Test.", "[good.test]", "[good.test]:587", "good.test:submission"]
    {
        let reply = client.ask(format!("postfix {key}"));
        assert!(reply.starts_with("OK secure match=mail.good.test"), "{key}: {reply}");
    }
    let reply = client.ask("postfix-tlsrpt bücher.test");
    assert!(reply.contains(" policy_domain=xn--bcher-kva.test "), "{reply}");
    assert_eq!(world.requests("mta-sts.good.test").len(), 1);
}

/// docs/peers.md, PMSR defect 6: a long label or invalid UTF-8 drops the connection, and with it the
/// replies queued behind.
#[test]
fn pmsr_6_keys_that_are_no_domains_have_no_policy_and_drop_nothing() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    let label = "a".repeat(64);
    let keys: [&[u8]; 11] = [
        b".good.test",
        b"[192.0.2.1]",
        b"[IPv6:2001:db8::1]:25",
        b"192.0.2.1",
        label.as_bytes(),
        b"caf\xe9.test",
        b"good..test",
        b"",
        b" ",
        b"good.test\r\n",
        b"a\0b",
    ];
    let mut client = daemon.connect();
    for key in keys {
        client.request([b"postfix ", key].concat());
    }
    client.request("postfix good.test");
    for key in keys {
        assert_eq!(client.reply(), "NOTFOUND ", "{}", key.escape_ascii());
    }
    assert!(client.reply().starts_with("OK secure"));
    assert!(world.dns().query_log().iter().all(|query| query.name.contains("good.test")));
}

#[test]
fn unix_sockets_say_the_same() {
    let world = world();
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("socket");
    let extra = format!("[[listen]]\nunix = \"{}\"\nmode = \"0666\"", socket.display());
    // `--listen` replaces the listeners of the configuration, so this one is without it.
    let daemon = Daemon::start_listening(&world, &extra);
    let mut client = Client::connect(&socket);
    client.send(netstring("postfix good.test"));
    let reply = client.reply();
    assert_eq!(format!("{}:{reply},", reply.len()), PLAIN);
    drop(daemon.stop());
    assert!(!socket.exists());
}

/// docs/peers.md, tlspol defect 4: TEMP whenever DNS fails, mail held.
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# If a valid TXT record is found but no policy can be fetched via HTTPS (for any reason), and
//# there is no valid (non-expired) previously cached policy, senders MUST continue with delivery as
//# though the domain has not implemented MTA-STS.
#[test]
fn tlspol_4_failures_do_not_hold_mail_unless_so_configured() {
    let world = World::start_blocking();
    world.set_dns("_mta-sts.a.test", DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None });
    world.publish("b.test", "1", "");
    world.set_https("mta-sts.b.test", HttpAnswer::fail(HttpFail::TlsExpired));
    let daemon = Daemon::start(&world, "");
    assert_eq!(daemon.ask("postfix a.test"), "NOTFOUND ");
    assert_eq!(daemon.ask("postfix b.test"), "NOTFOUND ");
    let strict = "[cache]\non_dns_failure = \"temp-fail\"\non_fetch_failure = \"temp-fail\"";
    let daemon = Daemon::start(&world, strict);
    let reply = daemon.ask("postfix a.test");
    assert_eq!(reply, "TEMP TXT query failed: the resolver answered SERVFAIL");
    let reply = daemon.ask("postfix b.test");
    assert_eq!(reply, "TEMP policy fetch failed: TLS: the certificate has expired");
}

/// docs/peers.md, PMSR defects 10 and 12: failures are not logged, or without their reason.
#[test]
fn pmsr_10_12_failures_are_logged_with_their_reason() {
    let world = World::start_blocking();
    world.set_dns("_mta-sts.a.test", DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None });
    world.publish("b.test", "1", "version: STSv1\nmode: Enforce\n");
    world.publish("c.test", "1", "");
    world.set_https("mta-sts.c.test", HttpAnswer::new(404, "not here"));
    let mut daemon = Daemon::start(&world, "");
    for (domain, words) in [
        ("a.test", "SERVFAIL"),
        ("b.test", "line 2, column 7: `mode` is not"),
        ("c.test", "HTTP status 404"),
    ] {
        daemon.ask(&format!("postfix {domain}"));
        let event = daemon.wait_for_log(words);
        assert_eq!(event["domain"], domain);
        assert_eq!(event["level"], "INFO");
    }
}

/// docs/peers.md, PMSR defect 4: what a policy says is injected into the reply.
#[test]
fn pmsr_4_a_policy_cannot_inject() {
    let world = World::start_blocking();
    let body = enforce(&["m servername=evil ciphers=low", "good.test", "*"])
        + "foo: a } ciphers=low { policy_string = b\n";
    world.publish("evil.test", "1", &body);
    world.publish("empty.test", "1", &enforce(&["*"]));
    let daemon = Daemon::start(&world, "");
    let reply = daemon.ask("postfix-tlsrpt evil.test");
    assert!(reply.starts_with("OK secure match=good.test servername=hostname policy_type=sts "));
    assert!(!reply.contains("ciphers") && !reply.contains("evil "), "{reply}");
    assert_eq!(daemon.ask("postfix empty.test"), "NOTFOUND ");
}
