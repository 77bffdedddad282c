//! libmtasts: the engine as a C library. `include/mtasts.h` is made from this crate.
//!
//! Each exported function is a few lines: it checks what it was given (`input`), does its work
//! behind a guard that lets no panic out (`guard`), and writes what comes of it only if all went
//! well (`out`). What the functions do is in `mtasts-core`, `mtasts-client` and `mtasts-net`.
//!
//! The comments on exported items are the documentation in the header, so they speak of C.
#![expect(unsafe_code, reason = "pointers come from C")]
#![expect(
    clippy::missing_safety_doc,
    reason = "what pointers must be is said once, at the top of the header"
)]

// In the order of the header.
pub mod version;

pub mod error;

pub mod domain;
pub mod record;

pub mod policy;

pub mod diagnostics;
#[cfg(feature = "lint")]
pub mod lint;
pub mod mx;

pub mod tlsrpt;

pub mod decision;

pub mod config;

pub mod engine;

pub mod cached;
pub mod snapshot;

pub mod dns;

pub mod report;

pub mod client;
#[cfg(feature = "net")]
pub mod resolver;

mod guard;
mod input;
mod out;
