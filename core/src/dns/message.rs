//! Messages as far as a stub resolver needs them (RFC 1035 §4.1): one question is written; of an
//! answer the header, the questions and the records of a few types are read, the others are passed
//! over unread. A full codec would be most of a module that browsers load; tests hold this one to
//! such a codec.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Data, Mx, Question, Rcode, RecordType, Tlsa, name::Name, octets::Octets};

/// The class of the Internet.
pub(super) const IN: u16 = 1;
const CNAME: u16 = 5;
const SOA: u16 = 6;
const OPT: u16 = 41;

impl RecordType {
    /// The number of the type in messages.
    pub(super) const fn number(self) -> u16 {
        match self {
            Self::A => 1,
            Self::Mx => 15,
            Self::Txt => 16,
            Self::Aaaa => 28,
            Self::Tlsa => 52,
        }
    }
}

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
    /// QR: it is no query.
    pub(super) is_response: bool,
    /// TC: it was cut short.
    pub(super) is_truncated: bool,
    /// AD: the resolver has validated it.
    pub(super) is_authentic: bool,
    pub(super) rcode: Rcode,
    /// Name, type and class.
    pub(super) queries: Vec<(Name, u16, u16)>,
    pub(super) answers: Vec<Record>,
    /// From the SOA record among the authorities (RFC 2308 §5); 0 without one.
    pub(super) negative_ttl: u32,
}

/// A record that was received.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) name: Name,
    pub(super) record_type: u16,
    pub(super) class: u16,
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
pub(super) fn encode(id: u16, question: &Question, edns: Option<Edns>) -> Vec<u8> {
    // RD; and AD, which asks for AD without asking for signatures (RFC 6840 §5.7).
    const FLAGS: u16 = 0x0120;
    let (queries, additionals) = (1, u16::from(edns.is_some()));
    let header = [id, FLAGS, queries, 0, 0, additionals];
    let mut message: Vec<u8> = header.into_iter().flat_map(u16::to_be_bytes).collect();
    question.name.write(&mut message);
    message.extend([question.record_type.number(), IN].into_iter().flat_map(u16::to_be_bytes));
    message.extend(edns.iter().flat_map(|edns| edns.record()));
    message
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
    pub(super) fn decode(message: &[u8]) -> Option<Self> {
        let mut octets = Octets::new(message);
        let [_, _, flags, codes] = octets.array()?;
        let [queries, answers, authorities, additionals] =
            [octets.u16()?, octets.u16()?, octets.u16()?, octets.u16()?];
        let query = |_| Some((Name::read(&mut octets)?, octets.u16()?, octets.u16()?));
        let queries = (0..queries).map(query).collect::<Option<_>>()?;
        let answers = read_records(&mut octets, answers)?;
        let authorities = read_records(&mut octets, authorities)?;
        let additionals = read_records(&mut octets, additionals)?;
        let negative_ttl = authorities.iter().find_map(|record| match record.content {
            Content::Minimum(minimum) => Some(record.ttl.min(minimum)),
            Content::Alias(_) | Content::Text(_) | Content::Data(_) | Content::Other => None,
        });
        let opt = additionals.iter().find(|record| record.record_type == OPT);
        // The upper bits of the response code are where other records have the TTL.
        let [upper, ..] = opt.map_or(0, |opt| opt.ttl).to_be_bytes();
        Some(Self {
            is_response: flags & 0x80 != 0,
            is_truncated: flags & 0x02 != 0,
            is_authentic: codes & 0x20 != 0,
            rcode: Rcode::from(u16::from(upper) << 4 | u16::from(codes & 0xf)),
            queries,
            answers,
            negative_ttl: negative_ttl.unwrap_or(0),
        })
    }
}

fn read_records(octets: &mut Octets<'_>, count: u16) -> Option<Vec<Record>> {
    (0..count).map(|_| Record::read(octets)).collect()
}

impl Record {
    fn read(octets: &mut Octets<'_>) -> Option<Self> {
        let name = Name::read(octets)?;
        let (record_type, class, ttl) = (octets.u16()?, octets.u16()?, octets.u32()?);
        let length = octets.u16()?;
        let mut data = octets.part(length.into())?;
        let content =
            if data.is_empty() { Content::Other } else { read_content(&mut data, record_type)? };
        let is_read = data.is_empty() || matches!(content, Content::Other);
        is_read.then_some(Self { name, record_type, class, ttl, content })
    }
}

/// Reads what a record holds.
fn read_content(octets: &mut Octets<'_>, record_type: u16) -> Option<Content> {
    const A: u16 = RecordType::A.number();
    const AAAA: u16 = RecordType::Aaaa.number();
    const MX: u16 = RecordType::Mx.number();
    const TXT: u16 = RecordType::Txt.number();
    const TLSA: u16 = RecordType::Tlsa.number();
    let data = match record_type {
        A => Data::Address(IpAddr::V4(Ipv4Addr::from(octets.array()?))),
        AAAA => Data::Address(IpAddr::V6(Ipv6Addr::from(octets.array()?))),
        CNAME => return Some(Content::Alias(Name::read(octets)?)),
        SOA => {
            let (_primary, _mailbox) = (Name::read(octets)?, Name::read(octets)?);
            let _serial_refresh_retry_expire = octets.take(16)?;
            return Some(Content::Minimum(octets.u32()?));
        }
        MX => Data::Mx(Mx { preference: octets.u16()?, host: Name::read(octets)?.to_text() }),
        TXT => {
            let mut strings = Vec::new();
            while !octets.is_empty() {
                let length = octets.octet()?;
                strings.push(octets.take(length.into())?.to_vec());
            }
            return Some(Content::Text(strings));
        }
        TLSA => {
            let [usage, selector, matching_type] = octets.array()?;
            Data::Tlsa(Tlsa { usage, selector, matching_type, data: octets.rest().to_vec() })
        }
        _ => return Some(Content::Other),
    };
    Some(Content::Data(data))
}
