//! One connection, with a moment by which everything must be done.

use core::time::Duration;
use std::{
    io::{self, ErrorKind, Read as _},
    net::ToSocketAddrs as _,
    time::Instant,
};

use nix::libc::MSG_NOSIGNAL;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use crate::Address;

/// A socket that gives up at its deadline.
#[derive(Debug)]
pub(crate) struct Connection {
    socket: Socket,
    deadline: Instant,
}

impl Connection {
    pub(crate) fn open(address: &Address, deadline: Instant) -> io::Result<Self> {
        match address {
            Address::Unix(path) => {
                let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
                // Linux applies the limit of sending to connecting as well.
                socket.set_write_timeout(Some(left(deadline)?))?;
                socket.connect(&SockAddr::unix(path)?).map_err(timed_out)?;
                Ok(Self { socket, deadline })
            }
            Address::Tcp(address) => {
                let mut last = io::Error::new(ErrorKind::NotFound, "the host has no address");
                for address in address.to_socket_addrs()? {
                    let domain = Domain::for_address(address);
                    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
                    match socket.connect_timeout(&address.into(), left(deadline)?) {
                        Ok(()) => {
                            socket.set_write_timeout(Some(left(deadline)?))?;
                            return Ok(Self { socket, deadline });
                        }
                        Err(error) => last = error,
                    }
                }
                Err(last)
            }
        }
    }

    /// Sends all of it. A peer that has gone is an error, and never SIGPIPE: the process is not ours.
    pub(crate) fn send(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.socket.send_with_flags(bytes, MSG_NOSIGNAL) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(sent) => bytes = bytes.get(sent..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    self.socket.set_write_timeout(Some(left(self.deadline)?))?;
                }
                Err(error) => return Err(timed_out(error)),
            }
        }
        Ok(())
    }

    /// Receives what there is into `buffer`: at least one octet, or none at the end of the stream.
    pub(crate) fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.socket.set_read_timeout(Some(left(self.deadline)?))?;
            match self.socket.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                received => return received.map_err(timed_out),
            }
        }
    }
}

/// The time left, which is never nothing: for a socket that would mean no limit.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    // The system counts in microseconds.
    Ok(left.max(Duration::from_micros(1)))
}

/// What a system calls "try again" when a socket's time is up.
fn timed_out(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::WouldBlock { ErrorKind::TimedOut.into() } else { error }
}
