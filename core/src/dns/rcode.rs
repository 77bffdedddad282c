//! Response codes.

use core::fmt;

use crate::DnsFailure;

/// A response code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rcode {
    /// NOERROR
    NoError,
    /// NXDOMAIN
    NxDomain,
    /// SERVFAIL
    ServFail,
    /// REFUSED
    Refused,
    /// Another one, by number.
    Other(u16),
}

impl Rcode {
    /// Whether the resolver has answered at all.
    ///
    /// # Errors
    ///
    /// When it could or would not.
    pub const fn check(self) -> Result<(), DnsFailure> {
        match self {
            Self::NoError | Self::NxDomain => Ok(()),
            Self::ServFail => Err(DnsFailure::ServFail),
            Self::Refused | Self::Other(_) => Err(DnsFailure::Refused),
        }
    }
}

impl From<u16> for Rcode {
    fn from(code: u16) -> Self {
        match code {
            0 => Self::NoError,
            2 => Self::ServFail,
            3 => Self::NxDomain,
            5 => Self::Refused,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for Rcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoError => "NOERROR",
            Self::NxDomain => "NXDOMAIN",
            Self::ServFail => "SERVFAIL",
            Self::Refused => "REFUSED",
            Self::Other(1) => "FORMERR",
            Self::Other(4) => "NOTIMP",
            Self::Other(code) => return write!(f, "response code {code}"),
        })
    }
}
