//! What a certificate says, for people who want to know. Nothing is decided by it.

use mtasts_core::UnixMillis;
use rustls::pki_types::CertificateDer;
use x509_cert::{Certificate, der::Decode as _, ext::pkix::AuthorityInfoAccessSyntax, name::Name};

/// A certificate, as a server presented it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateTrace {
    /// Its DNS-IDs, in lower case or not, wildcards included.
    pub names: Vec<String>,
    /// The common name of its subject, by which no sender goes.
    pub common_name: Option<String>,
    /// Who issued it: the common name of the issuer, or else all of its name.
    pub issuer: Option<String>,
    /// Its last moment.
    pub not_after: Option<UnixMillis>,
    /// Whether it came without the certificate of its issuer, although that has an address from
    /// which it could be had: senders that do not have it already cannot trust this one.
    pub is_alone: bool,
}

impl CertificateTrace {
    /// The first certificate of a chain.
    pub(crate) fn new(chain: &[CertificateDer<'_>]) -> Self {
        let Some((leaf, issuers)) = chain.split_first() else { return Self::default() };
        let parsed = webpki::EndEntityCert::try_from(leaf).ok();
        let names = parsed.iter().flat_map(|parsed| parsed.valid_dns_names());
        let names = names.map(ToOwned::to_owned).collect();
        let Ok(leaf) = Certificate::from_der(leaf) else {
            return Self { names, ..Self::default() };
        };
        let content = leaf.tbs_certificate();
        let (subject, issuer) = (content.subject(), content.issuer());
        let not_after = content.validity().not_after.to_unix_duration();
        let has_source = content.get_extension::<AuthorityInfoAccessSyntax>().is_ok_and(|found| {
            // id-ad-caIssuers (RFC 5280 §4.2.2.1)
            let is_source = |access: &str| access == "1.3.6.1.5.5.7.48.2";
            found.is_some_and(|(_, AuthorityInfoAccessSyntax(sources))| {
                sources.iter().any(|source| is_source(&source.access_method.to_string()))
            })
        });
        Self {
            names,
            common_name: common_name(subject),
            issuer: common_name(issuer)
                .or_else(|| Some(issuer.to_string()).filter(|name| !name.is_empty())),
            not_after: Some(UnixMillis::from_secs(not_after.as_secs())),
            is_alone: issuers.is_empty() && subject != issuer && has_source,
        }
    }
}

fn common_name(name: &Name) -> Option<String> {
    Some(name.common_name().ok()??.value().into_owned())
}
