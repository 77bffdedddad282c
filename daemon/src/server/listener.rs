//! Sockets that clients connect to.

use core::{fmt, net::SocketAddr, time::Duration};
use std::{
    fs, io,
    os::unix::{
        fs::{FileTypeExt as _, PermissionsExt as _, chown},
        net::UnixStream as StdUnixStream,
    },
    path::{Path, PathBuf},
};

use nix::unistd::{Group, User};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream, UnixListener, UnixStream},
    time,
};
use tracing::warn;

use crate::config::{Listen, Principal, UnixSocket};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// How long to wait when the system is out of file descriptors or memory: until connections end.
const RESPITE: Duration = Duration::from_millis(100);

/// An open socket. A Unix socket's file goes with it.
#[derive(Debug)]
pub(super) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

/// A connection of either kind.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// Who is at the other end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Peer {
    Tcp(SocketAddr),
    Unix { uid: Option<u32>, pid: Option<i32> },
}

/// Why a socket cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {listen}: {problem}")]
pub struct BindError {
    listen: String,
    problem: &'static str,
    #[source]
    error: io::Error,
}

impl Listener {
    pub(super) fn bind(listen: &Listen) -> Result<Self, BindError> {
        let failed = |(problem, error)| BindError { listen: listen.to_string(), problem, error };
        match listen {
            Listen::Tcp { address } => bind_tcp(*address).map(Self::Tcp).map_err(failed),
            Listen::Unix(socket) => {
                let (listener, file) = bind_unix(socket).map_err(failed)?;
                Ok(Self::Unix(listener, file))
            }
        }
    }

    /// The address, with the port that the system has chosen.
    pub(super) fn address(&self) -> String {
        match self {
            Self::Tcp(listener) => listener.local_addr().map_or_else(
                |error| format!("an unknown address ({error})"),
                |address| address.to_string(),
            ),
            Self::Unix(_, file) => file.0.display().to_string(),
        }
    }

    pub(super) async fn accept(&self) -> io::Result<(Stream, Peer)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                // Replies are small and come one at a time: waiting to fill packets gains nothing.
                stream.set_nodelay(true)?;
                Ok((Stream::Tcp(stream), Peer::Tcp(address)))
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                let credentials = stream.peer_cred().ok();
                let peer = Peer::Unix {
                    uid: credentials.map(|credentials| credentials.uid()),
                    pid: credentials.and_then(|credentials| credentials.pid()),
                };
                Ok((Stream::Unix(stream), peer))
            }
        }
    }
}

/// Logs that nobody could be accepted, and gives the system a respite.
pub(super) async fn tell(error: &io::Error) {
    warn!("a connection cannot be accepted: {error}");
    time::sleep(RESPITE).await;
}

fn bind_tcp(address: SocketAddr) -> Result<TcpListener, (&'static str, io::Error)> {
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // Else connections of a daemon that has just ended would keep the next one from starting.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    open().map_err(|error| (why(error.kind()), error))
}

fn bind_unix(socket: &UnixSocket) -> Result<(UnixListener, SocketFile), (&'static str, io::Error)> {
    let path = &socket.path;
    remove_stale(path)?;
    let listener = UnixListener::bind(path).map_err(|error| (why(error.kind()), error))?;
    let file = SocketFile(path.clone());
    let owner = socket.owner.as_ref().map(user_id).transpose()?;
    let group = socket.group.as_ref().map(group_id).transpose()?;
    if owner.is_some() || group.is_some() {
        chown(path, owner, group).map_err(|error| ("its owner cannot be set", error))?;
    }
    // Until here nobody but the daemon's own user could connect, unless the umask was lax.
    fs::set_permissions(path, fs::Permissions::from_mode(socket.mode.bits()))
        .map_err(|error| ("its mode cannot be set", error))?;
    Ok((listener, file))
}

/// What it means that the system refuses a socket.
#[expect(clippy::wildcard_enum_match_arm, reason = "the system's own words come after these")]
const fn why(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::AddrInUse => "something else is there",
        io::ErrorKind::AddrNotAvailable => "it is not an address of this machine",
        io::ErrorKind::NotFound => "its directory does not exist",
        io::ErrorKind::PermissionDenied => "that takes privileges",
        _ => "the system refuses",
    }
}

/// Removes the socket of a daemon that has ended without doing so itself.
fn remove_stale(path: &Path) -> Result<(), (&'static str, io::Error)> {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    if !is_socket {
        return Ok(());
    }
    match StdUnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path).map_err(|error| ("an old socket is there", error))
        }
        Err(error) => Err(("a socket is there already", error)),
        Ok(_) => Err(("another process listens there", io::ErrorKind::AddrInUse.into())),
    }
}

fn user_id(user: &Principal) -> Result<u32, (&'static str, io::Error)> {
    match user {
        Principal::Id(id) => Ok(*id),
        Principal::Name(name) => match User::from_name(name) {
            Ok(Some(user)) => Ok(user.uid.as_raw()),
            Ok(None) => Err(("its owner does not exist", unknown("user", name))),
            Err(error) => Err(("its owner cannot be looked up", error.into())),
        },
    }
}

fn group_id(group: &Principal) -> Result<u32, (&'static str, io::Error)> {
    match group {
        Principal::Id(id) => Ok(*id),
        Principal::Name(name) => match Group::from_name(name) {
            Ok(Some(group)) => Ok(group.gid.as_raw()),
            Ok(None) => Err(("its group does not exist", unknown("group", name))),
            Err(error) => Err(("its group cannot be looked up", error.into())),
        },
    }
}

fn unknown(what: &str, name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("there is no {what} `{name}`"))
}

/// The file of a Unix socket, removed when dropped.
#[derive(Debug)]
pub(super) struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            warn!("the socket {} cannot be removed: {error}", self.0.display());
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix { uid: Some(uid), pid: Some(pid) } => write!(f, "user {uid}, process {pid}"),
            Self::Unix { uid: Some(uid), pid: None } => write!(f, "user {uid}"),
            Self::Unix { uid: None, .. } => f.write_str("a local process"),
        }
    }
}
