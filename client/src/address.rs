//! Where a daemon listens.

use core::{fmt, str::FromStr};
use std::path::PathBuf;

/// Where a daemon listens, as text: the path of a Unix socket (which has a `/` in it), or a host and
/// a port (`127.0.0.1:8461`, `[::1]:8461`). A host that is a name is resolved at every question, and
/// the system's resolver knows no time limit: better is an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A Unix socket.
    Unix(PathBuf),
    /// A host and a port.
    Tcp(String),
}

/// Why a text is no [`Address`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AddressError {
    /// It has neither a `/` nor a port.
    #[error("neither the path of a Unix socket nor a host and port")]
    NoPort,
    /// The path does not fit into a socket address, or has a NUL.
    #[error("the path of a Unix socket has 1 to 107 octets and no NUL")]
    Path,
}

/// Octets of a path in a `sockaddr_un`, with the NUL at its end.
const MAX_PATH: usize = 108;

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.contains('/') {
            let fits = text.len() < MAX_PATH && !text.contains('\0');
            return if fits { Ok(Self::Unix(text.into())) } else { Err(AddressError::Path) };
        }
        match text.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
                Ok(Self::Tcp(text.to_owned()))
            }
            _ => Err(AddressError::NoPort),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "{}", path.display()),
            Self::Tcp(address) => f.write_str(address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_makes_it_a_path() {
        assert_eq!("./a".parse(), Ok(Address::Unix("./a".into())));
        assert_eq!("127.0.0.1:8461".parse(), Ok(Address::Tcp("127.0.0.1:8461".into())));
        assert_eq!("[::1]:1".parse(), Ok(Address::Tcp("[::1]:1".into())));
    }

    #[test]
    fn what_cannot_be_connected_to_is_refused() {
        for text in ["", "localhost", ":8461", "127.0.0.1:", "127.0.0.1:65536", "a:b"] {
            assert_eq!(text.parse::<Address>(), Err(AddressError::NoPort), "{text}");
        }
        let long = format!("/{}", "x".repeat(107));
        for text in ["/a\0b", &long] {
            assert_eq!(text.parse::<Address>(), Err(AddressError::Path), "{text}");
        }
    }
}
