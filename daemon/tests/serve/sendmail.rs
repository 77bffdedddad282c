//! The daemon as a real Sendmail uses it (`FEATURE(sts)`): mail that goes, and mail that must not.
//!
//! Each test has a network, a Sendmail and a daemon of its own: [`testkit::sendmail`].

use std::sync::LazyLock;

use testkit::{
    answers::{CertSpec, DnsAnswer, Rcode},
    mta::{Network, Status, System},
    sendmail::{self, Sendmail},
    world::{Certificate, DnsFault, StartTls, Tls, World, enforce},
};

use crate::{daemon::Daemon, exchanger::add_exchanger, trixie::trixie};

/// The lines for `sendmail.mc` in docs/sendmail.md, but for the certificates that are trusted: here
/// it is the World's authority.
fn lines_for_operators() -> String {
    let page = include_str!("../../../docs/sendmail.md");
    let block = page.split("```").find_map(|block| block.strip_prefix("m4\n"));
    let is_ours = |line: &&str| !line.starts_with("define(`confCACERT");
    block.expect("the page has them").lines().filter(is_ours).collect::<Vec<_>>().join("\n")
}

const VALID: StartTls = StartTls::Offered(Certificate::Valid);
const SELF_SIGNED: StartTls = StartTls::Offered(Certificate::SelfSigned);

/// Runs a test with a network where a Sendmail can be.
fn isolated(test: impl FnOnce(&Network) + Send) {
    static TRIXIE: LazyLock<Option<System>> = LazyLock::new(|| trixie("sendmail-bin"));
    sendmail::isolated(TRIXIE.as_ref(), test);
}

/// Runs a test with a Sendmail that asks a daemon with this configuration.
fn with_daemon(config: &str, test: impl FnOnce(&World, &Sendmail<'_>) + Send) {
    isolated(|network| {
        let _daemon = Daemon::start_listening(network.world(), config);
        test(network.world(), &Sendmail::new(network, &lines_for_operators()));
    });
}

#[test]
fn mail_to_a_good_domain_goes_over_verified_tls() {
    with_daemon("", |world, sendmail| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);

        let attempt = sendmail.send("a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{}", attempt.transcript);
        let messages = sink.messages();
        let [message] = messages.as_slice() else { panic!("not one message: {messages:?}") };
        assert_eq!(message.recipients, ["a@good.test"]);
        let tls = Tls { version: "TLSv1_3".into(), sni: Some("mx.good.test".into()) };
        assert_eq!(message.tls, Some(tls));
    });
}

#[test]
fn a_wildcard_lets_the_hosts_below_it_be_verified() {
    with_daemon("", |world, sendmail| {
        world.publish("good.test", "1", &enforce(&["*.hosts.test"]));
        let sink = add_exchanger(world, "good.test", "mx.hosts.test", 2, &VALID);

        let attempt = sendmail.send("a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{}", attempt.transcript);
        assert_eq!(sink.messages().len(), 1);
    });
}

#[test]
fn mail_to_a_domain_without_a_policy_goes_as_before() {
    for starttls in [SELF_SIGNED, StartTls::Absent] {
        assert_goes_as_before(None, &starttls);
    }
}

#[test]
fn mail_to_a_domain_in_mode_testing_or_none_goes_as_before() {
    for mode in ["testing", "none"] {
        assert_goes_as_before(Some(mode), &SELF_SIGNED);
    }
}

fn assert_goes_as_before(mode: Option<&str>, starttls: &StartTls) {
    with_daemon("", |world, sendmail| {
        if let Some(mode) = mode {
            let policy = enforce(&["listed.test"]).replace("enforce", mode);
            world.publish("simple.test", "1", &policy);
        }
        let sink = add_exchanger(world, "simple.test", "mx.simple.test", 2, starttls);

        let attempt = sendmail.send("a@simple.test");

        assert_eq!(attempt.status, Status::Sent, "{}", attempt.transcript);
        assert_eq!(world.queries("_mta-sts.simple.test"), 1);
        assert_eq!(sink.messages()[0].tls.is_some(), *starttls != StartTls::Absent);
    });
}

#[test]
fn mail_waits_while_the_certificate_is_no_proof() {
    for (certificate, problem) in [
        (Certificate::NameMismatch, "mx.good.test not listed in SANs"),
        (Certificate::Untrusted, "authentication failed"),
        (Certificate::SelfSigned, "authentication failed"),
        (Certificate::Expired, "authentication failed"),
    ] {
        assert_waits("mx.good.test", &StartTls::Offered(certificate), problem);
    }
}

#[test]
fn mail_waits_while_there_is_no_starttls() {
    assert_waits("mx.good.test", &StartTls::Absent, "does not support STARTTLS");
}

#[test]
fn mail_waits_while_the_exchanger_is_not_listed_by_the_policy() {
    assert_waits("mx.forged.test", &VALID, "mx.forged.test not found in");
}

/// A wildcard stands for one label, as RFC 8461 wants it (section 4.1).
#[test]
fn mail_waits_while_the_exchanger_is_labels_below_the_wildcard() {
    assert_waits("a.b.good.test", &VALID, "a.b.good.test not found in");
}

/// Mail to a domain that enforces `mx.good.test` and `*.good.test`, and whose only exchanger is
/// this one, is not handed over, and stays in the queue.
fn assert_waits(exchanger: &str, starttls: &StartTls, problem: &str) {
    assert_waits_with("*.good.test", exchanger, starttls, problem);
}

/// As [`assert_waits`], with another pattern in the place of `*.good.test`.
fn assert_waits_with(pattern: &str, exchanger: &str, starttls: &StartTls, problem: &str) {
    with_daemon("", |world, sendmail| {
        world.publish("good.test", "1", &enforce(&["mx.good.test", pattern]));
        let sink = add_exchanger(world, "good.test", exchanger, 2, starttls);

        let attempt = sendmail.send("a@good.test");

        assert_eq!(attempt.status, Status::Deferred, "{}", attempt.transcript);
        assert!(attempt.transcript.contains(problem), "{}", attempt.transcript);
        assert_eq!(sink.messages(), []);
    });
}

#[test]
fn mail_waits_while_the_daemon_is_stopped_and_goes_when_it_is_back() {
    isolated(|network| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let sendmail = Sendmail::new(network, &lines_for_operators());

        let attempt = sendmail.send("a@good.test");
        assert_eq!(attempt.status, Status::Deferred, "{}", attempt.transcript);
        assert_eq!(sink.messages(), []);

        let _daemon = Daemon::start_listening(world, "");
        let attempt = sendmail.flush("a@good.test");
        assert_eq!(attempt.status, Status::Sent, "{}", attempt.transcript);
        assert_eq!(sink.messages().len(), 1);
    });
}

/// The answer `TEMP` holds mail.
#[test]
fn mail_waits_while_dns_fails_if_the_daemon_is_told_not_to_guess() {
    with_daemon("[cache]\non_dns_failure = \"temp-fail\"", |world, sendmail| {
        let failure = DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None };
        world.set_dns("_mta-sts.failing.test", failure);
        let sink = add_exchanger(world, "failing.test", "mx.failing.test", 2, &VALID);

        let attempt = sendmail.send("a@failing.test");

        assert_eq!(attempt.status, Status::Deferred, "{}", attempt.transcript);
        assert_eq!(sink.messages(), []);
    });
}

/// Sendmail's rules cut long policies, and take very long ones for none: mail would go in the clear.
/// So the daemon leaves out what is too much.
#[test]
fn a_policy_that_is_too_long_for_sendmail_is_enforced_all_the_same() {
    with_daemon("", |world, sendmail| {
        let hosts: Vec<_> = (0..100).map(|number| format!("mx{number}.good.test")).collect();
        let hosts: Vec<_> = hosts.iter().map(String::as_str).collect();
        world.publish("good.test", "1", &enforce(&hosts));

        let sink = add_exchanger(world, "good.test", "mx99.good.test", 2, &VALID);
        let attempt = sendmail.send("a@good.test");
        assert_eq!(attempt.status, Status::Deferred, "{}", attempt.transcript);
        assert!(attempt.transcript.contains("mx99.good.test not found in"));
        assert_eq!(sink.messages(), []);

        let sink = add_exchanger(world, "good.test", "mx15.good.test", 3, &VALID);
        let attempt = sendmail.flush("a@good.test");
        assert_eq!(attempt.status, Status::Sent, "{}", attempt.transcript);
        assert!(sink.messages()[0].tls.is_some());
    });
}

/// Without the rules in docs/sendmail.md, Sendmail accepts no wildcard in a certificate.
#[test]
fn mail_goes_where_the_certificate_has_a_wildcard() {
    isolated(|network| {
        let world = network.world();
        let _daemon = Daemon::start_listening(world, "");
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let wildcard = StartTls::Offered(Certificate::Wildcard);
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &wildcard);

        let stock = "FEATURE(`sts', `socket -d30 -T<TMPF> inet:8461@127.0.0.1')dnl";
        let attempt = Sendmail::new(network, stock).send("a@good.test");
        assert_eq!(attempt.status, Status::Deferred, "{}", attempt.transcript);
        assert!(attempt.transcript.contains("mx.good.test not listed in SANs"));

        let attempt = Sendmail::new(network, &lines_for_operators()).send("a@good.test");
        assert_eq!(attempt.status, Status::Sent, "{}", attempt.transcript);
        assert_eq!(sink.messages().len(), 1);
    });
}

/// A wildcard stands for one label (RFC 6125, section 6.4.3).
#[test]
fn mail_waits_while_the_wildcard_in_the_certificate_is_labels_above_the_host() {
    let deep = Certificate::Custom(CertSpec::dns("*.good.test"));
    assert_waits_with(
        "a.b.good.test",
        "a.b.good.test",
        &StartTls::Offered(deep),
        "not listed in SANs",
    );
}

/// An answer that takes longer than Sendmail waits is none.
#[test]
fn mail_waits_while_the_daemon_looks_for_an_answer() {
    isolated(|network| {
        let world = network.world();
        let _daemon = Daemon::start_listening(world, "");
        world.set_dns_fault("_mta-sts.slow.test", Some(DnsFault::Silent));
        let sink = add_exchanger(world, "slow.test", "mx.slow.test", 2, &VALID);
        let impatient = lines_for_operators().replace("-d30", "-d1");
        assert!(impatient.contains("-d1 "));

        let attempt = Sendmail::new(network, &impatient).send("a@slow.test");

        assert_eq!(attempt.status, Status::Deferred, "{}", attempt.transcript);
        assert_eq!(sink.messages(), []);
    });
}

#[test]
fn the_map_says_what_it_should() {
    with_daemon("", |world, sendmail| {
        world.publish("good.test", "1", &enforce(&["mx.good.test", "*.good.test"]));

        let said = sendmail.test("/map sts good.test\n/map sts simple.test\n");

        let reply = "map_lookup: sts (good.test) returns secure match=mx.good.test:.good.test \
                     servername=hostname (0)";
        assert!(said.contains(reply), "{said}");
        assert!(said.contains("map_lookup: sts (simple.test) no match"), "{said}");
    });
}
