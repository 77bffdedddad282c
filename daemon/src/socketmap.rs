//! The socketmap protocol, without any I/O: requests out of bytes, replies into bytes.
//!
//! A request is a netstring of a map's name, a space and a key; a reply is a netstring of a status, a
//! space and data (socketmap_table(5)).

mod reply;

pub use mtasts_client::{Decoder, Frame, Malformed, push_netstring};
pub use reply::{Question, refusal, render, unknown_map};
