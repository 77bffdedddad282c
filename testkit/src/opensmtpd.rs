//! A private OpenSMTPD, in a network of its own ([`crate::mta`]).
//!
//! Tables are programs that smtpd(8) looks for in one directory, and it keeps its queue and its socket
//! in others. So it takes a [`System`] of its own, in which the test covers those directories.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test cannot go on without its OpenSMTPD")]

use core::marker::PhantomData;
use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Instant,
};

use tempfile::TempDir;

use crate::mta::{self, Log, Network, PATIENCE, Program, SENDER, System, supervised};

mod attempt;
mod place;

pub use attempt::Attempt;

const SMTPD: Program = Program { path: "/usr/sbin/smtpd", package: "opensmtpd" };

/// Runs a test in a network of its own, with the OpenSMTPD of another system.
///
/// # Panics
///
/// As [`mta::isolated`].
pub fn isolated_in(system: &System, test: impl FnOnce(&Network) + Send) {
    mta::isolated_in(SMTPD, system, test);
}

/// An OpenSMTPD that takes mail from its `sendmail` only. When a test fails, what it has logged is
/// printed.
#[derive(Debug)]
pub struct OpenSmtpd<'a> {
    _network: PhantomData<&'a Network>,
    _directory: TempDir,
    supervisor: Child,
    log: Log,
    deadline: Instant,
}

impl<'a> OpenSmtpd<'a> {
    /// Starts an instance with this configuration, which trusts the World's certificate authority as
    /// though it were the system's. `table` is a program that a table in the configuration is, under
    /// the same name.
    ///
    /// There can be one in each network.
    ///
    /// # Panics
    ///
    /// When OpenSMTPD does not start.
    pub fn start(network: &'a Network, table: &Path, smtpd_conf: &str) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("opensmtpd")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .expect("a directory can be made");
        let ca =
            network.world().write_ca(directory.path()).expect("the directory can be written to");
        place::prepare(&ca, table).expect("the system can be prepared");
        let conf = directory.path().join("smtpd.conf");
        fs::write(&conf, smtpd_conf).expect("the directory can be written to");
        fs::set_permissions(&conf, fs::Permissions::from_mode(0o600)).expect("it is ours");
        let (reader, writer) = io::pipe().expect("a pipe can be made");
        let command = [SMTPD.path.as_ref(), "-dvf".as_ref(), conf.as_os_str()];
        let supervisor = supervised(&command, writer).expect("unshare can be run");
        let deadline = Instant::now() + PATIENCE;
        let log = Log::read(reader, deadline);
        let smtpd =
            Self { _network: PhantomData, _directory: directory, supervisor, log, deadline };
        smtpd.wait_for_log("smtp: will accept");
        smtpd
    }

    /// Hands in a message from [`SENDER`]. OpenSMTPD may refuse it: the output says so.
    ///
    /// # Panics
    ///
    /// When `sendmail` cannot be run.
    pub fn send(&self, recipient: &str) -> Output {
        let mut child = Command::new("/usr/sbin/sendmail")
            .args(["-f", SENDER, "--", recipient])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sendmail can be run");
        let mut stdin = child.stdin.take().expect("it is piped");
        write!(stdin, "From: {SENDER}\nTo: {recipient}\nSubject: test\n\nHello.\n")
            .expect("sendmail reads the message");
        drop(stdin);
        child.wait_with_output().expect("sendmail ends")
    }

    /// Has OpenSMTPD try at once to deliver all mail in its queue.
    ///
    /// # Panics
    ///
    /// When it does not want to.
    pub fn flush(&self) {
        // What it is still busy with would be passed over.
        while self.queue().contains("|inflight|") {
            assert!(Instant::now() < self.deadline, "a delivery does not end");
        }
        self.control(&["schedule", "all"]);
    }

    /// Keeps what comes in the queue until [`resume`](Self::resume).
    ///
    /// # Panics
    ///
    /// When OpenSMTPD does not want to.
    pub fn pause(&self) {
        self.control(&["pause", "mta"]);
    }

    /// Ends a [`pause`](Self::pause).
    ///
    /// # Panics
    ///
    /// When OpenSMTPD does not want to.
    pub fn resume(&self) {
        self.control(&["resume", "mta"]);
    }

    /// Whether a message for the recipient is in the queue.
    ///
    /// # Panics
    ///
    /// When OpenSMTPD does not say it.
    pub fn holds(&self, recipient: &str) -> bool {
        self.queue().lines().any(|line| line.split('|').any(|field| field == recipient))
    }

    fn queue(&self) -> String {
        self.control(&["show", "queue"])
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

    fn control(&self, arguments: &[&str]) -> String {
        let output = Command::new("/usr/sbin/smtpctl").args(arguments).output();
        let output = output.expect("smtpctl can be run");
        assert!(output.status.success(), "smtpctl {arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for OpenSmtpd<'_> {
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
