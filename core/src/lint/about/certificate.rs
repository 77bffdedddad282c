//! The policy host's certificate and TLS.

use super::{About, Example, facts};
use crate::lint::Lint;

/// The time of the checks: 2026-11-01.
const RIGHT: Example = facts(
    r#""now": 1793491200, "http": {"certificate": {"names": ["mta-sts.example.com"], "not_after": 1798761600, "chain_complete": true}, "tls_version": "TLS 1.3"}"#,
);

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::TlsHandshake,
        "No TLS session came about, so that senders cannot fetch the policy. Mostly the web server does not know the policy host's name, or speaks only versions of TLS that senders have given up.",
        facts(r#""http": {"failure": "tls-handshake"}"#),
        RIGHT,
    ),
    About::new(
        Lint::TlsName,
        "Senders must check that the certificate is valid for the policy host, `mta-sts.` and the domain. A certificate for the domain alone, or for a provider, is refused and the policy with it.",
        facts(
            r#""http": {"failure": "tls-name", "certificate": {"names": ["example.com", "www.example.com"]}}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::TlsNoSan,
        "Only DNS names among the subject alternative names count; the common name does not any more. Senders refuse a certificate without any, and the policy with it.",
        facts(
            r#""http": {"failure": "tls-name", "certificate": {"names": [], "common_name": "mta-sts.example.com"}}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::TlsExpired,
        "Senders refuse an expired certificate and do not get the policy. Those that hold one keep to it until it expires; new ones deliver without protection. Renew it, and have that happen by itself.",
        facts(r#""http": {"failure": "tls-expired"}"#),
        RIGHT,
    ),
    About::new(
        Lint::TlsNotYetValid,
        "The certificate becomes valid later, or the clock of the machine that asked is slow. Senders with a right clock refuse it.",
        facts(r#""http": {"failure": "tls-not-yet-valid"}"#),
        RIGHT,
    ),
    About::new(
        Lint::TlsUntrusted,
        "Senders trust certificates of public authorities only, and do not look for intermediate certificates that the server fails to send, as browsers do. They refuse this one, and the policy with it.",
        facts(r#""http": {"failure": "tls-untrusted"}"#),
        RIGHT,
    ),
    About::new(
        Lint::TlsChain,
        "The server does not send all intermediate certificates. Programs that know the missing one, as browsers often do, work nevertheless, and others refuse the certificate. Configure the full chain.",
        facts(
            r#""http": {"certificate": {"names": ["mta-sts.example.com"], "chain_complete": false}}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::TlsCertificate,
        "The certificate is revoked, malformed or for another purpose. Senders refuse it, and the policy with it.",
        facts(r#""http": {"failure": "tls-certificate"}"#),
        RIGHT,
    ),
    About::new(
        Lint::TlsExpiring,
        "In less than 14 days senders will refuse the certificate and cease to get the policy. Renewal by itself mostly comes earlier: look whether it works.",
        facts(
            r#""now": 1793491200, "http": {"certificate": {"names": ["mta-sts.example.com"], "not_after": 1793923200}}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::TlsOldVersion,
        "The policy host speaks nothing newer than TLS 1.1. RFC 8461 asks for TLS 1.2 or newer, and senders find no common version with it.",
        facts(r#""http": {"tls_version": "TLS 1.0"}"#),
        RIGHT,
    ),
];
