//! What is wrong with a domain's MTA-STS, said so that its owner can mend it.
//!
//! [`check()`] takes what is known about a domain, a [`Publication`], and returns a [`Report`]: what is
//! wrong and where, what could not be checked, and what senders do with mail for the domain now. It
//! reads records and policies with the engine's own parsers, so the two cannot disagree: an error
//! about a record or a policy is there exactly when a sender that uses the engine does not accept
//! it, or would not deliver under it.
//!
//! ```
//! use mtasts_core::lint::{Publication, RecordSet, Severity, check};
//!
//! let publication = Publication {
//!     txt: Some(RecordSet::pasted([b"v=STSv1; id=2026-11-01;"])),
//!     ..Publication::default()
//! };
//! let report = check(&publication);
//! let [finding] = report.findings.as_slice() else { panic!("{report:?}") };
//! assert_eq!(finding.lint.code(), "txt-id-character");
//! assert_eq!(finding.lint.severity(), Severity::Error);
//! assert_eq!(finding.span.map(|span| (span.start, span.end)), Some((12, 22)));
//! ```
//!
//! # Limits
//!
//! Work grows with the size of the texts and no faster. At most 256 errors and 256 other findings
//! are kept for each part of a publication, and the first 256 MX hosts are looked at; what was left
//! out is said by [`Lint::MoreFindings`].

mod about;
mod check;
mod dane;
mod drift;
mod findings;
mod fix;
mod http;
#[cfg(feature = "json")]
pub mod json;
mod mx;
mod policy;
mod publication;
mod quote;
mod record;
mod report;
mod smtp;
mod table;
mod tls;
mod tlsrpt;
mod txt;
mod verdict;

use findings::Findings;

#[cfg(feature = "json")]
pub(crate) use quote::quoted;

pub use about::{About, Example, Part};
pub use check::check;
pub use fix::apply_fixes;
pub use policy::add_a_labels;
pub use publication::{
    AddressFacts, Certificate, DaneFacts, HttpFacts, MxFacts, MxHost, Previous, Publication,
    RecordSet, ResolverAnswer, SmtpFacts, TlsVersion, TlsaFacts, TxtRecord,
};
pub use report::{
    Edit, Finding, Fix, Mail, MxVerdict, Place, Protection, Report, Subject, Unchecked, Verdict,
};
pub use table::{Lint, Reach, Section, SectionUrl, Severity};
