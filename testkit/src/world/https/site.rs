//! Sites: what happens to a client from the lookup of the host's name to the last octet.

use rustls::{ALL_VERSIONS, SupportedProtocolVersion, version::TLS12};

use super::{HandshakeFault, Reply, Script};
use crate::{
    answers::{HttpAnswer, HttpFail},
    world::{ca::Certificate, dns::HostState},
};

/// What happens to a client that wants a host's policy. Made from an [`HttpAnswer`], an
/// [`HttpFail`], a [`Reply`] or a [`Script`].
#[derive(Clone, Debug)]
pub struct Site {
    pub(in crate::world) host: HostState,
    pub(super) handshake: Result<Certificate, HandshakeFault>,
    pub(super) versions: &'static [&'static SupportedProtocolVersion],
    pub(super) script: Script,
}

impl Site {
    /// The site with another certificate. Without this, it has a valid one.
    #[must_use]
    pub fn certificate(self, certificate: Certificate) -> Self {
        Self { handshake: Ok(certificate), ..self }
    }

    /// The site with TLS 1.2 and nothing newer.
    #[must_use]
    pub fn tls12(self) -> Self {
        static ONLY: [&SupportedProtocolVersion; 1] = [&TLS12];
        Self { versions: &ONLY, ..self }
    }

    /// The site with a handshake that fails.
    #[must_use]
    pub fn handshake_fault(self, fault: HandshakeFault) -> Self {
        Self { handshake: Err(fault), ..self }
    }
}

impl From<Script> for Site {
    fn from(script: Script) -> Self {
        let (host, handshake) = (HostState::Found, Ok(Certificate::Valid));
        Self { host, handshake, versions: ALL_VERSIONS, script }
    }
}

impl From<Reply> for Site {
    fn from(reply: Reply) -> Self {
        Script::from(reply).into()
    }
}

impl From<HttpFail> for Site {
    fn from(fail: HttpFail) -> Self {
        let site = Self::from(Script::new());
        match fail {
            HttpFail::Connect => Self { host: HostState::Unreachable, ..site },
            HttpFail::DnsNxdomain => Self { host: HostState::Nonexistent, ..site },
            HttpFail::DnsServfail => Self { host: HostState::Failing, ..site },
            HttpFail::Timeout => site.handshake_fault(HandshakeFault::Silent),
            HttpFail::TlsHandshake => site.handshake_fault(HandshakeFault::Refused),
            HttpFail::TlsNameMismatch => site.certificate(Certificate::NameMismatch),
            HttpFail::TlsExpired => site.certificate(Certificate::Expired),
            HttpFail::TlsUntrusted => site.certificate(Certificate::Untrusted),
        }
    }
}

impl From<HttpAnswer> for Site {
    fn from(answer: HttpAnswer) -> Self {
        let HttpAnswer { head, body } = answer;
        let response = match head.response {
            Ok(response) => response,
            Err(fail) => return fail.into(),
        };
        let mut reply = Reply::new(response.status).body(body);
        for (name, value) in response.fields() {
            reply = match name {
                // The answer shows the body decoded.
                "Content-Encoding" => reply.encoded(value),
                _ => reply.field(name, value),
            };
        }
        if !response.complete {
            reply = reply.incomplete();
        }
        let site = Self::from(reply);
        match head.tls {
            Some(spec) => site.certificate(Certificate::Custom(spec)),
            None => site,
        }
    }
}
