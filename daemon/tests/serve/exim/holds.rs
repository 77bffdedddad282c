//! Mail that stays in the queue: none of it is sent, and none is returned.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use testkit::{
    answers::{CertSpec, DnsAnswer, Rcode},
    mta::Status,
    world::{Certificate, StartTls, enforce},
};

use super::{assert_held, for_each_recipe, send, with_daemon};
use crate::daemon::Daemon;
use crate::exchanger::add_exchanger;

const VALID: StartTls = StartTls::Offered(Certificate::Valid);

#[test]
fn mail_waits_while_the_certificate_has_the_wrong_name() {
    // Exim says no more when only the name is wrong.
    assert_waits_for_a_certificate(Certificate::NameMismatch, "");
}

#[test]
fn mail_waits_while_the_certificate_is_untrusted() {
    assert_waits_for_a_certificate(Certificate::Untrusted, ": certificate invalid");
}

#[test]
fn mail_waits_while_the_certificate_is_self_signed() {
    assert_waits_for_a_certificate(Certificate::SelfSigned, ": certificate invalid");
}

#[test]
fn mail_waits_while_the_certificate_is_expired() {
    assert_waits_for_a_certificate(Certificate::Expired, ": certificate invalid");
}

fn assert_waits_for_a_certificate(certificate: Certificate, details: &str) {
    let reason = format!("(certificate verification failed){details}");
    assert_waits("mx.good.test", "mx.good.test", &StartTls::Offered(certificate), &reason);
}

#[test]
fn mail_waits_while_there_is_no_starttls() {
    let reason = "a TLS session is required, but the server did not offer TLS support";
    assert_waits("mx.good.test", "mx.good.test", &StartTls::Absent, reason);
}

#[test]
fn mail_waits_while_the_exchanger_is_not_listed_by_the_policy() {
    let reason = "MTA-STS: the domain has no MX host that its policy names";
    assert_waits("mx.good.test", "mx.forged.test", &VALID, reason);
}

/// Postfix before 3.10.5 lets this one through.
#[test]
fn mail_waits_while_an_exchanger_that_is_not_listed_shows_a_listed_name() {
    let listed = StartTls::Offered(Certificate::Custom(CertSpec::dns("mx.good.test")));
    let reason = "MTA-STS: the domain has no MX host that its policy names";
    assert_waits("mx.good.test", "mx.forged.test", &listed, reason);
}

/// RFC 8461, section 4.1: a wildcard stands for one label.
#[test]
fn mail_waits_while_the_exchanger_is_two_labels_below_a_wildcard() {
    let reason = "MTA-STS: the domain has no MX host that its policy names";
    assert_waits("*.good.test", "a.b.good.test", &VALID, reason);
}

/// Nor does a wildcard stand for no label.
#[test]
fn mail_waits_while_the_exchanger_is_what_is_below_a_wildcard() {
    let reason = "MTA-STS: the domain has no MX host that its policy names";
    assert_waits("*.good.test", "good.test", &VALID, reason);
}

/// The certificate is right for the exchanger's name in DNS, but a policy whose patterns no host can
/// match lets nobody through.
#[test]
fn mail_waits_while_the_policy_has_no_usable_pattern() {
    assert_waits(
        "192.0.2.1",
        "mx.good.test",
        &VALID,
        "MTA-STS: the domain has no MX host that its policy names",
    );
}

/// Mail to a domain that enforces the pattern, and whose only exchanger is this one, is not handed
/// over and stays in the queue, also when it is tried again.
fn assert_waits(pattern: &str, exchanger: &str, starttls: &StartTls, reason: &str) {
    with_daemon(|world, exim| {
        world.publish("good.test", "1", &enforce(&[pattern]));
        let sink = add_exchanger(world, "good.test", exchanger, 2, starttls);

        let attempt = send(exim, "a@good.test");

        assert_held(exim, &attempt, reason);
        let attempts = exim.flush();
        let [attempt] = attempts.as_slice() else { panic!("not one attempt: {attempts:?}") };
        assert_held(exim, attempt, reason);
        assert_eq!(sink.messages(), []);
    });
}

#[test]
fn mail_waits_while_the_daemon_is_stopped_and_goes_when_it_is_back() {
    for_each_recipe(|network, recipe| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        world.set_mx("simple.test", vec![(10, "mx.good.test".into())]);
        let exim = recipe.exim(network);

        for recipient in ["a@good.test", "a@simple.test"] {
            let attempt = send(&exim, recipient);
            assert_held(&exim, &attempt, "Connection refused");
        }
        assert_eq!(sink.sessions(), 0);

        let _daemon = Daemon::start_listening(world, "");
        let attempts = exim.flush();
        assert_eq!(attempts.len(), 2);
        assert!(attempts.iter().all(|attempt| attempt.status == Status::Sent), "{attempts:?}");
        assert_eq!(sink.messages().len(), 2);
    });
}

#[test]
fn mail_waits_while_the_daemon_cannot_say() {
    for_each_recipe(|network, recipe| {
        let world = network.world();
        let failed = DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None };
        world.set_dns("_mta-sts.good.test", failed);
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let _daemon = Daemon::start_listening(world, "[cache]\non_dns_failure = \"temp-fail\"");
        let exim = recipe.exim(network);

        let attempt = send(&exim, "a@good.test");

        assert_held(&exim, &attempt, "R=mtasts defer");
        assert_eq!(sink.sessions(), 0);
    });
}

/// Whatever answers at the daemon's address, it is no permission to send.
#[test]
fn mail_waits_while_something_else_answers() {
    for_each_recipe(|network, recipe| {
        let world = network.world();
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let listener = TcpListener::bind("127.0.0.1:8461").unwrap();
        let replies = [
            "",
            "9:NOTFOUND ",
            "OK mode=none",
            "mode=none",
            "12:OK mode=none;",
            "12:OK mode=none,12:OK mode=none,",
            "17:OK mode=temp-fail,",
            "24:OK mode=enforce mx=${pid},",
            "11:OK {\"a\": 1},",
            "10:TEMP later,",
            "8:PERM no,",
        ];
        let answering = thread::spawn(move || {
            for reply in replies {
                let (mut client, _) = listener.accept().unwrap();
                let mut request = [0; 100];
                assert_ne!(client.read(&mut request).unwrap(), 0);
                client.write_all(reply.as_bytes()).unwrap();
            }
        });
        let exim = recipe.exim(network);
        for number in 0..replies.len() {
            let attempt = send(&exim, &format!("a{number}@good.test"));
            assert_held(&exim, &attempt, "defer");
        }
        answering.join().unwrap();
        assert_eq!(sink.messages(), []);
    });
}
/// A domain can have the exchanger of another one, and a policy that does not name it.
#[test]
fn a_policy_that_does_not_name_an_exchanger_holds_nobody_elses_mail() {
    assert_holds_only_its_own(Some("mx.good.test"), "mx.odd.test", &VALID, "MTA-STS: ");
}

/// Or a policy that names it, which its certificate does not satisfy.
#[test]
fn a_policy_that_an_exchanger_does_not_satisfy_holds_nobody_elses_mail() {
    let self_signed = StartTls::Offered(Certificate::SelfSigned);
    assert_holds_only_its_own(None, "mx.good.test", &self_signed, "defer (-37)");
}

/// Mail to a domain waits because of its policy, and mail to another one with the same exchanger,
/// which enforces `good` or nothing, does not.
fn assert_holds_only_its_own(good: Option<&str>, odd: &str, starttls: &StartTls, reason: &str) {
    with_daemon(|world, exim| {
        if let Some(pattern) = good {
            world.publish("good.test", "1", &enforce(&[pattern]));
        }
        world.publish("odd.test", "1", &enforce(&[odd]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, starttls);
        world.set_mx("odd.test", vec![(10, "mx.good.test".into())]);

        let attempt = send(exim, "a@odd.test");
        assert_held(exim, &attempt, reason);
        let attempt = send(exim, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(sink.messages().len(), 1);
    });
}

/// Whatever router a message comes by, the transport lets it go only to hosts that the policy names.
#[test]
fn the_transport_refuses_exchangers_by_itself() {
    for_each_recipe(|network, recipe| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["*.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let forged = add_exchanger(world, "good.test", "a.b.good.test", 3, &VALID);
        let _daemon = Daemon::start_listening(world, "");
        let route = |host: &str| {
            let decision = "address_data = MTASTS_DECISION";
            format!(
                "own:\n  driver = manualroute\n  {decision}\n  route_list = * {host} byname\n  \
                transport = mtasts_smtp\n"
            )
        };
        for (host, reason) in [
            ("a.b.good.test", Some("defer (-58)")),
            ("192.0.2.1", Some("defer (-58)")),
            ("mx.good.test", None),
        ] {
            let exim = recipe.exim_with(network, "", &route(host));
            let attempt = send(&exim, "a@good.test");
            match reason {
                Some(reason) => assert_held(&exim, &attempt, reason),
                None => assert_eq!(attempt.status, Status::Sent, "{attempt:?}"),
            }
        }
        assert_eq!(forged.sessions(), 0);
        assert_eq!(sink.messages().len(), 1);
    });
}

/// A decision that is missing, or is none that the transport knows, is no permission.
#[test]
fn the_transport_lets_nothing_pass_without_a_decision() {
    for_each_recipe(|network, recipe| {
        let world = network.world();
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &StartTls::Absent);
        for decision in ["", "  address_data = mode=temp-fail\n", "  address_data = anything\n"] {
            let routers =
                format!("own:\n  driver = dnslookup\n{decision}  transport = mtasts_smtp\n");
            let exim = recipe.exim_with(network, "", &routers);
            let attempt = send(&exim, "a@good.test");
            assert_held(&exim, &attempt, "defer (-58)");
        }
        assert_eq!(sink.sessions(), 0);
    });
}
