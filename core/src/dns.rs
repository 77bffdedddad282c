//! The DNS codec: queries encoded, answers decoded, for a caller that has only a socket.
//!
//! The caller is a stub of a recursive resolver: it asks with recursion desired and expects the
//! whole CNAME chain in the answer.

use alloc::{string::String, vec::Vec};
use core::fmt;

mod answer;
mod message;
mod name;
mod octets;
mod rcode;

use message::{Content, Edns, IN, Message, Record};
use name::Name;

pub use answer::{Answer, Data, Mx, Tlsa};
pub use rcode::Rcode;

/// What is asked of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordType {
    /// Text.
    Txt,
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Mail exchangers.
    Mx,
    /// Certificates, at names such as `_25._tcp.mx.example.com` (RFC 6698 §3).
    Tlsa,
}

/// A name and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    name: Name,
    record_type: RecordType,
    dnssec_ok: bool,
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
        let name = Name::from_text(name).ok_or(InvalidName)?;
        Ok(Self { name, record_type, dnssec_ok: false })
    }

    /// The same question with DO set (RFC 3225), so that a resolver that does not look at AD in
    /// queries says whether it has validated the answer. Signatures in the answer are passed over.
    #[must_use]
    pub fn with_dnssec(self) -> Self {
        Self { dnssec_ok: true, ..self }
    }

    /// The query message. `id` should be one that others cannot guess.
    #[must_use]
    pub fn encode(&self, id: u16) -> Vec<u8> {
        let edns = Edns { max_payload: UDP_PAYLOAD, dnssec_ok: self.dnssec_ok };
        message::encode(id, self, Some(edns))
    }

    /// As [`encode`](Self::encode), for servers that refuse queries with EDNS (RFC 6891 §7): answers
    /// over UDP then have at most 512 octets.
    #[must_use]
    pub fn encode_without_edns(&self, id: u16) -> Vec<u8> {
        message::encode(id, self, None)
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
        let message = match Message::decode(message) {
            Some(message) => message,
            // Some servers cut an answer in the middle of a record.
            None if is_cut_response(message) => return Ok(Answer::cut()),
            None => return Err(DecodeError::Malformed),
        };
        let rcode = message.rcode;
        // A server that cannot read a query may answer without repeating it.
        let about_us = match message.queries.as_slice() {
            [(name, record_type, class)] => {
                *name == self.name && *record_type == self.record_type.number() && *class == IN
            }
            [] => !matches!(rcode, Rcode::NoError | Rcode::NxDomain),
            _ => false,
        };
        if !message.is_response || !about_us {
            return Err(DecodeError::NotOurs);
        }
        let (aliases, found, ttl) = self.follow(&message);
        Ok(Answer {
            rcode,
            aliases,
            records: found.iter().filter_map(|content| content.data()).collect(),
            strings: found.iter().filter_map(|content| content.strings()).collect(),
            ttl,
            is_truncated: message.is_truncated,
            is_authentic: message.is_authentic,
        })
    }

    /// The CNAME chain that begins with the question's name, the records at its end, and the TTL.
    fn follow<'a>(&'a self, message: &'a Message) -> (Vec<String>, Vec<&'a Content>, u32) {
        let mut aliases = Vec::new();
        let mut name = &self.name;
        let mut ttl = u32::MAX;
        for _ in 0..=MAX_CNAMES {
            let mut records = Vec::new();
            let mut alias = None;
            for record in at_name(&message.answers, name) {
                if let Content::Alias(target) = &record.content {
                    alias = Some((target, record.ttl));
                } else if record.record_type == self.record_type.number() {
                    ttl = ttl.min(record.ttl);
                    records.push(&record.content);
                }
            }
            match alias {
                None if records.is_empty() => break,
                //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
                //# The "_mta-sts" record MAY return a CNAME that points (directly or via other
                //# CNAMEs) to a TXT record, in which case senders MUST follow the CNAME pointers.
                Some((target, alias_ttl)) if records.is_empty() => {
                    name = target;
                    aliases.push(target.to_text());
                    ttl = ttl.min(alias_ttl);
                }
                _ => return (aliases, records, ttl),
            }
        }
        (aliases, Vec::new(), ttl.min(message.negative_ttl))
    }
}

fn at_name<'a>(records: &'a [Record], name: &'a Name) -> impl Iterator<Item = &'a Record> {
    records.iter().filter(move |record| record.class == IN && record.name == *name)
}

/// Whether the header says that this is a response (QR) that was cut short (TC).
fn is_cut_response(message: &[u8]) -> bool {
    const QR: u8 = 0x80;
    const TC: u8 = 0x02;
    message.len() >= 12 && message.get(2).is_some_and(|flags| flags & (QR | TC) == QR | TC)
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
