//! The client.

use core::time::Duration;
use std::{io, time::Instant};

use crate::{
    Address, Answer, AnswerError, Decoder, Frame, Malformed, Reply, ReplyError,
    connection::Connection, push_netstring,
};

/// Asks the daemon at an address.
///
/// Each question is a connection of its own, so a client may be used from several threads and after
/// a fork, and a daemon that was restarted in between is not noticed.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
    timeout: Duration,
}

/// Why there is no answer. To an MTA each means: hold the mail and ask again later.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The daemon cannot be reached.
    #[error("the daemon at {address} cannot be reached")]
    Connect {
        /// Where it should be.
        address: Address,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// The connection broke, or the time was up.
    #[error("the daemon at {address} does not answer")]
    Exchange {
        /// Where it is.
        address: Address,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// It closed the connection without a reply.
    #[error("the daemon closed the connection without a reply")]
    Closed,
    /// What it sent is no netstring.
    #[error("what answers there does not speak socketmap: {0}")]
    Malformed(#[from] Malformed),
    /// Its reply is longer than a reply may be.
    #[error("the reply has {0} octets")]
    TooLong(usize),
    /// Its reply is not UTF-8.
    #[error("the reply is no text")]
    NotText,
    /// Its reply is none of the protocol's.
    #[error(transparent)]
    Reply(#[from] ReplyError),
    /// It cannot say at the moment.
    #[error("the daemon cannot say at the moment: {0}")]
    Temporary(String),
    /// It refuses the question.
    #[error("the daemon refuses the question: {0}")]
    Refused(String),
    /// Its reply cannot be understood: it is another version, or no mtasts daemon.
    #[error("the reply of the daemon cannot be understood: {0}")]
    Answer(#[from] AnswerError),
}

/// Time for a question, unless told otherwise: more than the daemon takes with its defaults.
const TIMEOUT: Duration = Duration::from_secs(100);
/// Most octets of a reply: what a socketmap client such as Postfix takes.
const MAX_REPLY: usize = 100_000;
/// Most octets that are read at a time.
const CHUNK: usize = 4096;
/// The map whose replies carry the whole decision.
const MAP: &str = "json";

impl Client {
    /// A client of the daemon at `address`. Nothing is opened yet.
    #[must_use]
    pub const fn new(address: Address) -> Self {
        Self { address, timeout: TIMEOUT }
    }

    /// The same client with another time limit for each question as a whole: connecting, waiting and
    /// reading. 100 s by default; the daemon's own limit (`socketmap.lookup_timeout`) should be
    /// shorter.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Where the daemon is.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// The decision for a lookup key as MTAs write it: a domain, `[host]`, `host:port`,
    /// `[host]:port`.
    ///
    /// # Errors
    ///
    /// When there is no answer. Hold the mail then: its domain may demand verified TLS.
    pub fn lookup(&self, key: &str) -> Result<Answer, ClientError> {
        match self.ask(MAP, key)? {
            Reply::Ok(json) => Ok(Answer::from_json(&json)?),
            Reply::NotFound => Ok(Answer::no_domain()),
            Reply::Temp(reason) => Err(ClientError::Temporary(reason)),
            Reply::Perm(reason) => Err(ClientError::Refused(reason)),
        }
    }

    /// The reply to any question, as it is.
    ///
    /// # Errors
    ///
    /// When there is none. `TEMP` and `PERM` are replies.
    pub fn ask(&self, map: &str, key: &str) -> Result<Reply, ClientError> {
        Ok(self.exchange(&format!("{map} {key}"))?.parse()?)
    }

    fn exchange(&self, request: &str) -> Result<String, ClientError> {
        let now = Instant::now();
        let deadline = now.checked_add(self.timeout).unwrap_or(now);
        let mut connection = Connection::open(&self.address, deadline)
            .map_err(|error| ClientError::Connect { address: self.address.clone(), error })?;
        let broken = |error| ClientError::Exchange { address: self.address.clone(), error };

        let mut output = Vec::new();
        push_netstring(&mut output, request);
        connection.send(&output).map_err(broken)?;

        let (mut decoder, mut input) = (Decoder::new(MAX_REPLY), Vec::new());
        loop {
            match decoder.decode(&input)? {
                (Some(Frame::Request(reply)), _) => {
                    let reply = core::str::from_utf8(reply).map_err(|_| ClientError::NotText)?;
                    return Ok(reply.to_owned());
                }
                (Some(Frame::TooLong(length)), _) => return Err(ClientError::TooLong(length)),
                (None, _) => {}
            }
            let mut buffer = [0; CHUNK];
            match connection.receive(&mut buffer).map_err(broken)? {
                0 => return Err(ClientError::Closed),
                received => input.extend_from_slice(buffer.get(..received).unwrap_or_default()),
            }
        }
    }
}
