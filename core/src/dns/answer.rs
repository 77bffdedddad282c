//! What resolvers answer.

use alloc::{string::String, vec::Vec};
use core::{fmt, net::IpAddr};

use super::Rcode;
use crate::{DnsFailure, TxtAnswer};

/// What a resolver has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The response code.
    pub rcode: Rcode,
    /// The names that the CNAME chain leads to, in its order: the last one owns the records. Empty
    /// if the name in the question is no alias. In lower case, without the root dot.
    pub aliases: Vec<String>,
    /// The records at the end of the CNAME chain; none if the name or the type does not exist.
    pub records: Vec<Data>,
    /// The character-strings of each TXT record, in the order of the records: for people who want to
    /// see how a record is split, which no sender cares for. Empty for other types.
    pub strings: Vec<Vec<Vec<u8>>>,
    /// The smallest TTL of the chain and its records or, without records, the negative TTL
    /// (RFC 2308 §5; 0 if there is no SOA record). In seconds.
    pub ttl: u32,
    /// The message was cut short: ask again over TCP.
    pub is_truncated: bool,
    /// The resolver says that it has validated the answer (AD), the CNAME chain included. Believe
    /// it only from a resolver that is trusted over a trusted path (RFC 4035 §4.9.3).
    pub is_authentic: bool,
}

/// The data of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// A TXT record, its character-strings joined without a space.
    Txt(Vec<u8>),
    /// An A or AAAA record.
    Address(IpAddr),
    /// An MX record.
    Mx(Mx),
    /// A TLSA record.
    Tlsa(Tlsa),
}

/// The data of an MX record (RFC 5321 §5.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mx {
    /// Lower values are tried first.
    pub preference: u16,
    /// The host, in lower case and without the root dot. Empty in a null MX (RFC 7505).
    pub host: String,
}

/// The data of a TLSA record (RFC 6698 §2.1), as it is: the values need not be known ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tlsa {
    /// The certificate usage, such as 3 for DANE-EE.
    pub usage: u8,
    /// The selector, such as 1 for the public key.
    pub selector: u8,
    /// The matching type, such as 1 for SHA-256.
    pub matching_type: u8,
    /// The certificate association data.
    pub data: Vec<u8>,
}

impl Answer {
    /// An answer of which nothing can be read but that it was cut short.
    pub(super) const fn cut() -> Self {
        Self {
            rcode: Rcode::NoError,
            aliases: Vec::new(),
            records: Vec::new(),
            strings: Vec::new(),
            ttl: 0,
            is_truncated: true,
            is_authentic: false,
        }
    }

    /// The answer as the engine takes it. Absence of the name or the type is an answer.
    ///
    /// # Errors
    ///
    /// When the resolver could or would not answer.
    pub fn into_txt(self) -> Result<TxtAnswer, DnsFailure> {
        let ttl = self.ttl;
        let records = self.into_records(|data| match data {
            Data::Txt(text) => Some(text),
            Data::Address(_) | Data::Mx(_) | Data::Tlsa(_) => None,
        })?;
        Ok(TxtAnswer { records, ttl })
    }

    /// The addresses in the answer. Absence of the name or the type is an answer.
    ///
    /// # Errors
    ///
    /// When the resolver could or would not answer.
    pub fn into_addresses(self) -> Result<Vec<IpAddr>, DnsFailure> {
        self.into_records(|data| match data {
            Data::Address(address) => Some(address),
            Data::Txt(_) | Data::Mx(_) | Data::Tlsa(_) => None,
        })
    }

    /// The MX records in the answer, those to be tried first at the front. Equal preferences stay in
    /// the answer's order. Absence of the name or the type is an answer: then the domain itself is
    /// the host (RFC 5321 §5.1).
    ///
    /// # Errors
    ///
    /// When the resolver could or would not answer.
    pub fn into_mx(self) -> Result<Vec<Mx>, DnsFailure> {
        let mut records = self.into_records(|data| match data {
            Data::Mx(mx) => Some(mx),
            Data::Txt(_) | Data::Address(_) | Data::Tlsa(_) => None,
        })?;
        records.sort_by_key(|mx| mx.preference);
        Ok(records)
    }

    /// The TLSA records in the answer. Absence of the name or the type is an answer. Without
    /// [`is_authentic`](Self::is_authentic) they mean nothing (RFC 7672 §2.2).
    ///
    /// # Errors
    ///
    /// When the resolver could or would not answer.
    pub fn into_tlsa(self) -> Result<Vec<Tlsa>, DnsFailure> {
        self.into_records(|data| match data {
            Data::Tlsa(tlsa) => Some(tlsa),
            Data::Txt(_) | Data::Address(_) | Data::Mx(_) => None,
        })
    }

    fn into_records<T>(self, wanted: impl Fn(Data) -> Option<T>) -> Result<Vec<T>, DnsFailure> {
        self.rcode.check()?;
        Ok(self.records.into_iter().filter_map(wanted).collect())
    }
}

impl Mx {
    /// Whether the record says that the domain takes no mail (RFC 7505).
    #[must_use]
    pub const fn is_null(&self) -> bool {
        self.host.is_empty()
    }
}

/// In presentation format (RFC 6698 §2.2), as TLSRPT reports it too (RFC 8460 §4.5).
impl fmt::Display for Tlsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} ", self.usage, self.selector, self.matching_type)?;
        self.data.iter().try_for_each(|octet| write!(f, "{octet:02X}"))
    }
}
