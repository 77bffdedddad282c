//! DNS messages, for a host that has only a socket.

use core::{
    ffi::{c_char, c_void},
    net::IpAddr,
};

use mtasts_core::dns::{Answer, Data, Question, Rcode, RecordType};

use crate::{
    error::Error,
    guard::{self, Poison, entry, handle},
    input,
    out::{Buffer, Out, TextOut},
};

/// IPv4 addresses.
pub const MTASTS_DNS_A: i32 = 1;
/// Mail exchangers.
pub const MTASTS_DNS_MX: i32 = 15;
/// Text.
pub const MTASTS_DNS_TXT: i32 = 16;
/// IPv6 addresses.
pub const MTASTS_DNS_AAAA: i32 = 28;
/// Certificates, at names such as `_25._tcp.mx.example.com` (RFC 6698).
pub const MTASTS_DNS_TLSA: i32 = 52;

/// A query without EDNS, for servers that answer FORMERR otherwise: answers over UDP have at most 512
/// octets.
pub const MTASTS_EDNS_OFF: i32 = 0;
/// A query with EDNS: answers over UDP have at most 1232 octets.
pub const MTASTS_EDNS_ON: i32 = 1;
/// As MTASTS_EDNS_ON, with DO set, so that a resolver that does not look at AD in queries says whether
/// it has validated the answer.
pub const MTASTS_EDNS_DNSSEC: i32 = 2;

/// A name and what is asked of it. Immutable.
#[derive(Debug)]
pub struct DnsQuestion {
    poison: Poison,
    question: Question,
}

handle!(DnsQuestion);

/// What a resolver has answered. Immutable.
#[derive(Debug)]
pub struct DnsAnswer {
    poison: Poison,
    pub(crate) answer: Answer,
}

handle!(DnsAnswer);

/// A question about a name, given as A-labels: MTASTS_DNS_TXT, _A, _AAAA, _MX or _TLSA. Free `*out`
/// with mtasts_dns_question_free.
///
/// Errors: MTASTS_ERR_DNS_NAME; MTASTS_ERR_VALUE for another type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_question_new(
    name: *const c_char,
    name_len: usize,
    record_type: i32,
    out: *mut *mut DnsQuestion,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        // SAFETY: as above.
        let name = unsafe { input::text(name, name_len) }?;
        let record_type = match record_type {
            MTASTS_DNS_A => RecordType::A,
            MTASTS_DNS_TXT => RecordType::Txt,
            MTASTS_DNS_AAAA => RecordType::Aaaa,
            MTASTS_DNS_MX => RecordType::Mx,
            MTASTS_DNS_TLSA => RecordType::Tlsa,
            _ => return Err(Error::VALUE),
        };
        let question = Question::new(name, record_type)?;
        out.set_new(DnsQuestion { poison: Poison::default(), question });
        Ok(())
    })
}

/// Writes the query message for a recursive resolver. `id` should be a number that others cannot guess,
/// and so should be the port it is sent from. `edns` is a MTASTS_EDNS_... Over TCP the message follows
/// its length in two octets. At most 288 octets are needed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_encode(
    question: *const DnsQuestion,
    id: u16,
    edns: i32,
    buf: *mut c_void,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(question, |question| {
            let buffer = Buffer::octets(buf, cap, needed)?;
            let message = match edns {
                MTASTS_EDNS_OFF => question.question.encode_without_edns(id),
                MTASTS_EDNS_ON => question.question.encode(id),
                MTASTS_EDNS_DNSSEC => question.question.clone().with_dnssec().encode(id),
                _ => return Err(Error::VALUE),
            };
            buffer.write_octets(&message)
        })
    }
}

/// Reads the answer to the query that was encoded with `id`. Free `*out` with mtasts_dns_answer_free.
///
/// Errors: MTASTS_ERR_DNS_NOT_OURS: go on waiting; MTASTS_ERR_DNS_MALFORMED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_decode(
    question: *const DnsQuestion,
    id: u16,
    message: *const c_void,
    message_len: usize,
    out: *mut *mut DnsAnswer,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(question, |question| {
            let out = Out::new(out)?;
            let message = input::octets(message, message_len)?;
            let answer = question.question.decode(id, message)?;
            out.set_new(DnsAnswer { poison: Poison::default(), answer });
            Ok(())
        })
    }
}

/// Frees a question. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_question_free(question: *mut DnsQuestion) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(question) }
}

/// The response code: 0 is NOERROR, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_rcode(answer: *const DnsAnswer) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(answer, |answer| {
            Ok(match answer.answer.rcode {
                Rcode::NoError => 0,
                Rcode::ServFail => 2,
                Rcode::NxDomain => 3,
                Rcode::Refused => 5,
                Rcode::Other(code) => i32::from(code),
            })
        })
    }
}

/// Whether the message was cut short, 1 or 0: if so, ask again over TCP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_is_truncated(answer: *const DnsAnswer) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(answer, |answer| Ok(i32::from(answer.answer.is_truncated))) }
}

/// Whether the resolver says that it has validated the answer (AD), 1 or 0. Believe it only from a
/// resolver that is trusted over a trusted path.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_is_authentic(answer: *const DnsAnswer) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(answer, |answer| Ok(i32::from(answer.answer.is_authentic))) }
}

/// The smallest TTL of the CNAME chain and its records or, without records, the negative TTL, in
/// seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_ttl(answer: *const DnsAnswer, out: *mut u32) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(answer, |answer| {
            Out::new(out)?.set(answer.answer.ttl);
            Ok(())
        })
    }
}

/// How many records there are at the end of the CNAME chain. 0 if the name or the type does not exist,
/// or the resolver could not answer: see mtasts_dns_answer_rcode.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_count(answer: *const DnsAnswer) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(answer, |answer| Ok(answer.answer.records.len())) }
}

/// The TXT record with this index, from 0: its character-strings, joined. Any octets, NUL among them.
/// Borrowed from the answer. MTASTS_ERR_ABSENT for a record of another type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_txt(
    answer: *const DnsAnswer,
    index: usize,
    text: *mut *const c_char,
    text_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(answer, |answer| {
            let out = TextOut::new(text, text_len)?;
            match answer.answer.records.get(index) {
                None => Err(Error::INDEX),
                Some(Data::Txt(text)) => {
                    out.lend(text);
                    Ok(())
                }
                Some(_) => Err(Error::ABSENT),
            }
        })
    }
}

/// The address with this index, from 0, as text such as `192.0.2.1` or `2001:db8::1`, for inet_pton or
/// getaddrinfo. At most 46 octets are needed. MTASTS_ERR_ABSENT for a record of another type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_address(
    answer: *const DnsAnswer,
    index: usize,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(answer, |answer| {
            let buffer = Buffer::new(buf, cap, needed)?;
            let address: &IpAddr = match answer.answer.records.get(index) {
                None => return Err(Error::INDEX),
                Some(Data::Address(address)) => address,
                Some(_) => return Err(Error::ABSENT),
            };
            buffer.write_text(&address.to_string())
        })
    }
}

/// The MX record with this index, from 0: its preference, of which lower ones are tried first, and its
/// host, in lower case and without the root dot; empty in a null MX (RFC 7505). The host is borrowed from
/// the answer. MTASTS_ERR_ABSENT for a record of another type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_mx(
    answer: *const DnsAnswer,
    index: usize,
    preference: *mut u16,
    host: *mut *const c_char,
    host_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(answer, |answer| {
            let (preference, host) = (Out::new(preference)?, TextOut::new(host, host_len)?);
            match answer.answer.records.get(index) {
                None => Err(Error::INDEX),
                Some(Data::Mx(mx)) => {
                    preference.set(mx.preference);
                    host.lend(&mx.host);
                    Ok(())
                }
                Some(_) => Err(Error::ABSENT),
            }
        })
    }
}

/// The TLSA record with this index, from 0 (RFC 6698 section 2.1): certificate usage, selector,
/// matching type, and the certificate association data, which is borrowed from the answer.
/// MTASTS_ERR_ABSENT for a record of another type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_tlsa(
    answer: *const DnsAnswer,
    index: usize,
    usage: *mut u8,
    selector: *mut u8,
    matching_type: *mut u8,
    data: *mut *const c_char,
    data_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(answer, |answer| {
            let (usage, selector) = (Out::new(usage)?, Out::new(selector)?);
            let (kind, data) = (Out::new(matching_type)?, TextOut::new(data, data_len)?);
            match answer.answer.records.get(index) {
                None => Err(Error::INDEX),
                Some(Data::Tlsa(tlsa)) => {
                    usage.set(tlsa.usage);
                    selector.set(tlsa.selector);
                    kind.set(tlsa.matching_type);
                    data.lend(&tlsa.data);
                    Ok(())
                }
                Some(_) => Err(Error::ABSENT),
            }
        })
    }
}

/// How many names the CNAME chain leads to. 0 if the name in the question is no alias.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_alias_count(answer: *const DnsAnswer) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(answer, |answer| Ok(answer.answer.aliases.len())) }
}

/// The name with this index, from 0, of those that the CNAME chain leads to: the last one owns the
/// records. In lower case, without the root dot. Borrowed from the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_alias(
    answer: *const DnsAnswer,
    index: usize,
    name: *mut *const c_char,
    name_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(answer, |answer| {
            let out = TextOut::new(name, name_len)?;
            out.lend(answer.answer.aliases.get(index).ok_or(Error::INDEX)?);
            Ok(())
        })
    }
}

/// Frees an answer. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_dns_answer_free(answer: *mut DnsAnswer) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(answer) }
}
