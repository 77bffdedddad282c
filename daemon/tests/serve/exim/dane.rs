//! Mail to hosts with TLSA records, which Exim looks at itself.

use testkit::{
    answers::CertSpec,
    mta::Status,
    world::{Certificate, StartTls, World, enforce},
};

use super::{assert_held, send, with_daemon};
use crate::exchanger::add_exchanger;

/// The name of the records that are for mail to `mx.good.test`.
const TLSA: &str = "_25._tcp.mx.good.test";
/// DANE-EE, the whole certificate, as it is (RFC 6698).
const THIS_CERTIFICATE: (u8, u8, u8) = (3, 0, 0);

fn untrusted() -> CertSpec {
    CertSpec { trusted: false, ..CertSpec::dns("mx.good.test") }
}

fn publish_tlsa(world: &World, certificate: &[u8]) {
    world.dns().set_authenticated(true);
    let (usage, selector, matching) = THIS_CERTIFICATE;
    world.dns().set_tlsa(TLSA, &[(usage, selector, matching, certificate)]);
}

/// RFC 8461, section 2: MTA-STS must not override a failing DANE validation.
#[test]
fn dane_holds_what_the_policy_would_let_through() {
    with_daemon(|world, exim| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let valid = StartTls::Offered(Certificate::Valid);
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &valid);
        publish_tlsa(world, &world.ca().chain(&untrusted())[0]);

        let attempt = send(exim, "a@good.test");

        assert_held(exim, &attempt, "The certificate differs");
        assert_eq!(exim.logged("DANE attempt failed").len(), 1);
        assert_eq!(sink.messages(), []);
    });
}

/// RFC 7672, section 3.1.1: a certificate that the records name need not be issued by anybody.
#[test]
fn dane_is_enough_where_a_policy_is_enforced_too() {
    with_daemon(|world, exim| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let starttls = StartTls::Offered(Certificate::Custom(untrusted()));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &starttls);
        publish_tlsa(world, &world.ca().chain(&untrusted())[0]);

        let attempt = send(exim, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(attempt.certificate_verified(), Some("dane"), "{attempt:?}");
        assert_eq!(sink.messages().len(), 1);
    });
}
