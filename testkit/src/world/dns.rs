//! A DNS server that answers as a recursive resolver would, or as badly as it is told.

use core::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};

use hickory_proto::rr::{
    Name,
    rdata::{MX, TLSA, TXT},
};
pub use hickory_proto::{
    op::ResponseCode,
    rr::{RData, RecordType},
};

use super::{background::Background, gate::Gate, log::Log, ports};
use crate::answers::{DnsAnswer, Rcode, character_strings};

mod reply;
mod serve;
mod zone;

pub(super) use zone::HostState;
use zone::{Answer, Node, TTL, Zone, address_data};

/// A DNS server on a free port of 127.0.0.1, over UDP and TCP.
///
/// Names that nothing was set for do not exist. Aliases are followed, and the answer has the whole
/// chain. Names compare without regard to case, and a reply spells the question as the query did.
///
/// Clones are the same server, which stops when the last of them is dropped.
#[derive(Clone, Debug)]
pub struct DnsServer {
    addr: SocketAddr,
    shared: Arc<Shared>,
    _background: Arc<Background>,
}

#[derive(Debug, Default)]
struct Shared {
    zone: Mutex<Zone>,
    log: Log<DnsQuery>,
}

/// What a DNS server does wrong.
#[derive(Clone, Debug)]
pub enum DnsFault {
    /// It does not reply.
    Silent,
    /// It replies with this code and no records.
    Rcode(ResponseCode),
    /// Over UDP, it replies without records and with the TC bit. Over TCP all is well.
    Truncated,
    /// To queries with EDNS it replies FORMERR. Without, all is well.
    NoEdns,
    /// It replies with octets that are no DNS message.
    Garbage,
    /// It replies with a wrong message id, and right after that correctly.
    WrongIdFirst,
    /// It replies with the right records, but says that the question was another.
    WrongQuestion,
    /// It replies only when the gate is open, and then says what is true by then.
    Held(Gate),
}

/// How a query came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the protocols' own")]
pub enum Transport {
    Udp,
    Tcp,
}

/// A query, as it came in.
#[derive(Clone, Debug)]
pub struct DnsQuery {
    /// The name as it was spelt, without the root dot.
    pub name: String,
    /// The type of record asked for.
    pub record_type: RecordType,
    /// How the query came.
    pub transport: Transport,
    /// From where it came.
    pub from: SocketAddr,
    /// The message id.
    pub id: u16,
    /// The AD bit: the client wants to know whether the answer is authenticated.
    pub authentic_data: bool,
    /// The DO bit of EDNS.
    pub dnssec_ok: bool,
}

impl DnsServer {
    /// Starts a server that knows no names.
    pub fn start() -> Self {
        let background = Background::start("dns");
        let (udp, tcp) = ports::udp_and_tcp();
        let addr = udp.local_addr().expect("the socket is bound");
        let shared = Arc::new(Shared::default());
        background.spawn(serve::serve_udp(udp, Arc::clone(&shared)));
        background.spawn(serve::serve_tcp(tcp, Arc::clone(&shared)));
        Self { addr, shared, _background: Arc::new(background) }
    }

    /// Starts a server that takes queries and never replies.
    pub fn start_silent() -> Self {
        let server = Self::start();
        server.set_server_fault(Some(DnsFault::Silent));
        server
    }

    /// Where the server listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Sets what a TXT query for the name is answered with. A `Cname` holds for all types, and any
    /// other answer ends it.
    ///
    /// # Panics
    ///
    /// When the answer has a character-string that DNS cannot carry, or a name is not valid.
    pub fn set(&self, name: &str, answer: DnsAnswer) {
        let answer = match answer {
            DnsAnswer::Txt { records, ttl } => {
                let record = |record: Vec<_>| {
                    let strings = character_strings(&record).expect("DNS can carry the strings");
                    RData::TXT(TXT::from_bytes(strings.iter().map(Vec::as_slice).collect()))
                };
                Answer::Records { rdata: records.into_iter().map(record).collect(), ttl }
            }
            DnsAnswer::Cname { target, ttl } => return self.set_alias(name, &target, ttl),
            DnsAnswer::Rcode { rcode, ttl } => {
                let ttl = ttl.unwrap_or(TTL);
                match rcode {
                    Rcode::Nxdomain => Answer::Absent { code: ResponseCode::NXDomain, ttl },
                    Rcode::Nodata => Answer::Absent { code: ResponseCode::NoError, ttl },
                    Rcode::Servfail => Answer::Rcode(ResponseCode::ServFail),
                    Rcode::Refused => Answer::Rcode(ResponseCode::Refused),
                }
            }
            DnsAnswer::Timeout => Answer::Silence,
        };
        self.set_answer(name, RecordType::TXT, answer);
    }

    /// Sets the addresses of a name, which count before those that follow from its HTTPS answer.
    /// A type of which there is no address is empty.
    pub fn set_address(&self, name: &str, addresses: Vec<IpAddr>) {
        let (v4, v6) = addresses.into_iter().partition::<Vec<_>, _>(IpAddr::is_ipv4);
        self.set_records(name, RecordType::A, v4.into_iter().map(address_data).collect());
        self.set_records(name, RecordType::AAAA, v6.into_iter().map(address_data).collect());
    }

    /// Sets the mail exchangers of a name: preferences and host names.
    pub fn set_mx(&self, name: &str, exchangers: Vec<(u16, String)>) {
        let exchanger = |(preference, host): (u16, String)| MX::new(preference, parse(&host));
        let rdata = exchangers.into_iter().map(exchanger).map(RData::MX).collect();
        self.set_records(name, RecordType::MX, rdata);
    }

    /// Sets the TLSA records of a name: certificate usage, selector, matching type and data.
    pub fn set_tlsa(&self, name: &str, records: &[(u8, u8, u8, &[u8])]) {
        let record = |&(usage, selector, matching, data): &(u8, u8, u8, &[u8])| {
            let data = data.to_vec();
            RData::TLSA(TLSA::new(usage.into(), selector.into(), matching.into(), data))
        };
        self.set_records(name, RecordType::TLSA, records.iter().map(record).collect());
    }

    /// Makes a name an alias, whatever else was set for it.
    pub fn set_cname(&self, name: &str, target: &str) {
        self.set_alias(name, target, TTL);
    }

    fn set_alias(&self, name: &str, target: &str, ttl: u32) {
        let alias = Some((parse(target), ttl));
        self.change(name, |node| node.cname = alias);
    }

    /// Sets the records of one type of a name: with none, the name exists, but has no such record.
    /// The name is no alias any more.
    pub fn set_records(&self, name: &str, record_type: RecordType, rdata: Vec<RData>) {
        let answer = if rdata.is_empty() {
            Answer::Absent { code: ResponseCode::NoError, ttl: TTL }
        } else {
            Answer::Records { rdata, ttl: TTL }
        };
        self.set_answer(name, record_type, answer);
    }

    fn set_answer(&self, name: &str, record_type: RecordType, answer: Answer) {
        self.change(name, |node| {
            node.cname = None;
            node.answers.insert(record_type, answer);
        });
    }

    /// Sets how a host that the HTTPS server answers for is found.
    pub(super) fn set_host(&self, name: &str, host: HostState) {
        self.change(name, |node| node.host = Some(host));
    }

    /// Sets or ends the fault of replies to questions about a name.
    pub fn set_fault(&self, name: &str, fault: Option<DnsFault>) {
        self.change(name, |node| node.fault = fault);
    }

    /// Sets or ends the fault of replies to questions about one type of a name.
    pub fn set_type_fault(&self, name: &str, record_type: RecordType, fault: Option<DnsFault>) {
        self.change(name, |node| match fault {
            Some(fault) => drop(node.type_faults.insert(record_type, fault)),
            None => drop(node.type_faults.remove(&record_type)),
        });
    }

    /// Sets or ends the fault of replies about all names that have no fault of their own.
    pub fn set_server_fault(&self, fault: Option<DnsFault>) {
        self.zone().fault = fault;
    }

    /// Sets whether replies have the AD bit, for clients that ask for it. Initially they have not.
    pub fn set_authenticated(&self, authenticated: bool) {
        self.zone().authenticated = authenticated;
    }

    /// Sets whether replies about one name have the AD bit. An alias and its target both count.
    pub fn set_name_authenticated(&self, name: &str, authenticated: bool) {
        self.change(name, |node| node.authenticated = Some(authenticated));
    }

    /// How many queries have come for a name, of any type.
    pub fn queries(&self, name: &str) -> usize {
        self.shared.log.count(|query| is_about(query, name))
    }

    /// All queries that have come, in order.
    pub fn query_log(&self) -> Vec<DnsQuery> {
        self.shared.log.all()
    }

    /// Waits until `count` queries in all have come for a name.
    pub async fn wait_for_queries(&self, name: &str, count: usize) {
        self.shared.log.wait_for(count, |query| is_about(query, name)).await;
    }

    fn zone(&self) -> MutexGuard<'_, Zone> {
        self.shared.zone()
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Node)) {
        let name = parse(name);
        change(self.zone().node(name));
    }
}

impl Shared {
    fn zone(&self) -> MutexGuard<'_, Zone> {
        self.zone.lock().expect("nobody panics while changing the zone")
    }
}

fn is_about(query: &DnsQuery, name: &str) -> bool {
    query.name.eq_ignore_ascii_case(name.trim_end_matches('.'))
}

fn parse(name: &str) -> Name {
    let mut parsed = Name::from_ascii(name).expect("the name is a domain name");
    parsed.set_fqdn(true);
    parsed
}
