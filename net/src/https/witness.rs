//! A verifier of certificates that remembers what it saw.

use std::sync::Arc;

use parking_lot::Mutex;
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::{CertificateTrace, TrustStore};

/// Judges certificates as the trust store does, and remembers the certificate and the verdict.
#[derive(Debug)]
pub(crate) struct Witness {
    judge: Arc<WebPkiServerVerifier>,
    /// Whether handshakes go on in spite of the verdict: for those who want to know how they end,
    /// and send nothing that anybody may not read.
    lenient: bool,
    seen: Mutex<Option<Seen>>,
}

/// What a server presented, and what is to be thought of it.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) certificate: CertificateTrace,
    pub(crate) verdict: Result<(), Error>,
}

impl Witness {
    /// A witness that ends handshakes with certificates that are not trusted.
    pub(crate) fn strict(roots: &TrustStore) -> Arc<Self> {
        Self::new(roots, false)
    }

    /// A witness that lets every handshake go on.
    pub(crate) fn lenient(roots: &TrustStore) -> Arc<Self> {
        Self::new(roots, true)
    }

    fn new(roots: &TrustStore, lenient: bool) -> Arc<Self> {
        Arc::new(Self { judge: roots.verifier(), lenient, seen: Mutex::default() })
    }

    /// The configuration of a client that the witness watches.
    pub(crate) fn watch(self: &Arc<Self>, roots: &TrustStore) -> ClientConfig {
        let mut config = roots.client_config();
        let verifier: Arc<dyn ServerCertVerifier> = Arc::<Self>::clone(self);
        config.dangerous().set_certificate_verifier(verifier);
        config
    }

    /// What was seen, if a handshake got so far.
    pub(crate) fn seen(&self) -> Option<Seen> {
        self.seen.lock().take()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.judge.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let chain = [core::slice::from_ref(end_entity), intermediates].concat();
        *self.seen.lock() = Some(Seen {
            certificate: CertificateTrace::new(&chain),
            verdict: verdict.as_ref().map(|_| ()).map_err(Clone::clone),
        });
        if self.lenient { Ok(ServerCertVerified::assertion()) } else { verdict }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.judge.root_hint_subjects()
    }
}
