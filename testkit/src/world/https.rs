//! An HTTPS server that does for each host what it is told.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::{io, net::TcpStream};
use tokio_rustls::{LazyConfigAcceptor, rustls::server::Acceptor};

use super::{
    accept::accept,
    background::Background,
    ca::{Ca, Certificate},
    log::Log,
    ports,
};

mod handshake;
mod reply;
mod request;
mod script;
mod site;

pub use handshake::HandshakeFault;
pub use reply::Reply;
pub use request::Request;
pub use script::Script;
pub use site::Site;

/// Where a domain's policy is found (RFC 8461 §3.3).
pub const POLICY_PATH: &str = "/.well-known/mta-sts.txt";

/// An HTTPS server on one free port of 127.0.0.1 and ::1.
///
/// The host is the one named in SNI. A client that names none, or one that nothing was set for, is
/// turned away with the alert `unrecognized_name`. GET requests for [`POLICY_PATH`] are answered
/// with the host's script, others with 404. A connection serves one request, over HTTP/1.1.
#[derive(Clone, Debug)]
pub(super) struct HttpsServer {
    port: u16,
    shared: Arc<Shared>,
    _background: Arc<Background>,
}

#[derive(Debug, Default)]
struct Shared {
    sites: Mutex<BTreeMap<String, Served>>,
    connections: Log<String>,
    requests: Log<Request>,
}

/// A site, with all that its handshake needs.
#[derive(Clone, Debug)]
struct Served {
    tls: Result<Arc<ServerConfig>, HandshakeFault>,
    script: Script,
}

impl HttpsServer {
    pub(super) fn start() -> Self {
        let background = Background::start("https");
        let (v4, v6) = ports::ipv4_and_ipv6();
        let port = v4.local_addr().expect("the listener is bound").port();
        let shared = Arc::new(Shared::default());
        for listener in [v4, v6] {
            let shared = Arc::clone(&shared);
            background.spawn(accept(listener, move |stream, _| serve(stream, Arc::clone(&shared))));
        }
        Self { port, shared, _background: Arc::new(background) }
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn set(&self, ca: &Ca, host: &str, site: Site) {
        let host = normal(host);
        let Site { handshake, versions, .. } = site;
        let tls =
            handshake.map(|certificate| Arc::new(tls_config(ca, &certificate, &host, versions)));
        let served = Served { tls, script: site.script };
        self.shared.sites.lock().expect("nobody panics in between").insert(host, served);
    }

    pub(super) fn connections(&self, host: &str) -> usize {
        let host = normal(host);
        self.shared.connections.count(|sni| *sni == host)
    }

    pub(super) fn requests(&self, host: &str) -> Vec<Request> {
        let host = normal(host);
        self.shared.requests.select(|request| request.sni == host)
    }

    pub(super) async fn wait_for_connections(&self, host: &str, count: usize) {
        let host = normal(host);
        self.shared.connections.wait_for(count, |sni| *sni == host).await;
    }

    pub(super) async fn wait_for_requests(&self, host: &str, count: usize) {
        let host = normal(host);
        let wanted = |request: &Request| request.sni == host;
        self.shared.requests.wait_for(count, wanted).await;
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let sni = start.client_hello().server_name().map(normal).unwrap_or_default();
    // The site is looked up before the log tells the test, which may then set another.
    let served = shared.sites.lock().expect("nobody panics in between").get(&sni).cloned();
    shared.connections.push(sni.clone());
    let Some(Served { tls, script }) = served else {
        return handshake::refuse(start.io, handshake::UNRECOGNIZED_NAME).await;
    };
    let mut stream = match tls {
        Ok(tls) => start.into_stream(tls).await?,
        Err(fault) => return fault.play(start.io).await,
    };
    let request = Request::read(&mut stream, sni).await?;
    let is_for_policy = request.is_for_policy();
    shared.requests.push(request);
    let script = if is_for_policy { script } else { Reply::new(404).into() };
    script.play(stream).await
}

fn tls_config(
    ca: &Ca,
    certificate: &Certificate,
    host: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> ServerConfig {
    let mut config = ca.server_config_with(certificate, host, versions);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// A host name as sites are known by.
fn normal(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}
