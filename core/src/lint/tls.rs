//! The policy host's certificate and TLS (RFC 8461 §3.3, §7.2).

use alloc::format;

use super::{
    Certificate, Findings, HttpFacts, Lint, Place, Publication, TlsVersion,
    http::{host, names},
    quote::quoted,
    smtp::DAYS,
};
use crate::{FetchFailure, MxPattern, TlsFailure};

const MILLIS_A_DAY: u64 = 86_400_000;

/// Says why there is no TLS session.
pub(super) fn failure(
    http: &HttpFacts,
    failure: TlsFailure,
    publication: &Publication,
    findings: &mut Findings,
) {
    let host = host(publication);
    let certificate = http.certificate.as_ref();
    let list = certificate.and_then(|certificate| certificate.names.as_deref());
    let (lint, message, help) = match failure {
        TlsFailure::NameMismatch if list.is_some_and(<[_]>::is_empty) => {
            return no_san(certificate, publication, findings);
        }
        TlsFailure::NameMismatch => {
            let names = list.map_or_else(alloc::string::String::new, |list| {
                format!("; it names {}", names(list))
            });
            (
                Lint::TlsName,
                format!("the certificate is not valid for {host}{names}"),
                "It needs the policy host's own name, or a wildcard one label above, among its subject alternative names. The domain's name alone is not enough.",
            )
        }
        TlsFailure::Expired => (
            Lint::TlsExpired,
            format!("the certificate of {host} has expired"),
            "Renew it, and have it renewed without anybody's help.",
        ),
        TlsFailure::NotYetValid => (
            Lint::TlsNotYetValid,
            format!("the certificate of {host} is not valid yet"),
            "Check the clock of the machine that asked, then the certificate.",
        ),
        TlsFailure::Untrusted => (
            Lint::TlsUntrusted,
            format!("the certificate of {host} does not chain to a trusted root"),
            "Use a certificate of a public authority, and send its intermediate certificates: browsers find missing ones, senders do not.",
        ),
        TlsFailure::BadCertificate => (
            Lint::TlsCertificate,
            format!(
                "the certificate of {host} is unusable: revoked, malformed or for another purpose"
            ),
            "Have a new one issued.",
        ),
        TlsFailure::Handshake => (
            Lint::TlsHandshake,
            format!("the TLS handshake with {host} failed"),
            "Check that the web server knows this host name, and that it speaks TLS 1.2 or 1.3.",
        ),
    };
    let finding = findings.add(lint, Place::Certificate, None, message);
    if http.detail.is_empty() {
        finding.help(help);
    } else {
        finding.help(format!("{help} ({})", quoted(&http.detail)));
    }
}

/// What the certificate shows beside a failure, or without one.
pub(super) fn check(http: &HttpFacts, publication: &Publication, findings: &mut Findings) {
    if let Some(certificate) = &http.certificate {
        let is_failed = matches!(http.failure, Some(FetchFailure::Tls(_)));
        if !is_failed {
            certificate_name(certificate, publication, findings);
            validity(certificate, publication, findings);
        }
        if certificate.chain_complete == Some(false) && !is_failed {
            findings
                .add(
                    Lint::TlsChain,
                    Place::Certificate,
                    None,
                    "the policy host does not send all intermediate certificates",
                )
                .help("It works where the missing one is known already. Configure the full chain.");
        }
    }
    if let Some(version) = http.tls_version.filter(|version| *version < TlsVersion::Tls12) {
        let message = format!("the policy host speaks {} only", version.as_str());
        findings
            .add(Lint::TlsOldVersion, Place::Certificate, None, message)
            .help("Senders demand TLS 1.2 or newer.");
    }
}

fn certificate_name(certificate: &Certificate, publication: &Publication, findings: &mut Findings) {
    let Some(list) = &certificate.names else { return };
    if list.is_empty() {
        return no_san(Some(certificate), publication, findings);
    }
    let Some(domain) = &publication.domain else { return };
    let host = domain.policy_host();
    // The rules for names in certificates are those for MX patterns.
    let is_valid = |name: &str| MxPattern::parse(name).is_ok_and(|name| name.matches(&host));
    if !list.iter().any(|name| is_valid(name)) {
        let message =
            format!("the certificate is not valid for {}; it names {}", quoted(&host), names(list));
        findings
            .add(Lint::TlsName, Place::Certificate, None, message)
            .help("It needs the policy host's own name, or a wildcard one label above, among its subject alternative names.");
    }
}

fn no_san(certificate: Option<&Certificate>, publication: &Publication, findings: &mut Findings) {
    let common_name = certificate.and_then(|certificate| certificate.common_name.as_ref());
    let common_name = common_name.map_or_else(alloc::string::String::new, |name| {
        format!("; its common name {} does not count", quoted(name))
    });
    let message = format!(
        "the certificate of {} has no DNS name among its subject alternative names{common_name}",
        host(publication)
    );
    findings
        .add(Lint::TlsNoSan, Place::Certificate, None, message)
        .help("Have one issued with the policy host's name as a subject alternative name.");
}

fn validity(certificate: &Certificate, publication: &Publication, findings: &mut Findings) {
    let (Some(not_after), Some(now)) = (certificate.not_after, publication.now) else { return };
    if not_after < now {
        let message = format!("the certificate of {} has expired", host(publication));
        findings
            .add(Lint::TlsExpired, Place::Certificate, None, message)
            .help("Renew it, and have it renewed without anybody's help.");
        return;
    }
    let days = i64::try_from(not_after.0.saturating_sub(now.0) / MILLIS_A_DAY).unwrap_or(i64::MAX);
    if days < DAYS {
        let message = format!("the certificate of {} expires in {days} days", host(publication));
        findings
            .add(Lint::TlsExpiring, Place::Certificate, None, message)
            .help("Renew it, and have it renewed without anybody's help.");
    }
}
