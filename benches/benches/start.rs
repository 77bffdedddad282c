//! Starting `mtasts serve` with a million policies in its SQLite store: when the first lookup is
//! answered, when all policies are loaded, and how long lookups take meanwhile.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it reports to whoever runs it")]
#![expect(clippy::arithmetic_side_effects, reason = "a bench that goes wrong should stop")]

use core::{net::SocketAddr, time::Duration};
use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Instant, SystemTime},
};

use anyhow::{Context as _, bail, ensure};
use benches::{
    daemon,
    daemon::stored,
    dns,
    domains::name,
    engines::Contents,
    process::{self, Purpose, Wanted},
    summary::{Summary, quantile},
};
use clap::Parser as _;
use mtasts_core::UnixMillis;
use mtasts_daemon::cli::Cli;
use mtasts_net::store::{Sqlite, Store as _};
use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
use tempfile::TempDir;

const DOMAINS: u32 = 1_000_000;

/// Domains that are written at once.
const PORTION: u32 = 5_000;

/// After this time policies would soon be due for a refresh, so the file is made anew.
const FRESH: Duration = Duration::from_secs(12 * 3_600);

/// What the daemon logs when it has loaded its policies.
const LOADED: &str = "policies in use are loaded";

/// The pause between lookups while policies are loaded.
const PAUSE: Duration = Duration::from_millis(1);

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(300);

fn main() -> anyhow::Result<()> {
    match Purpose::of_process() {
        Purpose::Measure(wanted) => measure(&wanted),
        Purpose::Role(arguments) => {
            let [config] = arguments.as_slice() else { bail!("the daemon's configuration") };
            // The daemon's own exit code does not matter.
            let _ = Cli::parse_from(["mtasts", "serve", "--config", config]).run();
            Ok(())
        }
        Purpose::Nothing => Ok(()),
    }
}

fn measure(wanted: &Wanted) -> anyhow::Result<()> {
    let file = store()?;
    let dns = dns::serve()?;
    let starts = if wanted.quick { 3 } else { 20 };
    for cache in ["warm", "cold"] {
        let title = format!("first-answer/{cache}/1M");
        if !wanted.contains(&title) {
            continue;
        }
        let mut times = Vec::new();
        for number in 0..starts {
            if cache == "cold" {
                forget(&file)?;
            }
            let daemon = Daemon::start(&file, dns)?;
            daemon.client()?.ask(number * 7_919 % DOMAINS)?;
            times.push(millis(daemon.started.elapsed()));
        }
        println!("{title}: {:.0} ms", Summary::of(times));
    }
    for number in 0..(if wanted.quick { 1 } else { 3 }) {
        let title = format!("loading/{}/1M", number + 1);
        if wanted.contains(&title) {
            println!("{title}: {}", loading(&file, dns)?);
        }
    }
    Ok(())
}

/// Asks a daemon for one domain after another until it has loaded them.
fn loading(file: &Path, dns: SocketAddr) -> anyhow::Result<String> {
    let daemon = Daemon::start(file, dns)?;
    let mut client = daemon.client()?;
    let mut random = fastrand::Rng::with_seed(1);
    let mut times = Vec::new();
    while !daemon.has_loaded()? {
        let start = Instant::now();
        client.ask(random.u32(..DOMAINS))?;
        times.push(millis(start.elapsed()));
        thread::sleep(PAUSE);
    }
    let took = daemon.started.elapsed();
    times.sort_by(f64::total_cmp);
    let [half, most, all] = [50, 99, 100].map(|percent| quantile(&times, percent));
    Ok(format!(
        "all after {:.1} s; {} lookups meanwhile: median {half:.2} ms, 99 % {most:.2} ms, longest {all:.1} ms",
        took.as_secs_f64(),
        times.len(),
    ))
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The daemon in a process of its own, on a Unix socket.
struct Daemon {
    child: Child,
    started: Instant,
    socket: PathBuf,
    log: Receiver<String>,
    _directory: TempDir,
}

impl Daemon {
    fn start(store: &Path, dns: SocketAddr) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let (socket, config) =
            (directory.path().join("socket"), directory.path().join("mtasts.toml"));
        let text = format!(
            "[[listen]]\nunix = \"{}\"\n[store]\npath = \"{}\"\n[log]\nformat = \"json\"\n{}",
            socket.display(),
            store.display(),
            daemon::text(DOMAINS, dns)
        );
        fs::write(&config, text)?;
        let config = config.to_str().context("the directory's name is no text")?;
        let mut command = process::role(&[config])?;
        let started = Instant::now();
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let stderr = child.stderr.take().context("its log is piped")?;
        let (sender, log) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(stderr).lines().map_while(Result::ok);
            lines.filter(|line| line.contains(LOADED)).try_for_each(|line| sender.send(line))
        });
        Ok(Self { child, started, socket, log, _directory: directory })
    }

    /// Connects as soon as that is possible.
    fn client(&self) -> anyhow::Result<Client> {
        loop {
            match UnixStream::connect(&self.socket) {
                Ok(stream) => return Ok(Client(BufReader::new(stream))),
                Err(error) if self.started.elapsed() > PATIENCE => return Err(error.into()),
                Err(_) => thread::sleep(Duration::from_micros(100)),
            }
        }
    }

    fn has_loaded(&self) -> anyhow::Result<bool> {
        ensure!(self.started.elapsed() < PATIENCE, "the daemon does not load its policies");
        Ok(self.log.try_recv().is_ok())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Client(BufReader<UnixStream>);

impl Client {
    /// Has a domain looked up that has a policy.
    fn ask(&mut self, number: u32) -> anyhow::Result<()> {
        let request = format!("postfix {}", name(number));
        let request = format!("{}:{request},", request.len());
        self.0.get_mut().write_all(request.as_bytes())?;
        let mut length = Vec::new();
        self.0.read_until(b':', &mut length)?;
        let length: usize = String::from_utf8(length)?.trim_end_matches(':').parse()?;
        let mut reply = vec![0; length + 1];
        self.0.read_exact(&mut reply)?;
        ensure!(reply.starts_with(b"OK secure "), "the daemon says {}", reply.escape_ascii());
        Ok(())
    }
}

/// The file with the policies, made if there is none that is fresh.
fn store() -> anyhow::Result<PathBuf> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = directory.join("policies-1M.db");
    if let Ok(metadata) = fs::metadata(&file) {
        let age = SystemTime::now().duration_since(metadata.modified()?);
        if age.is_ok_and(|age| age < FRESH) {
            return Ok(file);
        }
        fs::remove_file(&file)?;
    }
    let part = directory.join("policies-1M.part");
    for stale in [part.clone(), beside(&part, "-wal"), beside(&part, "-shm")] {
        if stale.exists() {
            fs::remove_file(stale)?;
        }
    }
    fill(&part)?;
    fs::rename(&part, &file)?;
    Ok(file)
}

fn fill(file: &Path) -> anyhow::Result<()> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = UnixMillis(u64::try_from(now.as_millis())?);
    let store = Sqlite::open(file)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut number = 0;
    while number < DOMAINS {
        let end = number.saturating_add(PORTION).min(DOMAINS);
        let written: Vec<_> = (number..end)
            .map(|number| {
                let (domain, policy) = stored(number, Contents::Shared, now);
                store.store(domain, policy)
            })
            .collect();
        for written in written {
            runtime.block_on(written)?;
        }
        number = end;
        if number % (DOMAINS / 10) == 0 {
            eprintln!("making {}: {} %", file.display(), number / (DOMAINS / 100));
        }
    }
    drop(store);
    // The thread that has written it still tidies up.
    while beside(file, "-wal").exists() {
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Has the system forget what it remembers of a file's contents.
fn forget(file: &Path) -> anyhow::Result<()> {
    let file = File::open(file)?;
    file.sync_all()?;
    posix_fadvise(&file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED)?;
    Ok(())
}
