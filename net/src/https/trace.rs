//! What happened in a fetch, for people who want to know.

use core::{
    fmt,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use mtasts_core::UnixMillis;
use rustls::{
    ClientConnection,
    client::danger::ServerCertVerifier as _,
    pki_types::{CertificateDer, UnixTime},
};
use tokio::time::Instant;

use super::{TrustStore, tls};

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
    /// The HTTP status.
    pub status: Option<u16>,
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
    /// The policy host's certificate.
    pub certificate: CertificateTrace,
}

/// A certificate that was accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateTrace {
    /// Its DNS-IDs, in lower case or not, wildcards included.
    pub names: Vec<String>,
    /// Its last moment.
    pub not_after: Option<UnixMillis>,
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
    pub(super) fn new(session: &ClientConnection, roots: &TrustStore) -> Self {
        let version = session.protocol_version().map(|version| format!("{version:?}"));
        let suite = session.negotiated_cipher_suite();
        let suite = suite.map(|suite| format!("{:?}", suite.suite()));
        let certificates = session.peer_certificates().unwrap_or_default();
        let certificate = certificates.first().map(|leaf| CertificateTrace::new(leaf, roots));
        Self {
            version: version.map(|version| version.replace('_', ".")).unwrap_or_default(),
            cipher_suite: suite.unwrap_or_default(),
            certificate: certificate.unwrap_or_default(),
        }
    }
}

impl CertificateTrace {
    fn new(leaf: &CertificateDer<'_>, roots: &TrustStore) -> Self {
        let parsed = webpki::EndEntityCert::try_from(leaf).ok();
        let names = parsed.iter().flat_map(|parsed| parsed.valid_dns_names());
        Self { names: names.map(ToOwned::to_owned).collect(), not_after: not_after(leaf, roots) }
    }
}

/// The end of a certificate's validity. The verifier looks at it first and says it when asked about
/// a time that no certificate lives to see.
fn not_after(leaf: &CertificateDer<'_>, roots: &TrustStore) -> Option<UnixMillis> {
    let never = UnixTime::since_unix_epoch(Duration::from_secs(u64::MAX));
    let name = "certificate.invalid".try_into().ok()?;
    let verdict = roots.verifier().verify_server_cert(leaf, &[], &name, &[], never);
    tls::not_after(&verdict.err()?).map(|time| UnixMillis::from_secs(time.as_secs()))
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
