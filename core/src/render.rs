//! Decisions in the formats that MTAs and people read. Pure text, and nothing from a policy in it
//! that has not been validated.

#[cfg(feature = "json")]
mod json;
mod postfix;

#[cfg(feature = "json")]
pub use json::json;
pub use postfix::{MAX_REPLY, postfix, postfix_tlsrpt, sendmail};
