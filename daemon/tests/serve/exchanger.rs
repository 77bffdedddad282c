//! The server that mail for a domain goes to.

use testkit::world::{SmtpSink, StartTls, World};

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
