//! What the tests with real mail servers have in common: networks, other systems, logs.
//!
//! An MTA finds mail exchangers with the system's resolver and delivers to port 25, and neither can
//! be told otherwise without leaving the path that real mail takes. So a test runs in a [`Network`]
//! of its own, where the system's resolver is the DNS server of a World and port 25 is free. The
//! processes that the test starts there are in it too.
//!
//! This takes root with `CAP_SYS_ADMIN`, and the MTA. Where they are absent, a test is skipped, and
//! a line on standard error says so; with `CI=true` in the environment it fails.

#![cfg(target_os = "linux")]

use core::time::Duration;

mod log;
mod network;
mod resolver;
mod supervise;
mod system;

pub(crate) use log::Log;
pub use network::{Network, Program, isolated, isolated_in, skip};
pub(crate) use network::{add_loopback_address, bind};
pub(crate) use supervise::supervised;
pub use system::System;

/// How long a server lives at most, so that no test waits for ever.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The host name of the sender.
pub const HOST: &str = "sender.test";

/// The address that messages are from.
pub const SENDER: &str = "someone@sender.test";

/// What comes of an attempt to deliver a message to a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The message is delivered.
    Sent,
    /// It stays in the queue.
    Deferred,
    /// It is returned to its sender.
    Bounced,
}
