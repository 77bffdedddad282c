//! A daemon on free ports, asking the DNS and HTTPS servers of a World.

use core::time::Duration;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    os::unix::net::UnixStream,
    path::Path,
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use tempfile::TempDir;
use testkit::world::World;

/// Longer than anything that is waited for, unless it is broken.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Daemon {
    child: Child,
    log: Receiver<Value>,
    /// What the log has said so far.
    pub(crate) said: Vec<Value>,
    pub(crate) address: String,
    pub(crate) directory: TempDir,
}

impl Daemon {
    /// A daemon that uses `world`, with `extra` in its configuration.
    pub(crate) fn start(world: &World, extra: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::start_in(directory, world, extra)
    }

    /// As [`start`](Self::start), with what another daemon has left in a directory.
    pub(crate) fn start_in(directory: TempDir, world: &World, extra: &str) -> Self {
        Self::start_with(directory, world, extra, &["--listen", "127.0.0.1:0"])
    }

    /// As [`start`](Self::start), listening only where `extra` says.
    pub(crate) fn start_listening(world: &World, extra: &str) -> Self {
        Self::start_with(tempfile::tempdir().unwrap(), world, extra, &[])
    }

    fn start_with(directory: TempDir, world: &World, extra: &str, arguments: &[&str]) -> Self {
        write_config(directory.path(), world, extra);
        let mut child = Command::new(env!("CARGO_BIN_EXE_mtasts"))
            .arg("serve")
            .args(arguments)
            .arg("--config")
            .arg(directory.path().join("mtasts.toml"))
            .env_remove("MTASTS_LOG")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the daemon starts");
        let log = read_log(child.stderr.take().unwrap());
        let mut daemon = Self { child, log, said: Vec::new(), address: String::new(), directory };
        let listening = daemon.wait_for_log("listening");
        daemon.address = listening["address"].as_str().unwrap().into();
        daemon
    }

    pub(crate) fn rewrite_config(&self, world: &World, extra: &str) {
        write_config(self.directory.path(), world, extra);
    }

    /// Waits for an event whose message contains `words`.
    pub(crate) fn wait_for_log(&mut self, words: &str) -> Value {
        let fits = |event: &Value| {
            event["message"].as_str().is_some_and(|message| message.contains(words))
        };
        loop {
            let event = match self.log.recv_timeout(PATIENCE) {
                Ok(event) => event,
                Err(error) => panic!("the log never says `{words}` ({error}): {:#?}", self.said),
            };
            self.said.push(event.clone());
            if fits(&event) {
                return event;
            }
        }
    }

    pub(crate) fn connect(&self) -> Client<TcpStream> {
        let stream = TcpStream::connect(&self.address).expect("the daemon listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Client(stream)
    }

    /// The reply to one request on a connection of its own.
    pub(crate) fn ask(&self, request: &str) -> String {
        self.connect().ask(request)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).unwrap();
        kill(Pid::from_raw(pid), signal).unwrap();
    }

    /// Waits for the end, and leaves what is to be left.
    pub(crate) fn wait(mut self) -> (ExitStatus, TempDir) {
        let status = self.child.wait().unwrap();
        let directory = core::mem::replace(&mut self.directory, tempfile::tempdir().unwrap());
        (status, directory)
    }

    pub(crate) fn stop(self) -> TempDir {
        self.signal(Signal::SIGTERM);
        let (status, directory) = self.wait();
        assert!(status.success(), "{status}");
        directory
    }

    pub(crate) fn kill(self) -> TempDir {
        self.signal(Signal::SIGKILL);
        self.wait().1
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn write_config(directory: &Path, world: &World, extra: &str) {
    let ca = world.write_ca(directory).unwrap();
    let config = format!(
        r#"
        [dns]
        servers = ["{dns}"]
        [https]
        port = {port}
        ca_file = "{ca}"
        allow_networks = ["127.0.0.0/8", "::1/128"]
        [store]
        path = "{store}"
        [log]
        format = "json"
        {extra}
        "#,
        dns = world.dns_addr(),
        port = world.https_port(),
        ca = ca.display(),
        store = directory.join("mtasts.db").display(),
    );
    fs::write(directory.join("mtasts.toml"), config).unwrap();
}

/// The log's events, as they come. Lines that are none are warnings about the configuration.
fn read_log(stderr: ChildStderr) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let event = serde_json::from_str(&line).unwrap_or(Value::String(line));
            if sender.send(event).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The client's end of a connection.
pub(crate) struct Client<S>(pub(crate) S);

impl Client<UnixStream> {
    pub(crate) fn connect(path: &Path) -> Self {
        let stream = UnixStream::connect(path).expect("the daemon listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }
}

impl Client<TcpStream> {
    /// Sends no more, and reads until the daemon closes.
    pub(crate) fn finish(mut self) -> String {
        self.0.shutdown(Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        String::from_utf8(rest).unwrap()
    }

    /// Whether the daemon has closed or closes now, without saying more.
    pub(crate) fn was_closed(mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(0))
            || self.0.take_error().is_ok_and(|error| error.is_some())
    }
}

impl<S: Read + Write> Client<S> {
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).unwrap();
    }

    pub(crate) fn request(&mut self, request: impl AsRef<[u8]>) {
        self.send(netstring(request));
    }

    pub(crate) fn ask(&mut self, request: impl AsRef<[u8]>) -> String {
        self.try_ask(request).expect("a reply")
    }

    /// The reply, unless the daemon closes.
    pub(crate) fn try_ask(&mut self, request: impl AsRef<[u8]>) -> Option<String> {
        self.0.write_all(&netstring(request)).ok()?;
        self.try_reply()
    }

    pub(crate) fn reply(&mut self) -> String {
        self.try_reply().expect("a reply")
    }

    fn try_reply(&mut self) -> Option<String> {
        let mut length = Vec::new();
        loop {
            match self.byte()? {
                b':' => break,
                digit => length.push(digit),
            }
        }
        let length: usize = String::from_utf8(length).unwrap().parse().unwrap();
        let mut contents = vec![0; length];
        self.0.read_exact(&mut contents).ok()?;
        assert_eq!(self.byte(), Some(b','));
        Some(String::from_utf8(contents).unwrap())
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.0.read_exact(&mut byte).ok().map(|()| byte[0])
    }
}

/// Waits for something in a World.
pub(crate) fn wait<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(what)
}

pub(crate) fn netstring(contents: impl AsRef<[u8]>) -> Vec<u8> {
    let contents = contents.as_ref();
    let mut netstring = format!("{}:", contents.len()).into_bytes();
    netstring.extend_from_slice(contents);
    netstring.push(b',');
    netstring
}
