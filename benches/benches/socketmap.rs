//! Requests to the daemon's server, against requests to a server that always gives the same reply.
//!
//! Each server is a process; the clients are one thread of this one. The two servers are asked in
//! turn, in short rounds, so that what else the machine does concerns both alike.
#![expect(clippy::print_stdout, reason = "it reports to whoever runs it")]

use core::{fmt, time::Duration};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
};

use anyhow::{Context as _, bail, ensure};
use benches::{
    clients::{Address, Clients, Pattern, Talk},
    domains::{name, shuffled},
    process::{self, Purpose, Wanted},
    servers::{self, Kind, Process},
    summary::Summary,
};
use tempfile::TempDir;

const PATTERNS: [(Pattern, &str); 4] = [
    (Pattern { connections: 64, depth: 1 }, "64"),
    (Pattern { connections: 1, depth: 1 }, "1"),
    (Pattern { connections: 1, depth: 16 }, "1-pipelined"),
    (Pattern { connections: 64, depth: 16 }, "64-pipelined"),
];

/// Requests that clients make in turn.
const REQUESTS: u32 = 100_000;

/// Which processors servers and clients run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placement {
    /// Servers have one, clients another: as long as a server is busy all the time, its speed does
    /// not depend on the clients'.
    Apart,
    /// All share all, as a mail server and its daemon do.
    Together,
}

const SERVER: usize = 0;
const CLIENTS: usize = 1;

fn main() -> anyhow::Result<()> {
    match Purpose::of_process() {
        Purpose::Measure(wanted) => {
            measure(&wanted, 10_000, "10k")?;
            measure(&wanted, 1_000_000, "1M")
        }
        Purpose::Role(arguments) => match arguments.split_first() {
            Some((role, arguments)) if role == servers::ROLE => servers::run(arguments),
            _ => bail!("there is no such role"),
        },
        Purpose::Nothing => Ok(()),
    }
}

/// Measures everything with a daemon that remembers so many domains.
fn measure(wanted: &Wanted, domains: u32, shown: &str) -> anyhow::Result<()> {
    for (placement, placed) in [(Placement::Apart, "apart"), (Placement::Together, "together")] {
        let mut servers = None;
        for transport in ["tcp", "unix"] {
            for (pattern, patterned) in PATTERNS {
                let title = format!("{transport}/{patterned}/{placed}/{shown}");
                if !wanted.contains(&title) {
                    continue;
                }
                if placement == Placement::Apart && process::processors() < 2 {
                    println!("{title}: needs two processors");
                    continue;
                }
                let servers = match &mut servers {
                    Some(servers) => servers,
                    none => none.insert(Servers::start(placement, domains)?),
                };
                println!("{title}\n{}", servers.compare(transport, pattern, wanted.quick)?);
            }
        }
    }
    Ok(())
}

/// The two servers, and what is said to both.
struct Servers {
    daemon: Process,
    constant: Process,
    talk: Arc<Talk>,
    placement: Placement,
    _directory: TempDir,
}

impl Servers {
    fn start(placement: Placement, domains: u32) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let processor = (placement == Placement::Apart).then_some(SERVER);
        let daemon = Process::start(&Kind::Daemon { domains }, processor, directory.path())?;
        let numbers = shuffled(domains).into_iter().take(usize::try_from(REQUESTS)?);
        let requests: Vec<Vec<u8>> = numbers.map(|number| request(&name(number))).collect();
        let reply = reply(&daemon.tcp, requests.first().context("there are no domains")?)?;
        let constant = Kind::Constant { reply: reply.clone() };
        let constant = Process::start(&constant, processor, directory.path())?;
        let talk = Arc::new(Talk { requests, reply: reply.into_bytes() });
        Ok(Self { daemon, constant, talk, placement, _directory: directory })
    }

    fn compare(
        &mut self,
        transport: &str,
        pattern: Pattern,
        quick: bool,
    ) -> anyhow::Result<Comparison> {
        if self.placement == Placement::Apart {
            process::pin(CLIENTS)?;
        }
        let address = |server: &Process| match transport {
            "unix" => server.unix.clone(),
            _ => server.tcp.clone(),
        };
        let mut daemon = Clients::connect(&address(&self.daemon), pattern, &self.talk)?;
        let mut constant = Clients::connect(&address(&self.constant), pattern, &self.talk)?;
        let (rounds, length) = if quick { (8, 100) } else { (60, 250) };
        let length = Duration::from_millis(length);
        let mut comparison = Comparison::default();
        for number in 0..=rounds {
            let first = Round::of(&mut self.constant, &mut constant, length)?;
            let second = Round::of(&mut self.daemon, &mut daemon, length)?;
            // The first pair is to warm up.
            if number > 0 {
                comparison.add(first, second);
            }
        }
        process::unpin()?;
        Ok(comparison)
    }
}

fn request(domain: &str) -> Vec<u8> {
    let contents = format!("postfix {domain}");
    format!("{}:{contents},", contents.len()).into_bytes()
}

/// The reply to one request, as it comes.
fn reply(address: &Address, request: &[u8]) -> anyhow::Result<String> {
    let Address::Tcp(address) = address else { bail!("it is asked over TCP") };
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request)?;
    let mut reply = vec![0; 1_000];
    let length = stream.read(&mut reply)?;
    reply.truncate(length);
    let reply = String::from_utf8(reply)?;
    ensure!(reply.contains(":OK secure ") && reply.ends_with(','), "the daemon says `{reply}`");
    Ok(reply)
}

/// What a server did in one round.
#[derive(Clone, Copy, Debug)]
struct Round {
    per_second: f64,
    /// Its processor time for a request, in microseconds.
    micros: f64,
    /// Its processor time as a share of the time that has passed.
    busy: f64,
}

impl Round {
    fn of(server: &mut Process, clients: &mut Clients, length: Duration) -> anyhow::Result<Self> {
        let before = server.processor_time()?;
        let answered = clients.run(length)?;
        let used = server.processor_time()?.saturating_sub(before).as_secs_f64();
        Ok(Self {
            per_second: answered.per_second(),
            micros: used * 1e6 / f64::from(answered.replies),
            busy: used / answered.took.as_secs_f64(),
        })
    }
}

#[derive(Default)]
struct Comparison {
    constant: Vec<Round>,
    daemon: Vec<Round>,
}

impl Comparison {
    fn add(&mut self, constant: Round, daemon: Round) {
        self.constant.push(constant);
        self.daemon.push(daemon);
    }

    /// The daemon's figure as a share of the other's, in each pair of rounds.
    fn ratio(&self, figure: impl Fn(&Round) -> f64) -> Summary {
        let pairs = self.daemon.iter().zip(&self.constant);
        Summary::of(pairs.map(|(daemon, constant)| figure(daemon) / figure(constant)))
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, rounds) in [("constant", &self.constant), ("daemon", &self.daemon)] {
            let summary = |figure: fn(&Round) -> f64| Summary::of(rounds.iter().map(figure));
            let per_second = summary(|round| round.per_second);
            let (micros, busy) = (summary(|round| round.micros), summary(|round| round.busy));
            writeln!(
                f,
                "  {name:8}  {per_second:8.0} requests/s  {micros:6.2} µs of processor time each  \
                 busy {busy:.2}"
            )?;
        }
        let throughput = self.ratio(|round| round.per_second);
        let time = self.ratio(|round| round.micros);
        write!(f, "  daemon / constant: throughput {throughput:.3}, processor time {time:.3}")
    }
}
