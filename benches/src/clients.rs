//! Clients of a socketmap server, all in one thread.

use core::{fmt, net::SocketAddr, time::Duration};
use std::{
    io::{Read, Write},
    net::TcpStream,
    os::{fd::AsFd, unix::net::UnixStream},
    path::PathBuf,
    sync::Arc,
    time::Instant,
};

use anyhow::{Context as _, ensure};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

/// Most bytes read at a time.
const BUFFER: usize = 65_536;

/// Where a server can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Over TCP.
    Tcp(SocketAddr),
    /// Over a Unix socket.
    Unix(PathBuf),
}

/// How a server is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// How many connections there are.
    pub connections: usize,
    /// How many requests of one connection are under way at one time. Postfix has one.
    pub depth: usize,
}

/// What is asked, and what is answered every time. The requests and the reply are netstrings.
#[derive(Clone, Debug)]
pub struct Talk {
    /// The requests, which each connection makes in turn, again and again.
    pub requests: Vec<Vec<u8>>,
    /// The reply to any of them.
    pub reply: Vec<u8>,
}

/// Clients that are connected to one server.
pub struct Clients {
    epoll: Epoll,
    clients: Vec<Client>,
    depth: usize,
    talk: Arc<Talk>,
    input: Vec<u8>,
    output: Vec<u8>,
}

struct Client {
    socket: Box<dyn Socket>,
    /// Which request is next.
    next: usize,
    /// Bytes of a reply that has come in part.
    received: usize,
}

trait Socket: Read + Write + AsFd {}
impl<S: Read + Write + AsFd> Socket for S {}

/// How many requests were answered in which time.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// The number of replies.
    pub replies: u32,
    /// From the first request to the last reply.
    pub took: Duration,
}

impl Answered {
    /// Replies in a second.
    #[must_use]
    pub fn per_second(self) -> f64 {
        f64::from(self.replies) / self.took.as_secs_f64()
    }
}

impl Clients {
    /// Connects, and has one request answered on each connection.
    ///
    /// # Errors
    ///
    /// When the server does not answer, or not with the reply that is expected.
    pub fn connect(address: &Address, pattern: Pattern, talk: &Arc<Talk>) -> anyhow::Result<Self> {
        let Pattern { connections, depth } = pattern;
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        let connect = |number| {
            let socket = connect(address)?;
            let event = EpollEvent::new(EpollFlags::EPOLLIN, u64::try_from(number)?);
            epoll.add(socket.as_fd(), event)?;
            // Each begins at another place.
            let next = number * talk.requests.len() / connections;
            let mut client = Client { socket, next, received: 0 };
            client.check(talk)?;
            Ok(client)
        };
        let clients = (0..connections).map(connect).collect::<anyhow::Result<_>>()?;
        let (talk, input, output) = (Arc::clone(talk), vec![0; BUFFER], Vec::new());
        Ok(Self { epoll, clients, depth, talk, input, output })
    }

    /// Keeps the server busy for a while, then lets it finish.
    ///
    /// # Errors
    ///
    /// When the server closes a connection.
    pub fn run(&mut self, duration: Duration) -> anyhow::Result<Answered> {
        let Self { epoll, clients, depth, talk, input, output } = self;
        let mut events = vec![EpollEvent::empty(); clients.len()];
        let start = Instant::now();
        for client in &mut *clients {
            client.send(*depth, output, talk)?;
        }
        let mut waiting = clients.len() * *depth;
        let mut replies = 0;
        while waiting > 0 {
            let ready = epoll.wait(&mut events, EpollTimeout::NONE)?;
            let goes_on = start.elapsed() < duration;
            for event in events.iter().take(ready) {
                let client = clients.get_mut(usize::try_from(event.data())?);
                let client = client.context("there is no such client")?;
                let answered = client.receive(input, talk)?;
                replies += u32::try_from(answered)?;
                if goes_on {
                    client.send(answered, output, talk)?;
                } else {
                    waiting -= answered;
                }
            }
        }
        Ok(Answered { replies, took: start.elapsed() })
    }
}

impl Client {
    /// Has one request answered, and looks at the reply.
    fn check(&mut self, talk: &Talk) -> anyhow::Result<()> {
        let mut reply = vec![0; talk.reply.len()];
        self.send(1, &mut Vec::new(), talk)?;
        self.socket.read_exact(&mut reply)?;
        ensure!(reply == talk.reply, "the reply is {}", reply.escape_ascii());
        Ok(())
    }

    /// Makes the next requests.
    fn send(&mut self, count: usize, output: &mut Vec<u8>, talk: &Talk) -> anyhow::Result<()> {
        output.clear();
        for _ in 0..count {
            let request = talk.requests.get(self.next).context("there is nothing to ask")?;
            output.extend_from_slice(request);
            self.next = (self.next + 1) % talk.requests.len();
        }
        Ok(self.socket.write_all(output)?)
    }

    /// Reads what has come, and says how many replies are complete with it.
    fn receive(&mut self, input: &mut [u8], talk: &Talk) -> anyhow::Result<usize> {
        let read = self.socket.read(input)?;
        ensure!(read > 0, "the server has closed a connection");
        let received = self.received + read;
        self.received = received % talk.reply.len();
        Ok(received / talk.reply.len())
    }
}

fn connect(address: &Address) -> anyhow::Result<Box<dyn Socket>> {
    Ok(match address {
        Address::Tcp(address) => {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            Box::new(stream)
        }
        Address::Unix(path) => Box::new(UnixStream::connect(path)?),
    })
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clients").field("count", &self.clients.len()).finish_non_exhaustive()
    }
}
