//! The checks, one after the other.

use alloc::{format, string::String, vec::Vec};

use super::{
    Findings, Place, Publication, Report, Subject, Unchecked, dane, drift, http, mx, policy,
    policy::PolicyText,
    smtp, tlsrpt, txt,
    verdict::{Discovery, verdict},
};

/// Checks all that is known about a domain.
#[must_use]
pub fn check(publication: &Publication) -> Report {
    let mut findings = Findings::new();
    if let Some(set) = &publication.txt {
        txt::check(set, publication, &mut findings);
    }
    if let Some(facts) = &publication.http {
        http::check(facts, publication, &mut findings);
    }
    let text = publication.policy.as_deref().map(PolicyText::read);
    if let Some(text) = &text {
        policy::check(text, publication, &mut findings);
    }
    let parsed = text.as_ref().map(|text| &text.policy);
    let discovery = Discovery::new(publication, parsed, findings.first_error(Place::Certificate));
    let accepted = text.as_ref().filter(|_| discovery.policy.is_some());
    mx::check(publication, accepted, &mut findings);
    smtp::check(publication, discovery.policy.as_ref(), &mut findings);
    if let Some(set) = &publication.tlsrpt {
        tlsrpt::check(set, publication, &mut findings);
    }
    if let Some(facts) = &publication.dane {
        dane::check(facts, publication.mx.as_ref(), &mut findings);
    }
    if let Some(previous) = &publication.previous {
        drift::check(previous, publication, &discovery, &mut findings);
    }
    Report {
        findings: findings.finish(),
        unchecked: unchecked(publication),
        verdict: verdict(publication, &discovery),
    }
}

/// What was not looked at, with the command that does.
fn unchecked(publication: &Publication) -> Vec<Unchecked> {
    let domain = publication.domain.as_ref().map_or("example.com", |domain| domain.as_str());
    let command = |flags: &str| format!("mtasts check {domain}{flags}");
    let http = publication.http.as_ref();
    let is_fetched = http.is_some_and(|http| http.failure.is_some() || http.status.is_some());
    let is_tls_known =
        http.is_some_and(|http| http.certificate.is_some() || http.failure.is_some());
    let hosts = mx::hosts(publication);
    let mut list = Vec::new();
    let mut add = |is_known: bool, subject, message, command: String| {
        if !is_known {
            list.push(Unchecked { subject, message, command });
        }
    };
    add(
        publication.txt.is_some(),
        Subject::Txt,
        "The TXT record at `_mta-sts` was not looked up.",
        command(""),
    );
    add(
        publication.policy.is_some() || http.is_some_and(|http| http.obstacle().is_some()),
        Subject::Policy,
        "The policy was not fetched.",
        command(""),
    );
    add(
        is_fetched,
        Subject::Http,
        "How the policy host answers (status, redirects, media type) was not seen.",
        command(""),
    );
    add(
        is_tls_known,
        Subject::Certificate,
        "The policy host's certificate was not seen.",
        command(""),
    );
    add(publication.mx.is_some(), Subject::Mx, "The MX records were not looked up.", command(""));
    let is_seen = publication.mx.is_some() && hosts.iter().all(|host| host.smtp.is_some());
    add(
        is_seen,
        Subject::Smtp,
        "STARTTLS and the certificates of the MX hosts were not seen.",
        command(" --smtp"),
    );
    add(
        publication.tlsrpt.is_some(),
        Subject::TlsRpt,
        "The TLSRPT record at `_smtp._tls` was not looked up.",
        command(""),
    );
    add(
        publication.dane.is_some(),
        Subject::Dane,
        "TLSA records of the MX hosts were not looked up.",
        command(""),
    );
    list
}
