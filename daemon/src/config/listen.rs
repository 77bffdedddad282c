//! `[[listen]]`: where the daemon can be asked.

use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::Range,
};
use std::path::PathBuf;

use serde::{Serialize, Serializer};
use toml::{Spanned, de::DeValue};

use super::{
    document::Document,
    problem::Problem,
    section::Section,
    value::{integer, path, string, wrong_type},
};

/// The name of the section.
pub(super) const LISTEN: &str = "listen";

/// Longest path of a Unix socket, in bytes: `sun_path` without its final NUL.
const MAX_SOCKET_PATH: usize = 107;

/// A socket that MTAs connect to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Listen {
    /// A TCP socket.
    Tcp {
        /// Its address.
        #[serde(rename = "tcp")]
        address: SocketAddr,
    },
    /// A Unix socket.
    Unix(UnixSocket),
}

/// A Unix socket and who may connect to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct UnixSocket {
    /// The absolute path.
    #[serde(rename = "unix")]
    pub path: PathBuf,
    /// The permission bits.
    pub mode: Mode,
    /// The owner, if not the user that the daemon runs as.
    pub owner: Option<Principal>,
    /// The group, if not the group that the daemon runs as.
    pub group: Option<Principal>,
}

/// Permission bits, 0 to 0o777.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mode(u32);

/// A user or a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Principal {
    /// By number.
    Id(u32),
    /// By name.
    Name(String),
}

impl Listen {
    pub(super) fn default_list() -> Vec<Self> {
        vec![Self::Tcp { address: (Ipv4Addr::LOCALHOST, 8461).into() }]
    }

    pub(super) fn read_all(document: &mut Document<'_>) -> Vec<Self> {
        let Some(read) = document.sections(LISTEN, Self::read) else { return Self::default_list() };
        let listeners: Vec<(Range<usize>, Self)> = read.into_iter().flatten().collect();
        for (index, (place, listener)) in listeners.iter().enumerate() {
            let mut earlier = listeners.iter().take(index);
            if let Some((_, other)) = earlier.find(|(_, other)| other.clashes(listener)) {
                let message = format!("`{listener}` is listened on twice");
                let label = format!("clashes with `{other}`");
                document.report(Problem::error(place.clone(), message).label(label));
            }
        }
        listeners.into_iter().map(|(_, listener)| listener).collect()
    }

    fn read(section: &mut Section<'_, '_>) -> Option<(Range<usize>, Self)> {
        let address = section.optional("tcp", address);
        let socket = section.optional("unix", socket_path);
        let mode = section.value("mode", Mode::default(), Mode::read);
        let owner = section.optional("owner", Principal::read);
        let group = section.optional("group", Principal::read);

        let listener = match (section.has("tcp"), section.has("unix")) {
            (true, false) => {
                refuse_socket_keys(section);
                Self::Tcp { address: address? }
            }
            (false, true) => Self::Unix(UnixSocket { path: socket?, mode, owner, group }),
            (true, true) => {
                let place = section.place(&["unix"]);
                let problem = Problem::error(place, "a listener has one address");
                section.report(problem.help("write a second `[[listen]]` for the other"));
                return None;
            }
            (false, false) => {
                let place = section.place(&[]);
                let problem = Problem::error(place, "a listener needs `tcp` or `unix`");
                section.report(problem.help("for example `tcp = \"127.0.0.1:8461\"`"));
                return None;
            }
        };
        listener.check(section);
        Some((section.place(&["tcp", "unix"]), listener))
    }

    fn check(&self, section: &mut Section<'_, '_>) {
        match self {
            Self::Tcp { address } => {
                if !address.ip().to_canonical().is_loopback() {
                    let help = "who can reach it can have names looked up and policies fetched; \
                                keep others out with a firewall";
                    section.warn("tcp", "is not a loopback address", help);
                }
                if address.port() == 0 {
                    let help = "the kernel picks a free port at each start; that is for tests";
                    section.warn("tcp", "has no fixed port", help);
                }
            }
            Self::Unix(socket) => {
                if socket.mode.bits() & 0o222 == 0 {
                    let help = "connecting to a Unix socket takes write permission";
                    section.warn("mode", "lets nobody connect but root", help);
                }
            }
        }
    }

    /// Whether both cannot be listened on at the same time.
    fn clashes(&self, other: &Self) -> bool {
        match (self, other) {
            // Port 0 is another port each time.
            (Self::Tcp { address: a }, Self::Tcp { address: b }) => {
                a.port() != 0 && a.port() == b.port() && overlap(a.ip(), b.ip())
            }
            (Self::Unix(a), Self::Unix(b)) => a.path == b.path,
            (Self::Tcp { .. }, Self::Unix(_)) | (Self::Unix(_), Self::Tcp { .. }) => false,
        }
    }
}

fn refuse_socket_keys(section: &mut Section<'_, '_>) {
    for key in ["mode", "owner", "group"] {
        if section.has(key) {
            let message = format!("`{LISTEN}.{key}` is only for Unix sockets");
            section.report(Problem::error(section.place(&[key]), message));
        }
    }
}

/// Whether a port of one address is one of the other, too.
fn overlap(a: IpAddr, b: IpAddr) -> bool {
    let same_family = a.is_ipv4() == b.is_ipv4();
    a == b || same_family && (a.is_unspecified() || b.is_unspecified())
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { address } => address.fmt(f),
            Self::Unix(socket) => socket.path.display().fmt(f),
        }
    }
}

impl Mode {
    /// The bits, as `chmod` takes them.
    pub const fn bits(self) -> u32 {
        let Self(bits) = self;
        bits
    }

    fn read(value: &Spanned<DeValue<'_>>) -> Result<Self, Problem> {
        let takes = "permissions in octal, such as \"0660\"";
        if let DeValue::Integer(number) = value.get_ref() {
            // 660 and 0o660 differ, and whoever writes a number means the latter.
            let digits = number.as_str().trim_start_matches('0');
            let meant = octal(digits).map(Self);
            let problem = wrong_type(value, takes);
            return Err(match meant {
                Some(mode) => problem.replace("in quotes", format!("\"{mode}\"")),
                None => problem,
            });
        }
        let text = string(value, takes)?;
        octal(text).map(Self).ok_or_else(|| {
            Problem::error(value.span(), format!("takes {takes}"))
                .label("not three octal digits, with or without a 0 before them")
        })
    }
}

impl Default for Mode {
    fn default() -> Self {
        Self(0o660)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.bits())
    }
}

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Principal {
    fn read(value: &Spanned<DeValue<'_>>) -> Result<Self, Problem> {
        if let DeValue::Integer(_) = value.get_ref() {
            return integer(0..=u32::MAX)(value).map(Self::Id);
        }
        let text = string(value, "a name or a number")?;
        Ok(text.parse().map_or_else(|_| Self::Name(text.to_owned()), Self::Id))
    }
}

fn octal(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    u32::from_str_radix(text, 8).ok().filter(|bits| digits && *bits <= 0o777)
}

fn address(value: &Spanned<DeValue<'_>>) -> Result<SocketAddr, Problem> {
    let text = string(value, "an address and a port, such as \"127.0.0.1:8461\"")?;
    text.parse().map_err(|_| {
        let problem = Problem::error(value.span(), format!("cannot be `{text}`"))
            .label("not an IP address and a port");
        let port = text.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        match (text.parse::<IpAddr>(), port) {
            (Ok(ip), _) => {
                problem.replace("with the usual port", format!("\"{}\"", SocketAddr::new(ip, 8461)))
            }
            (Err(_), Some(port)) => {
                problem.replace("to listen on loopback", format!("\"127.0.0.1:{port}\""))
            }
            (Err(_), None) => problem.help("write it as `127.0.0.1:8461` or `[::1]:8461`"),
        }
    })
}

fn socket_path(value: &Spanned<DeValue<'_>>) -> Result<PathBuf, Problem> {
    let path = path(value)?;
    if path.as_os_str().len() <= MAX_SOCKET_PATH {
        Ok(path)
    } else {
        let message = format!("is longer than the {MAX_SOCKET_PATH} bytes that the system allows");
        Err(Problem::error(value.span(), message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(address: &str) -> Listen {
        Listen::Tcp { address: address.parse().unwrap() }
    }

    #[test]
    fn a_port_belongs_to_one_listener() {
        assert!(tcp("127.0.0.1:25").clashes(&tcp("127.0.0.1:25")));
        assert!(tcp("0.0.0.0:25").clashes(&tcp("127.0.0.1:25")));
        assert!(tcp("[::1]:25").clashes(&tcp("[::]:25")));
    }

    #[test]
    fn other_ports_and_addresses_are_free() {
        assert!(!tcp("127.0.0.1:25").clashes(&tcp("127.0.0.1:26")));
        assert!(!tcp("127.0.0.1:25").clashes(&tcp("127.0.0.2:25")));
        assert!(!tcp("127.0.0.1:25").clashes(&tcp("[::1]:25")));
        assert!(!tcp("127.0.0.1:0").clashes(&tcp("127.0.0.1:0")));
    }

    #[test]
    fn permissions_are_octal() {
        assert_eq!(octal("0660"), Some(0o660));
        assert_eq!(octal("660"), Some(0o660));
        assert_eq!(octal("0777"), Some(0o777));
        assert_eq!(octal("1777"), None);
        assert_eq!(octal("0680"), None);
        assert_eq!(octal("+660"), None);
        assert_eq!(octal(""), None);
        assert_eq!(Mode::default().to_string(), "0660");
    }
}
