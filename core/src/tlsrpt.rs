//! TLSRPT (RFC 8460): where a domain wants reports, and what they say.
//!
//! [`TlsRptRecord`] is the record that asks for reports, [`Datagram`] what an MTA tells a collector
//! on its host of one delivery attempt, and `Report` (feature `json`) what the collector sends the
//! domain of a day's attempts.

mod datagram;
mod failure;
mod policy;
mod record;
#[cfg(feature = "json")]
mod report;
mod result_type;
mod uri;

pub use datagram::{Datagram, PolicyAttempt};
pub use failure::FailureDetails;
pub use policy::{PolicyType, ReportedPolicy};
pub use record::{TlsRptError, TlsRptRecord};
#[cfg(feature = "json")]
pub use report::{PolicyResult, Report, ReportError, ReportErrorKind, SessionFailures};
pub use result_type::ResultType;
#[cfg(feature = "lint")]
pub(crate) use uri::is_usable;
