//! Replies, and what a fault makes of them.

use hickory_proto::{
    op::{Edns, Message, MessageType, Metadata, OpCode, Query, ResponseCode},
    rr::{Name, Record},
};

use super::{
    DnsFault, Transport,
    zone::{Answer, Resolution, Zone, start_of_authority},
};

/// The size of UDP replies that the server announces, and does not exceed.
const UDP_PAYLOAD: u16 = 1232;

/// The messages that answer a query, in order. A fault that holds the reply is over by now.
pub(super) fn messages(
    zone: &Zone,
    query: &Message,
    question: &Query,
    fault: Option<&DnsFault>,
    transport: Transport,
) -> Vec<Vec<u8>> {
    let reply = || reply(zone, query, question);
    let fitted = |message: &Message| fit(message, query, transport);
    match fault {
        None | Some(DnsFault::Held(_)) => reply().iter().map(fitted).collect(),
        Some(DnsFault::Silent) => Vec::new(),
        Some(DnsFault::Rcode(code)) => vec![fitted(&failed(query, question, *code))],
        Some(DnsFault::Truncated) => match transport {
            Transport::Udp => reply().iter().map(|message| octets(&message.truncate())).collect(),
            Transport::Tcp => reply().iter().map(fitted).collect(),
        },
        Some(DnsFault::NoEdns) => match query.edns {
            Some(_) => vec![fitted(&failed(query, question, ResponseCode::FormErr))],
            None => reply().iter().map(fitted).collect(),
        },
        Some(DnsFault::Garbage) => vec![b"\xff\x00garbage, and no DNS message at all".to_vec()],
        Some(DnsFault::WrongIdFirst) => reply()
            .iter()
            .flat_map(|message| [fitted(&with_wrong_id(message.clone())), fitted(message)])
            .collect(),
        Some(DnsFault::WrongQuestion) => {
            let other = Name::from_ascii("another.invalid.").expect("the name is valid");
            let other = Query::query(other, question.query_type());
            let renamed = |mut message: Message| {
                message.queries = vec![other];
                fitted(&message)
            };
            reply().map(renamed).into_iter().collect()
        }
    }
}

/// The reply to a message that is no query with one question.
pub(super) fn malformed(query: &Message) -> Vec<u8> {
    octets(&Message::error_msg(query.metadata.id, OpCode::Query, ResponseCode::FormErr))
}

/// The right reply, where the answer is not silence.
fn reply(zone: &Zone, query: &Message, question: &Query) -> Option<Message> {
    let Resolution { chain, name, answer, authenticated } =
        zone.resolve(question.name(), question.query_type());
    let mut message = head(query, question);
    match answer {
        Answer::Silence => return None,
        Answer::Rcode(code) => return Some(failed(query, question, code)),
        Answer::Records { rdata, ttl } => {
            let records = rdata.into_iter().map(|data| Record::from_rdata(name.clone(), ttl, data));
            message.add_answers(chain).add_answers(records);
        }
        Answer::Absent { code, ttl } => {
            message.metadata.response_code = code;
            message.add_answers(chain).add_authority(start_of_authority(&name, ttl));
        }
    }
    // RFC 6840 §5.8: only a client that shows an interest is told.
    let dnssec_ok = query.edns.as_ref().is_some_and(|edns| edns.flags().dnssec_ok);
    message.metadata.authentic_data = authenticated && (query.metadata.authentic_data || dnssec_ok);
    Some(message)
}

fn head(query: &Message, question: &Query) -> Message {
    let mut message = Message::new(query.metadata.id, MessageType::Response, OpCode::Query);
    message.metadata = Metadata::response_from_request(&query.metadata);
    message.metadata.recursion_available = true;
    message.add_query(question.clone());
    if let Some(edns) = &query.edns {
        let mut own = Edns::new();
        own.set_max_payload(UDP_PAYLOAD).set_dnssec_ok(edns.flags().dnssec_ok);
        message.set_edns(own);
    }
    message
}

fn failed(query: &Message, question: &Query, code: ResponseCode) -> Message {
    let mut message = head(query, question);
    message.metadata.response_code = code;
    message
}

fn with_wrong_id(mut message: Message) -> Message {
    message.metadata.id ^= 0x5555;
    message
}

/// Truncates what a datagram to this client cannot hold.
fn fit(message: &Message, query: &Message, transport: Transport) -> Vec<u8> {
    let whole = octets(message);
    let limit = usize::from(query.max_payload().min(UDP_PAYLOAD));
    match transport {
        Transport::Udp if whole.len() > limit => octets(&message.truncate()),
        Transport::Udp | Transport::Tcp => whole,
    }
}

fn octets(message: &Message) -> Vec<u8> {
    message.to_vec().expect("the message can be encoded")
}
