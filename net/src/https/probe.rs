//! One address of a policy host looked at by itself.

use core::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use mtasts_core::{FetchFailure, Response};
use tokio::{
    net::TcpStream,
    time::{self, Instant},
};

use super::{
    Fetch, FetchError, Fetcher, Phase, Witness,
    address::is_refused,
    fetcher::{ALPN, Inner, Roots, timed_out},
    trace::Tracer,
};

impl Fetcher {
    /// Gets `https://host/path` from one address: as [`fetch`](Self::fetch), but without asking DNS
    /// and without waiting for other fetches. The trace has the certificate also if it is refused.
    ///
    /// It is for people who look at their own policy host, not for deliveries.
    pub async fn probe(
        &self,
        host: &str,
        path: &str,
        address: IpAddr,
        deadline: Instant,
        max_bytes: usize,
    ) -> Fetch {
        let mut tracer = Tracer::start();
        tracer.trace.addresses.push(address);
        let host = host.strip_suffix('.').unwrap_or(host);
        let probe = self.inner.probe(host, path, address, max_bytes, &mut tracer);
        let outcome = time::timeout_at(deadline, probe).await;
        Fetch::new(host, outcome.unwrap_or_else(|_| Err(timed_out(&tracer))), tracer)
    }
}

impl Inner {
    async fn probe(
        &self,
        host: &str,
        path: &str,
        address: IpAddr,
        max_bytes: usize,
        tracer: &mut Tracer,
    ) -> Result<Response, FetchError> {
        let errand = self.errand(host, path, max_bytes)?;
        if is_refused(address, &self.config.allow_networks) {
            tracer.trace.refused.push(address);
            let detail = format!("{address}: not on the public Internet, nor in `allow_networks`");
            return Err(FetchError::new(FetchFailure::AddressRefused, detail));
        }

        tracer.enter(Phase::Connect);
        let addr = SocketAddr::new(address, self.config.port);
        let connect = time::timeout(self.config.connect_timeout, TcpStream::connect(addr)).await;
        let no_connection =
            |why: String| FetchError::new(FetchFailure::Connect, format!("{addr}: {why}"));
        let stream = connect
            .map_err(|_| {
                no_connection(format!("no answer within {:?}", self.config.connect_timeout))
            })?
            .map_err(|error| no_connection(error.to_string()))?;

        let Roots { store, .. } = self.roots();
        let witness = Witness::strict(&store);
        let mut config = witness.watch(&store);
        config.alpn_protocols = vec![ALPN.to_vec()];
        let watched = Roots { store, tls: Arc::new(config).into() };
        let outcome = errand.run(stream, addr, &watched, tracer).await;
        if let Some(seen) = witness.seen().filter(|seen| seen.verdict.is_err()) {
            tracer.trace.refused_certificate = Some(seen.certificate);
        }
        outcome
    }
}
