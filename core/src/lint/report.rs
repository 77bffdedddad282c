//! What a check found.

use alloc::{string::String, vec::Vec};

use super::{Lint, Severity};
use crate::{Decision, ResultType, Span};

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What is wrong or worth knowing: by place, and within a text from its start to its end.
    pub findings: Vec<Finding>,
    /// What could not be checked, because it was not known. Nothing speaks for it being right.
    pub unchecked: Vec<Unchecked>,
    /// What senders do with mail for the domain now.
    pub verdict: Verdict,
}

/// One thing that is wrong or worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which lint it is.
    pub lint: Lint,
    /// What it is about.
    pub place: Place,
    /// Where in the text of a record or of the policy. `None`: the text as a whole, or no text.
    pub span: Option<Span>,
    /// What is wrong, in one sentence. Names what stands there, without control characters and cut
    /// to a length; it may hold `<` and `&`.
    pub message: String,
    /// What to do, with the right text where it can be computed.
    pub help: Option<String>,
    /// Changes of the text that mend it.
    pub fixes: Vec<Fix>,
}

/// What a [`Finding`] is about. Indices count from 0 in the order of the [`Publication`].
///
/// [`Publication`]: super::Publication
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The TXT records at `_mta-sts` together, or the lookup of them.
    Txt,
    /// One TXT record at `_mta-sts`; spans are in its joined text.
    TxtRecord(u32),
    /// The policy's text.
    Policy,
    /// The HTTPS response with the policy.
    Http,
    /// The certificate or the TLS session of the policy host.
    Certificate,
    /// The MX records together, or the lookup of them.
    Mx,
    /// One MX host.
    MxHost(u32),
    /// The TXT records at `_smtp._tls` together, or the lookup of them.
    TlsRpt,
    /// One TXT record at `_smtp._tls`; spans are in its joined text.
    TlsRptRecord(u32),
    /// TLSA records.
    Dane,
    /// What changed since the domain was looked at before.
    Previous,
}

/// A change that mends a text. Its edits are all made, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, for a button: `Remove the byte order mark`.
    pub label: String,
    /// Which text it changes: mostly the one that the finding is about, but an MX host that a policy
    /// does not name is mended in the policy.
    pub place: Place,
    /// The edits, in order and without overlap.
    pub edits: Vec<Edit>,
}

/// A part of a text and what to put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace; empty where something is inserted.
    pub span: Span,
    /// The new text.
    pub replacement: String,
}

/// Something that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// What.
    pub subject: Subject,
    /// What was not looked at, in one sentence.
    pub message: &'static str,
    /// A command that checks it.
    pub command: String,
}

/// What can be left unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The TXT records at `_mta-sts`.
    Txt,
    /// The policy's text.
    Policy,
    /// How the policy host answers: status, redirects, media type, size.
    Http,
    /// The policy host's certificate.
    Certificate,
    /// The MX hosts.
    Mx,
    /// STARTTLS and certificates of the MX hosts.
    Smtp,
    /// The TXT records at `_smtp._tls`.
    TlsRpt,
    /// TLSA records of the MX hosts.
    Dane,
}

/// What senders do with mail for a domain now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// In one sentence.
    pub sentence: String,
    /// Whether mail arrives.
    pub mail: Mail,
    /// Whether mail is protected on its way.
    pub protection: Protection,
    /// What the engine decides for a lookup made now, by a sender that knows nothing from before.
    /// `None`: too little is known.
    pub decision: Option<Decision>,
    /// The MX hosts, in order, as [`Decision::judge`] judges them.
    pub mx: Vec<MxVerdict>,
}

/// Whether mail of senders that follow MTA-STS arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mail {
    /// It does, as far as MTA-STS and DANE decide it.
    Delivered,
    /// It does, but at least one MX host is passed over.
    Restricted,
    /// It waits with the sender, and comes back in the end: no MX host may be used.
    Delayed,
    /// Too little is known.
    Unknown,
}

/// Whether mail is protected on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protection {
    /// It goes over verified TLS or not at all.
    Enforced,
    /// Failures are reported, nothing more.
    Reported,
    /// It is not.
    None,
    /// Too little is known.
    Unknown,
}

/// What a sender makes of one MX host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MxVerdict {
    /// The host, as published.
    pub host: String,
    /// The first MX pattern that matches. `None`: none does, or no policy is known.
    pub pattern: Option<String>,
    /// Whether mail goes there. What is not known about the host's TLS is taken to be right.
    pub delivers: bool,
    /// What is reported through TLSRPT, if anything.
    pub report: Option<ResultType>,
}

impl Report {
    /// How grave the gravest finding is. `None`: there is no finding.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.lint.severity()).max()
    }
}

impl Place {
    /// The part of the publication in one word, as in JSON.
    #[must_use]
    pub const fn part(self) -> &'static str {
        match self {
            Self::Txt | Self::TxtRecord(_) => "txt",
            Self::Policy => "policy",
            Self::Http => "http",
            Self::Certificate => "certificate",
            Self::Mx | Self::MxHost(_) => "mx",
            Self::TlsRpt | Self::TlsRptRecord(_) => "tlsrpt",
            Self::Dane => "dane",
            Self::Previous => "previous",
        }
    }

    /// Which record or host of the part, counted from 0.
    #[must_use]
    pub const fn index(self) -> Option<u32> {
        match self {
            Self::TxtRecord(index) | Self::MxHost(index) | Self::TlsRptRecord(index) => Some(index),
            Self::Txt
            | Self::Policy
            | Self::Http
            | Self::Certificate
            | Self::Mx
            | Self::TlsRpt
            | Self::Dane
            | Self::Previous => None,
        }
    }
}

impl Subject {
    /// One word that does not change, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Policy => "policy",
            Self::Http => "http",
            Self::Certificate => "certificate",
            Self::Mx => "mx",
            Self::Smtp => "smtp",
            Self::TlsRpt => "tlsrpt",
            Self::Dane => "dane",
        }
    }
}

impl Mail {
    /// One word that does not change, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Restricted => "restricted",
            Self::Delayed => "delayed",
            Self::Unknown => "unknown",
        }
    }
}

impl Protection {
    /// One word that does not change, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Reported => "reported",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}
