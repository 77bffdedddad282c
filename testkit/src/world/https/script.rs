//! What is sent on a connection, octet by octet, once a request has come.

use core::time::Duration;

use tokio::{
    io::{self, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time,
};
use tokio_rustls::server::TlsStream;

use crate::world::gate::Gate;

/// How much a TLS record can hold.
const RECORD_SIZE: usize = 16 * 1024;

/// What is sent on a connection, and how it ends. A [`Reply`](super::Reply) becomes one; other
/// faults are written out with it.
#[derive(Clone, Debug, Default)]
pub struct Script {
    acts: Vec<Act>,
    ending: Ending,
}

#[derive(Clone, Debug)]
enum Act {
    Send(Vec<u8>),
    Drip(Vec<u8>, Duration),
    Repeat(Vec<u8>),
    Wait(Gate),
}

#[derive(Clone, Copy, Debug, Default)]
enum Ending {
    #[default]
    Close,
    Cut,
    Reset,
    Hang,
}

impl Script {
    /// Sends nothing, and closes the connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends octets that are no HTTP.
    pub fn garbage() -> Self {
        Self::new().send(b"\x00\xffgarbage, and no HTTP at all\r\n\r\n")
    }

    /// Sends these octets.
    #[must_use]
    pub fn send(self, octets: impl Into<Vec<u8>>) -> Self {
        self.then(Act::Send(octets.into()))
    }

    /// Sends these octets one by one, with a pause after each.
    #[must_use]
    pub fn drip(self, octets: impl Into<Vec<u8>>, pause: Duration) -> Self {
        self.then(Act::Drip(octets.into(), pause))
    }

    /// Sends these octets again and again, until the client leaves.
    ///
    /// # Panics
    ///
    /// When there are no octets.
    #[must_use]
    pub fn repeat(self, octets: impl Into<Vec<u8>>) -> Self {
        let octets = octets.into();
        assert!(!octets.is_empty(), "nothing cannot be sent again and again");
        // At least a full TLS record at once, which is what makes it a flood.
        let times = RECORD_SIZE.div_ceil(octets.len());
        self.then(Act::Repeat(octets.repeat(times)))
    }

    /// Waits until the gate is open.
    #[must_use]
    pub fn wait(self, gate: &Gate) -> Self {
        self.then(Act::Wait(gate.clone()))
    }

    /// Ends with TCP's end of stream, but without TLS's.
    #[must_use]
    pub const fn cut(mut self) -> Self {
        self.ending = Ending::Cut;
        self
    }

    /// Ends with a reset of the TCP connection.
    #[must_use]
    pub const fn reset(mut self) -> Self {
        self.ending = Ending::Reset;
        self
    }

    /// Does not end: the connection stays open and silent until the client leaves.
    #[must_use]
    pub const fn hang(mut self) -> Self {
        self.ending = Ending::Hang;
        self
    }

    fn then(mut self, act: Act) -> Self {
        self.acts.push(act);
        self
    }

    /// Puts another script's acts before these. Its ending is dropped.
    pub(super) fn after(mut self, other: Self) -> Self {
        self.acts.splice(..0, other.acts);
        self
    }

    pub(super) async fn play(self, mut stream: TlsStream<TcpStream>) -> io::Result<()> {
        for act in self.acts {
            match act {
                Act::Send(octets) => send(&mut stream, &octets).await?,
                Act::Drip(octets, pause) => {
                    for octet in octets {
                        send(&mut stream, &[octet]).await?;
                        time::sleep(pause).await;
                    }
                }
                Act::Repeat(octets) => loop {
                    send(&mut stream, &octets).await?;
                },
                Act::Wait(gate) => gate.pass().await,
            }
        }
        match self.ending {
            Ending::Close => {
                stream.shutdown().await?;
                drain(stream).await
            }
            Ending::Cut => {
                let (mut stream, _) = stream.into_inner();
                stream.shutdown().await?;
                drain(stream).await
            }
            Ending::Reset => stream.get_ref().0.set_zero_linger(),
            Ending::Hang => drain(stream).await,
        }
    }
}

async fn send(stream: &mut TlsStream<TcpStream>, octets: &[u8]) -> io::Result<()> {
    stream.write_all(octets).await?;
    stream.flush().await
}

/// Reads until the client closes. Closing before that would reset the connection where the client
/// still sends, and could take from it what it has not read yet.
pub(super) async fn drain(mut stream: impl AsyncRead + Unpin) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).await? > 0 {}
    Ok(())
}
