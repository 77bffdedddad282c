//! A private Postfix, in a network of its own ([`crate::mta`]).
//!
//! ```no_run
//! use testkit::{
//!     mta::Status,
//!     postfix::{self, Postfix},
//!     world::{Certificate, StartTls},
//! };
//!
//! postfix::isolated(|network| {
//!     let world = network.world();
//!     world.set_mx("example.com", vec![(10, "mx.example.com".into())]);
//!     world.set_address("mx.example.com", vec![[127, 0, 0, 2].into()]);
//!     let address = ([127, 0, 0, 2], 25).into();
//!     let starttls = StartTls::Offered(Certificate::Valid);
//!     let sink = world.smtp_sink(address, "mx.example.com", &starttls).unwrap();
//!     let postfix = Postfix::start(network, "smtp_tls_security_level = encrypt");
//!     postfix.send("someone@example.com");
//!     let attempt = postfix.wait_for_attempt("someone@example.com", |_| true);
//!     assert_eq!(attempt.status, Status::Sent);
//!     assert_eq!(sink.messages().len(), 1);
//! });
//! ```
//!
//! This takes Debian's package `postfix` with its users.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test cannot go on without its Postfix")]

use core::marker::PhantomData;
use std::{
    fs::{self, File},
    io::{self, PipeWriter, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::Instant,
};

use nix::fcntl::{Flock, FlockArg};
use serde::Deserialize;
use tempfile::TempDir;

use crate::mta::{self, Log, Network, PATIENCE, Program, SENDER, System, supervised};

mod attempt;
mod config;

pub use attempt::Attempt;

const POSTFIX: Program = Program { path: "/usr/sbin/postfix", package: "postfix" };

/// Runs a test in a network of its own, if there is a Postfix that it can use there.
///
/// # Panics
///
/// As [`mta::isolated`].
pub fn isolated(test: impl FnOnce(&Network) + Send) {
    mta::isolated(POSTFIX, test);
}

/// As [`isolated`], with the Postfix of another system.
///
/// # Panics
///
/// As [`mta::isolated`].
pub fn isolated_in(system: &System, test: impl FnOnce(&Network) + Send) {
    mta::isolated_in(POSTFIX, system, test);
}

/// Where the package's programs are, which need not be in the `PATH`.
const PROGRAMS: &str = "/usr/sbin";

/// A Postfix with its own configuration, queue, data and log.
///
/// It takes mail from its `sendmail` only, delivers by SMTP only, and what it could not deliver it
/// tries anew within three seconds. When a test fails, what Postfix has logged is printed.
#[derive(Debug)]
pub struct Postfix<'a> {
    _network: PhantomData<&'a Network>,
    directory: TempDir,
    supervisor: Child,
    log: Log,
}

/// A message in the queue, as far as it matters here.
#[derive(Deserialize)]
struct Queued {
    recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
struct Recipient {
    address: String,
}

impl<'a> Postfix<'a> {
    /// Starts an instance that trusts the World's certificate authority, with further lines for
    /// its `main.cf`. There, `$queue_directory/NAME` is [`path(NAME)`](Self::path).
    ///
    /// # Panics
    ///
    /// When Postfix does not start.
    pub fn start(network: &'a Network, main_cf: &str) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("postfix")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .expect("a directory can be made");
        config::write(directory.path(), network.world(), main_cf)
            .expect("the directory can be written to");
        let (reader, writer) = io::pipe().expect("a pipe can be made");
        let supervisor = start_supervised(directory.path(), writer).expect("unshare can be run");
        let log = Log::read(reader, Instant::now() + PATIENCE);
        let postfix = Self { _network: PhantomData, directory, supervisor, log };
        postfix.wait_for_log("daemon started");
        postfix
    }

    /// The path of something in the queue directory, which Postfix's processes can reach.
    pub fn path(&self, name: &str) -> PathBuf {
        config::queue(self.directory.path()).join(name)
    }

    /// The major and minor number of the version.
    ///
    /// # Panics
    ///
    /// When Postfix does not say it.
    pub fn version(&self) -> (u32, u32) {
        let output = self.run("postconf", &["-h", "-d", "mail_version"]);
        let text = String::from_utf8_lossy(&output.stdout);
        let mut numbers = text.trim().split('.').map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor),
            _ => panic!("no version: {output:?}"),
        }
    }

    /// Hands in a message from [`SENDER`].
    ///
    /// # Panics
    ///
    /// When Postfix does not take it.
    pub fn send(&self, recipient: &str) {
        let mut child = self
            .command("sendmail", "-C")
            .args(["-f", SENDER, "--", recipient])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sendmail can be run");
        let mut stdin = child.stdin.take().expect("it is piped");
        write!(stdin, "From: {SENDER}\nTo: {recipient}\nSubject: test\n\nHello.\n")
            .expect("sendmail reads the message");
        drop(stdin);
        let output = child.wait_with_output().expect("sendmail ends");
        assert!(output.status.success(), "{output:?}");
    }

    /// Has Postfix try at once to deliver all mail that it has deferred.
    ///
    /// # Panics
    ///
    /// When Postfix does not want to.
    pub fn flush(&self) {
        // A message that is still locked by the process that tried to deliver it would be put aside
        // for a minute or more. When it is unlocked, it is among the deferred ones already.
        for queue in ["active", "deferred"] {
            let entries = fs::read_dir(self.path(queue)).expect("the queue can be read");
            for file in entries.flatten().filter_map(|entry| File::open(entry.path()).ok()) {
                Flock::lock(file, FlockArg::LockExclusive).expect("the message can be locked");
            }
        }
        let output = self.run("postqueue", &["-f"]);
        assert!(output.status.success(), "{output:?}");
    }

    /// Whether a message for the recipient is in the queue.
    ///
    /// # Panics
    ///
    /// When Postfix does not say it.
    pub fn holds(&self, recipient: &str) -> bool {
        let output = self.run("postqueue", &["-j"]);
        assert!(output.status.success(), "{output:?}");
        let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter();
        messages
            .map(|message: Result<Queued, _>| message.expect("the queue is listed in JSON"))
            .any(|message| message.recipients.iter().any(|entry| entry.address == recipient))
    }

    /// What `postmap -q` says of a key: standard output and error, and the status.
    ///
    /// # Panics
    ///
    /// When `postmap` cannot be run.
    pub fn postmap(&self, key: &str, table: &str) -> Output {
        self.run("postmap", &["-q", key, table])
    }

    /// The attempts so far to deliver to the recipient.
    pub fn attempts(&self, recipient: &str) -> Vec<Attempt> {
        self.log.lines().iter().filter_map(|line| Attempt::parse(line, recipient)).collect()
    }

    /// Waits for an attempt to deliver to the recipient, which may have been already.
    ///
    /// # Panics
    ///
    /// When it does not come.
    pub fn wait_for_attempt(&self, recipient: &str, wanted: impl Fn(&Attempt) -> bool) -> Attempt {
        let wanted = |line: &str| Attempt::parse(line, recipient).filter(&wanted);
        self.log.wait_for(wanted).unwrap_or_else(|why| {
            panic!("the attempt to deliver to {recipient} is not made: {why}")
        })
    }

    /// The lines of the log so far that contain `words`.
    pub fn logged(&self, words: &str) -> Vec<String> {
        self.log.containing(words)
    }

    /// Waits for a line of the log that contains `words`, and may be there already.
    ///
    /// # Panics
    ///
    /// When it does not come.
    pub fn wait_for_log(&self, words: &str) -> String {
        self.log.wait_for_words(words)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let output = self.command(program, "-c").args(arguments).output();
        output.unwrap_or_else(|error| panic!("{program} cannot be run: {error}"))
    }

    /// One of Postfix's programs, told with an option where the configuration is.
    fn command(&self, program: &str, option: &str) -> Command {
        let mut command = Command::new(Path::new(PROGRAMS).join(program));
        command.arg(option).arg(self.directory.path());
        command
    }
}

impl Drop for Postfix<'_> {
    fn drop(&mut self) {
        // This closes its standard input first.
        let _status = self.supervisor.wait();
        let lines = self.log.finish();
        if thread::panicking() {
            #[expect(clippy::print_stderr, reason = "this is what a failed test has to say")]
            for line in lines {
                eprintln!("{line}");
            }
        }
    }
}

/// Starts Postfix and sends its log to a pipe.
fn start_supervised(directory: &Path, log: PipeWriter) -> io::Result<Child> {
    let postfix = Path::new(POSTFIX.path).as_os_str();
    supervised(&[postfix, "-c".as_ref(), directory.as_os_str(), "start-fg".as_ref()], log)
}
