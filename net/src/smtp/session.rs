//! The client's side of a session, as far as a probe goes.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{self, Instant},
};

use super::reply::{Line, MAX_LINE, Reply};

/// A session on a connection, with or without TLS.
pub(super) struct Session<S> {
    stream: S,
    /// What was read and not used yet.
    buffer: Vec<u8>,
    deadline: Instant,
}

/// Why a session cannot go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    #[error("no SMTP reply: `{0}`")]
    Malformed(String),
    #[error("a reply without end")]
    TooLong,
    #[error("the connection was closed while {0} was awaited")]
    Closed(&'static str),
    #[error("{1} while {0} was awaited")]
    Io(&'static str, io::Error),
    #[error("no answer in time while {0} was awaited")]
    Timeout(&'static str),
    #[error("{0} was answered with `{1}`")]
    Refused(&'static str, String),
    #[error("the server greets with `{0}`")]
    Busy(String),
    /// What an attacker puts there would be taken for the server's own (CVE-2011-0411).
    #[error("more was sent after the reply to STARTTLS, outside TLS")]
    Injected,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    pub(super) const fn new(stream: S, deadline: Instant) -> Self {
        Self { stream, buffer: Vec::new(), deadline }
    }

    /// The text of the greeting.
    pub(super) async fn greeting(&mut self) -> Result<String, Unusable> {
        let greeting = self.reply("the greeting").await?;
        if greeting.code == 220 {
            return Ok(greeting.lines.into_iter().next().unwrap_or_default());
        }
        Err(Unusable::Busy(greeting.summary()))
    }

    /// Says EHLO. A server that does not know it has no extensions, which is an answer.
    pub(super) async fn hello(&mut self, client: &str) -> Result<Reply, Unusable> {
        let reply = self.command(&format!("EHLO {client}"), "the reply to EHLO").await?;
        match reply.code {
            200..=299 | 500..=504 => Ok(reply),
            _ => Err(Unusable::Refused("EHLO", reply.summary())),
        }
    }

    /// Says STARTTLS. What follows is TLS (RFC 3207 §4).
    pub(super) async fn start_tls(&mut self) -> Result<(), Unusable> {
        let reply = self.command("STARTTLS", "the reply to STARTTLS").await?;
        match reply.code {
            220 if self.buffer.is_empty() => Ok(()),
            220 => Err(Unusable::Injected),
            _ => Err(Unusable::Refused("STARTTLS", reply.summary())),
        }
    }

    /// Says QUIT. That the server also says good-bye matters to nobody.
    pub(super) async fn quit(mut self) {
        if self.command("QUIT", "the reply to QUIT").await.is_ok() {
            let _closed = time::timeout_at(self.deadline, self.stream.shutdown()).await;
        }
    }

    pub(super) fn into_inner(self) -> S {
        self.stream
    }

    async fn command(&mut self, command: &str, awaited: &'static str) -> Result<Reply, Unusable> {
        let line = format!("{command}\r\n");
        let send = async {
            self.stream.write_all(line.as_bytes()).await?;
            self.stream.flush().await
        };
        match time::timeout_at(self.deadline, send).await {
            Ok(Ok(())) => self.reply(awaited).await,
            Ok(Err(error)) => Err(Unusable::Io(awaited, error)),
            Err(_) => Err(Unusable::Timeout(awaited)),
        }
    }

    async fn reply(&mut self, awaited: &'static str) -> Result<Reply, Unusable> {
        let deadline = self.deadline;
        let read = async {
            let mut reply = Reply::new();
            loop {
                let line = self.line(awaited).await?;
                let line = Line::parse(&line)?;
                reply.push(line)?;
                if line.is_last {
                    return Ok(reply);
                }
            }
        };
        time::timeout_at(deadline, read).await.unwrap_or(Err(Unusable::Timeout(awaited)))
    }

    /// A line without its end. Servers that send LF alone are understood.
    async fn line(&mut self, awaited: &'static str) -> Result<Vec<u8>, Unusable> {
        loop {
            if let Some(end) = self.buffer.iter().position(|octet| *octet == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(line);
            }
            if self.buffer.len() > MAX_LINE {
                return Err(Unusable::TooLong);
            }
            match self.stream.read_buf(&mut self.buffer).await {
                Ok(0) => return Err(Unusable::Closed(awaited)),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(Unusable::Closed(awaited));
                }
                Err(error) => return Err(Unusable::Io(awaited, error)),
            }
        }
    }
}
