//! DNS over TLS.

use core::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use std::sync::Arc;

use mtasts_core::{
    DnsFailure,
    dns::{Question, RecordType},
};
use mtasts_net::{
    dns::{DnsConfig, Resolver, Servers},
    https::TrustStore,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use testkit::{answers::DnsAnswer, world::DnsServer};
use tokio::{
    io,
    net::{TcpListener, TcpStream},
    time::{self, Instant},
};
use tokio_rustls::TlsAcceptor;

use crate::{NAME, far};

/// A server of DNS over TLS with a certificate for `dns.example` and 127.0.0.1, which hands on what
/// comes in to a plain one.
struct DotServer {
    addr: SocketAddr,
    dns: DnsServer,
    roots: TrustStore,
    sessions: Arc<AtomicUsize>,
}

impl DotServer {
    /// Closes each session after a while, if there is one given.
    async fn start(lifetime: Option<Duration>) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names = ["dns.example", "127.0.0.1"].map(String::from);
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &ca).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();

        let dns = DnsServer::start();
        dns.set(NAME, DnsAnswer::txt("v=STSv1; id=1;"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            addr: listener.local_addr().unwrap(),
            dns: dns.clone(),
            roots: TrustStore::from_pem("test CA", ca.pem().as_bytes()).unwrap(),
            sessions: Arc::default(),
        };
        let sessions = Arc::clone(&server.sessions);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, dns, sessions) = (acceptor.clone(), dns.addr(), sessions.clone());
                tokio::spawn(async move {
                    let mut stream = acceptor.accept(stream).await?;
                    sessions.fetch_add(1, Ordering::Relaxed);
                    let mut plain = TcpStream::connect(dns).await?;
                    let copy = io::copy_bidirectional(&mut stream, &mut plain);
                    time::timeout(lifetime.unwrap_or(Duration::MAX), copy).await??;
                    io::Result::Ok(())
                });
            }
        });
        server
    }

    fn resolver(&self, server: &str) -> Resolver {
        resolver(server, Some(self.roots.clone()))
    }
}

fn resolver(server: &str, roots: Option<TrustStore>) -> Resolver {
    let servers = Servers::Named(vec![server.parse().unwrap()]);
    Resolver::new(DnsConfig { servers, roots, ..DnsConfig::default() })
}

#[tokio::test]
async fn the_servers_name_is_verified() {
    let server = DotServer::start(None).await;
    let right = server.resolver(&format!("tls://{}#dns.example", server.addr));
    assert_eq!(right.txt(NAME, far()).await.unwrap().records, [b"v=STSv1; id=1;"]);

    let wrong = server.resolver(&format!("tls://{}#other.example", server.addr));
    let error = wrong.txt(NAME, far()).await.unwrap_err();
    assert_eq!(error.failure, DnsFailure::Other);
    assert!(error.detail.contains("is for dns.example, not for other.example"), "{error}");
}

#[tokio::test]
async fn without_a_name_the_address_is_verified() {
    let server = DotServer::start(None).await;
    let right = server.resolver(&format!("tls://{}", server.addr));
    right.txt(NAME, far()).await.unwrap();

    let other_address = format!("tls://127.0.0.2:{}", server.addr.port());
    assert!(server.resolver(&other_address).txt(NAME, far()).await.is_err());
}

#[tokio::test]
async fn the_issuer_is_verified() {
    let (server, other) = (DotServer::start(None).await, DotServer::start(None).await);
    let resolver = other.resolver(&format!("tls://{}#dns.example", server.addr));
    let error = resolver.txt(NAME, far()).await.unwrap_err();
    assert_eq!(error.failure, DnsFailure::Other);
}

#[tokio::test]
async fn ad_is_believed_over_tls() {
    let server = DotServer::start(None).await;
    server.dns.set_authenticated(true);
    let resolver = server.resolver(&format!("tls://{}#dns.example", server.addr));
    let question = Question::new(NAME, RecordType::Txt).unwrap();
    assert!(resolver.query(&question, far()).await.unwrap().is_authentic);
}

#[tokio::test]
async fn a_session_serves_several_queries() {
    let server = DotServer::start(None).await;
    let resolver = server.resolver(&format!("tls://{}#dns.example", server.addr));
    for _ in 0..3 {
        resolver.txt(NAME, far()).await.unwrap();
    }
    assert_eq!(server.sessions.load(Ordering::Relaxed), 1);
    assert_eq!(server.dns.queries(NAME), 3);
}

#[tokio::test]
async fn a_session_that_the_server_has_closed_is_replaced() {
    let server = DotServer::start(Some(Duration::from_millis(100))).await;
    let resolver = server.resolver(&format!("tls://{}#dns.example", server.addr));
    let start = Instant::now();
    while server.sessions.load(Ordering::Relaxed) < 3 {
        resolver.txt(NAME, far()).await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(10), "sessions are never closed");
    }
}

#[tokio::test]
async fn a_server_that_does_not_shake_hands_does_not_outlast_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = DotServer::start(None).await;
    let silent = format!("tls://{}", listener.local_addr().unwrap());
    let start = Instant::now();
    let deadline = start + Duration::from_millis(100);
    let error = server.resolver(&silent).txt(NAME, deadline).await.unwrap_err();
    assert_eq!(error.failure, DnsFailure::Timeout);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn without_trusted_certificates_it_says_so() {
    let server = DotServer::start(None).await;
    let resolver = resolver(&format!("tls://{}", server.addr), None);
    let error = resolver.txt(NAME, far()).await.unwrap_err();
    assert!(error.detail.contains("no trusted certificates"), "{error}");
}
