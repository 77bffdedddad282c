//! The C library as C programs see it: they are compiled here, with all compilers that are there,
//! linked with the library, and run.
//!
//! `MTASTS_MEMORY=valgrind` runs them under Valgrind, `MTASTS_MEMORY=address` with AddressSanitizer
//! (which takes a nightly compiler); `cargo xtask test` does both.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may panic, and says what it skips"
)]

mod compiler;
mod examples;
mod header;
mod library;
mod network;
mod programs;
mod socketmap;
