//! The linter as programs use it.
#![cfg(feature = "lint")]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[cfg(feature = "json")]
mod json_page;
mod properties;
