//! How the policy host answers (RFC 8461 §3.3).

use alloc::{format, string::String, vec::Vec};

use super::{Findings, HttpFacts, Lint, Place, Publication, quote::quoted, tls};
use crate::{FailureKind, FetchFailure, Response, read_policy};

/// The suggested maximum size of a policy.
pub(super) const MAX_OCTETS: usize = 65_536;
const SLOW_SECONDS: u64 = 10;
/// The caching that RFC 8461 §8.2 proposes for those who are proxied.
const CACHE_SECONDS: u64 = 60;

impl HttpFacts {
    /// A field of the response.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.headers.as_deref().unwrap_or_default();
        let mut found = headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim_matches([' ', '\t']))
    }

    /// Why senders get no policy from this response, whatever its text says: the engine's own rules.
    pub(super) fn obstacle(&self) -> Option<FetchFailure> {
        if let Some(failure) = self.failure {
            // That is a trouble of whoever looked.
            return (failure != FetchFailure::Busy).then_some(failure);
        }
        let status = self.status?;
        let body_length =
            self.body_length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let content_type = match &self.headers {
            Some(_) => self.header("content-type"),
            None => Some("text/plain"),
        };
        let response =
            Response { status, content_type: content_type.map(Into::into), body: Vec::new() };
        match read_policy(&response, MAX_OCTETS) {
            Err(FailureKind::Fetch(failure)) => Some(failure),
            _ if body_length > MAX_OCTETS => Some(FetchFailure::TooLarge),
            _ => None,
        }
    }
}

pub(super) fn check(http: &HttpFacts, publication: &Publication, findings: &mut Findings) {
    if let Some(failure) = http.obstacle() {
        obstacle(http, failure, publication, findings);
    }
    tls::check(http, publication, findings);
    response(http, findings);
    addresses(http, findings);
    if let Some(target) = http.cname.last() {
        let message = format!("the policy host is an alias of {}", quoted(target));
        findings
            .add(Lint::HttpCname, Place::Http, None, message)
            .help("Its certificate must nevertheless be valid for the name of the policy host.");
    }
}

fn obstacle(
    http: &HttpFacts,
    failure: FetchFailure,
    publication: &Publication,
    findings: &mut Findings,
) {
    let host = host(publication);
    let (lint, message, help) = match failure {
        FetchFailure::Tls(failure) => return tls::failure(http, failure, publication, findings),
        FetchFailure::NoAddress => (
            Lint::HttpNoAddress,
            format!("{host} has no address"),
            "Publish an A or AAAA record, or a CNAME, for the policy host.",
        ),
        FetchFailure::Dns(failure) => (
            Lint::HttpDns,
            format!("the address lookup of {host} failed: {failure}"),
            "Check the zone's name servers and its DNSSEC signatures.",
        ),
        FetchFailure::AddressRefused => (
            Lint::HttpPrivateAddress,
            format!("the addresses of {host} are private, or of this very machine"),
            "Publish an address that the Internet can reach.",
        ),
        FetchFailure::Connect => (
            Lint::HttpConnect,
            format!("no connection to {host} on port 443"),
            "Check that the web server runs and that no firewall keeps it from the Internet.",
        ),
        FetchFailure::Timeout => (
            Lint::HttpTimeout,
            format!("{host} did not answer in time"),
            "Senders wait for a minute, many for less.",
        ),
        FetchFailure::Http => (
            Lint::HttpMalformed,
            format!("{host} answered with something that is not HTTP"),
            "Look at the answer with `curl -v`.",
        ),
        FetchFailure::Truncated => (
            Lint::HttpTruncated,
            format!("the response of {host} ended before its announced end"),
            "Check `Content-Length`, and what stands between the web server and the Internet.",
        ),
        FetchFailure::ContentCoding => (
            Lint::HttpContentCoding,
            format!("the response of {host} has a content coding that senders cannot undo"),
            "Serve the policy without compression.",
        ),
        FetchFailure::TooLarge => (
            Lint::HttpTooLarge,
            "the response is larger than 64 KiB".into(),
            "Senders stop reading there and ignore the policy. Is it a web page?",
        ),
        FetchFailure::MediaType => match http.header("content-type") {
            None => (
                Lint::HttpMediaTypeMissing,
                "the response has no `Content-Type`".into(),
                "Serve the policy as `Content-Type: text/plain`.",
            ),
            Some(found) => (
                Lint::HttpMediaType,
                format!("the media type is {} instead of `text/plain`", quoted(found)),
                "Serve the policy as `Content-Type: text/plain`. A web page here means that another site answers.",
            ),
        },
        FetchFailure::Redirect(status) => {
            let target = http
                .header("location")
                .map_or_else(String::new, |target| format!(" to {}", quoted(target)));
            (
                Lint::HttpRedirect,
                format!("{host} redirects{target} (status {status}), and senders do not follow"),
                "Answer with the policy itself, under exactly this host name and path.",
            )
        }
        FetchFailure::Status(status) => (
            Lint::HttpStatus,
            format!("{host} answers with status {status} instead of 200"),
            match status {
                404 | 410 => {
                    "The policy must be at `/.well-known/mta-sts.txt`; some web servers do not serve paths with a dot."
                }
                401 | 403 | 429 => "Let everybody read the policy, whatever the user agent.",
                500.. => "Look into the web server's log.",
                _ => "Senders take a policy from status 200 only.",
            },
        ),
        // Not a fault of the domain.
        FetchFailure::Busy => return,
    };
    let finding = findings.add(lint, Place::Http, None, message);
    if http.detail.is_empty() {
        finding.help(help);
    } else {
        finding.help(format!("{help} ({})", quoted(&http.detail)));
    }
    if matches!(failure, FetchFailure::Status(403 | 429 | 503)) && is_challenge(http) {
        findings
            .add(Lint::HttpChallenge, Place::Http, None, "the answer is a page that asks whether a person is there")
            .help("Except `/.well-known/mta-sts.txt` from protection against bots: senders are programs.");
    }
}

/// Whether this is the page of a service that keeps programs out.
fn is_challenge(http: &HttpFacts) -> bool {
    let is_html = http
        .header("content-type")
        .and_then(|value| value.get(..9))
        .is_some_and(|start| start.eq_ignore_ascii_case("text/html"));
    http.header("cf-mitigated").is_some() || is_html
}

/// What does not keep senders from the policy.
fn response(http: &HttpFacts, findings: &mut Findings) {
    let mut at = findings.at(Place::Http, None);
    if let Some(charset) = http.header("content-type").and_then(charset)
        && !["utf-8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
    {
        at.add(
            Lint::HttpCharset,
            format!("the charset is {}; senders ignore it and read UTF-8", quoted(charset)),
        )
        .help("Serve the policy as `text/plain` or `text/plain; charset=utf-8`.");
    }
    if let Some(coding) = http.header("content-encoding")
        && !coding.eq_ignore_ascii_case("identity")
        && http.failure != Some(FetchFailure::ContentCoding)
    {
        at.add(Lint::HttpUnaskedCoding, format!("the response is compressed with {}", quoted(coding)))
            .help("Senders that did not ask for compression may take it for a damaged policy: serve the policy without.");
    }
    if let Some(seconds) = http.header("cache-control").and_then(max_age)
        && seconds > CACHE_SECONDS
    {
        at.add(Lint::HttpCacheControl, format!("`Cache-Control` allows caching for {seconds} seconds"))
            .help("Senders must not cache over HTTP, but proxies before them may: then a new id meets an old policy. RFC 8461 proposes at most 60 seconds.");
    }
    if let Some(duration) = http.duration.filter(|duration| duration.as_secs() >= SLOW_SECONDS) {
        at.add(Lint::HttpSlow, format!("the policy took {} seconds to arrive", duration.as_secs()))
            .help("Senders give up after a minute, many earlier.");
    }
}

fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim_matches([' ', '\t']).eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim_matches([' ', '\t', '"']))
    })
}

fn max_age(cache_control: &str) -> Option<u64> {
    cache_control.split(',').find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        let is_age = name.trim_matches([' ', '\t']).eq_ignore_ascii_case("max-age");
        if is_age { value.trim_matches([' ', '\t', '"']).parse().ok() } else { None }
    })
}

fn addresses(http: &HttpFacts, findings: &mut Findings) {
    let works = http.addresses.iter().any(|facts| facts.failure.is_none());
    for facts in http.addresses.iter().filter(|_| works) {
        if let Some(failure) = facts.failure {
            let message =
                format!("the policy host's address {} does not work: {failure}", facts.address);
            findings
                .add(Lint::HttpAddressFamily, Place::Http, None, message)
                .help("Senders that try it first lose time, and those that know only its family get no policy. Mend the address, or remove its record.");
        }
    }
    if http.addresses.iter().any(|facts| facts.same_body == Some(false)) {
        findings
            .add(
                Lint::HttpAddressesDiffer,
                Place::Http,
                None,
                "the policy host's addresses do not all give the same policy",
            )
            .help("Update the policy on all servers before you change the id.");
    }
}

/// The policy host, in a message.
pub(super) fn host(publication: &Publication) -> String {
    publication
        .domain
        .as_ref()
        .map_or_else(|| "the policy host".into(), |domain| quoted(domain.policy_host()))
}

/// Names of a certificate, in a message.
pub(super) fn names(names: &[String]) -> String {
    const SHOWN: usize = 3;
    if names.is_empty() {
        return "no host".into();
    }
    let shown: Vec<String> = names.iter().take(SHOWN).map(quoted).collect();
    let more = if names.len() > SHOWN { " and others" } else { "" };
    format!("{}{more}", shown.join(", "))
}
