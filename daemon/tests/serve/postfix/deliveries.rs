//! Mail that is delivered, and how.

use testkit::{
    mta::{SENDER, Status},
    postfix,
    world::{Certificate, StartTls, Tls, enforce},
};

use super::{TABLE, send, start_postfix, with_daemon};
use crate::daemon::Daemon;
use crate::exchanger::add_exchanger;

const VALID: StartTls = StartTls::Offered(Certificate::Valid);
const SELF_SIGNED: StartTls = StartTls::Offered(Certificate::SelfSigned);

#[test]
fn mail_to_a_good_domain_goes_over_verified_tls() {
    with_daemon("", |world, postfix| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);

        let attempt = send(postfix, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        let tls = "Verified TLS connection established to mx.good.test[127.0.0.2]:25";
        assert_eq!(postfix.logged(tls).len(), 1);
        let messages = sink.messages();
        let [message] = messages.as_slice() else { panic!("not one message: {messages:?}") };
        assert_eq!(message.sender, SENDER);
        assert_eq!(message.recipients, ["a@good.test"]);
        let tls = Tls { version: "TLSv1_3".into(), sni: Some("mx.good.test".into()) };
        assert_eq!(message.tls, Some(tls));
        postfix.wait_for_log(": removed");
        assert!(!postfix.holds("a@good.test"));
    });
}

#[test]
fn a_wildcard_lets_the_hosts_below_it_be_verified() {
    with_daemon("", |world, postfix| {
        world.publish("good.test", "1", &enforce(&["*.hosts.test"]));
        let _sink = add_exchanger(world, "good.test", "mx.hosts.test", 2, &VALID);

        let attempt = send(postfix, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(postfix.logged("Verified TLS connection").len(), 1);
    });
}

/// RFC 8461, section 5: an exchanger that fails validation is passed over.
#[test]
fn mail_goes_to_the_listed_exchanger_past_one_that_is_not() {
    with_daemon("", |world, postfix| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let forged = add_exchanger(world, "good.test", "mx.forged.test", 2, &VALID);
        let listed = add_exchanger(world, "good.test", "mx.good.test", 3, &VALID);
        let exchangers = vec![(10, "mx.forged.test".into()), (20, "mx.good.test".into())];
        world.set_mx("good.test", exchangers);

        let attempt = send(postfix, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!((forged.sessions(), forged.messages().len()), (1, 0));
        assert_eq!(listed.messages().len(), 1);
    });
}

#[test]
fn a_daemon_on_a_unix_socket_is_asked_as_well() {
    postfix::isolated(|network| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let _sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let table = "socketmap:unix:$queue_directory/mtasts.sock:postfix";
        let postfix = start_postfix(network, table, "");
        let socket = postfix.path("mtasts.sock");
        let listen = format!("[[listen]]\nunix = \"{}\"\ngroup = \"postfix\"", socket.display());
        let _daemon = Daemon::start_listening(world, &listen);

        let attempt = send(&postfix, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(postfix.logged("Verified TLS connection").len(), 1);
    });
}

/// docs/peers.md, tlspol defect 8: U-labels are unprotected.
#[test]
fn tlspol_8_mail_to_a_domain_in_unicode_goes_over_verified_tls() {
    with_daemon("", |world, postfix| {
        world.publish("xn--bcher-kva.test", "1", &enforce(&["mx.good.test"]));
        let _sink = add_exchanger(world, "xn--bcher-kva.test", "mx.good.test", 2, &VALID);

        let attempt = send(postfix, "a@bücher.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(postfix.logged("Verified TLS connection").len(), 1);
    });
}

/// docs/peers.md, tlspol defect 8: smart-host keys are unprotected.
#[test]
fn tlspol_8_mail_to_a_smart_host_goes_over_verified_tls() {
    postfix::isolated(|network| {
        let world = network.world();
        world.publish("hub.test", "1", &enforce(&["hub.test"]));
        world.set_address("hub.test", vec![[127, 0, 0, 2].into()]);
        let sink = world.smtp_sink(([127, 0, 0, 2], 587).into(), "hub.test", &VALID).unwrap();
        let _daemon = Daemon::start_listening(world, "");
        let postfix = start_postfix(network, TABLE, "relayhost = [hub.test]:587");

        let attempt = send(&postfix, "a@elsewhere.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        let tls = "Verified TLS connection established to hub.test[127.0.0.2]:587";
        assert_eq!(postfix.logged(tls).len(), 1);
        assert_eq!(sink.messages().len(), 1);
    });
}

#[test]
fn mail_to_a_domain_without_a_policy_goes_as_before() {
    assert_goes_as_before(None, &SELF_SIGNED);
}

#[test]
fn mail_to_a_domain_without_a_policy_goes_in_the_clear_where_there_is_no_tls() {
    assert_goes_as_before(None, &StartTls::Absent);
}

#[test]
fn mail_to_a_domain_in_mode_testing_goes_as_before() {
    assert_goes_as_before(Some("testing"), &SELF_SIGNED);
}

#[test]
fn mail_to_a_domain_in_mode_none_goes_as_before() {
    assert_goes_as_before(Some("none"), &SELF_SIGNED);
}

/// Mail to a domain in this mode is sent after the daemon was asked, although the exchanger is not
/// one that the policy lists and has no certificate that anybody trusts.
fn assert_goes_as_before(mode: Option<&str>, starttls: &StartTls) {
    with_daemon("", |world, postfix| {
        if let Some(mode) = mode {
            let policy = enforce(&["listed.test"]).replace("enforce", mode);
            world.publish("simple.test", "1", &policy);
        }
        let sink = add_exchanger(world, "simple.test", "mx.simple.test", 2, starttls);

        let attempt = send(postfix, "a@simple.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(world.queries("_mta-sts.simple.test"), 1);
        let encrypted = *starttls != StartTls::Absent;
        assert_eq!(sink.messages()[0].tls.is_some(), encrypted);
        let connections = postfix.logged("TLS connection established");
        assert_eq!(connections.len(), usize::from(encrypted));
        assert!(connections.iter().all(|line| line.contains(": Untrusted TLS connection")));
    });
}
