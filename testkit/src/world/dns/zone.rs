//! What the DNS server knows: names, and the answers to be given for them.

use core::net::{IpAddr, Ipv4Addr};
use std::collections::BTreeMap;

use hickory_proto::{
    op::ResponseCode,
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, AAAA, CNAME, SOA},
    },
};

use super::DnsFault;
use crate::world::ports::{REFUSING, SERVING};

/// Time to live of records, and of their absence, in seconds, where a test says nothing.
pub(super) const TTL: u32 = 60;

/// How long a chain of aliases may be, which also ends loops.
const LONGEST_CHAIN: usize = 16;

/// All names, and the answers to be given for them.
#[derive(Debug, Default)]
pub(super) struct Zone {
    nodes: BTreeMap<Name, Node>,
    pub(super) authenticated: bool,
    /// A fault of all names that have none of their own.
    pub(super) fault: Option<DnsFault>,
}

/// What is known of one name.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) answers: BTreeMap<RecordType, Answer>,
    pub(super) cname: Option<(Name, u32)>,
    /// The addresses that follow from what the HTTPS server does for the name.
    pub(super) host: Option<HostState>,
    pub(super) fault: Option<DnsFault>,
    /// Faults of one type only, which count before the others.
    pub(super) type_faults: BTreeMap<RecordType, DnsFault>,
    pub(super) authenticated: Option<bool>,
}

/// The answer for one name and type.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Records {
        rdata: Vec<RData>,
        ttl: u32,
    },
    /// Known to be absent: the code is NXDOMAIN or NOERROR.
    Absent {
        code: ResponseCode,
        ttl: u32,
    },
    Rcode(ResponseCode),
    Silence,
}

/// How a host is found that the HTTPS server answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::world) enum HostState {
    /// At the addresses that the test gave, else at the server's.
    Found,
    /// At an address on which nothing listens.
    Unreachable,
    /// Not at all: there is no such name.
    Nonexistent,
    /// Not at all: the lookup fails.
    Failing,
}

/// What a question comes to: the chain of aliases, and the answer for its last name.
pub(super) struct Resolution {
    pub(super) chain: Vec<Record>,
    pub(super) name: Name,
    pub(super) answer: Answer,
    pub(super) authenticated: bool,
}

impl Zone {
    /// What is known of a name, to be changed.
    pub(super) fn node(&mut self, name: Name) -> &mut Node {
        self.nodes.entry(name).or_default()
    }

    /// The fault of replies to a question.
    pub(super) fn fault(&self, name: &Name, record_type: RecordType) -> Option<DnsFault> {
        let node = self.nodes.get(name);
        let own = node.and_then(|node| node.type_faults.get(&record_type).or(node.fault.as_ref()));
        own.or(self.fault.as_ref()).cloned()
    }

    /// Answers a question as a recursive resolver does: aliases are followed.
    pub(super) fn resolve(&self, question: &Name, record_type: RecordType) -> Resolution {
        let mut name = question.clone();
        let mut chain = Vec::new();
        let mut authenticated = true;
        loop {
            let node = self.nodes.get(&name);
            authenticated &= node.and_then(|node| node.authenticated).unwrap_or(self.authenticated);
            let alias = node.and_then(|node| node.alias(record_type));
            let answer = match alias {
                Some((target, ttl)) if chain.len() < LONGEST_CHAIN => {
                    let rdata = RData::CNAME(CNAME(target.clone()));
                    chain.push(Record::from_rdata(name, *ttl, rdata));
                    name = target.clone();
                    continue;
                }
                Some(_) => Answer::Rcode(ResponseCode::ServFail),
                None => node
                    .and_then(|node| node.answer(record_type))
                    .unwrap_or_else(|| self.absent(&name)),
            };
            return Resolution { chain, name, answer, authenticated };
        }
    }

    /// The answer where there are no records: a name that exists, or has names below it, is empty.
    fn absent(&self, name: &Name) -> Answer {
        let exists = |(other, node): (&Name, &Node)| node.exists() && name.zone_of(other);
        let empty = self.nodes.iter().any(exists);
        let code = if empty { ResponseCode::NoError } else { ResponseCode::NXDomain };
        Answer::Absent { code, ttl: TTL }
    }
}

impl Node {
    /// The alias that a question of this type is led to.
    fn alias(&self, record_type: RecordType) -> Option<&(Name, u32)> {
        let forced = is_address(record_type) && !matches!(self.host, None | Some(HostState::Found));
        if forced || record_type == RecordType::CNAME { None } else { self.cname.as_ref() }
    }

    fn answer(&self, record_type: RecordType) -> Option<Answer> {
        if record_type == RecordType::CNAME {
            let (target, ttl) = self.cname.clone()?;
            return Some(Answer::Records { rdata: vec![RData::CNAME(CNAME(target))], ttl });
        }
        let given = self.answers.get(&record_type).cloned();
        if !is_address(record_type) {
            return given;
        }
        let v4 = |address: Ipv4Addr| {
            let rdata = vec![address_data(address.into())];
            (record_type == RecordType::A).then_some(Answer::Records { rdata, ttl: TTL })
        };
        match self.host {
            None => given,
            Some(HostState::Found) => given.or_else(|| v4(SERVING)),
            Some(HostState::Unreachable) => v4(REFUSING),
            Some(HostState::Nonexistent) => {
                Some(Answer::Absent { code: ResponseCode::NXDomain, ttl: TTL })
            }
            Some(HostState::Failing) => Some(Answer::Rcode(ResponseCode::ServFail)),
        }
    }

    fn exists(&self) -> bool {
        let found = matches!(self.host, Some(HostState::Found | HostState::Unreachable));
        // An answer without data still says that there is such a name.
        let named = |answer: &Answer| match answer {
            Answer::Records { .. } => true,
            Answer::Absent { code, .. } => *code == ResponseCode::NoError,
            Answer::Rcode(_) | Answer::Silence => false,
        };
        found || self.cname.is_some() || self.answers.values().any(named)
    }
}

const fn is_address(record_type: RecordType) -> bool {
    matches!(record_type, RecordType::A | RecordType::AAAA)
}

/// The record data of an address.
pub(super) fn address_data(address: IpAddr) -> RData {
    match address {
        IpAddr::V4(address) => RData::A(A(address)),
        IpAddr::V6(address) => RData::AAAA(AAAA(address)),
    }
}

/// The record that says for how long a name may be taken to be absent (RFC 2308).
pub(super) fn start_of_authority(name: &Name, ttl: u32) -> Record {
    let apex = name.trim_to(2);
    let server = Name::from_ascii("ns.invalid.").expect("the name is valid");
    let soa = SOA::new(server.clone(), server, 1, 3600, 600, 86400, ttl);
    Record::from_rdata(apex, ttl, RData::SOA(soa))
}
