//! What a fetch brings from a server that gives an answer of the flow language.

use std::sync::Arc;

use mtasts_core::{DnsFailure, FetchFailure, Fetched, Response, TlsFailure};

use super::certmatch;
use crate::answers::{HttpAnswer, HttpFail};

/// What the fetcher of `mtasts-net` reports of the answer; its tests hold it to the same. `host` is
/// the name that was asked for, where the answer itself does not say.
pub(super) fn fetched(answer: &HttpAnswer, host: Option<&str>) -> Result<Fetched, String> {
    let head = match &answer.head.response {
        Ok(head) => head,
        Err(fail) => return Ok(Err((failure(*fail), Arc::default()))),
    };
    if let Some(tls) = &answer.head.tls {
        let host = answer.head.host.as_deref().or(host).ok_or("`tls` without `host`")?;
        if let Err(failure) = certmatch::verify(tls, host)? {
            return Ok(Err((FetchFailure::Tls(failure), Arc::default())));
        }
    }
    if !can_be_undone(head.content_encoding.as_deref().unwrap_or_default()) {
        return Ok(Err((FetchFailure::ContentCoding, Arc::default())));
    }
    if !head.complete {
        return Ok(Err((FetchFailure::Truncated, Arc::default())));
    }
    Ok(Ok(Response {
        status: head.status,
        content_type: head.content_type.clone(),
        body: answer.body.clone(),
    }))
}

/// Whether the fetcher undoes such a content coding. The body of a case is shown decoded.
fn can_be_undone(codings: &str) -> bool {
    let codings = codings.to_ascii_lowercase();
    let names = codings.split(',').map(str::trim);
    let names: Vec<&str> = names.filter(|name| !["", "identity"].contains(name)).collect();
    matches!(names[..], [] | ["gzip" | "x-gzip" | "deflate"])
}

const fn failure(fail: HttpFail) -> FetchFailure {
    match fail {
        HttpFail::Connect => FetchFailure::Connect,
        HttpFail::Timeout => FetchFailure::Timeout,
        HttpFail::DnsNxdomain => FetchFailure::NoAddress,
        HttpFail::DnsServfail => FetchFailure::Dns(DnsFailure::ServFail),
        HttpFail::TlsHandshake => FetchFailure::Tls(TlsFailure::Handshake),
        HttpFail::TlsNameMismatch => FetchFailure::Tls(TlsFailure::NameMismatch),
        HttpFail::TlsExpired => FetchFailure::Tls(TlsFailure::Expired),
        HttpFail::TlsUntrusted => FetchFailure::Tls(TlsFailure::Untrusted),
    }
}
