use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use hickory_proto::{
    op::{Message, MessageType, OpCode, Query, ResponseCode},
    rr::{
        DNSClass, Name, RData, Record,
        rdata::{A, CNAME, MX, SOA, TLSA, TXT},
    },
};
use proptest::prelude::*;

use super::{Answer, Data, DecodeError, InvalidName, Mx, Question, Rcode, RecordType};
use crate::{DnsFailure, TxtAnswer};

const NAME: &str = "_mta-sts.example.com";

fn question() -> Question {
    Question::new(NAME, RecordType::Txt).unwrap()
}

fn name(name: &str) -> Name {
    Name::from_ascii(name).unwrap()
}

/// The question as the other codec has it.
fn query(record_type: RecordType) -> Query {
    Query::query(name(&format!("{NAME}.")), record_type.number().into())
}

fn response(answers: Vec<Record>) -> Message {
    let mut message = Message::response(7, OpCode::Query);
    message.add_query(query(RecordType::Txt));
    message.insert_answers(answers);
    message
}

fn decode(message: &Message) -> Result<Answer, DecodeError> {
    question().decode(7, &message.to_vec().unwrap())
}

fn txt(owner: &str, ttl: u32, strings: &[&str]) -> Record {
    let strings = strings.iter().map(ToString::to_string).collect();
    Record::from_rdata(name(owner), ttl, RData::TXT(TXT::new(strings)))
}

fn cname(owner: &str, ttl: u32, target: &str) -> Record {
    Record::from_rdata(name(owner), ttl, RData::CNAME(CNAME(name(target))))
}

#[test]
fn a_query_asks_for_recursion_and_a_moderate_answer() {
    let message = Message::from_vec(&question().encode(0xabcd)).unwrap();
    assert_eq!(message.metadata.id, 0xabcd);
    assert!(message.metadata.recursion_desired);
    assert_eq!(message.max_payload(), 1232);
    assert_eq!(message.queries, [query(RecordType::Txt)]);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
//= type=test
//# If the resulting TXT record contains multiple strings, then the record MUST be treated as if
//# those strings are concatenated without adding spaces.
#[test]
fn character_strings_are_joined_without_a_space() {
    let answer = decode(&response(vec![txt(NAME, 300, &["v=STSv1; id", "=1"])])).unwrap();
    assert_eq!(answer.strings, [[b"v=STSv1; id".to_vec(), b"=1".to_vec()]]);
    assert_eq!(
        answer.into_txt(),
        Ok(TxtAnswer { records: vec![b"v=STSv1; id=1".to_vec()], ttl: 300 })
    );
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
//= type=test
//# The "_mta-sts" record MAY return a CNAME that points (directly or via other CNAMEs) to a TXT
//# record, in which case senders MUST follow the CNAME pointers.
#[test]
fn cname_chains_are_followed_in_any_order_and_case() {
    let answers = vec![
        txt("b.example.net", 300, &["x"]),
        cname(NAME, 90, "a.example.net"),
        txt("unrelated.example", 5, &["y"]),
        cname("A.EXAMPLE.NET", 60, "b.example.net"),
    ];
    let answer = decode(&response(answers)).unwrap();
    assert_eq!(answer.records, vec![Data::Txt(b"x".to_vec())]);
    assert_eq!(answer.ttl, 60);
    assert_eq!(answer.aliases, ["a.example.net", "b.example.net"]);
}

#[test]
fn cname_loops_end() {
    let answers = vec![cname(NAME, 60, "a.example"), cname("a.example", 60, NAME)];
    assert_eq!(decode(&response(answers)).unwrap().records, vec![]);
}

#[test]
fn absence_has_the_ttl_of_the_soa_record() {
    let mut message = response(vec![]);
    message.metadata.response_code = ResponseCode::NXDomain;
    let soa = SOA::new(name("ns.example.com"), name("x.example.com"), 1, 1, 1, 1, 120);
    message.add_authority(Record::from_rdata(name("example.com"), 900, RData::SOA(soa)));
    let answer = decode(&message).unwrap();
    assert_eq!((answer.rcode, answer.ttl), (Rcode::NxDomain, 120));
    assert_eq!(answer.into_txt(), Ok(TxtAnswer { records: vec![], ttl: 120 }));
}

#[test]
fn other_types_are_no_text() {
    let address = RData::A(A::new(192, 0, 2, 1));
    let answer = decode(&response(vec![Record::from_rdata(name(NAME), 60, address)])).unwrap();
    assert_eq!(answer.records, vec![]);
}

/// A response with these records at the end of a CNAME chain of one.
fn typed(record_type: RecordType, records: Vec<RData>) -> Answer {
    let question = Question::new(NAME, record_type).unwrap();
    let mut message = Message::response(7, OpCode::Query);
    message.add_query(query(record_type));
    let records = records.into_iter().map(|data| Record::from_rdata(name("Alias.Test"), 60, data));
    message.insert_answers([cname(NAME, 90, "alias.test")].into_iter().chain(records).collect());
    question.decode(7, &message.to_vec().unwrap()).unwrap()
}

#[test]
fn mail_exchangers_come_in_their_order() {
    let mx = |preference, host| RData::MX(MX::new(preference, name(host)));
    let records = vec![mx(20, "Second.Example."), mx(10, "first.example."), mx(20, "third.test.")];
    let answer = typed(RecordType::Mx, records);
    assert_eq!((answer.ttl, answer.aliases.len()), (60, 1));
    let hosts = [(10, "first.example"), (20, "second.example"), (20, "third.test")];
    let hosts = hosts.map(|(preference, host)| Mx { preference, host: host.into() });
    assert_eq!(answer.into_mx(), Ok(hosts.to_vec()));

    let null = typed(RecordType::Mx, vec![mx(0, ".")]).into_mx().unwrap();
    assert!(null[0].is_null(), "{null:?}");
}

#[test]
fn certificates_keep_values_that_are_not_known() {
    let tlsa = RData::TLSA(TLSA::new(3.into(), 1.into(), 255.into(), vec![0x0a, 0xff]));
    let records = typed(RecordType::Tlsa, vec![tlsa]).into_tlsa().unwrap();
    let [tlsa] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((tlsa.usage, tlsa.selector, tlsa.matching_type), (3, 1, 255));
    assert_eq!(tlsa.to_string(), "3 1 255 0AFF");
}

#[test]
fn absent_exchangers_are_an_answer() {
    assert_eq!(typed(RecordType::Mx, vec![]).into_mx(), Ok(vec![]));
    let mut failed = typed(RecordType::Tlsa, vec![]);
    failed.rcode = Rcode::ServFail;
    assert_eq!(failed.into_tlsa(), Err(DnsFailure::ServFail));
}

#[test]
fn failures_are_told_apart() {
    for (code, failure) in [
        (ResponseCode::ServFail, DnsFailure::ServFail),
        (ResponseCode::Refused, DnsFailure::Refused),
        (ResponseCode::FormErr, DnsFailure::Refused),
    ] {
        let mut message = response(vec![]);
        message.metadata.response_code = code;
        assert_eq!(decode(&message).unwrap().into_txt(), Err(failure));
        message.queries.clear();
        assert_eq!(decode(&message).unwrap().into_txt(), Err(failure));
    }
}

#[test]
fn what_answers_another_query_is_not_ours() {
    let good = response(vec![txt(NAME, 300, &["x"])]);
    assert_eq!(question().decode(8, &good.to_vec().unwrap()), Err(DecodeError::NotOurs));
    let mut other = good.clone();
    other.queries[0].name = name("_mta-sts.example.net");
    assert_eq!(decode(&other), Err(DecodeError::NotOurs));
    let mut query = good.clone();
    query.metadata.message_type = MessageType::Query;
    assert_eq!(decode(&query), Err(DecodeError::NotOurs));
    let mut unasked = good;
    unasked.queries.clear();
    assert_eq!(decode(&unasked), Err(DecodeError::NotOurs));
    assert_eq!(question().decode(7, &[0, 7, 1]), Err(DecodeError::Malformed));
}

#[test]
fn an_answer_cut_in_the_middle_of_a_record_is_truncated() {
    let mut message = response(vec![txt(NAME, 300, &["v=STSv1; id=1"])]);
    message.metadata.truncation = true;
    let mut octets = message.to_vec().unwrap();
    octets.truncate(octets.len() - 5);
    assert!(question().decode(7, &octets).unwrap().is_truncated);
    octets[2] &= !0x02;
    assert_eq!(question().decode(7, &octets), Err(DecodeError::Malformed));
}

#[test]
fn a_query_can_ask_for_dnssec() {
    let dnssec_ok = |question: &Question| {
        let message = Message::from_vec(&question.encode(1)).unwrap();
        message.edns.map(|edns| edns.flags().dnssec_ok)
    };
    assert_eq!(dnssec_ok(&question()), Some(false));
    assert_eq!(dnssec_ok(&question().with_dnssec()), Some(true));
}

#[test]
fn a_query_can_do_without_edns() {
    let message = Message::from_vec(&question().encode_without_edns(1)).unwrap();
    assert_eq!(message.edns, None);
}

#[test]
fn names_that_dns_cannot_carry_are_refused() {
    assert_eq!(Question::new("a..b", RecordType::A), Err(InvalidName));
    assert_eq!(Question::new(&["a"; 128].join("."), RecordType::A), Err(InvalidName));
    assert!(Question::new(&["a"; 127].join("."), RecordType::A).is_ok());
    assert!(Question::new(&"a".repeat(63), RecordType::A).is_ok());
    for name in ["..", ".a", &"a".repeat(64), "a b", "a\\.b", "-a", "a*", "*a", "\u{fc}", "a\0"] {
        assert_eq!(Question::new(name, RecordType::A), Err(InvalidName), "{name:?}");
    }
}

#[test]
fn octets_that_host_names_do_not_have_are_escaped() {
    let octets = [&[9][..], b"A./\\ \0\xff-*", &[1], b"b", &[0]].concat();
    let alias = [&OWNER[..2], &[0, 5, 0, 1, 0, 0, 0, 9, 0, 13], &octets[..]].concat();
    assert_eq!(raw(1, 0, &alias).unwrap().aliases, [r"a\.\/\\\032\000\255-*.b"]);
}

proptest! {
    #[test]
    fn any_octets_are_an_answer_or_an_error(
        mut message in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        message.splice(0..message.len().min(2), [0, 7]);
        let _ = question().decode(7, &message);
    }

    #[test]
    fn queries_are_read_by_another_codec(
        labels in prop::collection::vec("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}|\\*", 0..8),
        id: u16,
    ) {
        let text = labels.join(".");
        let of_other = Name::from_ascii(&text).map(|mut name| {
            name.set_fqdn(true);
            Query::query(name, hickory_proto::rr::RecordType::MX)
        });
        match Question::new(&text, RecordType::Mx) {
            Ok(question) => {
                let message = Message::from_vec(&question.encode(id)).unwrap();
                prop_assert_eq!(message.metadata.id, id);
                prop_assert_eq!(message.queries, [of_other.unwrap()]);
            }
            Err(InvalidName) => prop_assert!(of_other.is_err(), "{}", text),
        }
    }

    /// The other codec compresses names; octets are damaged here and there.
    #[test]
    fn what_another_codec_reads_is_read_alike(
        hosts in prop::collection::vec("[a-z]{1,5}(\\.(example\\.com|[a-z]{1,9}))?", 0..4),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let records = hosts.iter().zip(1..).map(|(host, preference)| {
            let exchange = MX::new(preference, name(&format!("{host}.")));
            Record::from_rdata(name(NAME), 60, RData::MX(exchange))
        });
        let mut message = response(records.collect());
        message.queries = vec![query(RecordType::Mx)];
        let mut octets = message.to_vec().unwrap();
        for (at, octet) in damage {
            *at.get_mut(&mut octets[12..]) = octet;
        }
        let ours = Question::new(NAME, RecordType::Mx).unwrap().decode(7, &octets);
        if let (Ok(ours), Ok(other)) = (ours, Message::from_vec(&octets)) {
            let owner = name(&format!("{NAME}."));
            let is_ours =
                |record: &&Record| record.name == owner && record.dns_class == DNSClass::IN;
            let hosts: Vec<_> = other.answers.iter().filter(is_ours).filter_map(|record| {
                let RData::MX(mx) = &record.data else { return None };
                Some(mx.exchange.to_lowercase().to_ascii())
            }).collect();
            prop_assert!(ours.records.len() == hosts.len() || !ours.aliases.is_empty());
            // Each codec has its own escapes.
            let is_plain = |host: &String| {
                host.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'.')
            };
            let pairs = ours.records.iter().zip(&hosts);
            for (ours, other) in pairs.filter(|(_, other)| is_plain(other)) {
                let Data::Mx(Mx { host, .. }) = ours else { panic!("{ours:?}") };
                prop_assert_eq!(host, other.trim_end_matches('.'));
            }
        }
    }
}

/// The answer to `question()`, with these octets after the question.
fn raw(answers: u16, additionals: u16, records: &[u8]) -> Result<Answer, DecodeError> {
    let mut message = response(Vec::new()).to_vec().unwrap();
    message[6..8].copy_from_slice(&answers.to_be_bytes());
    message[10..12].copy_from_slice(&additionals.to_be_bytes());
    message.extend(records);
    question().decode(7, &message)
}

/// A TXT record whose owner is a pointer to the question's name.
const OWNER: [u8; 10] = [0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60];

#[test]
fn the_length_of_data_is_that_of_what_it_holds() {
    let record = |length: u8, data: &[u8]| [&OWNER[..], &[0, length], data].concat();
    let txt = |answer: Result<Answer, DecodeError>| answer.map(|answer| answer.records);
    let text = |text: &str| Ok(vec![Data::Txt(text.into())]);
    assert_eq!(txt(raw(1, 0, &record(3, b"\x02ab"))), text("ab"));
    assert_eq!(txt(raw(1, 0, &record(6, b"\x02ab\x02cd"))), text("abcd"));
    assert_eq!(txt(raw(1, 0, &record(1, b"\0"))), text(""));
    // A TXT record has a string, if only an empty one.
    assert_eq!(txt(raw(1, 0, &record(0, b""))), Ok(vec![]));
    for (length, data) in [(2, &b"\x02ab"[..]), (4, b"\x02abc"), (4, b"\x02ab"), (3, b"\x03ab")] {
        assert_eq!(
            raw(1, 0, &record(length, data)),
            Err(DecodeError::Malformed),
            "{length} {data:?}"
        );
    }
    assert_eq!(raw(2, 0, &record(3, b"\x02ab")), Err(DecodeError::Malformed));
}

#[test]
fn names_in_data_may_point_back() {
    let alias = [&OWNER[..2], &[0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, b'x', 0xc0, 21]].concat();
    assert_eq!(raw(1, 0, &alias).unwrap().aliases, ["x.example.com"]);
    // To itself, and so without an end.
    let alias = [&OWNER[..2], &[0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 50]].concat();
    assert_eq!(raw(1, 0, &alias), Err(DecodeError::Malformed));
}

#[test]
fn edns_has_the_upper_bits_of_the_response_code() {
    let opt = [0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0];
    assert_eq!(raw(0, 1, &opt).unwrap().rcode, Rcode::Other(16));
}

#[test]
fn records_of_other_types_are_passed_over() {
    let other = [&OWNER[..2], &[0xff, 0xee, 0, 1, 0, 0, 0, 9, 0, 3, 0xc0, 0xff, 0xff]].concat();
    let txt = [&OWNER[..], &[0, 3], b"\x02ab"].concat();
    let answer = raw(2, 0, &[other, txt].concat()).unwrap();
    assert_eq!(answer.records, [Data::Txt(b"ab".to_vec())]);
}
