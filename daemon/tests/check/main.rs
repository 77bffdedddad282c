//! `mtasts check` on a loopback network: what is there is seen, what is wrong is said, and no more.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

mod domain;
mod faults;
mod healthy;
mod monitoring;
mod reports;
mod troubles;
