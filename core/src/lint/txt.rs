//! The TXT records at `_mta-sts` (RFC 8461 §3.1).

use alloc::{format, string::String, vec::Vec};

use super::{
    Findings, Lint, Place, Publication, RecordSet,
    quote::quoted,
    record::{Text, index, joined, kind},
};
use crate::{
    DnsFailure, RecordError, StsRecord, TxtError,
    txt::{Field, TrimWsp as _, fields},
};

mod field;
mod start;

const VERSION: &str = "v=STSv1";
/// RFC 8461 §8.1: policies stay in use until the TTL has passed.
const LONG_TTL: u32 = 86_400;
const SHORT_TTL: u32 = 60;

/// Checks the records. Errors are found exactly when [`StsRecord::select`] fails, or when nothing
/// was answered.
pub(super) fn check(set: &RecordSet, publication: &Publication, findings: &mut Findings) {
    if let Some(failure) = set.failure {
        dns_failure(failure, findings);
    } else {
        let records = joined(&set.records);
        match StsRecord::select(&records) {
            Ok(_) => selected(set, &records, None, findings),
            Err(RecordError::Txt(TxtError::NoRecord)) => absent(set, publication, findings),
            Err(RecordError::Txt(TxtError::OtherRecord)) => other(&records, findings),
            Err(RecordError::Txt(TxtError::SeveralRecords)) => several(&records, findings),
            Err(error) => selected(set, &records, Some(error), findings),
        }
        delivery(set, findings);
    }
    resolvers(set, findings);
}

fn dns_failure(failure: DnsFailure, findings: &mut Findings) {
    let message = format!("the lookup of the TXT record at `_mta-sts` failed: {failure}");
    findings.add(Lint::TxtDnsFailure, Place::Txt, None, message).help(
        "Senders that know no policy of the domain deliver without one meanwhile. Check the zone's \
         name servers and its DNSSEC signatures.",
    );
}

fn absent(set: &RecordSet, publication: &Publication, findings: &mut Findings) {
    if let Some(target) = set.cname.last() {
        let message = format!(
            "`_mta-sts` is an alias that leads to {}, where there is no TXT record",
            quoted(target)
        );
        findings.add(Lint::TxtCnameDangling, Place::Txt, None, message).help(
            "Have the provider publish the record there, or replace the CNAME by a TXT record.",
        );
    } else if has_policy(publication) {
        let message = "there is a policy, but no TXT record at `_mta-sts` announces it";
        findings
            .add(Lint::TxtMissing, Place::Txt, None, message)
            .help(help_new_record(publication));
    } else {
        let message = "there is no TXT record at `_mta-sts`, so the domain does not use MTA-STS";
        findings.add(Lint::TxtAbsent, Place::Txt, None, message);
    }
}

/// Whether a policy is published, as far as is known.
fn has_policy(publication: &Publication) -> bool {
    let answered = publication.http.as_ref().is_none_or(|http| {
        http.failure.is_none() && http.status.is_none_or(|status| status == 200)
    });
    publication.policy.is_some() && answered
}

/// The record to publish, with a fresh id where the time is known.
fn help_new_record(publication: &Publication) -> String {
    let name =
        publication.domain.as_ref().map_or_else(|| "_mta-sts".into(), |domain| domain.txt_name());
    let id = fresh_id(publication);
    format!("Publish `{name}. IN TXT \"v=STSv1; id={id};\"`.")
}

/// An id that no earlier one equals: the seconds since 1970, as far as the time is known.
pub(super) fn fresh_id(publication: &Publication) -> String {
    publication.now.map_or_else(|| "1".into(), |now| format!("{}", now.as_secs()))
}

/// No record begins with the version: some may be meant to.
fn other(records: &[Vec<u8>], findings: &mut Findings) {
    for (at, record) in records.iter().enumerate() {
        let text = Text { bytes: record, place: Place::TxtRecord(index(at)) };
        start::check(&text, findings);
    }
    if !findings.has_error(Place::Txt.part()) {
        let message = match records {
            [record] => {
                format!("the TXT record at `_mta-sts` is not for MTA-STS: it is {}", kind(record))
            }
            _ => format!(
                "none of the {} TXT records at `_mta-sts` begins with `v=STSv1;`",
                records.len()
            ),
        };
        findings.add(Lint::TxtNoStsRecord, Place::Txt, None, message).help(
            "A record for MTA-STS reads `v=STSv1; id=1;`, where the id has letters and digits.",
        );
    }
}

/// More than one record begins with the version: none counts.
fn several(records: &[Vec<u8>], findings: &mut Findings) {
    let own = || {
        let own = |record: &[u8]| record.starts_with(b"v=STSv1;");
        records.iter().enumerate().filter(move |(_, record)| own(record))
    };
    let count = own().count();
    let first = own().next().map(|(_, record)| record);
    for (number, (at, record)) in own().enumerate().skip(1) {
        let place = Place::TxtRecord(index(at));
        let same = if Some(record) == first { ", with the text of the first" } else { "" };
        let message = format!(
            "this is record {} of {count} that begin with `v=STSv1;`{same}: senders ignore them all",
            number.saturating_add(1)
        );
        findings.add(Lint::TxtSeveral, place, None, message).help(
            "Remove all but one. A new id replaces the old record, it does not stand beside it.",
        );
    }
    unrelated(records, findings);
}

fn unrelated(records: &[Vec<u8>], findings: &mut Findings) {
    for (at, record) in records.iter().enumerate() {
        if record.starts_with(b"v=STSv1;") {
            continue;
        }
        let text = Text { bytes: record, place: Place::TxtRecord(index(at)) };
        let message =
            format!("this TXT record at `_mta-sts` is not for MTA-STS: it is {}", kind(record));
        text.add(findings, Lint::TxtUnrelated, (0, record.len()), message).help(
            "Senders pass over it. If a wildcard TXT record (`*`) answers here, a record of its own \
             at `_mta-sts` stops that; otherwise remove it.",
        );
    }
}

/// One record counts. It is valid unless there is an error.
fn selected(
    set: &RecordSet,
    records: &[Vec<u8>],
    error: Option<RecordError>,
    findings: &mut Findings,
) {
    let is_only = records.len() == 1;
    let mut own = records.iter().enumerate();
    let Some((at, record)) = own.find(|(_, record)| is_only || record.starts_with(b"v=STSv1;"))
    else {
        return;
    };
    let text = Text { bytes: record, place: Place::TxtRecord(index(at)) };
    if !is_only {
        unrelated(records, findings);
    }
    let after = text.bytes.get(VERSION.len()..).unwrap_or_default();
    let space = after.len().saturating_sub(after.trim_wsp_start().len());
    if space > 0 && error != Some(RecordError::Txt(TxtError::NoField)) {
        let place = (VERSION.len(), VERSION.len().saturating_add(space));
        let message = "white space stands between `v=STSv1` and its semicolon";
        text.add(findings, Lint::TxtVersionSpace, place, message)
            .help("The grammar allows it, but senders that look for `v=STSv1;` do not find the record.")
            .fix("Remove the white space", [(text.span(place.0, place.1), String::new())]);
    }
    if let Some(error) = error {
        field::error(&text, error, findings);
    }
    lesser(&text, error, findings);
    length(set, &text, at, findings);
}

/// What senders pass over in a record.
fn lesser(text: &Text<'_>, error: Option<RecordError>, findings: &mut Findings) {
    let mut has_id = false;
    for Field { at, name, value } in fields(text.bytes, VERSION).map_while(Result::ok) {
        let end = at.saturating_add(name.len()).saturating_add(value.len()).saturating_add(1);
        let name_place = (at, at.saturating_add(name.len()));
        match name {
            b"id" if has_id => {
                let message =
                    format!("`id` is given again; senders take the first, not {}", quoted(value));
                text.add(findings, Lint::TxtIdRepeated, (at, end), message).help("Keep one `id`.");
            }
            b"id" => has_id = true,
            _ if field::resembles_id(name) => {
                let message =
                    format!("the field {} is unknown, and senders ignore it", quoted(name));
                let finding = text
                    .add(findings, Lint::TxtFieldTypo, name_place, message)
                    .help("The field with the policy's id is called `id`, in lower case.");
                if error == Some(RecordError::NoId) {
                    finding.fix(
                        "Call it `id`",
                        [(text.span(name_place.0, name_place.1), "id".into())],
                    );
                }
            }
            b"mode" | b"mx" | b"max_age" => {
                let message = format!(
                    "{} belongs in the policy; in the TXT record senders ignore it",
                    quoted(name)
                );
                text.add(findings, Lint::TxtPolicyField, (at, end), message).help(
                    "The TXT record has the version and the id. All else is in the policy, at \
                     `https://mta-sts.` and the domain.",
                );
            }
            _ => {
                let message =
                    format!("the field {} is unknown, and senders ignore it", quoted(name));
                text.add(findings, Lint::TxtFieldUnknown, (at, end), message);
            }
        }
    }
}

/// Lengths and character-strings.
fn length(set: &RecordSet, text: &Text<'_>, at: usize, findings: &mut Findings) {
    let strings = set.records.get(at).map_or(0, |record| record.strings.len());
    if set.pasted {
        if text.bytes.len() > 255 {
            let message = format!(
                "the record has {} octets, more than the 255 of one character-string",
                text.bytes.len()
            );
            findings.add(Lint::TxtTooLong, text.place, None, message).help(
                "Keep to the version and the id; a longer record must be split into strings.",
            );
        }
    } else if strings > 1 {
        let message = format!(
            "the record consists of {strings} character-strings; senders join them without a space"
        );
        findings.add(Lint::TxtSplitStrings, text.place, None, message);
    }
}

/// How the record is delivered: alias and TTL.
fn delivery(set: &RecordSet, findings: &mut Findings) {
    if set.records.is_empty() {
        return;
    }
    if let Some(target) = set.cname.last() {
        let message = format!("`_mta-sts` is an alias: the record is kept at {}", quoted(target));
        findings.add(Lint::TxtCname, Place::Txt, None, message);
    }
    match set.ttl {
        Some(ttl) if ttl > LONG_TTL => {
            let message = format!("the TXT record's TTL is {ttl} seconds, more than a day");
            findings.add(Lint::TxtTtlLong, Place::Txt, None, message).help(
                "Senders learn of a new policy only when the TTL has passed. An hour or less lets \
                 you correct mistakes.",
            );
        }
        Some(ttl) if ttl < SHORT_TTL => {
            let message = format!("the TXT record's TTL is {ttl} seconds");
            findings
                .add(Lint::TxtTtlShort, Place::Txt, None, message)
                .help("Senders ask again at most about once a minute; the rest is load.");
        }
        _ => {}
    }
}

/// Whether all resolvers say the same.
fn resolvers(set: &RecordSet, findings: &mut Findings) {
    let sorted = |mut records: Vec<Vec<u8>>| {
        records.sort_unstable();
        records
    };
    let own = set.failure.map_or_else(|| Ok(sorted(joined(&set.records))), Err);
    for answer in &set.resolvers {
        let other = answer.records.as_deref().map(|records| sorted(joined(records)));
        let message = match other.map_err(|failure| *failure) {
            other if other == own => continue,
            Err(failure) => format!("{} gives no answer: {failure}", quoted(&answer.resolver)),
            Ok(records) => match records.as_slice() {
                [] => format!("{} knows no TXT record at `_mta-sts`", quoted(&answer.resolver)),
                [record, ..] => {
                    format!("{} answers {}", quoted(&answer.resolver), quoted(record))
                }
            },
        };
        findings.add(Lint::TxtResolversDiffer, Place::Txt, None, message).help(
            "After a change this ends with the TTL. If it lasts, the zone's name servers do not \
             have the same zone.",
        );
    }
}
