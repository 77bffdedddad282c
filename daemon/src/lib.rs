//! The parts of the `mtasts` binary: a daemon that answers MTAs about MTA-STS (RFC 8461), and the
//! tools around it.
//!
//! This library exists so that tests and benches can reach those parts. It promises no stable API.
#![forbid(unsafe_code)]

pub mod check;
pub mod cli;
pub mod config;
pub mod lint;
pub mod log;
pub mod network;
pub mod query;
pub mod server;
pub mod socketmap;
