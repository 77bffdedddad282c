//! The linter as programs use it.
#![cfg(all(feature = "json", feature = "lint"))]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod json_page;
mod properties;
