//! What an MX host shows to a sender: whether it offers STARTTLS, and with which certificate.
//!
//! A probe says EHLO, STARTTLS, EHLO and QUIT. It never begins a message.

use core::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use mtasts_core::{CertOutcome, TlsFailure};
use rustls::pki_types::ServerName;
use tokio::{
    net::TcpStream,
    time::{self, Instant},
};
use tokio_rustls::TlsConnector;

use crate::https::{
    CertificateTrace, TlsTrace, TrustStore, Witness, describe, failure, handshake_error,
    is_refused, is_too_old, server_name,
};

mod reply;
mod session;

use session::{Session, Unusable};

/// The port of MX hosts.
pub const SMTP_PORT: u16 = 25;

/// Most addresses of one MX host that are tried.
const MAX_ADDRESSES: usize = 4;

/// Looks at MX hosts. Clones are the same one.
#[derive(Clone, Debug)]
pub struct SmtpProbe {
    roots: TrustStore,
    port: u16,
    allow_networks: Arc<[IpNet]>,
}

/// What an MX host showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpTrace {
    /// The address that a connection was made to.
    pub address: SocketAddr,
    /// The text of the greeting, made fit for terminals.
    pub greeting: String,
    /// Whether STARTTLS is offered.
    pub starttls: bool,
    /// What came of STARTTLS, if it is offered.
    pub tls: Option<SmtpTls>,
}

/// What came of STARTTLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpTls {
    /// What the certificate is worth, judged as in a delivery under an enforced policy
    /// (RFC 8461 §4.2). `Invalid` also if there is no TLS session for another reason.
    pub outcome: CertOutcome,
    /// What is wrong, in words; empty if nothing is.
    pub detail: String,
    /// The certificate, accepted or not.
    pub certificate: Option<CertificateTrace>,
    /// The session, which is made with any certificate.
    pub session: Option<TlsTrace>,
    /// Whether there is no session because the host speaks no TLS 1.2 or newer.
    pub is_too_old: bool,
}

/// Why an MX host showed nothing: there is no SMTP session with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SmtpError(String);

impl SmtpProbe {
    /// A probe that judges certificates by `roots`, and connects to addresses on the public Internet
    /// and in `allow_networks`. `port` is [`SMTP_PORT`] for everybody but tests.
    #[must_use]
    pub fn new(roots: TrustStore, port: u16, allow_networks: &[IpNet]) -> Self {
        Self { roots, port, allow_networks: allow_networks.into() }
    }

    /// Talks to the MX host `host` at the first of the addresses that takes a connection. Ends by
    /// the deadline.
    ///
    /// # Errors
    ///
    /// When there is no SMTP session: says what happened at each address.
    pub async fn probe(
        &self,
        host: &str,
        addresses: &[IpAddr],
        deadline: Instant,
    ) -> Result<SmtpTrace, SmtpError> {
        let name = server_name(host)
            .ok_or_else(|| SmtpError(format!("no certificate can be valid for `{host}`")))?;
        if addresses.is_empty() {
            return Err(SmtpError(format!("{host} has neither an IPv4 nor an IPv6 address")));
        }
        let mut errors = Vec::new();
        for (index, address) in addresses.iter().take(MAX_ADDRESSES).enumerate() {
            let left = addresses.len().min(MAX_ADDRESSES).saturating_sub(index);
            match self.connect(*address, share(deadline, left)).await {
                Ok(stream) => return self.talk(stream, *address, name, deadline).await,
                Err(error) => errors.push(error),
            }
        }
        Err(SmtpError(errors.join("; ")))
    }

    async fn connect(&self, address: IpAddr, until: Instant) -> Result<TcpStream, String> {
        if is_refused(address, &self.allow_networks) {
            return Err(format!("{address}: not on the public Internet, nor in `allow_networks`"));
        }
        let addr = SocketAddr::new(address, self.port);
        match time::timeout_at(until, TcpStream::connect(addr)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(format!("{addr}: {error}")),
            Err(_) => Err(format!("{addr}: no answer in time")),
        }
    }

    async fn talk(
        &self,
        stream: TcpStream,
        address: IpAddr,
        name: ServerName<'static>,
        deadline: Instant,
    ) -> Result<SmtpTrace, SmtpError> {
        let addr = SocketAddr::new(address, self.port);
        let unusable = |error: Unusable| SmtpError(format!("{addr}: {error}"));
        let client = client_name(&stream);
        let mut session = Session::new(stream, deadline);
        let greeting = session.greeting().await.map_err(unusable)?;
        let starttls = session.hello(&client).await.map_err(unusable)?.offers("STARTTLS");
        let mut trace = SmtpTrace { address: addr, greeting, starttls, tls: None };
        if starttls {
            trace.tls = Some(self.start_tls(session, &client, name, deadline).await);
        } else {
            session.quit().await;
        }
        Ok(trace)
    }

    async fn start_tls(
        &self,
        mut session: Session<TcpStream>,
        client: &str,
        name: ServerName<'static>,
        deadline: Instant,
    ) -> SmtpTls {
        let stream = match session.start_tls().await {
            Ok(()) => session.into_inner(),
            Err(error) => return SmtpTls::failed(error.to_string()),
        };
        let witness = Witness::lenient(&self.roots);
        let connector = TlsConnector::from(Arc::new(witness.watch(&self.roots)));
        let stream = match time::timeout_at(deadline, connector.connect(name, stream)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                let is_too_old = is_too_old(&error);
                return SmtpTls { is_too_old, ..SmtpTls::failed(handshake_error(&error).detail) };
            }
            Err(_) => return SmtpTls::failed("the TLS handshake did not end in time".into()),
        };
        let mut tls = SmtpTls {
            outcome: CertOutcome::Valid,
            detail: String::new(),
            certificate: None,
            session: Some(TlsTrace::new(stream.get_ref().1)),
            is_too_old: false,
        };
        if let Some(seen) = witness.seen() {
            tls.certificate = Some(seen.certificate);
            if let Err(error) = &seen.verdict {
                tls.outcome = outcome(failure(error));
                tls.detail = describe(error);
            }
        }
        let mut session = Session::new(stream, deadline);
        // A server may turn clients away when for these the handshake is over.
        match session.hello(client).await {
            Ok(_) => session.quit().await,
            Err(error) if tls.outcome == CertOutcome::Valid => {
                tls.outcome = CertOutcome::Invalid;
                tls.detail = format!("within TLS: {error}");
            }
            Err(_) => {}
        }
        tls
    }
}

impl SmtpTls {
    const fn failed(detail: String) -> Self {
        let outcome = CertOutcome::Invalid;
        Self { outcome, detail, certificate: None, session: None, is_too_old: false }
    }
}

const fn outcome(failure: TlsFailure) -> CertOutcome {
    match failure {
        TlsFailure::NameMismatch => CertOutcome::NameMismatch,
        TlsFailure::Expired => CertOutcome::Expired,
        TlsFailure::Untrusted => CertOutcome::Untrusted,
        TlsFailure::NotYetValid | TlsFailure::BadCertificate | TlsFailure::Handshake => {
            CertOutcome::Invalid
        }
    }
}

/// The end of the first of so many equal parts of the time that is left.
fn share(deadline: Instant, parts: usize) -> Instant {
    let now = Instant::now();
    let left = deadline.saturating_duration_since(now);
    let part = u32::try_from(parts).ok().and_then(|parts| left.checked_div(parts));
    part.and_then(|part| now.checked_add(part)).unwrap_or(deadline)
}

/// How the client introduces itself: by its address, since it is no mail server (RFC 5321 §4.1.3).
fn client_name(stream: &TcpStream) -> String {
    match stream.local_addr().map(|addr| addr.ip().to_canonical()) {
        Ok(IpAddr::V4(address)) => format!("[{address}]"),
        Ok(IpAddr::V6(address)) => format!("[IPv6:{address}]"),
        Err(_) => "[127.0.0.1]".into(),
    }
}
