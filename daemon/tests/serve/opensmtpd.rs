//! The daemon as a real OpenSMTPD uses it through `table-mtasts`: mail that goes, and mail that must not.
//!
//! Each test has a network, an OpenSMTPD and a daemon of its own: [`testkit::opensmtpd`].

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use testkit::{
    mta::{Network, Status, System, skip},
    opensmtpd::{self, OpenSmtpd},
    world::{Certificate, StartTls, Tls, World, enforce},
};

use crate::{daemon::Daemon, exchanger::add_exchanger, trixie::trixie};

const VALID: StartTls = StartTls::Offered(Certificate::Valid);
const SELF_SIGNED: StartTls = StartTls::Offered(Certificate::SelfSigned);

/// A block of docs/opensmtpd.md.
fn lines_for_operators(kind: &str) -> String {
    let page = include_str!("../../../docs/opensmtpd.md");
    let start = format!("{kind}\n");
    let block = page.split("```").find_map(|block| block.strip_prefix(start.as_str()));
    block.expect("the page has it").lines().map(|line| format!("{}\n", line.trim_start())).collect()
}

/// The table, built beside the daemon.
fn table() -> &'static Path {
    static TABLE: LazyLock<PathBuf> = LazyLock::new(|| {
        let built = Path::new(env!("CARGO_BIN_EXE_mtasts")).parent().unwrap();
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--quiet", "-p", "mtasts-opensmtpd", "--target-dir"]);
        // As cargo builds these tests: its output is in a directory named after the profile.
        cargo.arg(built.parent().unwrap()).args(built.ends_with("release").then_some("--release"));
        let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        built.join("table-mtasts")
    });
    &TABLE
}

/// Runs a test with a network where an OpenSMTPD can be.
fn isolated(test: impl FnOnce(&Network) + Send) {
    static TRIXIE: LazyLock<Option<System>> = LazyLock::new(|| trixie("opensmtpd"));
    let Some(system) = &*TRIXIE else {
        return skip("no OpenSMTPD 7.6 without MTASTS_TRIXIE=1");
    };
    table();
    opensmtpd::isolated_in(system, test);
}

/// An OpenSMTPD with the configuration that operators are told to write.
fn start(network: &Network) -> OpenSmtpd<'_> {
    let directory = Path::new("/etc/mtasts");
    fs::create_dir_all(directory).unwrap();
    fs::write(directory.join("opensmtpd.toml"), lines_for_operators("toml")).unwrap();
    OpenSmtpd::start(network, table(), &lines_for_operators("smtpd.conf"))
}

/// Runs a test with an OpenSMTPD and a daemon.
fn with_daemon(test: impl FnOnce(&World, &OpenSmtpd<'_>) + Send) {
    isolated(|network| {
        let _daemon = Daemon::start_listening(network.world(), "");
        test(network.world(), &start(network));
    });
}

/// Hands in a message, which is accepted.
fn send(smtpd: &OpenSmtpd<'_>, recipient: &str) {
    let output = smtpd.send(recipient);
    assert!(output.status.success(), "{output:?}");
}

/// Sends a message, and asserts that it is delivered.
fn assert_goes(smtpd: &OpenSmtpd<'_>, recipient: &str) {
    send(smtpd, recipient);
    let attempt = smtpd.wait_for_attempt(recipient, |_| true);
    assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
}

/// What smtpd says of a delivery that it has no host for.
const NO_HOST: &str = "Failed to retrieve smarthost";

/// Asserts that the message was neither sent nor returned, and is in the queue.
fn assert_held(smtpd: &OpenSmtpd<'_>, recipient: &str) {
    let attempts = smtpd.attempts(recipient);
    assert!(attempts.iter().all(|attempt| attempt.status == Status::Deferred), "{attempts:?}");
    assert!(smtpd.holds(recipient));
}

#[test]
fn mail_to_a_good_domain_goes_over_verified_tls() {
    with_daemon(|world, smtpd| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);

        assert_goes(smtpd, "a@good.test");

        assert_eq!(smtpd.logged("mta cert-check result=\"valid\"").len(), 1);
        let messages = sink.messages();
        let [message] = messages.as_slice() else { panic!("not one message: {messages:?}") };
        assert_eq!(message.recipients, ["a@good.test"]);
        let tls = Tls { version: "TLSv1_3".into(), sni: Some("mx.good.test".into()) };
        assert_eq!(message.tls, Some(tls));
    });
}

/// RFC 8461, section 5: an exchanger that fails validation is passed over.
#[test]
fn mail_goes_to_the_listed_exchanger_past_one_that_is_not() {
    with_daemon(|world, smtpd| {
        world.publish("good.test", "1", &enforce(&["*.hosts.test"]));
        let forged = add_exchanger(world, "good.test", "mx.forged.test", 2, &VALID);
        let listed = add_exchanger(world, "good.test", "mx.hosts.test", 3, &VALID);
        let exchangers = vec![(10, "mx.forged.test".into()), (20, "mx.hosts.test".into())];
        world.set_mx("good.test", exchangers);

        assert_goes(smtpd, "a@good.test");

        assert_eq!((forged.sessions(), listed.messages().len()), (0, 1));
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
    with_daemon(|world, smtpd| {
        if let Some(mode) = mode {
            let policy = enforce(&["listed.test"]).replace("enforce", mode);
            world.publish("simple.test", "1", &policy);
        }
        let sink = add_exchanger(world, "simple.test", "mx.simple.test", 2, starttls);

        assert_goes(smtpd, "a@simple.test");

        assert_eq!(world.queries("_mta-sts.simple.test"), 1);
        assert_eq!(sink.messages()[0].tls.is_some(), *starttls != StartTls::Absent);
    });
}

#[test]
fn mail_waits_while_the_certificate_is_no_proof() {
    for (certificate, problem) in [
        (Certificate::NameMismatch, "name `mx.good.test' not present in server certificate"),
        (Certificate::Untrusted, "certificate verification failed"),
        (Certificate::SelfSigned, "certificate verification failed"),
        (Certificate::Expired, "certificate verification failed"),
    ] {
        assert_waits(&StartTls::Offered(certificate), problem);
    }
}

#[test]
fn mail_waits_while_there_is_no_starttls() {
    assert_waits(&StartTls::Absent, "TLS required but not supported by remote host");
}

/// Mail to a domain that enforces a policy comes as far as the exchanger, and is not handed over.
fn assert_waits(starttls: &StartTls, problem: &str) {
    with_daemon(|world, smtpd| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, starttls);

        send(smtpd, "a@good.test");

        let attempt = smtpd.wait_for_attempt("a@good.test", |_| true);
        assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
        assert_ne!(sink.sessions(), 0);
        assert!(!smtpd.logged(problem).is_empty(), "{problem}: {:#?}", smtpd.logged("smtp-out"));
        assert_held(smtpd, "a@good.test");
        assert_eq!(sink.messages(), []);
    });
}

/// A forged MX record leads to a host with a trusted certificate for its own name.
#[test]
fn mail_waits_while_the_exchanger_is_not_listed_by_the_policy() {
    with_daemon(|world, smtpd| {
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.forged.test", 2, &VALID);

        send(smtpd, "a@good.test");

        smtpd.wait_for_log(NO_HOST);
        let reason = "the policy names none of the MX hosts (of good.test: mx.forged.test)";
        assert_eq!(smtpd.logged(reason).len(), 1);
        assert_held(smtpd, "a@good.test");
        assert_eq!(sink.sessions(), 0);
    });
}

#[test]
fn mail_waits_while_the_daemon_is_down() {
    isolated(|network| {
        let world = network.world();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        let sink = add_exchanger(world, "good.test", "mx.good.test", 2, &VALID);
        let daemon = Daemon::start_listening(world, "");
        let smtpd = start(network);
        smtpd.pause();
        send(&smtpd, "a@good.test");
        daemon.stop();

        smtpd.resume();
        smtpd.wait_for_log(NO_HOST);
        assert_held(&smtpd, "a@good.test");

        // What would be new is not even accepted.
        let output = smtpd.send("b@good.test");
        assert!(!output.status.success(), "{output:?}");
        let refused = "451 Temporary failure: <b@good.test>";
        assert!(String::from_utf8_lossy(&output.stderr).contains(refused), "{output:?}");
        assert_eq!(sink.sessions(), 0);

        let _daemon = Daemon::start_listening(world, "");
        smtpd.flush();
        let attempt = smtpd.wait_for_attempt("a@good.test", |_| true);
        assert_eq!(attempt.status, Status::Sent, "{attempt:?}");
        assert!(sink.messages()[0].tls.is_some());
    });
}
