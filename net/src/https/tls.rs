//! What goes wrong with TLS, in core's terms and in words for people.

use core::time::Duration;
use std::{io, time::SystemTime};

use mtasts_core::TlsFailure;
use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible, pki_types::UnixTime};

use super::FetchError;

/// Most names of a certificate that are told.
const MAX_NAMES: usize = 5;

/// What a failed handshake comes to.
pub(crate) fn handshake_error(error: &io::Error) -> FetchError {
    match rustls_error(error) {
        Some(error) => FetchError::tls(failure(error), describe(error)),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            FetchError::tls(TlsFailure::Handshake, "the server closed the connection")
        }
        None => FetchError::tls(TlsFailure::Handshake, error.to_string()),
    }
}

/// The TLS error within an I/O error, if that is what it is.
pub(super) fn rustls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

/// Whether a handshake failed because the server speaks no TLS 1.2 or newer.
pub(crate) fn is_too_old(error: &io::Error) -> bool {
    matches!(
        rustls_error(error),
        Some(
            Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13)
                | Error::AlertReceived(AlertDescription::ProtocolVersion)
        )
    )
}

/// An error by its kind.
pub(crate) fn failure(error: &Error) -> TlsFailure {
    use CertificateError as E;
    let Error::InvalidCertificate(error) = error else {
        return TlsFailure::Handshake;
    };
    if matches!(error, E::NotValidForName | E::NotValidForNameContext { .. }) {
        TlsFailure::NameMismatch
    } else if matches!(error, E::Expired | E::ExpiredContext { .. }) {
        TlsFailure::Expired
    } else if matches!(error, E::NotValidYet | E::NotValidYetContext { .. }) {
        TlsFailure::NotYetValid
    } else if matches!(error, E::UnknownIssuer | E::BadSignature) {
        // A root of the same name but with another key is not the issuer either.
        TlsFailure::Untrusted
    } else {
        TlsFailure::BadCertificate
    }
}

/// An error in words. Those of the library have Unix times and Rust notation in them.
pub(crate) fn describe(error: &Error) -> String {
    use CertificateError as E;
    let Error::InvalidCertificate(error) = error else {
        return error.to_string();
    };
    if let E::NotValidForNameContext { expected, presented } = error {
        let expected = expected.to_str();
        let names: Vec<&str> = presented.iter().filter_map(|name| dns_name(name)).collect();
        let shown = names.iter().take(MAX_NAMES).copied().collect::<Vec<_>>().join(", ");
        match names.len().checked_sub(MAX_NAMES) {
            _ if names.is_empty() => {
                format!("the certificate is for no DNS name, and so not for {expected}")
            }
            None | Some(0) => format!("the certificate is for {shown}, not for {expected}"),
            Some(more) => {
                format!("the certificate is for {shown} and {more} more, not for {expected}")
            }
        }
    } else if let E::ExpiredContext { not_after, .. } = error {
        format!("the certificate was valid until {}", date(*not_after))
    } else if let E::NotValidYetContext { not_before, .. } = error {
        format!("the certificate will be valid from {}", date(*not_before))
    } else if matches!(error, E::UnknownIssuer) {
        "the certificate was issued by nobody that is trusted here, or intermediate certificates \
         are missing"
            .into()
    } else if matches!(error, E::BadSignature) {
        "the certificate is not signed with the key of the trusted issuer that it names".into()
    } else if let E::Other(other) = error {
        format!("the certificate is unusable: {other}")
    } else {
        format!("the certificate is unusable: {error}")
    }
}

/// The name in the library's rendering of a subject alternative name, `DnsName("…")`.
fn dns_name(rendered: &str) -> Option<&str> {
    rendered.strip_prefix("DnsName(\"")?.strip_suffix("\")")
}

fn date(time: UnixTime) -> String {
    let since = Duration::from_secs(time.as_secs());
    // The last second of the year 9999 is the last that X.509 can name.
    match SystemTime::UNIX_EPOCH.checked_add(since) {
        Some(time) if since.as_secs() < 253_402_300_800 => httpdate::fmt_http_date(time),
        _ => format!("{} s after 1970", since.as_secs()),
    }
}
