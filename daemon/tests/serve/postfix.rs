//! The daemon as a real Postfix uses it: mail that goes, and mail that must not.
//!
//! Each test has a network, a Postfix and a daemon of its own: [`testkit::postfix`].

use testkit::{
    mta::Network,
    postfix::{self, Attempt, Postfix},
    world::{SmtpSink, StartTls, World},
};

use crate::daemon::Daemon;

mod deliveries;
mod holds;
mod outages;
mod tables;
mod tlsrpt;

/// The daemon where it listens without being told, in `smtp_tls_policy_maps`.
const TABLE: &str = "socketmap:inet:127.0.0.1:8461:postfix";

/// Runs a test with a Postfix that asks a daemon with this configuration.
fn with_daemon(config: &str, test: impl FnOnce(&World, &Postfix<'_>) + Send) {
    postfix::isolated(|network| {
        let _daemon = Daemon::start_listening(network.world(), config);
        test(network.world(), &start_postfix(network, TABLE, ""));
    });
}

/// A Postfix that asks the table, and without a policy uses TLS where it can.
fn start_postfix<'a>(network: &'a Network, table: &str, main_cf: &str) -> Postfix<'a> {
    let main_cf = format!(
        "smtp_tls_security_level = may\n\
         smtp_tls_policy_maps = {table}\n\
         {main_cf}"
    );
    Postfix::start(network, &main_cf)
}

/// Makes a server on port 25 of 127.0.0.`number` the only mail exchanger of a domain. `number` is
/// above 1, for mail servers hold 127.0.0.1 to be themselves.
pub(crate) fn add_exchanger(
    world: &World,
    domain: &str,
    host: &str,
    number: u8,
    starttls: &StartTls,
) -> SmtpSink {
    world.set_mx(domain, vec![(10, host.into())]);
    world.set_address(host, vec![[127, 0, 0, number].into()]);
    let address = ([127, 0, 0, number], 25).into();
    world.smtp_sink(address, host, starttls).expect("nobody else listens in this network")
}

/// Sends a message, and waits for what comes of the first attempt to deliver it.
fn send(postfix: &Postfix<'_>, recipient: &str) -> Attempt {
    postfix.send(recipient);
    postfix.wait_for_attempt(recipient, |_| true)
}
