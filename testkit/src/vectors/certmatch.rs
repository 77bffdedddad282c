//! `certmatch`: the identity in a certificate, for Policy Host (RFC 8461 §3.3) and MX (§4.2).
//!
//! For the Rust API a real certificate is made for each case, and judged as `mtasts-net` judges that of
//! a policy host. The other faces leave TLS to their host program, which may ask them whether a name
//! in a certificate matches: the rules are those of MX patterns (§4.1).

use core::time::Duration;
use std::{sync::LazyLock, time::SystemTime};

use mtasts_core::{PolicyDomain, TlsFailure};
use mtasts_net::https::TrustStore;
use rustls::pki_types::UnixTime;
use serde::Deserialize;
use serde_json::{Map, json};

use super::{
    Case, Face, Publication,
    findings::{certificate, dns_names},
    judge,
    meta::{Meta, case},
};
use crate::{
    answers::{CertSpec, San},
    world::Ca,
};

case! {
    /// One certificate and the name that it must be valid for.
    CertMatchCase {
        role: Role,
        reference: String,
        cert: CertSpec,
        valid: bool,
        #[serde(default)]
        also_ok: Vec<bool>,
    }
}

/// Whose certificate it is. The rules are the same for both.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    PolicyHost,
    Mx,
}

impl Case for CertMatchCase {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn run(&self, face: &mut Face) -> Result<(), String> {
        let got = if face.is_rust() {
            verify(&self.cert, &self.reference)?
        } else {
            verify_names(face, &self.cert, &self.reference)?
        };
        judge(&self.meta, &self.valid, &self.also_ok, &got.is_ok()).map_err(|reason| {
            let reason = self.meta.with_error(&reason, got.err());
            format!("{reason}\nrole     {:?}", self.role)
        })
    }

    /// The certificate as that of the policy host, or of the only MX host.
    fn publications(&self) -> Result<Vec<Publication>, String> {
        let Self { reference, cert, .. } = self;
        let (of_policy_host, of_mx) = self.outcome();
        let publication = match self.role {
            Role::PolicyHost => {
                let domain = reference.strip_prefix("mta-sts.").unwrap_or(reference);
                let http = json!({ "certificate": certificate(cert), "failure": of_policy_host });
                Publication::new(domain).with("http", http)
            }
            Role::Mx => {
                let policy =
                    format!("version: STSv1\nmode: enforce\nmx: {reference}\nmax_age: 604800\n");
                let smtp =
                    json!({ "starttls": true, "certificate": of_mx, "names": dns_names(cert) });
                let facts = Map::from_iter([("smtp".to_owned(), smtp)]);
                let publication = Publication::new("example.com").policy(policy.as_bytes());
                publication.mx_host(reference, facts)
            }
        };
        Ok(vec![publication])
    }
}

impl CertMatchCase {
    /// The words of the linter for what becomes of it, for each role.
    const fn outcome(&self) -> (Option<&'static str>, &'static str) {
        if self.cert.expired {
            (Some("tls-expired"), "expired")
        } else if self.cert.not_yet_valid {
            (Some("tls-not-yet-valid"), "expired")
        } else if !self.cert.trusted {
            (Some("tls-untrusted"), "untrusted")
        } else if !self.valid {
            (Some("tls-name"), "name-mismatch")
        } else {
            (None, "valid")
        }
    }
}

static AUTHORITY: LazyLock<Ca> = LazyLock::new(Ca::new);

/// As [`verify`], with the names judged by the face and the rest by the case.
fn verify_names(
    face: &mut Face,
    cert: &CertSpec,
    host: &str,
) -> Result<Result<(), TlsFailure>, String> {
    if cert.expired || cert.not_yet_valid {
        return Ok(Err(TlsFailure::Expired));
    }
    if !cert.trusted {
        return Ok(Err(TlsFailure::Untrusted));
    }
    for name in &cert.san {
        if let San::Dns(name) = name
            && face.mxmatch(name, host)?
        {
            return Ok(Ok(()));
        }
    }
    Ok(Err(TlsFailure::NameMismatch))
}

/// Whether the certificate is one that a host of this name may present.
pub(super) fn verify(cert: &CertSpec, host: &str) -> Result<Result<(), TlsFailure>, String> {
    // As names of hosts come to be asked for: A-labels, and no addresses.
    let Ok(name) = PolicyDomain::from_lookup_key(host) else {
        return Ok(Err(TlsFailure::NameMismatch));
    };
    let roots = TrustStore::from_pem("the authority", AUTHORITY.pem().as_bytes());
    let roots = roots.map_err(|error| error.to_string())?;
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = UnixTime::since_unix_epoch(since.unwrap_or(Duration::ZERO));
    Ok(roots.verify(&AUTHORITY.chain(cert), name.as_str(), now))
}
