//! The DNS codec: queries encoded, answers decoded, for a caller that has only a socket.
//!
//! The caller is a stub of a recursive resolver: it asks with recursion desired and expects the
//! whole CNAME chain in the answer.

use alloc::vec::Vec;
use core::{fmt, net::IpAddr};

use hickory_proto::{
    op::{Edns, Message, MessageType, OpCode, Query, ResponseCode},
    rr::{DNSClass, Name, RData, Record},
};

use crate::{DnsFailure, TxtAnswer};

/// What is asked of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordType {
    /// Text.
    Txt,
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
}

/// A name and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question(Query);

/// What a resolver has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The response code.
    pub rcode: Rcode,
    /// The records at the end of the CNAME chain; none if the name or the type does not exist.
    pub records: Vec<Data>,
    /// The smallest TTL of the chain and its records or, without records, the negative TTL
    /// (RFC 2308 §5; 0 if there is no SOA record). In seconds.
    pub ttl: u32,
    /// The message was cut short: ask again over TCP.
    pub is_truncated: bool,
    /// The resolver says that it has validated the answer (AD). Believe it only from a resolver
    /// that is trusted over a trusted path (RFC 4035 §4.9.3).
    pub is_authentic: bool,
}

/// The data of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// A TXT record, its character-strings joined without a space.
    Txt(Vec<u8>),
    /// An A or AAAA record.
    Address(IpAddr),
}

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

/// Why a message is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecodeError {
    /// It has another id, answers another question, or is no response: it may be forged or late, so
    /// go on waiting.
    NotOurs,
    /// It has our id but cannot be read.
    Malformed,
}

/// The name is not one that DNS can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InvalidName;

/// Largest UDP answer asked for: what fits unfragmented everywhere (DNS Flag Day 2020).
const UDP_PAYLOAD: u16 = 1232;
/// CNAMEs followed in one answer.
const MAX_CNAMES: usize = 16;

impl Question {
    /// A question about `name`, which is given as A-labels.
    ///
    /// # Errors
    ///
    /// When the name is too long or has an empty label.
    pub fn new(name: &str, record_type: RecordType) -> Result<Self, InvalidName> {
        let mut name = Name::from_ascii(name).map_err(|_| InvalidName)?;
        name.set_fqdn(true);
        Ok(Self(Query::query(name, record_type.into())))
    }

    /// The query message. `id` should be one that others cannot guess.
    ///
    /// # Errors
    ///
    /// When the name cannot be encoded.
    pub fn encode(&self, id: u16) -> Result<Vec<u8>, InvalidName> {
        let mut message = self.query(id);
        let mut edns = Edns::new();
        edns.set_max_payload(UDP_PAYLOAD);
        message.set_edns(edns);
        message.to_vec().map_err(|_| InvalidName)
    }

    /// As [`encode`](Self::encode), for servers that refuse queries with EDNS (RFC 6891 §7): answers
    /// over UDP then have at most 512 octets.
    ///
    /// # Errors
    ///
    /// When the name cannot be encoded.
    pub fn encode_without_edns(&self, id: u16) -> Result<Vec<u8>, InvalidName> {
        self.query(id).to_vec().map_err(|_| InvalidName)
    }

    fn query(&self, id: u16) -> Message {
        let mut message = Message::new(id, MessageType::Query, OpCode::Query);
        message.metadata.recursion_desired = true;
        // Asks for AD without asking for signatures (RFC 6840 §5.7).
        message.metadata.authentic_data = true;
        message.add_query(self.0.clone());
        message
    }

    /// Reads the answer to the query that was [`encode`](Self::encode)d with `id`.
    ///
    /// # Errors
    ///
    /// When the message is not the answer, or cannot be read.
    pub fn decode(&self, id: u16, message: &[u8]) -> Result<Answer, DecodeError> {
        if !message.starts_with(&id.to_be_bytes()) {
            return Err(DecodeError::NotOurs);
        }
        let message = match Message::from_vec(message) {
            Ok(message) => message,
            // Some servers cut an answer in the middle of a record.
            Err(_) if is_cut_response(message) => return Ok(Answer::cut()),
            Err(_) => return Err(DecodeError::Malformed),
        };
        let rcode = message.metadata.response_code.into();
        // A server that cannot read a query may answer without repeating it.
        let about_us = match message.queries.as_slice() {
            [query] => *query == self.0,
            [] => !matches!(rcode, Rcode::NoError | Rcode::NxDomain),
            _ => false,
        };
        if message.metadata.message_type != MessageType::Response || !about_us {
            return Err(DecodeError::NotOurs);
        }
        let (records, ttl) = self.follow(&message);
        Ok(Answer {
            rcode,
            records,
            ttl,
            is_truncated: message.metadata.truncation,
            is_authentic: message.metadata.authentic_data,
        })
    }

    /// The records at the end of the CNAME chain that begins with the question's name.
    fn follow(&self, message: &Message) -> (Vec<Data>, u32) {
        let mut name = &self.0.name;
        let mut ttl = u32::MAX;
        for _ in 0..=MAX_CNAMES {
            let mut records = Vec::new();
            let mut alias = None;
            for record in at_name(&message.answers, name) {
                if let RData::CNAME(target) = &record.data {
                    alias = Some((&target.0, record.ttl));
                } else if record.record_type() == self.0.query_type {
                    ttl = ttl.min(record.ttl);
                    records.extend(Data::read(&record.data));
                }
            }
            match alias {
                None if records.is_empty() => break,
                //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
                //# The "_mta-sts" record MAY return a CNAME that points (directly or via other
                //# CNAMEs) to a TXT record, in which case senders MUST follow the CNAME pointers.
                Some((target, alias_ttl)) if records.is_empty() => {
                    name = target;
                    ttl = ttl.min(alias_ttl);
                }
                _ => return (records, ttl),
            }
        }
        (Vec::new(), ttl.min(negative_ttl(message)))
    }
}

fn at_name<'a>(records: &'a [Record], name: &'a Name) -> impl Iterator<Item = &'a Record> {
    records.iter().filter(move |record| record.dns_class == DNSClass::IN && record.name == *name)
}

fn negative_ttl(message: &Message) -> u32 {
    let mut ttls = message.authorities.iter().filter_map(|record| {
        let RData::SOA(soa) = &record.data else { return None };
        Some(record.ttl.min(soa.minimum))
    });
    ttls.next().unwrap_or(0)
}

/// Whether the header says that this is a response (QR) that was cut short (TC).
fn is_cut_response(message: &[u8]) -> bool {
    const QR: u8 = 0x80;
    const TC: u8 = 0x02;
    message.len() >= 12 && message.get(2).is_some_and(|flags| flags & (QR | TC) == QR | TC)
}

impl Data {
    fn read(data: &RData) -> Option<Self> {
        if let RData::TXT(txt) = data {
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
            //# If the resulting TXT record contains multiple strings, then the record MUST be
            //# treated as if those strings are concatenated without adding spaces.
            return Some(Self::Txt(txt.txt_data.concat()));
        }
        data.ip_addr().map(Self::Address)
    }
}

impl Answer {
    /// An answer of which nothing can be read but that it was cut short.
    const fn cut() -> Self {
        let rcode = Rcode::NoError;
        Self { rcode, records: Vec::new(), ttl: 0, is_truncated: true, is_authentic: false }
    }

    /// The answer as the engine takes it. Absence of the name or the type is an answer.
    ///
    /// # Errors
    ///
    /// When the resolver could or would not answer.
    pub fn into_txt(self) -> Result<TxtAnswer, DnsFailure> {
        self.rcode.check()?;
        let records = self.records.into_iter().filter_map(|data| match data {
            Data::Txt(text) => Some(text),
            Data::Address(_) => None,
        });
        Ok(TxtAnswer { records: records.collect(), ttl: self.ttl })
    }

    /// The addresses in the answer. Absence of the name or the type is an answer.
    ///
    /// # Errors
    ///
    /// When the resolver could or would not answer.
    pub fn into_addresses(self) -> Result<Vec<IpAddr>, DnsFailure> {
        self.rcode.check()?;
        let addresses = self.records.into_iter().filter_map(|data| match data {
            Data::Address(address) => Some(address),
            Data::Txt(_) => None,
        });
        Ok(addresses.collect())
    }
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

impl From<ResponseCode> for Rcode {
    fn from(code: ResponseCode) -> Self {
        match u16::from(code) {
            0 => Self::NoError,
            2 => Self::ServFail,
            3 => Self::NxDomain,
            5 => Self::Refused,
            other => Self::Other(other),
        }
    }
}

impl From<RecordType> for hickory_proto::rr::RecordType {
    fn from(record_type: RecordType) -> Self {
        match record_type {
            RecordType::Txt => Self::TXT,
            RecordType::A => Self::A,
            RecordType::Aaaa => Self::AAAA,
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

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a name that DNS can carry")
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOurs => "the message answers another query",
            Self::Malformed => "the message cannot be read",
        })
    }
}

impl core::error::Error for InvalidName {}
impl core::error::Error for DecodeError {}

#[cfg(test)]
mod tests;
