//! Messages as far as a stub resolver needs them: one question is written; of an answer the header,
//! the questions and the records of a few types are read, the others are passed over unread. A full
//! codec would be most of a module that browsers load.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hickory_proto::{
    op::{Header, HeaderCounts, MessageType, Metadata, OpCode, Query},
    rr::{DNSClass, Name, RecordType},
    serialize::binary::{
        BinDecodable as _, BinDecoder, BinEncodable as _, BinEncoder, DecodeError,
    },
};

use super::{Data, InvalidName, Mx, Rcode, Tlsa, answer};

/// What a query says of EDNS (RFC 6891).
#[derive(Clone, Copy, Debug)]
pub(super) struct Edns {
    /// Largest answer over UDP.
    pub(super) max_payload: u16,
    /// DO (RFC 3225).
    pub(super) dnssec_ok: bool,
}

/// A message that was received.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) metadata: Metadata,
    pub(super) rcode: Rcode,
    pub(super) queries: Vec<Query>,
    pub(super) answers: Vec<Record>,
    /// From the SOA record among the authorities (RFC 2308 §5); 0 without one.
    pub(super) negative_ttl: u32,
}

/// A record that was received.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) name: Name,
    pub(super) record_type: RecordType,
    pub(super) class: DNSClass,
    pub(super) ttl: u32,
    pub(super) content: Content,
}

/// What a record holds.
#[derive(Debug)]
pub(super) enum Content {
    Alias(Name),
    /// The character-strings of a TXT record.
    Text(Vec<Vec<u8>>),
    Data(Data),
    /// The `MINIMUM` of a SOA record.
    Minimum(u32),
    /// A record of a type that is of no use here, or without data.
    Other,
}

impl Content {
    /// The data that an answer may consist of.
    pub(super) fn data(&self) -> Option<Data> {
        match self {
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
            //# If the resulting TXT record contains multiple strings, then the record MUST be
            //# treated as if those strings are concatenated without adding spaces.
            Self::Text(strings) => Some(Data::Txt(strings.concat())),
            Self::Data(data) => Some(data.clone()),
            Self::Alias(_) | Self::Minimum(_) | Self::Other => None,
        }
    }

    /// The character-strings of a TXT record.
    pub(super) fn strings(&self) -> Option<Vec<Vec<u8>>> {
        match self {
            Self::Text(strings) => Some(strings.clone()),
            Self::Alias(_) | Self::Data(_) | Self::Minimum(_) | Self::Other => None,
        }
    }
}

/// Writes a query.
pub(super) fn encode(id: u16, query: &Query, edns: Option<Edns>) -> Result<Vec<u8>, InvalidName> {
    let metadata = Metadata::new(id, MessageType::Query, OpCode::Query);
    let mut header = Header { metadata, counts: HeaderCounts::default() };
    header.metadata.recursion_desired = true;
    // Asks for AD without asking for signatures (RFC 6840 §5.7).
    header.metadata.authentic_data = true;
    header.counts.queries = 1;
    header.counts.additionals = u16::from(edns.is_some());
    let mut message = Vec::new();
    let mut encoder = BinEncoder::new(&mut message);
    header.emit(&mut encoder).and_then(|()| query.emit(&mut encoder)).map_err(|_| InvalidName)?;
    if let Some(edns) = edns {
        message.extend(edns.record());
    }
    Ok(message)
}

impl Edns {
    /// The OPT record (RFC 6891 §6.1.2): at the root, with the payload for a class, extended flags
    /// for a TTL, and no options.
    const fn record(self) -> [u8; 11] {
        let [high, low] = self.max_payload.to_be_bytes();
        let flags = if self.dnssec_ok { 0x80 } else { 0 };
        [0, 0, 41, high, low, 0, 0, flags, 0, 0, 0]
    }
}

impl Message {
    /// Reads a message.
    pub(super) fn decode(message: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = BinDecoder::new(message);
        let header = Header::read(&mut decoder)?;
        let mut queries = Vec::new();
        for _ in 0..header.counts.queries {
            queries.push(Query::read(&mut decoder)?);
        }
        let answers = read_records(&mut decoder, header.counts.answers)?;
        let authorities = read_records(&mut decoder, header.counts.authorities)?;
        let additionals = read_records(&mut decoder, header.counts.additionals)?;
        let negative_ttl = authorities.iter().find_map(|record| match record.content {
            Content::Minimum(minimum) => Some(record.ttl.min(minimum)),
            Content::Alias(_) | Content::Text(_) | Content::Data(_) | Content::Other => None,
        });
        let opt = additionals.iter().find(|record| record.record_type == RecordType::OPT);
        // The upper bits of the response code are where other records have the TTL.
        let [upper, ..] = opt.map_or(0, |opt| opt.ttl).to_be_bytes();
        let lower = u16::from(header.metadata.response_code) & 0xf;
        Ok(Self {
            metadata: header.metadata,
            rcode: Rcode::from(u16::from(upper) << 4 | lower),
            queries,
            answers,
            negative_ttl: negative_ttl.unwrap_or(0),
        })
    }
}

fn read_records(decoder: &mut BinDecoder<'_>, count: u16) -> Result<Vec<Record>, DecodeError> {
    let mut records = Vec::new();
    for _ in 0..count {
        records.push(Record::read(decoder)?);
    }
    Ok(records)
}

impl Record {
    fn read(decoder: &mut BinDecoder<'_>) -> Result<Self, DecodeError> {
        let name = Name::read(decoder)?;
        let record_type = RecordType::read(decoder)?;
        let class = u16_of(decoder)?;
        let class =
            if record_type == RecordType::OPT { DNSClass::NONE } else { DNSClass::from(class) };
        let ttl = u32_of(decoder)?;
        let length = usize::from(u16_of(decoder)?);
        // Names in the data may point to what stands before, so it is read from the whole message.
        let start = u16::try_from(decoder.index()).map_err(|_| DecodeError::InsufficientBytes)?;
        let mut data = decoder.clone(start);
        let rest = decoder.read_slice(length)?.unverified(/* of this length, or an error */);
        let content = if rest.is_empty() {
            Content::Other
        } else {
            let content = read_content(&mut data, record_type, rest)?;
            let is_read = matches!(content, Content::Other) || data.index() == decoder.index();
            if !is_read {
                return Err(DecodeError::InsufficientBytes);
            }
            content
        };
        Ok(Self { name, record_type, class, ttl, content })
    }
}

/// Reads what a record holds: `decoder` is where it begins, `octets` are all of it.
fn read_content(
    decoder: &mut BinDecoder<'_>,
    record_type: RecordType,
    octets: &[u8],
) -> Result<Content, DecodeError> {
    let data = match u16::from(record_type) {
        1 => Data::Address(IpAddr::V4(Ipv4Addr::from(array(decoder)?))),
        28 => Data::Address(IpAddr::V6(Ipv6Addr::from(array(decoder)?))),
        5 => return Ok(Content::Alias(Name::read(decoder)?)),
        6 => {
            let (_primary, _mailbox) = (Name::read(decoder)?, Name::read(decoder)?);
            let _serial_refresh_retry_expire: [u8; 16] = array(decoder)?;
            return Ok(Content::Minimum(u32_of(decoder)?));
        }
        15 => {
            let preference = u16_of(decoder)?;
            Data::Mx(Mx { preference, host: answer::host(&Name::read(decoder)?) })
        }
        16 => return Ok(Content::Text(strings(decoder, octets)?)),
        52 => {
            let [usage, selector, matching_type] = array(decoder)?;
            let left = octets.len().saturating_sub(3);
            let data = decoder.read_vec(left)?.unverified(/* a certificate or its hash */);
            Data::Tlsa(Tlsa { usage, selector, matching_type, data })
        }
        _ => return Ok(Content::Other),
    };
    Ok(Content::Data(data))
}

/// The character-strings of a TXT record.
fn strings(decoder: &mut BinDecoder<'_>, octets: &[u8]) -> Result<Vec<Vec<u8>>, DecodeError> {
    let mut strings = Vec::new();
    let end = decoder.index().saturating_add(octets.len());
    while decoder.index() < end {
        strings.push(decoder.read_character_data()?.unverified(/* any octets */).to_vec());
    }
    Ok(strings)
}

fn array<const N: usize>(decoder: &mut BinDecoder<'_>) -> Result<[u8; N], DecodeError> {
    let octets = decoder.read_slice(N)?.unverified(/* of this length, or an error */);
    octets.try_into().map_err(|_| DecodeError::InsufficientBytes)
}

fn u16_of(decoder: &mut BinDecoder<'_>) -> Result<u16, DecodeError> {
    array(decoder).map(u16::from_be_bytes)
}

fn u32_of(decoder: &mut BinDecoder<'_>) -> Result<u32, DecodeError> {
    array(decoder).map(u32::from_be_bytes)
}
