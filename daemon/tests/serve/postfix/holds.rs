//! Mail to enforced domains that stays in the queue.

use testkit::{
    answers::CertSpec,
    mta::Status,
    world::{Certificate, StartTls, enforce},
};

use super::{send, with_daemon};
use crate::exchanger::add_exchanger;

#[test]
fn mail_waits_while_the_certificate_has_the_wrong_name() {
    assert_waits_for_a_certificate(Certificate::NameMismatch, "num=62:hostname mismatch");
}

#[test]
fn mail_waits_while_the_certificate_is_untrusted() {
    assert_waits_for_a_certificate(Certificate::Untrusted, "untrusted issuer");
}

#[test]
fn mail_waits_while_the_certificate_is_self_signed() {
    assert_waits_for_a_certificate(Certificate::SelfSigned, "self-signed certificate");
}

#[test]
fn mail_waits_while_the_certificate_is_expired() {
    assert_waits_for_a_certificate(Certificate::Expired, "certificate has expired");
}

fn assert_waits_for_a_certificate(certificate: Certificate, problem: &str) {
    let starttls = StartTls::Offered(certificate);
    assert_waits("mx.good.test", &starttls, "Server certificate not verified", problem);
}

#[test]
fn mail_waits_while_there_is_no_starttls() {
    let reason = "TLS is required, but was not offered by host mx.good.test[127.0.0.2]";
    assert_waits("mx.good.test", &StartTls::Absent, reason, reason);
}

/// A forged MX record leads to a host with a trusted certificate for its own name, which `match=`
/// does not have.
#[test]
fn mail_waits_while_the_exchanger_is_not_listed_by_the_policy() {
    let valid = StartTls::Offered(Certificate::Valid);
    let reason = "Server certificate not verified";
    assert_waits("mx.forged.test", &valid, reason, "num=62:hostname mismatch");
}

/// What `match=` cannot tell: Postfix compares it with the names in the certificate, and not with
/// the exchanger's own name. So a host that the policy does not list gets the mail if it can show a
/// trusted certificate for one that is listed. Only the map `postfix-tlsrpt` with Postfix 3.10.5 or
/// newer holds it: [`tlsrpt`](super::tlsrpt).
#[test]
fn mail_goes_to_an_exchanger_that_is_not_listed_but_shows_a_listed_name() {
    let listed = Certificate::Custom(CertSpec::dns("mx.good.test"));
    assert_is_let_through("mx.good.test", "mx.forged.test", listed);
}

/// Nor this: a wildcard stands for one label, and `match=.good.test` for any number of them.
#[test]
fn mail_goes_to_an_exchanger_any_number_of_labels_below_a_wildcard() {
    assert_is_let_through("*.good.test", "a.b.good.test", Certificate::Valid);
}

/// Mail to a domain that enforces the pattern is sent to this exchanger.
fn assert_is_let_through(pattern: &str, exchanger: &str, certificate: Certificate) {
    with_daemon("", |world, postfix| {
        world.publish("good.test", "1", &enforce(&[pattern]));
        let starttls = StartTls::Offered(certificate);
        let _sink = add_exchanger(world, "good.test", exchanger, 2, &starttls);

        let attempt = send(postfix, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(postfix.logged("Verified TLS connection").len(), 1);
    });
}

/// Mail to a domain that enforces `mx.good.test`, and whose only exchanger is this one, comes as
/// far as the exchanger, is not handed over, and stays in the queue. The log tells of the problem.
fn assert_waits(exchanger: &str, starttls: &StartTls, reason: &str, problem: &str) {
    with_daemon("", |world, postfix| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", exchanger, 2, starttls);

        let attempt = send(postfix, "a@good.test");

        assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
        assert_eq!(attempt.relay, format!("{exchanger}[127.0.0.2]:25"));
        assert_eq!(attempt.reason, reason);
        assert!(!postfix.logged(problem).is_empty(), "{problem}");
        assert!(postfix.logged("Verified TLS connection").is_empty());
        assert!(postfix.holds("a@good.test"));
        assert_eq!(sink.messages(), []);
    });
}
