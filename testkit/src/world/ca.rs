//! Certificates: an authority that tests trust, one that they do not, and what these issue.

use core::net::IpAddr;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::{
    ALL_VERSIONS, ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer},
    server::NoServerSessionStorage,
    sign::{CertifiedKey, SingleCertAndKey},
};

use crate::answers::{CertSpec, San};

/// The certificate that a server presents, in relation to the name that clients know it by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Certificate {
    /// For the name, in date, and trusted.
    #[default]
    Valid,
    /// For the wildcard that stands in the place of the name's first label.
    Wildcard,
    /// With the name as common name of the subject, and no alternative names.
    CnOnly,
    /// For another name.
    NameMismatch,
    /// For the name, but its time is over.
    Expired,
    /// For the name, but its time is to come.
    NotYetValid,
    /// For the name, but issued by an authority that nobody trusts.
    Untrusted,
    /// For the name, but signed with its own key.
    SelfSigned,
    /// As specified, whatever the name.
    Custom(CertSpec),
}

impl Certificate {
    fn spec(&self, host: &str) -> CertSpec {
        let valid = CertSpec::dns(host);
        match self {
            Self::Valid | Self::SelfSigned => valid,
            Self::Wildcard => {
                let parent = host.split_once('.').map_or(host, |(_, parent)| parent);
                CertSpec::dns(&format!("*.{parent}"))
            }
            Self::CnOnly => CertSpec { san: Vec::new(), cn: Some(host.into()), ..valid },
            Self::NameMismatch => CertSpec::dns("another.invalid"),
            Self::Expired => CertSpec { expired: true, ..valid },
            Self::NotYetValid => CertSpec { not_yet_valid: true, ..valid },
            Self::Untrusted => CertSpec { trusted: false, ..valid },
            Self::Custom(spec) => spec.clone(),
        }
    }
}

type Issuer = CertifiedIssuer<'static, KeyPair>;

/// Who signs a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Signer {
    Trusted,
    Stranger,
    Itself,
}

/// The certificate authority of a World.
#[derive(Debug)]
pub struct Ca {
    trusted: Issuer,
    stranger: Issuer,
    provider: Arc<CryptoProvider>,
    issued: Mutex<BTreeMap<(CertSpec, Signer), Arc<CertifiedKey>>>,
}

impl Default for Ca {
    fn default() -> Self {
        Self::new()
    }
}

impl Ca {
    /// An authority with fresh keys.
    pub fn new() -> Self {
        Self {
            trusted: authority("testkit"),
            stranger: authority("testkit stranger"),
            provider: Arc::new(ring::default_provider()),
            issued: Mutex::default(),
        }
    }

    /// The authority's own certificate, in PEM.
    pub fn pem(&self) -> String {
        self.trusted.pem()
    }

    /// Writes the authority's certificate to `ca.pem` in a directory, and returns the file's path.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write_to(&self, directory: &Path) -> io::Result<PathBuf> {
        let path = directory.join("ca.pem");
        fs::write(&path, self.pem())?;
        Ok(path)
    }

    /// The configuration of a TLS client that trusts the authority and nobody else.
    pub fn client_config(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.trusted.der().clone()).expect("the authority's certificate is sound");
        ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .expect("the provider has all protocol versions")
            .with_root_certificates(roots)
            .with_no_client_auth()
    }

    /// The configuration of a TLS server that is known as `host`.
    ///
    /// It resumes no sessions, so that clients look at the certificate each time.
    pub(super) fn server_config(&self, certificate: &Certificate, host: &str) -> ServerConfig {
        self.server_config_with(certificate, host, ALL_VERSIONS)
    }

    /// As [`server_config`](Self::server_config), with these versions of TLS.
    pub(super) fn server_config_with(
        &self,
        certificate: &Certificate,
        host: &str,
        versions: &[&'static SupportedProtocolVersion],
    ) -> ServerConfig {
        let resolver = SingleCertAndKey::from(self.issue(certificate, host));
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(versions)
            .expect("the provider has all protocol versions")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(resolver));
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config
    }

    /// The chain that a server with such a certificate presents.
    pub fn chain(&self, spec: &CertSpec) -> Vec<CertificateDer<'static>> {
        self.issue(&Certificate::Custom(spec.clone()), "").cert.clone()
    }

    fn issue(&self, certificate: &Certificate, host: &str) -> Arc<CertifiedKey> {
        let spec = certificate.spec(host);
        let signer = if *certificate == Certificate::SelfSigned {
            Signer::Itself
        } else if spec.trusted {
            Signer::Trusted
        } else {
            Signer::Stranger
        };
        let mut issued = self.issued.lock().expect("nobody panics while issuing");
        let key = (spec, signer);
        if let Some(known) = issued.get(&key) {
            return Arc::clone(known);
        }
        let fresh = Arc::new(self.sign(&key.0, signer));
        issued.insert(key, Arc::clone(&fresh));
        fresh
    }

    fn sign(&self, spec: &CertSpec, signer: Signer) -> CertifiedKey {
        let key = KeyPair::generate().expect("a key can be made");
        let params = params(spec);
        let certificate = match signer {
            Signer::Trusted => params.signed_by(&key, &self.trusted),
            Signer::Stranger => params.signed_by(&key, &self.stranger),
            Signer::Itself => params.self_signed(&key),
        };
        let certificate: CertificateDer<'static> =
            certificate.expect("the certificate can be signed").der().clone();
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("the key is PKCS #8");
        let key = self.provider.key_provider.load_private_key(key);
        CertifiedKey::new(vec![certificate], key.expect("the provider knows the kind of key"))
    }
}

fn authority(name: &str) -> Issuer {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = common_name(Some(name));
    let key = KeyPair::generate().expect("a key can be made");
    Issuer::self_signed(params, key).expect("the authority's certificate can be signed")
}

fn params(spec: &CertSpec) -> CertificateParams {
    let mut params = CertificateParams::default();
    let (from, to) = match (spec.expired, spec.not_yet_valid) {
        (true, _) => (2020, 2021),
        (false, true) => (2998, 2999),
        (false, false) => (2020, 2999),
    };
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    match spec.san.iter().map(alternative_name).collect() {
        Some(names) => params.subject_alt_names = names,
        None => params.custom_extensions = vec![raw_alternative_names(&spec.san)],
    }
    params.distinguished_name = common_name(spec.cn.as_deref());
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

fn common_name(name: Option<&str>) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    if let Some(name) = name {
        distinguished.push(DnType::CommonName, name);
    }
    distinguished
}

/// A name as the library writes it, unless it has characters that such names cannot have.
fn alternative_name(san: &San) -> Option<SanType> {
    // RFC 4985: the object identifier of `id-on-dnsSRV`.
    const SRV_NAME: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 8, 7];
    Some(match san {
        San::Dns(name) => SanType::DnsName(name.as_str().try_into().ok()?),
        San::Ip(address) => SanType::IpAddress(*address),
        San::Email(mailbox) => SanType::Rfc822Name(mailbox.as_str().try_into().ok()?),
        San::Uri(uri) => SanType::URI(uri.as_str().try_into().ok()?),
        San::Srv(service) => SanType::OtherName((SRV_NAME.into(), service.clone().into())),
    })
}

/// The extension of alternative names with whatever octets they have: in DER a sequence (0x30) of
/// names, each tagged with its kind (RFC 5280 §4.2.1.6).
fn raw_alternative_names(names: &[San]) -> CustomExtension {
    const OID: [u64; 4] = [2, 5, 29, 17];
    const ID_ON_DNS_SRV: &[u8] = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x07";
    let element = |tag: u8, contents: &[u8]| {
        let length = u16::try_from(contents.len()).expect("a name is not that long").to_be_bytes();
        [&[tag, 0x82], &length[..], contents].concat()
    };
    let names: Vec<u8> = names
        .iter()
        .flat_map(|name| match name {
            San::Email(mailbox) => element(0x81, mailbox.as_bytes()),
            San::Dns(name) => element(0x82, name.as_bytes()),
            San::Uri(uri) => element(0x86, uri.as_bytes()),
            San::Ip(IpAddr::V4(address)) => element(0x87, &address.octets()),
            San::Ip(IpAddr::V6(address)) => element(0x87, &address.octets()),
            San::Srv(service) => {
                // An object identifier (0x06), and the value as a string in UTF-8 (0x0c).
                let text = element(0xa0, &element(0x0c, service.as_bytes()));
                element(0xa0, &[ID_ON_DNS_SRV, &text].concat())
            }
        })
        .collect();
    CustomExtension::from_oid_content(&OID, element(0x30, &names))
}
