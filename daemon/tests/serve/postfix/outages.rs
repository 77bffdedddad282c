//! Mail that waits for something, and goes when it comes.

use testkit::{
    answers::{DnsAnswer, Rcode},
    mta::Status,
    postfix,
    world::{Certificate, StartTls, enforce},
};

use super::{TABLE, send, start_postfix, with_daemon};
use crate::daemon::Daemon;
use crate::exchanger::add_exchanger;

const VALID: StartTls = StartTls::Offered(Certificate::Valid);

#[test]
fn mail_waits_while_the_daemon_is_stopped_and_goes_when_it_is_back() {
    postfix::isolated(|network| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let postfix = start_postfix(network, TABLE, "");
        let daemon = Daemon::start_listening(world, "");
        let attempt = send(&postfix, "a@good.test");
        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");

        drop(daemon.stop());
        let attempt = send(&postfix, "b@good.test");
        assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
        assert_eq!(attempt.dsn, "4.7.5");
        assert!(postfix.holds("b@good.test"));
        assert_eq!(sink.messages().len(), 1);

        let _daemon = Daemon::start_listening(world, "");
        postfix.flush();
        postfix.wait_for_attempt("b@good.test", |attempt| attempt.status == Status::Sent);
        assert_eq!(sink.messages().len(), 2);
        assert_eq!(postfix.logged("Verified TLS connection").len(), 2);
    });
}

/// Postfix's connections end with the daemon, and it makes new ones without deferring anything.
#[test]
fn a_restart_between_two_messages_holds_nothing() {
    postfix::isolated(|network| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let _sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let postfix = start_postfix(network, TABLE, "");
        for recipient in ["a@good.test", "b@good.test", "c@good.test"] {
            let daemon = Daemon::start_listening(world, "");
            let attempt = send(&postfix, recipient);
            assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
            drop(daemon.stop());
        }
        assert_eq!(postfix.logged("Verified TLS connection").len(), 3);
    });
}

/// The answer `TEMP` holds mail, and its reason is in Postfix's log.
#[test]
fn mail_waits_while_dns_fails_if_the_daemon_is_told_not_to_guess() {
    with_daemon("[cache]\non_dns_failure = \"temp-fail\"", |world, postfix| {
        let failure = DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None };
        world.set_dns("_mta-sts.good.test", failure);
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let attempt = send(postfix, "a@good.test");
        assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
        assert_eq!(attempt.dsn, "4.7.5");
        postfix.wait_for_log("TXT query failed: the resolver answered SERVFAIL");
        assert_eq!(sink.messages(), []);

        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        postfix.flush();
        postfix.wait_for_attempt("a@good.test", |attempt| attempt.status == Status::Sent);
        assert_eq!(postfix.logged("Verified TLS connection").len(), 1);
    });
}

/// docs/peers.md, tlspol defect 2: a domain that has moved gets deferrals until its old policy
/// expires. Here it publishes `none` with a new id, and waits for `txt_recheck`, whose least value
/// this is.
#[test]
fn tlspol_2_mail_goes_once_the_domain_has_ended_its_policy() {
    with_daemon("[cache]\ntxt_recheck = \"10s\"", |world, postfix| {
        let policy = enforce(&["old.moved.test"]);
        world.publish("moved.test", "1", &policy);
        let sink = add_exchanger(world, "moved.test", "new.moved.test", 2, &VALID);
        let attempt = send(postfix, "a@moved.test");
        assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
        assert_eq!(sink.messages(), []);

        world.publish("moved.test", "2", &policy.replace("enforce", "none"));
        postfix.wait_for_attempt("a@moved.test", |attempt| attempt.status == Status::Sent);
        assert_eq!(sink.messages().len(), 1);
        assert_eq!(world.requests("mta-sts.moved.test").len(), 2);
    });
}
