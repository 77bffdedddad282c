//! STARTTLS and certificates of the MX hosts (RFC 8461 §4, §4.2).

use alloc::{format, string::String};

use super::{
    Findings, Lint, MxHost, Place, Publication, SmtpFacts, TlsVersion, http::names, mx::MAX_HOSTS,
    quote::quoted, record::index,
};
use crate::{CertOutcome, Mode, Policy};

/// Days in which a certificate can still be renewed at leisure.
pub(super) const DAYS: i64 = 14;

/// Checks what SMTP sessions showed. `policy` is one that senders accept.
pub(super) fn check(publication: &Publication, policy: Option<&Policy>, findings: &mut Findings) {
    let hosts = publication.mx.iter().flat_map(|mx| &mx.hosts).take(MAX_HOSTS).enumerate();
    for (at, host) in hosts {
        let Some(smtp) = &host.smtp else { continue };
        session(host, smtp, Place::MxHost(index(at)), policy, findings);
    }
}

fn session(
    host: &MxHost,
    smtp: &SmtpFacts,
    place: Place,
    policy: Option<&Policy>,
    findings: &mut Findings,
) {
    let shown = quoted(&host.host);
    if let Some(failure) = &smtp.failure {
        let message = format!("no SMTP session with {shown}: {}", quoted(failure));
        findings
            .add(Lint::SmtpUnreachable, place, None, message)
            .help("Many networks block port 25: try from a mail server before looking further.");
        return;
    }
    let enforced =
        policy.is_some_and(|policy| policy.mode() == Mode::Enforce && policy.matches(&host.host));
    if let Some((lint, problem, help)) = problem(host, smtp) {
        if enforced {
            findings
                .add(lint, place, None, format!("{problem}: senders do not deliver mail there"))
                .help(help);
        } else {
            findings
                .add(
                    Lint::SmtpWouldFail,
                    place,
                    None,
                    format!(
                        "{problem}: under an enforced policy senders would not deliver mail there"
                    ),
                )
                .help(help);
        }
    } else if let Some(days) = smtp.days_left.filter(|days| *days < DAYS) {
        findings
            .add(
                Lint::SmtpCertificateExpiring,
                place,
                None,
                format!("the certificate of {shown} expires in {days} days"),
            )
            .help("Renew it, and have it renewed without anybody's help.");
    }
    if let Some(version) = smtp.tls_version.filter(|version| *version < TlsVersion::Tls12) {
        findings
            .add(Lint::SmtpOldTls, place, None, format!("{shown} speaks {} only", version.as_str()))
            .help("Senders that follow RFC 8461 need not speak anything older than TLS 1.2.");
    }
}

/// What keeps a sender from delivering under an enforced policy.
fn problem(host: &MxHost, smtp: &SmtpFacts) -> Option<(Lint, String, &'static str)> {
    let shown = quoted(&host.host);
    if !smtp.starttls {
        return Some((
            Lint::SmtpNoStarttls,
            format!("{shown} does not offer STARTTLS"),
            "Switch TLS on in the mail server, and look for firewalls that strip STARTTLS.",
        ));
    }
    match smtp.certificate? {
        CertOutcome::Valid => None,
        CertOutcome::Expired => Some((
            Lint::SmtpCertificateExpired,
            format!("the certificate of {shown} has expired"),
            "Renew it, and reload the mail server.",
        )),
        CertOutcome::NameMismatch => {
            let names = smtp
                .names
                .as_ref()
                .map_or_else(String::new, |list| format!("; it names {}", names(list)));
            Some((
                Lint::SmtpCertificateName,
                format!("the certificate of {shown} is not valid for that name{names}"),
                "It needs the name of the MX record among its subject alternative names.",
            ))
        }
        CertOutcome::Untrusted => Some((
            Lint::SmtpCertificateUntrusted,
            format!("the certificate of {shown} does not chain to a trusted root"),
            "Use a certificate of a public authority, and send the intermediate certificates with it.",
        )),
        CertOutcome::Invalid => Some((
            Lint::SmtpCertificateInvalid,
            format!("the certificate of {shown} is unusable, or the TLS handshake fails"),
            "Look at the session with `openssl s_client -starttls smtp -connect HOST:25`.",
        )),
    }
}
