//! DNS as a stub has it: questions go to recursive resolvers, which do the work and the caching.
//!
//! The codec is core's ([`mtasts_core::dns`]); here is what needs sockets. Each query has a socket,
//! and so a port, and an id of its own. Nothing is kept but which server did not answer lately.

use mtasts_core::DnsFailure;

pub(crate) mod race;

mod attempts;
mod config;
mod exchange;
mod resolver;
mod server;
mod upstream;

pub use config::{DnsConfig, SYSTEM_CONFIG, Servers};
pub use resolver::Resolver;
pub use server::{Server, ServerError, Transport};

/// Why there is no answer that can be relied on. Absence of a name or a type is an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{failure}: {detail}")]
pub struct DnsError {
    /// What the servers' failures come to: SERVFAIL before other refusals, these before silence,
    /// and silence before what kept a query from being sent or an answer from being understood.
    pub failure: DnsFailure,
    /// Which server did what.
    pub detail: String,
}
