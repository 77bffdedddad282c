//! The daemon as its clients see it: `mtasts serve`, a loopback network, and bytes on sockets.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod answers;
mod daemon;
mod durability;
mod exchanger;
mod exim;
mod limits;
mod opensmtpd;
mod postfix;
mod protocol;
mod query;
mod sendmail;
mod signals;
mod trixie;
