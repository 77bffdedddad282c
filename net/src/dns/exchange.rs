//! One question put to one server over one transport.

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::io;

use mtasts_core::{
    DnsFailure,
    dns::{Answer, DecodeError, InvalidName, Question, Rcode},
};
use rand::{TryRng as _, rngs::SysRng};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::https::handshake_error;

/// Room for UDP answers that are larger than was asked for.
const UDP_BUFFER: usize = 4096;

/// Why a server's answer is not to be had, or no use.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    /// Nothing can be sent or received.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// There is no TLS session, for the reason told.
    #[error("{0}")]
    Tls(String),
    /// The server's answer has a response code that is no answer to the question.
    #[error("it answered {0}")]
    Rcode(Rcode),
    #[error("its answer cannot be read")]
    Malformed,
    #[error("its answer over TCP is cut short")]
    Truncated,
    #[error("there are no trusted certificates for DNS over TLS")]
    NoRoots,
    #[error(transparent)]
    Name(#[from] InvalidName),
}

impl ExchangeError {
    pub(super) fn failure(&self) -> DnsFailure {
        match self {
            Self::Rcode(rcode) => rcode.check().err().unwrap_or(DnsFailure::Other),
            Self::Io(_)
            | Self::Tls(_)
            | Self::Malformed
            | Self::Truncated
            | Self::NoRoots
            | Self::Name(_) => DnsFailure::Other,
        }
    }

    /// Whether the server itself seems to be out of order, whatever the question.
    pub(super) const fn is_servers_own(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Tls(_) | Self::Malformed | Self::Truncated)
    }
}

/// Asks over UDP, from a port that the system chooses at random.
pub(super) async fn over_udp(
    server: SocketAddr,
    question: &Question,
) -> Result<Answer, ExchangeError> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any).await?;
    // A connected socket is told that nobody listens, and takes datagrams from nobody else.
    socket.connect(server).await?;
    let server = socket.peer_addr()?;
    let id = random_id()?;
    match over_socket(&socket, server, question, id, &question.encode(id)).await {
        // It may be too old for EDNS (RFC 6891 §7).
        Err(ExchangeError::Rcode(FORMERR | NOTIMP)) => {
            let id = random_id()?;
            over_socket(&socket, server, question, id, &question.encode_without_edns(id)).await
        }
        outcome => outcome,
    }
}

const FORMERR: Rcode = Rcode::Other(1);
const NOTIMP: Rcode = Rcode::Other(4);

async fn over_socket(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &Question,
    id: u16,
    query: &[u8],
) -> Result<Answer, ExchangeError> {
    socket.send(query).await?;
    let mut buffer = vec![0; UDP_BUFFER];
    loop {
        let (length, from) = socket.recv_from(&mut buffer).await?;
        // What came between binding and connecting may be from anybody.
        if from != server {
            continue;
        }
        if let Some(answer) = read(question, id, buffer.get(..length).unwrap_or_default()) {
            return answer;
        }
    }
}

/// Asks over TCP.
pub(super) async fn over_tcp(
    server: SocketAddr,
    question: &Question,
) -> Result<Answer, ExchangeError> {
    let mut stream = TcpStream::connect(server).await?;
    over_stream(&mut stream, question).await
}

/// Opens a session for [`over_stream`] with a server of DNS over TLS.
pub(super) async fn open_tls(
    server: SocketAddr,
    name: &ServerName<'static>,
    connector: &TlsConnector,
) -> Result<TlsStream<TcpStream>, ExchangeError> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let session = connector.connect(name.clone(), stream).await;
    session.map_err(|error| ExchangeError::Tls(handshake_error(&error).detail))
}

/// Asks over a stream, where each message follows its length (RFC 1035 §4.2.2).
pub(super) async fn over_stream(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    question: &Question,
) -> Result<Answer, ExchangeError> {
    let id = random_id()?;
    let query = question.encode(id);
    let length = u16::try_from(query.len()).map_err(|_| InvalidName)?;
    // In one piece: some servers do not put together what comes in two (RFC 7766 §8).
    stream.write_all(&[length.to_be_bytes().as_slice(), &query].concat()).await?;
    stream.flush().await?;
    loop {
        let length = stream.read_u16().await?;
        let mut message = vec![0; length.into()];
        stream.read_exact(&mut message).await?;
        match read(question, id, &message) {
            None => {}
            Some(Ok(answer)) if answer.is_truncated => return Err(ExchangeError::Truncated),
            Some(answer) => return answer,
        }
    }
}

/// Reads a message, which may not be an answer to this query: then there is nothing.
fn read(question: &Question, id: u16, message: &[u8]) -> Option<Result<Answer, ExchangeError>> {
    match question.decode(id, message) {
        Err(DecodeError::NotOurs) => None,
        Err(DecodeError::Malformed) => Some(Err(ExchangeError::Malformed)),
        Ok(answer) if answer.is_truncated => Some(Ok(answer)),
        Ok(answer) => Some(match answer.rcode.check() {
            Ok(()) => Ok(answer),
            Err(_) => Err(ExchangeError::Rcode(answer.rcode)),
        }),
    }
}

/// An id that others cannot guess.
fn random_id() -> io::Result<u16> {
    let mut id = [0; 2];
    SysRng.try_fill_bytes(&mut id).map_err(io::Error::other)?;
    Ok(u16::from_be_bytes(id))
}
