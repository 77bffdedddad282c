//! Questions to DNS servers, one at a time: a stub that blocks, with a time limit.

use core::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use std::{
    fs,
    io::{self, ErrorKind, Read as _, Write as _},
    net::{TcpStream, UdpSocket},
    time::Instant,
};

use mtasts_core::dns::{Answer, DecodeError, Question, Rcode};
use resolv_conf::ScopedIp;

/// Where the system says which DNS servers it uses.
const SYSTEM_CONFIG: &str = "/etc/resolv.conf";
/// How often each server is asked.
const ATTEMPTS: u32 = 2;
/// Room for answers that are larger than was asked for.
const UDP_BUFFER: usize = 4096;

/// A stub of the recursive resolvers at some addresses.
#[derive(Debug)]
pub(crate) struct Resolver {
    /// None: those of the system, as they are at each question.
    servers: Vec<SocketAddr>,
    timeout: Duration,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolverError {
    #[error("{server}: {error}")]
    Io { server: SocketAddr, error: io::Error },
    #[error("{server} answered {rcode}")]
    Rcode { server: SocketAddr, rcode: Rcode },
    #[error("{server} has sent what is no DNS message")]
    Malformed { server: SocketAddr },
    #[error("the time was up")]
    Late,
}

impl Resolver {
    pub(crate) const fn new(servers: Vec<SocketAddr>, timeout: Duration) -> Self {
        Self { servers, timeout }
    }

    /// The answer of the first server that has one. Absence is an answer.
    pub(crate) fn ask(&self, question: &Question) -> Result<Answer, ResolverError> {
        let servers = if self.servers.is_empty() { system_servers() } else { self.servers.clone() };
        let now = Instant::now();
        let deadline = now.checked_add(self.timeout).unwrap_or(now);
        let tries = (0..ATTEMPTS).flat_map(|_| &servers);
        let mut left = tries.clone().count();
        let mut last = ResolverError::Late;
        for server in tries {
            // What one does not use of its share is for those after it.
            let share = time_left(deadline).checked_div(u32::try_from(left).unwrap_or(u32::MAX));
            let now = Instant::now();
            let until = share.and_then(|share| now.checked_add(share)).unwrap_or(deadline);
            match ask_server(*server, question, until) {
                Ok(answer) => return Ok(answer),
                Err(error) => last = error,
            }
            left = left.saturating_sub(1);
        }
        Err(last)
    }
}

/// As the C library has it: without any, it is this machine.
fn system_servers() -> Vec<SocketAddr> {
    let text = fs::read(SYSTEM_CONFIG).unwrap_or_default();
    let (file, _) = resolv_conf::Config::parse_with_errors(&text);
    let servers = file.nameservers.iter().filter_map(|server| match server {
        ScopedIp::V4(address) => Some(SocketAddr::from((*address, 53))),
        ScopedIp::V6(address, None) => Some(SocketAddr::from((*address, 53))),
        // The number of an interface would have to be found for its name.
        ScopedIp::V6(_, Some(_)) => None,
    });
    let servers: Vec<_> = servers.collect();
    if servers.is_empty() { vec![(Ipv4Addr::LOCALHOST, 53).into()] } else { servers }
}

fn ask_server(
    server: SocketAddr,
    question: &Question,
    until: Instant,
) -> Result<Answer, ResolverError> {
    let broken = |error| ResolverError::Io { server, error };
    let id = rand::random();
    let mut answer = over_udp(server, question, id, &question.encode(id), until).map_err(broken)?;
    if matches!(&answer, Some(answer) if matches!(answer.rcode, FORMERR | NOTIMP)) {
        // It may be too old for EDNS (RFC 6891 §7).
        let id = rand::random();
        let query = question.encode_without_edns(id);
        answer = over_udp(server, question, id, &query, until).map_err(broken)?;
    }
    if answer.as_ref().is_some_and(|answer| answer.is_truncated) {
        let id = rand::random();
        answer = over_tcp(server, question, id, &question.encode(id), until).map_err(broken)?;
    }
    match answer {
        Some(answer) if answer.rcode.check().is_err() => {
            Err(ResolverError::Rcode { server, rcode: answer.rcode })
        }
        Some(answer) if !answer.is_truncated => Ok(answer),
        Some(_) | None => Err(ResolverError::Malformed { server }),
    }
}

const FORMERR: Rcode = Rcode::Other(1);
const NOTIMP: Rcode = Rcode::Other(4);

/// The answer, or nothing if it cannot be read. What answers another question is passed over.
fn over_udp(
    server: SocketAddr,
    question: &Question,
    id: u16,
    query: &[u8],
    until: Instant,
) -> io::Result<Option<Answer>> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any)?;
    // A connected socket takes datagrams from nobody else, and is told that nobody listens.
    socket.connect(server)?;
    socket.send(query)?;
    let mut buffer = [0; UDP_BUFFER];
    loop {
        socket.set_read_timeout(Some(positive_time_left(until)?))?;
        let length = match socket.recv(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            received => received.map_err(timed_out)?,
        };
        match question.decode(id, buffer.get(..length).unwrap_or_default()) {
            Err(DecodeError::NotOurs) => {}
            Err(DecodeError::Malformed) => return Ok(None),
            Ok(answer) => return Ok(Some(answer)),
        }
    }
}

/// As [`over_udp`], over a stream, where each message follows its length (RFC 1035 §4.2.2).
fn over_tcp(
    server: SocketAddr,
    question: &Question,
    id: u16,
    query: &[u8],
    until: Instant,
) -> io::Result<Option<Answer>> {
    let mut stream = TcpStream::connect_timeout(&server, positive_time_left(until)?)?;
    stream.set_write_timeout(Some(positive_time_left(until)?))?;
    let length = u16::try_from(query.len()).map_err(|_| ErrorKind::InvalidInput)?;
    // In one piece: some servers do not put together what comes in two (RFC 7766 §8).
    stream.write_all(&[length.to_be_bytes().as_slice(), query].concat()).map_err(timed_out)?;
    let mut length = [0; 2];
    read_all(&mut stream, &mut length, until)?;
    let mut message = vec![0; u16::from_be_bytes(length).into()];
    read_all(&mut stream, &mut message, until)?;
    Ok(question.decode(id, &message).ok())
}

/// Fills the buffer before the deadline, however slowly the octets come.
fn read_all(stream: &mut TcpStream, mut buffer: &mut [u8], until: Instant) -> io::Result<()> {
    while !buffer.is_empty() {
        stream.set_read_timeout(Some(positive_time_left(until)?))?;
        match stream.read(buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => buffer = buffer.get_mut(read..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(timed_out(error)),
        }
    }
    Ok(())
}

fn time_left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// The time left. None at all would mean no limit to a socket.
fn positive_time_left(until: Instant) -> io::Result<Duration> {
    let left = time_left(until);
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// What a system calls "try again" when a socket's time is up.
fn timed_out(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::WouldBlock { ErrorKind::TimedOut.into() } else { error }
}

#[cfg(test)]
mod tests {
    use mtasts_core::dns::RecordType;
    use testkit::world::{DnsFault, DnsServer, RefusingPort, ResponseCode};

    use super::*;

    fn server() -> DnsServer {
        let server = DnsServer::start();
        server.set_mx("a.test", vec![(10, "mx.a.test".into())]);
        server
    }

    fn ask(servers: &[SocketAddr], timeout: Duration) -> Result<Vec<String>, ResolverError> {
        let question = Question::new("a.test", RecordType::Mx).unwrap();
        let answer = Resolver::new(servers.to_vec(), timeout).ask(&question)?;
        Ok(answer.into_mx().unwrap().into_iter().map(|mx| mx.host).collect())
    }

    /// Longer than anything takes that is not meant to fail.
    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn a_server_is_asked_whatever_it_is_like() {
        let faults =
            [None, Some(DnsFault::Truncated), Some(DnsFault::NoEdns), Some(DnsFault::WrongIdFirst)];
        for fault in faults {
            let server = server();
            server.set_server_fault(fault.clone());
            assert_eq!(ask(&[server.addr()], LONG).unwrap(), ["mx.a.test"], "{fault:?}");
        }
    }

    #[test]
    fn another_server_helps_out() {
        let (good, refusing) = (server(), RefusingPort::reserve());
        assert_eq!(ask(&[refusing.addr(), good.addr()], LONG).unwrap(), ["mx.a.test"]);
        let bad = server();
        bad.set_server_fault(Some(DnsFault::Rcode(ResponseCode::ServFail)));
        assert_eq!(ask(&[bad.addr(), good.addr()], LONG).unwrap(), ["mx.a.test"]);
    }

    #[test]
    fn a_silent_server_is_given_up() {
        let silent = DnsServer::start_silent();
        let error = ask(&[silent.addr()], Duration::from_millis(20)).unwrap_err();
        assert!(
            matches!(error, ResolverError::Io { error, .. } if error.kind() == ErrorKind::TimedOut)
        );
    }

    #[test]
    fn a_failure_says_whose_it_is() {
        let server = server();
        server.set_server_fault(Some(DnsFault::Rcode(ResponseCode::Refused)));
        let error = ask(&[server.addr()], LONG).unwrap_err().to_string();
        assert_eq!(error, format!("{} answered REFUSED", server.addr()));
    }
}
