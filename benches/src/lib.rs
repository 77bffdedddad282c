//! What the benches share: domains, policies, and engines that remember them.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "a bench whose set-up goes wrong should stop"
)]

pub mod clients;
pub mod constant;
pub mod daemon;
pub mod dns;
pub mod domains;
pub mod engines;
pub mod policies;
pub mod process;
pub mod servers;
pub mod summary;
