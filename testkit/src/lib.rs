//! What tests of the workspace share: a loopback network to talk to, and conformance vectors.
//!
//! [`world::World`] is real DNS, HTTPS and SMTP on loopback, with a certificate authority of its own,
//! programmable per domain. [`vectors`] runs files in the format of `vectors/README.md`.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "test support: a sum that overflows should stop the test"
)]

pub mod answers;
pub mod exim;
pub mod mta;
pub mod opensmtpd;
pub mod postfix;
pub mod sendmail;
pub mod vectors;
pub mod world;
