//! A private Sendmail, in a network of its own ([`crate::mta`]).
//!
//! It takes Debian's packages `sendmail-bin` and `sendmail-cf`, which are not there beside Postfix or
//! Exim: a [`System`] of their own has them.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test cannot go on without its Sendmail")]

use core::marker::PhantomData;
use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use crate::mta::{self, HOST, Network, PATIENCE, Program, SENDER, Status, System};

const SENDMAIL: Program =
    Program { path: "/usr/libexec/sendmail/sendmail", package: "sendmail-bin" };

/// What makes a configuration from a `.mc` file.
const CF: &str = "/usr/share/sendmail/cf/m4/cf.m4";

/// Runs a test in a network of its own, with the Sendmail of this system or another one.
///
/// # Panics
///
/// As [`mta::isolated`].
pub fn isolated(system: Option<&System>, test: impl FnOnce(&Network) + Send) {
    match system {
        Some(system) => mta::isolated_in(SENDMAIL, system, test),
        None => mta::isolated(SENDMAIL, test),
    }
}

/// A Sendmail with its own configuration and queue, and without a process of its own: it delivers
/// what is handed in before it returns, and anew only when told to.
#[derive(Debug)]
pub struct Sendmail<'a> {
    _network: PhantomData<&'a Network>,
    directory: TempDir,
}

/// What came of handing in a message, or of a run of the queue.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Whether the recipient's message is delivered, is in the queue, or is neither.
    pub status: Status,
    /// What Sendmail printed: the SMTP session, and what it made of it.
    pub transcript: String,
}

impl<'a> Sendmail<'a> {
    /// An instance that trusts the World's certificate authority, with further lines for its `.mc`
    /// file, such as `FEATURE`s.
    ///
    /// # Panics
    ///
    /// When `m4` makes no configuration of them.
    pub fn new(network: &'a Network, mc: &str) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("sendmail")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .expect("a directory can be made");
        let sendmail = Self { _network: PhantomData, directory };
        sendmail.configure(network, mc);
        sendmail
    }

    fn configure(&self, network: &Network, mc: &str) {
        let directory = self.directory.path();
        let ca = network.world().write_ca(directory).expect("the directory can be written to");
        fs::create_dir(self.queue()).expect("the directory can be written to");
        let owner_only = fs::Permissions::from_mode(0o700);
        fs::set_permissions(self.queue(), owner_only).expect("it is ours");
        let source = format!(
            "\
include(`{CF}')dnl
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME', `{HOST}')dnl
define(`QUEUE_DIR', `{queue}')dnl
define(`ALIAS_FILE', `')dnl
define(`confDEAD_LETTER_DROP', `{directory}/dead.letter')dnl
define(`confPID_FILE', `{directory}/pid')dnl
define(`confCACERT', `{ca}')dnl
define(`confCACERT_PATH', `{directory}')dnl
define(`confTO_CONNECT', `10s')dnl
define(`confTO_IDENT', `0')dnl
{mc}
MAILER(`local')dnl
MAILER(`smtp')dnl
",
            queue = self.queue().display(),
            directory = directory.display(),
            ca = ca.display(),
        );
        let mc = directory.join("sendmail.mc");
        fs::write(&mc, source).expect("the directory can be written to");
        let output = Command::new("m4").arg(&mc).output().expect("m4 can be run");
        assert!(output.status.success(), "{output:?}");
        fs::write(self.cf(), output.stdout).expect("the directory can be written to");
    }

    /// Hands in a message from [`SENDER`], and waits for the attempt to deliver it.
    ///
    /// # Panics
    ///
    /// When Sendmail cannot be run.
    pub fn send(&self, recipient: &str) -> Attempt {
        let message = format!("From: {SENDER}\nTo: {recipient}\nSubject: test\n\nHello.\n");
        let output = self.run(&["-v", "-odi", "-i", "-f", SENDER, "--", recipient], &message);
        self.attempt(recipient, &output)
    }

    /// Has Sendmail try again to deliver what is in the queue, and waits for what comes of a message
    /// for the recipient.
    ///
    /// # Panics
    ///
    /// When Sendmail cannot be run.
    pub fn flush(&self, recipient: &str) -> Attempt {
        let output = self.run(&["-v", "-q"], "");
        self.attempt(recipient, &output)
    }

    /// What Sendmail says to commands in its test mode (`-bt`), such as `/map sts example.com`.
    ///
    /// # Panics
    ///
    /// When Sendmail cannot be run.
    pub fn test(&self, commands: &str) -> String {
        String::from_utf8_lossy(&self.run(&["-bt"], commands).stdout).into_owned()
    }

    fn attempt(&self, recipient: &str, output: &Output) -> Attempt {
        let transcript = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        let queued = self.queued(recipient);
        let status = if queued.is_some() {
            Status::Deferred
        } else if transcript.lines().any(|line| line.contains("... Sent")) {
            Status::Sent
        } else {
            Status::Bounced
        };
        Attempt { status, transcript: transcript + &queued.unwrap_or_default() }
    }

    /// What the queue says of a message for the recipient, if it is there.
    fn queued(&self, recipient: &str) -> Option<String> {
        let entries = fs::read_dir(self.queue()).expect("the queue can be read");
        let control = entries
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("qf"))
            .map(|entry| fs::read(entry.path()).expect("nothing else uses the queue"))
            .map(|contents| String::from_utf8_lossy(&contents).into_owned());
        let is_for = |line: &str| line.starts_with('R') && line.contains(recipient);
        control.into_iter().find(|contents| contents.lines().any(is_for))
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new("timeout")
            .args(["--signal=KILL", &PATIENCE.as_secs().to_string(), SENDMAIL.path])
            .arg("-C")
            .arg(self.cf())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Sendmail can be run");
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(input.as_bytes()).expect("Sendmail reads it");
        drop(stdin);
        let output = child.wait_with_output().expect("Sendmail ends");
        assert!(output.status.code().is_some(), "Sendmail hangs: {output:?}");
        output
    }

    fn cf(&self) -> PathBuf {
        self.directory.path().join("sendmail.cf")
    }

    fn queue(&self) -> PathBuf {
        Path::new(self.directory.path()).join("queue")
    }
}
