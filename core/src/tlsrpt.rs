//! TLSRPT (RFC 8460): where a domain wants reports, and what they call a failure.

mod record;
mod result_type;
mod uri;

pub use record::{TlsRptError, TlsRptRecord};
pub use result_type::ResultType;
#[cfg(feature = "lint")]
pub(crate) use uri::is_usable;
