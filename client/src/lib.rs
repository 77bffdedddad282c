//! Asks a running `mtasts` daemon, over its TCP or Unix socket.
//!
//! Made for mail servers that fork: a [`Client`] is an address and a time limit. It opens a
//! connection for each question, uses no threads, and keeps nothing between calls.
//!
//! ```no_run
//! use mtasts_client::{Address, Client};
//! use mtasts_core::Decision;
//!
//! let address: Address = "/run/mtasts/socketmap.sock".parse()?;
//! let answer = Client::new(address).lookup("example.com")?;
//! if let Decision::Enforce(applied) = &answer.decision {
//!     println!("only to {:?}", applied.policy.mx());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod address;
mod answer;
mod client;
mod connection;
mod netstring;
mod reply;

pub use address::{Address, AddressError};
pub use answer::{Answer, AnswerError, FailureText};
pub use client::{Client, ClientError};
pub use netstring::{Decoder, Frame, Malformed, push_netstring};
pub use reply::{Reply, ReplyError};
