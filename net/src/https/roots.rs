//! The certificates that policy hosts' certificates must come from.

use core::fmt::Display;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use mtasts_core::TlsFailure;
use rustls::{
    ClientConfig, RootCertStore,
    client::{Resumption, WebPkiServerVerifier, danger::ServerCertVerifier as _},
    crypto::{CryptoProvider, ring},
    pki_types::{
        CertificateDer, DnsName, ServerName, UnixTime,
        pem::{self, PemObject as _},
    },
    version::{TLS12, TLS13},
};

use super::tls;

/// Trusted root certificates, and the judge of those that come from them. Clones are the same one.
#[derive(Clone, Debug)]
pub struct TrustStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    verifier: Arc<WebPkiServerVerifier>,
    config: ClientConfig,
    system: usize,
    extra: usize,
    problems: Vec<String>,
}

/// Where trusted certificates are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustSources {
    /// The operating system's store, or where `SSL_CERT_FILE` and `SSL_CERT_DIR` say.
    pub system: bool,
    /// Files in PEM, with one or more certificates each.
    pub files: Vec<PathBuf>,
}

impl Default for TrustSources {
    /// The operating system's store alone.
    fn default() -> Self {
        Self { system: true, files: Vec::new() }
    }
}

/// Why there is nothing to judge certificates by.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file cannot be read.
    #[error("cannot read the certificates in `{file}`: {error}")]
    Read {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// A file is not in PEM.
    #[error("`{file}` is not a PEM file: {error}")]
    Pem {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        #[source]
        error: pem::Error,
    },
    /// There is no certificate in a file.
    #[error(
        "there is no certificate in `{file}`: it must have `-----BEGIN CERTIFICATE-----` lines"
    )]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// A certificate cannot be used as a root.
    #[error("certificate {number} in `{file}` cannot be used: {error}")]
    Certificate {
        /// The file.
        file: PathBuf,
        /// Which one, counted from 1.
        number: usize,
        /// What is wrong.
        #[source]
        error: rustls::Error,
    },
    /// There are no trusted certificates at all.
    #[error(
        "there are no trusted certificates: install the system's (on Debian the package \
         `ca-certificates`) or name a file of them{}", explain(.problems)
    )]
    NoRoots {
        /// What kept the system's certificates from being loaded.
        problems: Vec<String>,
    },
    /// The TLS library refuses its own parts.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

fn explain(problems: &[String]) -> String {
    problems.iter().map(|problem| format!("; {problem}")).collect()
}

impl TrustStore {
    /// Loads the certificates. This reads files, so it blocks: for milliseconds, as a rule.
    ///
    /// What cannot be used of the system's store is passed over, and told by
    /// [`problems`](Self::problems). Files that were named must be faultless.
    ///
    /// # Errors
    ///
    /// When a file has a fault, or when there is not one certificate in the end.
    pub fn load(sources: &TrustSources) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        let (mut system, mut problems) = (0, Vec::new());
        if sources.system {
            let native = rustls_native_certs::load_native_certs();
            problems.extend(native.errors.iter().map(ToString::to_string));
            let (added, ignored) = roots.add_parsable_certificates(native.certs);
            system = added;
            if ignored > 0 {
                problems.push(format!("{ignored} of the system's certificates cannot be read"));
            }
        }
        for file in &sources.files {
            let pem =
                fs::read(file).map_err(|error| TrustError::Read { file: file.clone(), error })?;
            add_pem(&mut roots, file, &pem)?;
        }
        Self::new(roots, system, problems)
    }

    /// Takes the certificates from a text in PEM.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load); `name` then stands for the file.
    pub fn from_pem(name: impl Into<PathBuf>, pem: &[u8]) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        add_pem(&mut roots, &name.into(), pem)?;
        Self::new(roots, 0, Vec::new())
    }

    fn new(roots: RootCertStore, system: usize, problems: Vec<String>) -> Result<Self, TrustError> {
        if roots.is_empty() {
            return Err(TrustError::NoRoots { problems });
        }
        let extra = roots.len().saturating_sub(system);
        let provider = Arc::new(ring::default_provider());
        let setup = |error: &dyn Display| TrustError::Setup(error.to_string());
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = builder.build().map_err(|error| setup(&error))?;
        let config = client_config(provider, &verifier).map_err(|error| setup(&error))?;
        Ok(Self { inner: Arc::new(Inner { verifier, config, system, extra, problems }) })
    }

    /// How many certificates came from the system's store.
    #[must_use]
    pub fn system(&self) -> usize {
        self.inner.system
    }

    /// How many certificates came from files that were named.
    #[must_use]
    pub fn extra(&self) -> usize {
        self.inner.extra
    }

    /// What of the system's store could not be used, and why.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.inner.problems
    }

    /// Judges a certificate chain, the host's own certificate first, as a fetch judges it: whether it
    /// comes from a root, is in date, is for a server, and has a DNS-ID for `host`, whose root dot
    /// does not count (RFC 8461 §3.3, RFC 6125 §6.4).
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub fn verify(
        &self,
        chain: &[CertificateDer<'_>],
        host: &str,
        now: UnixTime,
    ) -> Result<(), TlsFailure> {
        let (leaf, rest) = chain.split_first().ok_or(TlsFailure::BadCertificate)?;
        let name = server_name(host).ok_or(TlsFailure::NameMismatch)?;
        let verdict = self.inner.verifier.verify_server_cert(leaf, rest, &name, &[], now);
        verdict.map(|_| ()).map_err(|error| tls::failure(&error))
    }

    pub(super) fn verifier(&self) -> Arc<WebPkiServerVerifier> {
        Arc::clone(&self.inner.verifier)
    }

    pub(crate) fn client_config(&self) -> ClientConfig {
        self.inner.config.clone()
    }
}

/// The name that a host's certificate must have, and that is sent as SNI: without the root dot
/// (RFC 6066 §3), and never an address.
pub(crate) fn server_name(host: &str) -> Option<ServerName<'static>> {
    let host = host.strip_suffix('.').unwrap_or(host);
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
    //# Matching is performed only against the DNS-ID identifiers.
    DnsName::try_from(host.to_owned()).ok().map(ServerName::DnsName)
}

fn client_config(
    provider: Arc<CryptoProvider>,
    verifier: &Arc<WebPkiServerVerifier>,
) -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(provider)
        //= https://www.rfc-editor.org/rfc/rfc8461#section-7.2
        //# MTAs supporting MTA-STS MUST have support for TLS 1.2 [RFC5246] or TLS 1.3 [RFC8446] or
        //# higher.
        //= https://www.rfc-editor.org/rfc/rfc8461#section-7.2
        //# The general TLS usage guidance in [RFC7525] SHOULD be followed.
        .with_protocol_versions(&[&TLS13, &TLS12])?
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# During the TLS handshake initiated to fetch a new or updated policy from the Policy
        //# Host, the Policy Host HTTPS server MUST present an X.509 certificate that is valid for
        //# the "mta-sts" DNS-ID [RFC6125] (e.g., "mta-sts.example.com") as described below, chain
        //# to a root CA that is trusted by the Sending MTA, and be non-expired.
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# DNS domain names in server certificates MAY contain the wildcard character '*' as the
        //# complete left-most label within the identifier.
        .with_webpki_verifier(Arc::clone(verifier))
        .with_no_client_auth();
    // A session that is resumed shows no certificate, and it may have expired meanwhile.
    config.resumption = Resumption::disabled();
    Ok(config)
}

fn add_pem(roots: &mut RootCertStore, file: &Path, pem: &[u8]) -> Result<(), TrustError> {
    let mut number = 0_usize;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        number = number.saturating_add(1);
        let certificate =
            certificate.map_err(|error| TrustError::Pem { file: file.into(), error })?;
        roots.add(certificate).map_err(|error| TrustError::Certificate {
            file: file.into(),
            number,
            error,
        })?;
    }
    if number == 0 {
        return Err(TrustError::Empty { file: file.into() });
    }
    Ok(())
}
