//! A server as the resolver knows it: with its health and its open sessions.

use core::time::Duration;

use mtasts_core::dns::{Answer, Question};
use parking_lot::Mutex;
use rustls::pki_types::ServerName;
use tokio::{net::TcpStream, time::Instant};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tracing::debug;

use super::{
    exchange::{self, ExchangeError},
    server::{Server, Transport},
};

/// How long a server that did not answer is asked after the others.
const AVOIDED: Duration = Duration::from_secs(30);
/// How long a TLS session is kept open for the next query. Servers close idle ones after some
/// seconds (RFC 7766 §6.2.3).
const IDLE: Duration = Duration::from_secs(5);
/// Most sessions kept open for one server.
const MAX_IDLE: usize = 4;

/// A server, and what was learnt of it.
#[derive(Debug)]
pub(super) struct Upstream {
    server: Server,
    avoided_until: Mutex<Option<Instant>>,
    idle: Mutex<Vec<(TlsStream<TcpStream>, Instant)>>,
}

impl Upstream {
    pub(super) fn new(server: Server) -> Self {
        Self { server, avoided_until: Mutex::default(), idle: Mutex::default() }
    }

    pub(super) const fn server(&self) -> &Server {
        &self.server
    }

    pub(super) fn is_avoided(&self, now: Instant) -> bool {
        self.avoided_until.lock().is_some_and(|until| now < until)
    }

    pub(super) fn did_answer(&self) {
        *self.avoided_until.lock() = None;
    }

    pub(super) fn did_not_answer(&self) {
        debug!(server = %self.server, "DNS server does not answer");
        *self.avoided_until.lock() = Instant::now().checked_add(AVOIDED);
    }

    /// Puts a question to the server. The AD bit that remains is to be believed.
    pub(super) async fn ask(
        &self,
        question: &Question,
        tcp: bool,
        tls: Option<&TlsConnector>,
    ) -> Result<Answer, ExchangeError> {
        let addr = self.server.addr;
        let answer = match &self.server.transport {
            Transport::Tls { name } => self.ask_tls(question, name, tls).await,
            Transport::Plain if tcp => exchange::over_tcp(addr, question).await,
            Transport::Plain => match exchange::over_udp(addr, question).await {
                Ok(cut) if cut.is_truncated => exchange::over_tcp(addr, question).await,
                answer => answer,
            },
        };
        let mut answer = answer?;
        answer.is_authentic &= self.server.is_trusted();
        Ok(answer)
    }

    async fn ask_tls(
        &self,
        question: &Question,
        name: &ServerName<'static>,
        tls: Option<&TlsConnector>,
    ) -> Result<Answer, ExchangeError> {
        let answered = |answer: &Result<Answer, ExchangeError>| {
            matches!(answer, Ok(_) | Err(ExchangeError::Rcode(_)))
        };
        if let Some(mut session) = self.idle_session() {
            let answer = exchange::over_stream(&mut session, question).await;
            // Otherwise the server has closed the session meanwhile, as it may.
            if answered(&answer) {
                self.keep(session);
                return answer;
            }
        }
        let connector = tls.ok_or(ExchangeError::NoRoots)?;
        let mut session = exchange::open_tls(self.server.addr, name, connector).await?;
        let answer = exchange::over_stream(&mut session, question).await;
        if answered(&answer) {
            self.keep(session);
        }
        answer
    }

    fn idle_session(&self) -> Option<TlsStream<TcpStream>> {
        let now = Instant::now();
        let mut idle = self.idle.lock();
        idle.retain(|(_, since)| now.saturating_duration_since(*since) < IDLE);
        idle.pop().map(|(session, _)| session)
    }

    fn keep(&self, session: TlsStream<TcpStream>) {
        let mut idle = self.idle.lock();
        if idle.len() < MAX_IDLE {
            idle.push((session, Instant::now()));
        }
    }
}
