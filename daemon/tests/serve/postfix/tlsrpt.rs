//! The map `postfix-tlsrpt`, which is for Postfix 3.10 and newer.
//!
//! That is in Debian 13: [`crate::trixie`].

use std::sync::LazyLock;

use testkit::{
    answers::CertSpec,
    mta::{Network, Status, System, skip},
    postfix::{self, Postfix},
    world::{Certificate, StartTls, World, enforce},
};

use super::{send, start_postfix};
use crate::exchanger::add_exchanger;
use crate::{daemon::Daemon, trixie::trixie};

const TABLE: &str = "socketmap:inet:127.0.0.1:8461:postfix-tlsrpt";
const VALID: StartTls = StartTls::Offered(Certificate::Valid);

/// Older ones do not know the attributes, and a policy with a name that they do not know is one
/// that they cannot use: mail to all domains with enforced policies waits.
#[test]
fn postfix_before_3_10_holds_mail_over_tlsrpt_attributes() {
    postfix::isolated(|network| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let _daemon = Daemon::start_listening(world, "");
        let postfix = start_postfix(network, TABLE, "");

        let attempt = send(&postfix, "a@good.test");

        if postfix.version() < (3, 10) {
            assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
            assert_eq!(attempt.dsn, "4.7.5");
            postfix.wait_for_log("invalid attribute name: \"policy_type\"");
            assert_eq!(sink.messages(), []);
        } else {
            assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        }
    });
}

#[test]
fn postfix_3_10_takes_the_tlsrpt_attributes() {
    with_trixie(|world, postfix| {
        let policy = enforce(&["mx.good.test", "*.good.test"]) + "extension: { } = x\r\n";
        world.publish("good.test", "1", &policy);
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);

        let attempt = send(postfix, "a@good.test");

        assert_eq!(postfix.version(), (3, 10));
        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(postfix.logged("Verified TLS connection").len(), 1);
        assert_eq!(sink.messages().len(), 1);
    });
}

/// What [`holds`](super::holds) shows that the map `postfix` lets through.
#[test]
fn postfix_3_10_refuses_an_exchanger_that_is_not_listed_whatever_name_it_shows() {
    with_trixie(|world, postfix| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let listed = StartTls::Offered(Certificate::Custom(CertSpec::dns("mx.good.test")));
        let sink = add_exchanger(world, "good.test", "mx.forged.test", 2, &listed);

        let attempt = send(postfix, "a@good.test");

        assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
        let reason = "MX name 'mx.forged.test' does not match STS MX pattern for 'good.test'";
        assert_eq!(postfix.logged(reason).len(), 1, "{reason}");
        assert_eq!(sink.sessions(), 0);
    });
}

/// `match=.good.test` alone would let hosts of any depth through.
#[test]
fn postfix_3_10_takes_a_wildcard_for_exactly_one_label() {
    with_trixie(|world, postfix| {
        world.publish("good.test", "1", &enforce(&["*.good.test"]));
        let deep = add_exchanger(world, "good.test", "a.b.good.test", 2, &VALID);
        let attempt = send(postfix, "a@good.test");
        assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
        assert_eq!(deep.sessions(), 0);

        let shallow = add_exchanger(world, "good.test", "b.good.test", 3, &VALID);
        postfix.flush();
        postfix.wait_for_attempt("a@good.test", |attempt| attempt.status == Status::Sent);
        assert_eq!(shallow.messages().len(), 1);
    });
}

/// Runs a test with a Postfix 3.10 that asks a daemon, if that is wanted.
fn with_trixie(test: impl FnOnce(&World, &Postfix<'_>) + Send) {
    static TRIXIE: LazyLock<Option<System>> = LazyLock::new(|| trixie("postfix"));
    let Some(trixie) = &*TRIXIE else { return skip("no Postfix 3.10 without MTASTS_TRIXIE=1") };
    postfix::isolated_in(trixie, |network: &Network| {
        let _daemon = Daemon::start_listening(network.world(), "");
        test(network.world(), &start_postfix(network, TABLE, ""));
    });
}
