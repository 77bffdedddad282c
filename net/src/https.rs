//! Policies fetched over HTTPS by the rules of RFC 8461 §3.3.
//!
//! One fetch is one request on one connection: no pool, no redirects, no cache, no proxy. Whether
//! the response is a policy is for [`mtasts_core::read_policy`] to say.

mod address;
mod body;
mod certificate;
mod connect;
mod exchange;
mod fetcher;
mod limits;
mod probe;
mod roots;
mod tls;
mod trace;
mod witness;

use mtasts_core::{FetchFailure, TlsFailure};

pub(crate) use address::is_refused;
pub use certificate::CertificateTrace;
pub use exchange::REQUEST_HEADERS;
pub use fetcher::{Fetch, FetchConfig, Fetcher};
pub use hyper::header::HeaderValue;
pub(crate) use roots::server_name;
pub use roots::{TrustError, TrustSources, TrustStore};
pub(crate) use tls::{describe, failure, handshake_error, is_too_old};
pub use trace::{FetchTrace, Phase, TlsTrace};
pub(crate) use witness::Witness;

/// A fetch that failed, and the words on it that people get to read.
#[derive(Debug)]
pub(crate) struct FetchError {
    failure: FetchFailure,
    pub(crate) detail: String,
}

/// Longest detail, in characters.
const MAX_DETAIL: usize = 500;

impl FetchError {
    /// What the policy host sends may be in the detail, so that is made fit for logs.
    fn new(failure: FetchFailure, detail: impl AsRef<str>) -> Self {
        let mut printable = String::new();
        for char in detail.as_ref().chars().take(MAX_DETAIL) {
            match char {
                ' '..='~' => printable.push(char),
                _ => printable.extend(char.escape_default()),
            }
        }
        Self { failure, detail: printable }
    }

    fn tls(failure: TlsFailure, detail: impl AsRef<str>) -> Self {
        Self::new(FetchFailure::Tls(failure), detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_short_and_printable() {
        let hostile = "a\nb\u{202e}c\0".to_owned() + &"x".repeat(1000);
        let error = FetchError::new(FetchFailure::Http, hostile);
        assert!(error.detail.starts_with("a\\nb\\u{202e}c\\u{0}x"), "{}", error.detail);
        assert!(error.detail.len() < 600);
    }
}
