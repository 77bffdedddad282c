//! The TXT records at `_smtp._tls` (RFC 8460 §3).

use alloc::{format, vec::Vec};

use super::{
    Findings, Lint, Place, Publication, RecordSet,
    quote::quoted,
    record::{Text, ends_with_space, index, joined, kind},
};
use crate::{
    StsRecord, TlsRptError, TlsRptRecord, TxtError,
    tlsrpt::is_usable,
    txt::{Field, TrimWsp as _, fields},
};

const VERSION: &str = "v=TLSRPTv1";

/// Checks the records. Errors are found exactly when there are records and [`TlsRptRecord::select`]
/// fails.
pub(super) fn check(set: &RecordSet, publication: &Publication, findings: &mut Findings) {
    if let Some(failure) = set.failure {
        let message = format!("the lookup of the TXT record at `_smtp._tls` failed: {failure}");
        findings
            .add(Lint::TlsRptDnsFailure, Place::TlsRpt, None, message)
            .help("Check the zone's name servers and its DNSSEC signatures.");
        return;
    }
    let records = joined(&set.records);
    match TlsRptRecord::select(&records) {
        Ok(record) => selected(&records, Some(&record), None, findings),
        Err(TlsRptError::Txt(TxtError::NoRecord)) => absent(publication, findings),
        Err(TlsRptError::Txt(TxtError::OtherRecord)) => other(&records, findings),
        Err(TlsRptError::Txt(TxtError::SeveralRecords)) => {
            let own =
                records.iter().enumerate().filter(|(_, record)| record.starts_with(b"v=TLSRPTv1;"));
            for (at, _) in own.skip(1) {
                let message =
                    "this is one more record that begins with `v=TLSRPTv1;`: no reports are sent";
                findings
                    .add(Lint::TlsRptSeveral, Place::TlsRptRecord(index(at)), None, message)
                    .help("Put all URIs into one record, with commas between them.");
            }
        }
        Err(error) => selected(&records, None, Some(error), findings),
    }
}

fn absent(publication: &Publication, findings: &mut Findings) {
    let announces = publication.txt.as_ref().is_some_and(|txt| {
        txt.failure.is_none() && StsRecord::select(&joined(&txt.records)).is_ok()
    });
    if !announces && publication.policy.is_none() {
        return;
    }
    let name = publication
        .domain
        .as_ref()
        .map_or_else(|| "_smtp._tls".into(), |domain| domain.tlsrpt_name());
    let mailbox = publication.domain.as_ref().map_or("example.com", |domain| domain.as_str());
    findings
        .add(
            Lint::TlsRptMissing,
            Place::TlsRpt,
            None,
            "there is no TLSRPT record, so nobody tells you when a policy keeps mail away",
        )
        .help(format!("Publish `{name}. IN TXT \"v=TLSRPTv1; rua=mailto:tlsrpt@{mailbox}\"`."));
}

fn other(records: &[Vec<u8>], findings: &mut Findings) {
    for (at, record) in records.iter().enumerate() {
        let text = Text { bytes: record, place: Place::TlsRptRecord(index(at)) };
        let near = record.get(..64).unwrap_or(record);
        if !near.windows(6).any(|window| window.eq_ignore_ascii_case(b"TLSRPT")) {
            continue;
        }
        let end = text.field_end(0);
        let start = text.part(0, end);
        if matches!(record.as_slice(), [b'"' | b'\\', ..]) || start.ends_with(b"\\") {
            quotes(&text, findings);
            continue;
        }
        let message = format!("the record begins with {} instead of `v=TLSRPTv1;`", quoted(start));
        let finding = text.add(findings, Lint::TlsRptVersion, (0, end), message);
        finding
            .help("The version comes first, with exactly these letters, and a semicolon follows.");
        let bare = |byte: &&u8| !matches!(byte, b' ' | b'\t');
        if start
            .iter()
            .filter(bare)
            .map(u8::to_ascii_lowercase)
            .eq(VERSION.bytes().map(|byte| byte.to_ascii_lowercase()))
        {
            finding.fix("Write `v=TLSRPTv1`", [(text.span(0, end), VERSION.into())]);
        }
    }
    if !findings.has_error(Place::TlsRpt.part()) {
        let message = match records {
            [record] => {
                format!("the TXT record at `_smtp._tls` is not for TLSRPT: it is {}", kind(record))
            }
            _ => "none of the TXT records at `_smtp._tls` begins with `v=TLSRPTv1;`".into(),
        };
        findings
            .add(Lint::TlsRptNoRecord, Place::TlsRpt, None, message)
            .help("A record for TLSRPT reads `v=TLSRPTv1; rua=mailto:tlsrpt@example.com`.");
    }
}

/// One record counts. It is valid unless there is an error.
fn selected(
    records: &[Vec<u8>],
    valid: Option<&TlsRptRecord>,
    error: Option<TlsRptError>,
    findings: &mut Findings,
) {
    let is_only = records.len() == 1;
    let mut own = records.iter().enumerate();
    let own = own.find(|(_, record)| is_only || record.starts_with(b"v=TLSRPTv1;"));
    let Some((at, record)) = own else { return };
    let text = Text { bytes: record, place: Place::TlsRptRecord(index(at)) };
    match error {
        None => {}
        Some(TlsRptError::Txt(TxtError::MalformedField { at })) => malformed(&text, at, findings),
        Some(TlsRptError::InvalidUri { at }) => invalid_uri(&text, at, findings),
        Some(TlsRptError::NoUsableUri) => {
            text.add(
                findings,
                Lint::TlsRptRuaScheme,
                (0, record.len()),
                "no URI in `rua` is a `mailto:` or `https:` address for reports",
            )
            .help(
                "Write `rua=mailto:tlsrpt@example.com`, or an `https://` URL that takes reports.",
            );
        }
        Some(TlsRptError::NoRua | TlsRptError::Txt(_)) => {
            text.add(
                findings,
                Lint::TlsRptRuaMissing,
                (0, record.len()),
                "the record has no `rua`, so reports go nowhere",
            )
            .help("Add `rua=mailto:` and a mailbox.");
        }
    }
    lesser(&text, findings);
    if let Some(valid) = valid
        && valid.rua.len() > 1
    {
        let message = format!("{} URIs are given for reports", valid.rua.len());
        findings
            .add(Lint::TlsRptRuaSeveral, text.place, None, message)
            .help("Senders may use one of them, in the order given, or all.");
    }
}

fn malformed(text: &Text<'_>, at: usize, findings: &mut Findings) {
    let end = text.field_end(at);
    let field = text.part(at, end);
    if field.contains(&b'"') || field.contains(&b'\\') {
        return quotes(text, findings);
    }
    let message = if field.trim_wsp_start().is_empty() {
        "nothing stands between two semicolons".into()
    } else {
        format!("{} is no field of the form `name=value`", quoted(field))
    };
    let finding = text.add(findings, Lint::TlsRptFieldMalformed, (at, end), message);
    finding.help("A malformed field makes the whole record invalid: correct or remove it.");
    // Without it, and without the semicolon before it.
    if let Some(before) = text.part(0, at).iter().rposition(|byte| *byte == b';') {
        finding.fix("Remove the field", [(text.span(before, end), "".into())]);
    }
}

fn invalid_uri(text: &Text<'_>, at: usize, findings: &mut Findings) {
    let end = text.field_end(at);
    let start = at.saturating_add("rua=".len());
    let value = text.part(start, end);
    if value.contains(&b'"') || value.contains(&b'\\') {
        return quotes(text, findings);
    }
    let bare = value.trim_wsp_start().trim_wsp_end();
    let indent = value.len().saturating_sub(value.trim_wsp_start().len());
    let first = start.saturating_add(indent);
    let is_at_end = end == text.bytes.len();
    if let Some(mark) = bare.iter().position(|byte| *byte == b'!') {
        let mark = first.saturating_add(mark);
        let rest = text.part(mark, end);
        let length = rest.iter().position(|byte| b", \t".contains(byte)).unwrap_or(rest.len());
        let stop = mark.saturating_add(length);
        text.add(
            findings,
            Lint::TlsRptRuaSizeLimit,
            (mark, stop),
            "an exclamation mark must be encoded in these URIs",
        )
        .help("TLSRPT has no size limits as DMARC has. Leave it out, or write `%21`.")
        .fix("Remove the size limit", [(text.span(mark, stop), "".into())]);
    } else if indent > 0 || (is_at_end && ends_with_space(value)) {
        let message = "white space stands beside the value of `rua`";
        let last = first.saturating_add(bare.len());
        let edits = [(start, first), (last, end)].into_iter().filter(|(start, end)| start < end);
        let edits: Vec<_> = edits.map(|(start, end)| (text.span(start, end), "".into())).collect();
        text.add(findings, Lint::TlsRptRuaInvalid, (start, end), message)
            .help("White space may stand beside semicolons and commas only.")
            .fix("Remove the white space", edits);
    } else if let Some((at, length)) = bare_address(bare) {
        let start = first.saturating_add(at);
        let message = format!(
            "{} is a mail address without `mailto:`",
            quoted(text.part(start, start.saturating_add(length)))
        );
        text.add(
            findings,
            Lint::TlsRptRuaBareAddress,
            (start, start.saturating_add(length)),
            message,
        )
        .help("Reports go to URIs: write `mailto:` before the address.")
        .fix("Write `mailto:` before it", [(text.span(start, start), "mailto:".into())]);
    } else {
        let message = format!("the value of `rua` is no list of URIs: {}", quoted(value));
        text.add(findings, Lint::TlsRptRuaInvalid, (start, end), message)
            .help("Write `rua=mailto:tlsrpt@example.com`. Between several URIs stands a comma.");
    }
}

/// Offset and length of the first mail address that has no scheme.
fn bare_address(list: &[u8]) -> Option<(usize, usize)> {
    let mut at = 0_usize;
    for part in list.split(|byte| *byte == b',') {
        let uri = part.trim_wsp_start();
        let start = at.saturating_add(part.len().saturating_sub(uri.len()));
        let uri = uri.trim_wsp_end();
        if uri.contains(&b'@') && !uri.contains(&b':') {
            return Some((start, uri.len()));
        }
        at = at.saturating_add(part.len()).saturating_add(1);
    }
    None
}

fn quotes(text: &Text<'_>, findings: &mut Findings) {
    let (place, edits) = text.deletions(text.quotes());
    text.add(findings, Lint::TlsRptEscapedQuotes, place, "quotation marks or backslashes are part of the record")
        .help("They belong to the notation of zone files and of `dig`. Enter the text in the DNS panel without them.")
        .fix("Remove quotation marks and backslashes", edits);
}

/// What reporters pass over.
fn lesser(text: &Text<'_>, findings: &mut Findings) {
    let mut has_rua = false;
    for Field { at, name, value } in fields(text.bytes, VERSION).map_while(Result::ok) {
        let end = at.saturating_add(name.len()).saturating_add(1).saturating_add(value.len());
        if name != b"rua" {
            let message = format!("the field {} is unknown, and reporters ignore it", quoted(name));
            text.add(findings, Lint::TlsRptFieldUnknown, (at, end), message);
            continue;
        }
        if has_rua {
            text.add(
                findings,
                Lint::TlsRptRuaRepeated,
                (at, end),
                "`rua` is given again; some reporters take the first only",
            )
            .help("Put all URIs into one `rua`, with commas between them.");
        }
        has_rua = true;
        let mut start = end.saturating_sub(value.len());
        for part in value.split(|byte| *byte == b',') {
            let uri = part.trim_wsp_start();
            let first = start.saturating_add(part.len().saturating_sub(uri.len()));
            let uri = uri.trim_wsp_end();
            let is_unusable =
                core::str::from_utf8(uri).is_ok_and(|uri| uri.contains(':') && !is_usable(uri));
            if is_unusable {
                let message = format!("reports cannot be sent to {}", quoted(uri));
                text.add(
                    findings,
                    Lint::TlsRptRuaUnusable,
                    (first, first.saturating_add(uri.len())),
                    message,
                )
                .help("The schemes are `mailto:` and `https:`.");
            }
            start = start.saturating_add(part.len()).saturating_add(1);
        }
    }
}
