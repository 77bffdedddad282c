//! The policy host: its addresses, its certificate, its answer.

use futures_util::future::join_all;
use mtasts_core::{
    FailureKind, FetchFailure, Response, WELL_KNOWN_PATH,
    lint::{AddressFacts, Certificate, HttpFacts, TlsVersion},
    read_policy,
};
use mtasts_net::https::{CertificateTrace, Fetch};
use tokio::time::Instant;

use super::{Checker, Trace, address::Addresses};

/// Most addresses that are tried.
const MAX_ADDRESSES: usize = 8;

impl Checker {
    /// Gets the policy from each address of the policy host: what was seen, and the policy's text.
    pub(super) async fn policy_host(
        &self,
        host: &str,
        deadline: Instant,
        trace: &mut Trace,
    ) -> (Option<HttpFacts>, Option<Vec<u8>>) {
        let mut addresses = self.addresses(host, deadline).await;
        if addresses.found.is_empty() {
            return (Some(unfound(addresses, trace)), None);
        }
        let left_out = addresses.take_unroutable();
        if !left_out.is_empty() {
            let list: Vec<_> = left_out.iter().map(ToString::to_string).collect();
            trace.notes.push(format!(
                "not tried, because this machine has no route there: {} ({host})",
                list.join(", ")
            ));
        }
        let fetches = addresses.found.iter().take(MAX_ADDRESSES).map(|address| async move {
            let fetcher = &self.settings.network.fetcher;
            let max_body = self.settings.max_body;
            let fetch = fetcher.probe(host, WELL_KNOWN_PATH, *address, deadline, max_body).await;
            (*address, fetch)
        });
        let fetches = join_all(fetches).await;
        let (facts, policy) = read(&fetches, addresses.aliases);
        trace.fetches = fetches;
        (Some(facts), policy)
    }
}

fn unfound(addresses: Addresses, trace: &mut Trace) -> HttpFacts {
    let failure = match &addresses.error {
        Some(error) => FetchFailure::Dns(error.failure),
        None => FetchFailure::NoAddress,
    };
    let detail = addresses.error.map_or_else(String::new, |error| error.detail);
    if !detail.is_empty() {
        trace.dns_errors.push(detail.clone());
    }
    HttpFacts { failure: Some(failure), detail, cname: addresses.aliases, ..HttpFacts::default() }
}

/// What the fetches come to. Senders go to the first address that takes a connection, so what
/// happens there is what happens.
fn read(
    fetches: &[(core::net::IpAddr, Fetch)],
    cname: Vec<String>,
) -> (HttpFacts, Option<Vec<u8>>) {
    let has_connection = |fetch: &Fetch| fetch.trace.address.is_some();
    let first = fetches.iter().map(|(_, fetch)| fetch);
    let main = first.clone().find(|fetch| has_connection(fetch)).or_else(|| first.clone().next());
    let Some(main) = main else { return (HttpFacts::default(), None) };
    let policy = body(main);
    let same = |fetch: &Fetch| Some(body(fetch)? == policy?);
    let addresses = fetches.iter().map(|(address, fetch)| AddressFacts {
        address: *address,
        failure: obstacle(fetch),
        same_body: same(fetch),
    });
    let trace = &main.trace;
    let certificate = trace.tls.as_ref().map(|tls| &tls.certificate);
    let (failure, detail) = match &main.outcome {
        Ok(_) => (None, String::new()),
        // The times of all addresses were over, or none took a connection.
        Err((failure, _)) if !has_connection(main) => {
            let details = first.filter_map(|fetch| Some(fetch.outcome.as_ref().err()?.1.as_ref()));
            (Some(*failure), details.collect::<Vec<&str>>().join("; "))
        }
        Err((failure, detail)) => (Some(*failure), detail.as_ref().to_owned()),
    };
    let announced = trace.headers.iter().find(|(name, _)| name == "content-length");
    let announced = announced.and_then(|(_, length)| length.parse().ok());
    let facts = HttpFacts {
        failure,
        detail,
        status: trace.status,
        headers: trace.status.is_some().then(|| trace.headers.clone()),
        body_length: policy.and_then(|body| u64::try_from(body.len()).ok()).or(announced),
        cname,
        addresses: addresses.collect(),
        certificate: certificate.or(trace.refused_certificate.as_ref()).map(facts),
        tls_version: match &trace.tls {
            Some(tls) => tls_version(&tls.version),
            None => trace.tls_too_old.then_some(TlsVersion::Tls11),
        },
        duration: main.outcome.is_ok().then_some(trace.total),
    };
    (facts, policy.map(<[u8]>::to_vec))
}

/// The body, if it was read: then the response is that of a policy, but perhaps for the text.
fn body(fetch: &Fetch) -> Option<&[u8]> {
    let response: &Response = fetch.outcome.as_ref().ok()?;
    match read_policy(response, usize::MAX) {
        Err(FailureKind::Fetch(_)) => None,
        _ => Some(&response.body),
    }
}

/// Why an address gives no policy, if it gives none.
fn obstacle(fetch: &Fetch) -> Option<FetchFailure> {
    match &fetch.outcome {
        Err((failure, _)) => Some(*failure),
        Ok(response) => match read_policy(response, usize::MAX) {
            Err(FailureKind::Fetch(failure)) => Some(failure),
            _ => None,
        },
    }
}

fn facts(certificate: &CertificateTrace) -> Certificate {
    Certificate {
        names: Some(certificate.names.clone()),
        common_name: certificate.common_name.clone(),
        not_after: certificate.not_after,
        chain_complete: Some(!certificate.is_alone),
    }
}

/// A version of TLS as the library names it: `TLSv1.3`.
pub(super) fn tls_version(name: &str) -> Option<TlsVersion> {
    match name {
        "TLSv1.2" => Some(TlsVersion::Tls12),
        "TLSv1.3" => Some(TlsVersion::Tls13),
        _ => None,
    }
}
