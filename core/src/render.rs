//! Decisions in the formats that MTAs and people read. Pure text, and nothing from a policy in it
//! that has not been validated.

mod exim;
#[cfg(feature = "json")]
mod json;
mod opensmtpd;
mod postfix;

pub use exim::exim;
#[cfg(feature = "json")]
pub use json::json;
pub use opensmtpd::{opensmtpd_domain, opensmtpd_relayhost};
pub use postfix::{MAX_REPLY, postfix, postfix_tlsrpt, sendmail};
