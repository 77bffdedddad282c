//! The fetcher: a policy host in, a response out.

use core::{
    fmt,
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::{Request, header::HeaderValue};
use ipnet::IpNet;
use mtasts_core::{DnsFailure, FetchFailure, Fetched, Response, TlsFailure};
use parking_lot::RwLock;
use rustls::pki_types::ServerName;
use tokio::{
    net::TcpStream,
    time::{self, Instant},
};
use tokio_rustls::TlsConnector;
use tracing::debug;

use super::{
    FetchError, FetchTrace, Phase, TlsTrace, TrustStore,
    address::{interleave, is_refused},
    connect::{Connection, connect},
    exchange::{exchange, request},
    limits::{Lease, Limits},
    roots::server_name,
    tls::{handshake_error, is_too_old},
    trace::Tracer,
};
use crate::dns::Resolver;

/// Most addresses of one policy host that are tried.
const MAX_ADDRESSES: usize = 8;

/// Settings of a [`Fetcher`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchConfig {
    /// The port of policy hosts: 443, for everybody but tests.
    pub port: u16,
    /// How long a TCP connection to one address may take, 10 s by default.
    pub connect_timeout: Duration,
    /// Most fetches under way at one time, 100 by default.
    pub max_concurrent: usize,
    /// Most fetches from one address at one time, 8 by default: many policy hosts share a server.
    pub max_per_address: usize,
    /// Most fetches that wait, first come, first served, 1000 by default. Others fail as `Busy`.
    pub max_waiting: usize,
    /// Networks that may be contacted although they are not on the public Internet.
    pub allow_networks: Vec<IpNet>,
    /// The value of the `User-Agent` field: `mtasts/` and the version by default.
    pub user_agent: HeaderValue,
}

impl Default for FetchConfig {
    fn default() -> Self {
        Self {
            port: 443,
            connect_timeout: Duration::from_secs(10),
            max_concurrent: 100,
            max_per_address: 8,
            max_waiting: 1000,
            allow_networks: Vec::new(),
            user_agent: HeaderValue::from_static(concat!("mtasts/", env!("CARGO_PKG_VERSION"))),
        }
    }
}

/// Fetches policies by the rules of RFC 8461 §3.3. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Fetcher {
    pub(super) inner: Arc<Inner>,
}

/// What came of a fetch.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The response, or why there is none: for the engine.
    pub outcome: Fetched,
    /// How it came about: for people.
    pub trace: FetchTrace,
}

pub(super) struct Inner {
    pub(super) config: FetchConfig,
    resolver: Resolver,
    limits: Limits,
    roots: RwLock<Roots>,
}

/// One request, and who is to answer it.
pub(super) struct Errand {
    name: ServerName<'static>,
    request: Request<Empty<Bytes>>,
    max_bytes: usize,
}

/// Trusted roots, and TLS with them.
#[derive(Clone)]
pub(super) struct Roots {
    pub(super) store: TrustStore,
    pub(super) tls: TlsConnector,
}

/// The protocol that is spoken within TLS.
pub(super) const ALPN: &[u8] = b"http/1.1";

impl Roots {
    fn new(store: TrustStore) -> Self {
        let mut config = store.client_config();
        config.alpn_protocols = vec![ALPN.to_vec()];
        Self { store, tls: Arc::new(config).into() }
    }
}

impl Fetcher {
    /// A fetcher that finds addresses through `resolver` and trusts certificates from `roots`.
    #[must_use]
    pub fn new(config: FetchConfig, resolver: Resolver, roots: TrustStore) -> Self {
        let limits = Limits::new(config.max_concurrent, config.max_waiting, config.max_per_address);
        let roots = RwLock::new(Roots::new(roots));
        Self { inner: Arc::new(Inner { config, resolver, limits, roots }) }
    }

    /// Replaces the trusted roots for handshakes to come. Fetches under way go on.
    pub fn set_roots(&self, roots: TrustStore) {
        *self.inner.roots.write() = Roots::new(roots);
    }

    /// Gets `https://host/path`, of which at most `max_bytes` are read. Ends by the deadline.
    ///
    /// The host's certificate must be valid for `host` by a DNS-ID. Redirects are not followed, the
    /// status and the media type not judged; the body is there only if they are those of a policy.
    /// When the host has several addresses, the first with a TCP connection is the one: what it does
    /// then is the outcome, so that one fetch is one request.
    pub async fn fetch(
        &self,
        host: &str,
        path: &str,
        deadline: Instant,
        max_bytes: usize,
    ) -> Fetch {
        let mut tracer = Tracer::start();
        let fetch = self.inner.fetch(host, path, deadline, max_bytes, &mut tracer);
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# Senders MAY impose a timeout on the HTTPS GET and/or a limit on the maximum size of the
        //# response body
        let outcome = time::timeout_at(deadline, fetch).await;
        Fetch::new(host, outcome.unwrap_or_else(|_| Err(timed_out(&tracer))), tracer)
    }
}

impl Fetch {
    pub(super) fn new(host: &str, outcome: Result<Response, FetchError>, tracer: Tracer) -> Self {
        let trace = tracer.finish();
        match &outcome {
            Ok(Response { status, body, .. }) => {
                debug!(host, status, bytes = body.len(), took = ?trace.total, "fetched");
            }
            Err(FetchError { failure, detail }) => {
                debug!(host, ?failure, detail, took = ?trace.total, "fetch failed");
            }
        }
        let outcome = outcome.map_err(|error| (error.failure, error.detail.into()));
        Self { outcome, trace }
    }
}

pub(super) fn timed_out(tracer: &Tracer) -> FetchError {
    let phase = tracer.trace.phase().unwrap_or(Phase::Waiting);
    let failure = match phase {
        Phase::Waiting => FetchFailure::Busy,
        Phase::Addresses => FetchFailure::Dns(DnsFailure::Timeout),
        Phase::Connect | Phase::Tls | Phase::Response | Phase::Body => FetchFailure::Timeout,
    };
    let detail = match tracer.trace.address {
        Some(address) => format!("the time was over during {phase} ({address})"),
        None if phase == Phase::Connect => {
            let addresses = list(&tracer.trace.addresses);
            format!("the time was over during {phase} (addresses: {addresses})")
        }
        None => format!("the time was over during {phase}"),
    };
    FetchError::new(failure, detail)
}

fn list(addresses: &[IpAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Inner {
    async fn fetch(
        &self,
        host: &str,
        path: &str,
        deadline: Instant,
        max_bytes: usize,
        tracer: &mut Tracer,
    ) -> Result<Response, FetchError> {
        let host = host.strip_suffix('.').unwrap_or(host);
        let errand = self.errand(host, path, max_bytes)?;

        tracer.enter(Phase::Waiting);
        let _place = self.limits.place()?;
        let slot = self.limits.slot().await?;

        tracer.enter(Phase::Addresses);
        let (first, candidates) = self.addresses(host, deadline, tracer).await?;
        let (lease, _slot) = match self.limits.try_lease_any(&candidates) {
            Some(lease) => (lease, slot),
            None => {
                // A server with many policy hosts must not hold up the fetches from others.
                drop(slot);
                tracer.enter(Phase::Waiting);
                let lease = self.limits.lease(first).await?;
                (lease, self.limits.slot().await?)
            }
        };

        tracer.enter(Phase::Connect);
        let connection = self.connect(lease, candidates).await?;
        let Connection { stream, addr, lease: _lease } = connection;
        errand.run(stream, addr, &self.roots(), tracer).await
    }

    pub(super) fn errand(
        &self,
        host: &str,
        path: &str,
        max_bytes: usize,
    ) -> Result<Errand, FetchError> {
        let request = request(host, self.config.port, path, &self.config.user_agent)?;
        //= https://www.rfc-editor.org/rfc/rfc8461#section-8.2
        //# must still present a certificate valid for the Policy Host ("mta-sts.user.example"), and
        //# not for that host at the provider's domain ("mta-sts.provider.example").
        let name = server_name(host).ok_or_else(|| {
            let detail = format!("no certificate can be valid for `{host}`");
            FetchError::tls(TlsFailure::NameMismatch, detail)
        })?;
        Ok(Errand { name, request, max_bytes })
    }

    pub(super) fn roots(&self) -> Roots {
        self.roots.read().clone()
    }

    /// The addresses of the policy host that may be contacted, and the first of them.
    async fn addresses(
        &self,
        host: &str,
        deadline: Instant,
        tracer: &mut Tracer,
    ) -> Result<(IpAddr, Vec<IpAddr>), FetchError> {
        let found = self
            .resolver
            .addresses(host, deadline)
            .await
            .map_err(|error| FetchError::new(FetchFailure::Dns(error.failure), error.detail))?;
        tracer.trace.addresses.clone_from(&found);
        if found.is_empty() {
            let detail = format!("{host} has neither an IPv4 nor an IPv6 address");
            return Err(FetchError::new(FetchFailure::NoAddress, detail));
        }
        let allowed = &self.config.allow_networks;
        let (refused, usable): (Vec<IpAddr>, Vec<IpAddr>) =
            found.into_iter().map(|ip| ip.to_canonical()).partition(|ip| is_refused(*ip, allowed));
        tracer.trace.refused.clone_from(&refused);
        let candidates = interleave(&usable, MAX_ADDRESSES);
        let Some(first) = candidates.first() else {
            let refused = list(&refused);
            let detail = format!("{refused}: not on the public Internet, nor in `allow_networks`");
            return Err(FetchError::new(FetchFailure::AddressRefused, detail));
        };
        Ok((*first, candidates))
    }

    async fn connect(
        &self,
        lease: Lease,
        mut candidates: Vec<IpAddr>,
    ) -> Result<Connection, FetchError> {
        candidates.retain(|address| *address != lease.address());
        let FetchConfig { port, connect_timeout, .. } = self.config;
        connect(lease, candidates, port, connect_timeout, &self.limits).await
    }
}

impl Errand {
    /// Sends the request over a connection to an address, and reads the response.
    pub(super) async fn run(
        self,
        stream: TcpStream,
        addr: SocketAddr,
        roots: &Roots,
        tracer: &mut Tracer,
    ) -> Result<Response, FetchError> {
        let Self { name, request, max_bytes } = self;
        let at_address = |error: FetchError| {
            let detail = format!("{addr}: {}", error.detail);
            FetchError { detail, ..error }
        };
        tracer.trace.address = Some(addr);

        tracer.enter(Phase::Tls);
        //= https://www.rfc-editor.org/rfc/rfc8461#section-7.1
        //# When connecting to an HTTP server to retrieve the MTA-STS Policy, the SNI extension MUST
        //# contain the name of the Policy Host (e.g., "mta-sts.example.com").
        let stream = roots.tls.connect(name, stream).await.map_err(|error| {
            tracer.trace.tls_too_old = is_too_old(&error);
            at_address(handshake_error(&error))
        })?;
        tracer.trace.tls = Some(TlsTrace::new(stream.get_ref().1));

        tracer.enter(Phase::Response);
        exchange(stream, request, max_bytes, tracer).await.map_err(at_address)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").field("config", &self.config).finish_non_exhaustive()
    }
}
