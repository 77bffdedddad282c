//! What happened in a fetch, for people who want to know.

use core::{
    fmt,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use rustls::ClientConnection;
use tokio::time::Instant;

use super::CertificateTrace;

/// What happened in a fetch, as far as it got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchTrace {
    /// The addresses that DNS has given for the policy host.
    pub addresses: Vec<IpAddr>,
    /// Those of them that must not be contacted.
    pub refused: Vec<IpAddr>,
    /// The address that a connection was made to.
    pub address: Option<SocketAddr>,
    /// The TLS session.
    pub tls: Option<TlsTrace>,
    /// The certificate that was refused, if it was [probed](super::Fetcher::probe) for.
    pub refused_certificate: Option<CertificateTrace>,
    /// Whether there is no TLS session because the server speaks no TLS 1.2 or newer.
    pub tls_too_old: bool,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The header fields of the response, names in lower case. What is not UTF-8 is replaced.
    pub headers: Vec<(String, String)>,
    /// When each phase began, counted from the start. The last one is the one in which the fetch
    /// ended.
    pub phases: Vec<(Phase, Duration)>,
    /// How long the fetch took.
    pub total: Duration,
}

/// A TLS session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsTrace {
    /// The version of the protocol, such as `TLSv1.3`.
    pub version: String,
    /// The cipher suite, such as `TLS13_AES_256_GCM_SHA384`.
    pub cipher_suite: String,
    /// The server's certificate.
    pub certificate: CertificateTrace,
}

/// A part of a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Waiting for other fetches to end.
    Waiting,
    /// Looking up the policy host's addresses.
    Addresses,
    /// Making a TCP connection.
    Connect,
    /// The TLS handshake.
    Tls,
    /// From the request to the head of the response.
    Response,
    /// Reading the body.
    Body,
}

impl FetchTrace {
    /// The phase in which the fetch is or has ended.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.phases.last().map(|(phase, _)| *phase)
    }

    /// How long a phase took: nothing, if the fetch did not get there. For [`Phase::Response`] it is
    /// the time to the first byte.
    #[must_use]
    pub fn duration(&self, phase: Phase) -> Option<Duration> {
        let ends = self.phases.iter().skip(1).map(|(_, start)| *start).chain([self.total]);
        let parts = self.phases.iter().zip(ends);
        let mut parts = parts.filter(|((other, _), _)| *other == phase);
        let ((_, start), end) = parts.next()?;
        let rest = parts.map(|((_, start), end)| end.saturating_sub(*start));
        Some(rest.fold(end.saturating_sub(*start), Duration::saturating_add))
    }
}

/// A trace in the making.
#[derive(Debug)]
pub(super) struct Tracer {
    pub(super) trace: FetchTrace,
    start: Instant,
}

impl Tracer {
    pub(super) fn start() -> Self {
        Self { trace: FetchTrace::default(), start: Instant::now() }
    }

    pub(super) fn enter(&mut self, phase: Phase) {
        self.trace.phases.push((phase, self.start.elapsed()));
    }

    pub(super) fn finish(mut self) -> FetchTrace {
        self.trace.total = self.start.elapsed();
        self.trace
    }
}

impl TlsTrace {
    pub(crate) fn new(session: &ClientConnection) -> Self {
        let version = session.protocol_version().map(|version| format!("{version:?}"));
        let suite = session.negotiated_cipher_suite();
        let suite = suite.map(|suite| format!("{:?}", suite.suite()));
        let certificates = session.peer_certificates().unwrap_or_default();
        Self {
            version: version.map(|version| version.replace('_', ".")).unwrap_or_default(),
            cipher_suite: suite.unwrap_or_default(),
            certificate: CertificateTrace::new(certificates),
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waiting for other fetches to end",
            Self::Addresses => "looking up the policy host's addresses",
            Self::Connect => "making a connection",
            Self::Tls => "the TLS handshake",
            Self::Response => "waiting for the response",
            Self::Body => "reading the body",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_last_until_the_next_one_begins() {
        let seconds = Duration::from_secs;
        let trace = FetchTrace {
            phases: vec![
                (Phase::Waiting, seconds(0)),
                (Phase::Addresses, seconds(1)),
                (Phase::Waiting, seconds(3)),
                (Phase::Connect, seconds(7)),
            ],
            total: seconds(15),
            ..FetchTrace::default()
        };
        assert_eq!(trace.duration(Phase::Waiting), Some(seconds(5)));
        assert_eq!(trace.duration(Phase::Addresses), Some(seconds(2)));
        assert_eq!(trace.duration(Phase::Connect), Some(seconds(8)));
        assert_eq!(trace.duration(Phase::Tls), None);
        assert_eq!(trace.phase(), Some(Phase::Connect));
    }
}
