//! A private Exim, in a network of its own ([`crate::mta`]).
//!
//! ```no_run
//! use std::path::Path;
//!
//! use testkit::{
//!     exim::{self, Configuration, Exim},
//!     mta::{Status, System},
//!     world::{Certificate, StartTls},
//! };
//!
//! let system = System::debian("bookworm", "exim4-daemon-heavy", Path::new("target/tmp"));
//! exim::isolated_in(&system, |network| {
//!     let world = network.world();
//!     world.set_mx("example.com", vec![(10, "mx.example.com".into())]);
//!     world.set_address("mx.example.com", vec![[127, 0, 0, 2].into()]);
//!     let address = ([127, 0, 0, 2], 25).into();
//!     let starttls = StartTls::Offered(Certificate::Valid);
//!     let sink = world.smtp_sink(address, "mx.example.com", &starttls).unwrap();
//!     let configuration = Configuration {
//!         main: "",
//!         routers: "all:\n  driver = dnslookup\n  transport = smtp\n",
//!         transports: "smtp:\n  driver = smtp\n  hosts_require_tls = *\n",
//!     };
//!     let exim = Exim::new(network, &configuration);
//!     let attempts = exim.send(&["someone@example.com"]);
//!     assert_eq!(attempts[0].status, Status::Sent);
//!     assert_eq!(sink.messages().len(), 1);
//! });
//! ```

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test cannot go on without its Exim")]

use core::{cell::Cell, marker::PhantomData};
use std::{
    fs,
    io::Write as _,
    process::{Command, Output, Stdio},
    thread,
};

use tempfile::TempDir;

use crate::mta::{self, Network, Program, SENDER, System};

mod attempt;
mod config;

pub use attempt::Attempt;
pub use config::Configuration;

const EXIM: Program = Program { path: "/usr/sbin/exim4", package: "exim4-daemon-heavy" };

/// Runs a test in a network of its own, with the Exim of another system.
///
/// # Panics
///
/// As [`mta::isolated`].
pub fn isolated_in(system: &System, test: impl FnOnce(&Network) + Send) {
    mta::isolated_in(EXIM, system, test);
}

/// An Exim with its own configuration, queue and log, and no daemon: each command does its work and
/// ends. When a test fails, what Exim has logged is printed.
///
/// What it could not deliver it tries anew when it is told to.
#[derive(Debug)]
pub struct Exim<'a> {
    _network: PhantomData<&'a Network>,
    directory: TempDir,
    /// How many octets of the log were seen.
    seen: Cell<usize>,
}

impl<'a> Exim<'a> {
    /// Configures an instance, one at a time in a network. It trusts the World's certificate authority, as though
    /// that were the system's.
    ///
    /// # Panics
    ///
    /// When there is no place for it.
    pub fn new(network: &'a Network, configuration: &Configuration<'_>) -> Self {
        let directory = config::write(network.world(), configuration)
            .expect("the directory can be made and written to");
        Self { _network: PhantomData, directory, seen: Cell::default() }
    }

    /// Hands in a message from [`SENDER`], and waits for the first attempt to deliver it to each
    /// recipient.
    ///
    /// # Panics
    ///
    /// When Exim does not take it.
    pub fn send(&self, recipients: &[&str]) -> Vec<Attempt> {
        let mut child = command(&["-odi", "-oi", "-f", SENDER, "--"])
            .args(recipients)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Exim can be run");
        let mut stdin = child.stdin.take().expect("it is piped");
        write!(stdin, "From: {SENDER}\nSubject: test\n\nHello.\n").expect("Exim reads the message");
        drop(stdin);
        let output = child.wait_with_output().expect("Exim ends");
        assert!(output.status.success(), "{output:?}");
        self.news()
    }

    /// Has Exim try to deliver all mail in its queue, and waits for that.
    ///
    /// # Panics
    ///
    /// When Exim does not want to.
    pub fn flush(&self) -> Vec<Attempt> {
        run(&["-qff"]);
        self.news()
    }

    /// Whether a message for the recipient is in the queue.
    ///
    /// # Panics
    ///
    /// When Exim does not say it.
    pub fn holds(&self, recipient: &str) -> bool {
        let output = run(&["-bp"]);
        // A recipient that has the message already has a `D` before the address.
        String::from_utf8_lossy(&output.stdout).lines().any(|line| line.trim() == recipient)
    }

    /// What Exim expands a string to: one line, which begins with `Failed: ` if it cannot.
    ///
    /// # Panics
    ///
    /// When Exim cannot be run.
    pub fn expand(&self, string: &str) -> String {
        let output = run(&["-be", string]);
        String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
    }

    /// The lines of the log that contain `words`.
    pub fn logged(&self, words: &str) -> Vec<String> {
        let log = self.log();
        log.lines().filter(|line| line.contains(words)).map(ToOwned::to_owned).collect()
    }

    /// The attempts since those that were returned last.
    fn news(&self) -> Vec<Attempt> {
        let log = self.log();
        let new = log.get(self.seen.replace(log.len())..).unwrap_or_default();
        new.lines().filter_map(Attempt::parse).collect()
    }

    fn log(&self) -> String {
        let log = fs::read(config::log(self.directory.path())).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }
}

fn run(arguments: &[&str]) -> Output {
    let output = command(arguments).output().expect("Exim can be run");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    output
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(EXIM.path);
    command.args(arguments).stdin(Stdio::null());
    command
}

impl Drop for Exim<'_> {
    fn drop(&mut self) {
        config::remove().expect("the files are still there");
        if thread::panicking() {
            #[expect(clippy::print_stderr, reason = "this is what a failed test has to say")]
            {
                eprintln!("{}", self.log());
            }
        }
    }
}
