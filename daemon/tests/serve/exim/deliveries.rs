//! Mail that is delivered, and how.

use std::os::unix::fs::PermissionsExt;

use testkit::{
    exim::{Configuration, Exim},
    mta::{SENDER, Status},
    world::{Certificate, StartTls, Tls, enforce},
};

use super::{ROUTER, TRANSPORT, assert_held, for_each_recipe, send, with_daemon};
use crate::daemon::Daemon;
use crate::exchanger::add_exchanger;

const VALID: StartTls = StartTls::Offered(Certificate::Valid);
const SELF_SIGNED: StartTls = StartTls::Offered(Certificate::SelfSigned);

#[test]
fn mail_to_a_good_domain_goes_over_verified_tls() {
    with_daemon(|world, exim| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);

        let attempt = send(exim, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(attempt.certificate_verified(), Some("yes"), "{attempt:?}");
        let messages = sink.messages();
        let [message] = messages.as_slice() else { panic!("not one message: {messages:?}") };
        assert_eq!(message.sender, SENDER);
        assert_eq!(message.recipients, ["a@good.test"]);
        let tls = Tls { version: "TLSv1_3".into(), sni: Some("mx.good.test".into()) };
        assert_eq!(message.tls, Some(tls));
        assert!(!exim.holds("a@good.test"));
    });
}

#[test]
fn a_wildcard_lets_the_hosts_below_it_be_used() {
    with_daemon(|world, exim| {
        world.publish("good.test", "1", &enforce(&["mail.other.test", "*.Hosts.test"]));
        let _sink = add_exchanger(world, "good.test", "MX.hosts.test", 2, &VALID);

        let attempt = send(exim, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(attempt.certificate_verified(), Some("yes"), "{attempt:?}");
    });
}

/// RFC 8461, section 5: an exchanger that fails validation is passed over.
#[test]
fn mail_goes_to_the_listed_exchanger_past_one_that_is_not() {
    with_daemon(|world, exim| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let forged = add_exchanger(world, "good.test", "mx.forged.test", 2, &VALID);
        let listed = add_exchanger(world, "good.test", "mx.good.test", 3, &VALID);
        let exchangers = vec![(10, "mx.forged.test".into()), (20, "mx.good.test".into())];
        world.set_mx("good.test", exchangers);

        let attempt = send(exim, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(forged.sessions(), 0);
        assert_eq!(listed.messages().len(), 1);
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
    with_daemon(|world, exim| {
        if let Some(mode) = mode {
            let policy = enforce(&["listed.test"]).replace("enforce", mode);
            world.publish("simple.test", "1", &policy);
        }
        let sink = add_exchanger(world, "simple.test", "mx.simple.test", 2, starttls);

        let attempt = send(exim, "a@simple.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(world.queries("_mta-sts.simple.test"), 1);
        let encrypted = *starttls != StartTls::Absent;
        assert_eq!(attempt.certificate_verified(), encrypted.then_some("no"), "{attempt:?}");
        assert_eq!(sink.messages()[0].tls.is_some(), encrypted);
    });
}

/// The two share their exchanger. Exim would send both recipients over one connection.
#[test]
fn domains_in_one_message_have_their_own_policies() {
    with_daemon(|world, exim| {
        world.publish("strict.test", "1", &enforce(&["mx.shared.test"]));
        world.publish("elsewhere.test", "1", &enforce(&["mx.elsewhere.test"]));
        let sink = add_exchanger(world, "strict.test", "mx.shared.test", 2, &SELF_SIGNED);
        for domain in ["elsewhere.test", "simple.test"] {
            world.set_mx(domain, vec![(10, "mx.shared.test".into())]);
        }

        let attempts = exim.send(&["a@simple.test", "a@strict.test", "a@elsewhere.test"]);

        let of = |recipient: &str| {
            let mut found = attempts.iter().filter(|attempt| attempt.recipient == recipient);
            let (Some(attempt), None) = (found.next(), found.next()) else {
                panic!("not one attempt for {recipient}: {attempts:?}")
            };
            attempt
        };
        assert_eq!(of("a@simple.test").status, Status::Sent, "{attempts:?}");
        assert_held(exim, of("a@strict.test"), "defer (-37)");
        assert_held(exim, of("a@elsewhere.test"), "MTA-STS: the domain has no MX host");
        let messages = sink.messages();
        let [message] = messages.as_slice() else { panic!("not one message: {messages:?}") };
        assert_eq!(message.recipients, ["a@simple.test"]);
    });
}

#[test]
fn a_daemon_on_a_unix_socket_is_asked_as_well() {
    for_each_recipe(|network, recipe| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let _sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let socket = directory.path().join("mtasts.sock");
        let socket = socket.display();
        let exim = recipe.exim_with(network, &format!("MTASTS_DAEMON = {socket}"), ROUTER);
        let listen = format!("[[listen]]\nunix = \"{socket}\"\ngroup = \"Debian-exim\"");
        let _daemon = Daemon::start_listening(world, &listen);

        let attempt = send(&exim, "a@good.test");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert_eq!(attempt.certificate_verified(), Some("yes"), "{attempt:?}");
    });
}

/// They have no policy. Exim 4.96 and 4.98 crash when they look for one in a certificate, which their
/// `smtp` transports do by default.
#[test]
fn mail_to_an_address_literal_goes_another_way() {
    for_each_recipe(|network, recipe| {
        let world = network.world();
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &SELF_SIGNED);
        let configuration = Configuration {
            main: &format!("allow_domain_literals\n{}", recipe.main()),
            routers: &format!("{ROUTER}\nliteral:\n  driver = ipliteral\n  transport = plain\n"),
            transports: &format!(
                "{TRANSPORT}\nplain:\n  driver = smtp\n  tls_verify_cert_hostnames =\n"
            ),
        };
        let exim = Exim::new(network, &configuration);
        let _daemon = Daemon::start_listening(world, "");

        let attempt = send(&exim, "a@[127.0.0.2]");

        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert!(attempt.details.contains("T=plain"), "{attempt:?}");
        assert_eq!(sink.messages().len(), 1);
    });
}
