//! The daemon as a real Postfix uses it: mail that goes, and mail that must not.
//!
//! Each test has a network, a Postfix and a daemon of its own: [`testkit::postfix`].

use testkit::{
    mta::Network,
    postfix::{self, Attempt, Postfix},
    world::World,
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

/// Sends a message, and waits for what comes of the first attempt to deliver it.
fn send(postfix: &Postfix<'_>, recipient: &str) -> Attempt {
    postfix.send(recipient);
    postfix.wait_for_attempt(recipient, |_| true)
}
