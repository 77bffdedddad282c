//! An SMTP server that takes every message and keeps it.

use core::net::SocketAddr;
use std::{
    io,
    sync::{Arc, Mutex},
};

use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::{
    accept::accept,
    background::Background,
    ca::{Ca, Certificate},
    log::Log,
    ports,
};

mod session;

use session::{End, Session};

/// An SMTP server that takes every message and keeps it.
///
/// It offers `PIPELINING`, `8BITMIME`, `SMTPUTF8`, `SIZE` and, unless told otherwise, `STARTTLS`.
/// Clones are the same server, which stops when the last of them is dropped.
#[derive(Clone, Debug)]
pub struct SmtpSink {
    addr: SocketAddr,
    ca: Arc<Ca>,
    shared: Arc<Shared>,
    _background: Arc<Background>,
}

#[derive(Debug)]
struct Shared {
    name: String,
    tls: Mutex<Option<Arc<ServerConfig>>>,
    messages: Log<Message>,
    sessions: Log<()>,
    failed_handshakes: Log<String>,
}

/// Whether a server offers `STARTTLS`, and with which certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartTls {
    /// It does, with this certificate.
    Offered(Certificate),
    /// It does not.
    Absent,
}

/// A message, as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The name that the client gave with `EHLO` or `HELO`.
    pub client: String,
    /// The envelope's sender, empty for a bounce.
    pub sender: String,
    /// The envelope's recipients.
    pub recipients: Vec<String>,
    /// Header and body, with CRLF line ends, and without dot-stuffing.
    pub content: Vec<u8>,
    /// The TLS that the message came over.
    pub tls: Option<Tls>,
}

/// What is known of a session's TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The protocol version, as in `TLSv1_3`.
    pub version: String,
    /// The host that the client named in SNI.
    pub sni: Option<String>,
}

impl SmtpSink {
    pub(super) fn start(
        ca: Arc<Ca>,
        addr: SocketAddr,
        name: &str,
        starttls: &StartTls,
    ) -> io::Result<Self> {
        let listener = ports::listen(addr)?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared {
            name: name.into(),
            tls: Mutex::default(),
            messages: Log::default(),
            sessions: Log::default(),
            failed_handshakes: Log::default(),
        });
        let background = Background::start("smtp");
        let serving = Arc::clone(&shared);
        background.spawn(accept(listener, move |stream, _| serve(stream, Arc::clone(&serving))));
        let sink = Self { addr, ca, shared, _background: Arc::new(background) };
        sink.set_starttls(starttls);
        Ok(sink)
    }

    /// Where the server listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Sets what is offered to sessions that begin from now on.
    pub fn set_starttls(&self, starttls: &StartTls) {
        let tls = match starttls {
            StartTls::Offered(certificate) => {
                Some(Arc::new(self.ca.server_config(certificate, &self.shared.name)))
            }
            StartTls::Absent => None,
        };
        *self.shared.tls.lock().expect("nobody panics in between") = tls;
    }

    /// The messages that have come, in order.
    pub fn messages(&self) -> Vec<Message> {
        self.shared.messages.all()
    }

    /// Waits until `count` messages in all have come.
    pub async fn wait_for_messages(&self, count: usize) -> Vec<Message> {
        self.shared.messages.wait_for(count, |_| true).await;
        self.messages()
    }

    /// Waits until a message has come, and returns the first.
    pub async fn wait_for_message(&self) -> Message {
        self.wait_for_messages(1).await.swap_remove(0)
    }

    /// How many sessions have begun.
    pub fn sessions(&self) -> usize {
        self.shared.sessions.count(|()| true)
    }

    /// Waits until `count` sessions in all have begun.
    pub async fn wait_for_sessions(&self, count: usize) {
        self.shared.sessions.wait_for(count, |()| true).await;
    }

    /// Why TLS handshakes have failed, in order. A client that does not like the certificate says
    /// so with an alert.
    pub fn failed_handshakes(&self) -> Vec<String> {
        self.shared.failed_handshakes.all()
    }

    /// Waits until `count` TLS handshakes in all have failed.
    pub async fn wait_for_failed_handshakes(&self, count: usize) -> Vec<String> {
        self.shared.failed_handshakes.wait_for(count, |_| true).await;
        self.failed_handshakes()
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let tls = shared.tls.lock().expect("nobody panics in between").clone();
    shared.sessions.push(());
    let mut session = Session::new(&shared.name, &shared.messages, tls.is_some());
    let (End::StartTls(stream), Some(tls)) = (session.greet(stream).await?, tls) else {
        return Ok(());
    };
    let stream = match TlsAcceptor::from(tls).accept(stream).await {
        Ok(stream) => stream,
        Err(error) => {
            shared.failed_handshakes.push(error.to_string());
            return Err(error);
        }
    };
    let (_, connection) = stream.get_ref();
    let version = connection.protocol_version();
    let tls = Tls {
        version: version.map(|version| format!("{version:?}")).unwrap_or_default(),
        sni: connection.server_name().map(ToOwned::to_owned),
    };
    session.secured(stream, tls).await
}
