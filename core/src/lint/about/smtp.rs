//! STARTTLS and the certificates of the MX hosts.

use super::{About, Example, facts, policy::RIGHT_TEXT};
use crate::lint::Lint;

/// A host in order, under an enforced policy.
const RIGHT: Example = under_policy(
    r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": true, "certificate": "valid", "days_left": 60, "tls_version": "TLS 1.3"}}]}"#,
);

const fn under_policy(json: &'static str) -> Example {
    facts(json).and_policy(RIGHT_TEXT)
}

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::SmtpUnreachable,
        "Nothing can be said about the host, since no SMTP session came about. Many networks block connections to port 25: try again from a mail server before you look for a fault of the host.",
        facts(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"failure": "connection refused"}}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::SmtpNoStarttls,
        "Under an enforced policy senders deliver over TLS or not at all. A host that does not offer STARTTLS receives nothing from them. Switch TLS on, and look for firewalls that strip the offer.",
        under_policy(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": false}}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::SmtpCertificateName,
        "The certificate must be valid for the name in the MX record, as a subject alternative name or a wildcard one label above. Under an enforced policy senders do not deliver otherwise.",
        under_policy(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": true, "certificate": "name-mismatch", "names": ["mail.example.com"]}}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::SmtpCertificateExpired,
        "Under an enforced policy senders do not deliver to a host whose certificate has expired. Mail waits meanwhile. Renew it, reload the mail server, and have both happen by themselves.",
        under_policy(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": true, "certificate": "expired"}}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::SmtpCertificateUntrusted,
        "Senders trust certificates of public authorities. A self-signed one, or one whose intermediate certificates are not sent with it, is refused under an enforced policy.",
        under_policy(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": true, "certificate": "untrusted"}}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::SmtpCertificateInvalid,
        "The certificate is malformed, revoked or for another purpose, or the TLS handshake fails before it is seen. Under an enforced policy senders do not deliver to the host.",
        under_policy(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": true, "certificate": "invalid"}}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::SmtpWouldFail,
        "Senders deliver there today, since no enforced policy forbids it. They would cease to when one names this host: mend TLS before you change the mode to `enforce`.",
        facts(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": true, "certificate": "untrusted"}}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::SmtpCertificateExpiring,
        "In less than 14 days senders with an enforced policy will cease to deliver there. Renewal by itself mostly comes earlier: look whether it works.",
        under_policy(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": true, "certificate": "valid", "days_left": 5, "tls_version": "TLS 1.3"}}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::SmtpOldTls,
        "RFC 8461 asks for TLS 1.2 or newer. Senders that speak nothing older find no common version with this host, and do not deliver under an enforced policy.",
        under_policy(
            r#""mx": {"hosts": [{"host": "mx.example.com.", "smtp": {"starttls": true, "certificate": "valid", "days_left": 60, "tls_version": "TLS 1.0"}}]}"#,
        ),
        RIGHT,
    ),
];
