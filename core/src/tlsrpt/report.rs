//! Reports: what a sending domain tells a Policy Domain of a day's deliveries (RFC 8460 §4).

use alloc::{string::String, vec::Vec};

use super::{FailureDetails, ReportedPolicy};
use crate::{UnixMillis, name::to_host_name};

mod date;
mod error;
mod json;
mod read;
mod write;

pub use error::{ReportError, ReportErrorKind};

use error::Path;

/// A report (RFC 8460 §4.4).
///
/// [`from_json`](Self::from_json) and [`to_json`](Self::to_json) hold it to the same rules: what one
/// writes, the other reads.
///
/// ```
/// use mtasts_core::tlsrpt::Report;
///
/// let report = Report::from_json(
///     r#"{
///         "organization-name": "Company-X",
///         "date-range": {
///             "start-datetime": "2016-04-01T00:00:00Z",
///             "end-datetime": "2016-04-01T23:59:59Z"
///         },
///         "contact-info": "sts-reporting@company-x.example",
///         "report-id": "5065427c-23d3-47ca-b6e0-946ea0e8c4be",
///         "policies": []
///     }"#,
/// )?;
/// assert_eq!(report.end.as_secs() - report.start.as_secs(), 86_399);
///
/// let error = Report::from_json(r#"{ "organization-name": "Company-X" }"#).unwrap_err();
/// assert_eq!(error.to_string(), "`date-range` is missing");
/// # Ok::<(), mtasts_core::tlsrpt::ReportError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Who reports. Not empty.
    pub organization_name: String,
    /// Where the reported time begins: whole milliseconds, from 1970 to 9999.
    pub start: UnixMillis,
    /// Where it ends, not before its beginning.
    pub end: UnixMillis,
    /// The mail address of those responsible for the report (`addr-spec`, RFC 5322 §3.4.1).
    pub contact_info: String,
    /// Tells this report from the organisation's others. Not empty.
    pub report_id: String,
    /// What was counted, by policy.
    pub policies: Vec<PolicyResult>,
}

/// What came of the deliveries under one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyResult {
    /// The policy.
    pub policy: ReportedPolicy,
    /// TLS sessions that were established as the policy demands: 0 to 2^53 - 1.
    pub successful_sessions: u64,
    /// Sessions that were not: 0 to 2^53 - 1.
    pub failed_sessions: u64,
    /// The failures. A session may be counted in several of them.
    pub failures: Vec<SessionFailures>,
}

/// Sessions that failed alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFailures {
    /// What failed, and between whom.
    pub details: FailureDetails,
    /// How many sessions: 0 to 2^53 - 1.
    pub sessions: u64,
}

/// The largest number that all readers of I-JSON understand (RFC 7493 §2.2).
const MAX_COUNT: u64 = (1 << 53) - 1;

impl Report {
    /// Reads a report: I-JSON (RFC 7493), with all members that RFC 8460 §4.4 does not call
    /// optional, but for those that some failures cannot have. Members that it does not know are
    /// passed over. An `mx-host` that is a string, as in the example in the RFC's appendix B, is an
    /// array of one.
    ///
    /// # Errors
    ///
    /// Says which member is wrong, and how.
    pub fn from_json(json: &str) -> Result<Self, ReportError> {
        let report = read::report(json)?;
        report.check()?;
        Ok(report)
    }

    /// Writes the report on one line.
    ///
    /// # Errors
    ///
    /// Says which member is not as it has to be.
    pub fn to_json(&self) -> Result<String, ReportError> {
        self.check()?;
        write::report(self)
    }

    /// What types cannot say.
    fn check(&self) -> Result<(), ReportError> {
        let root = Path::ROOT;
        not_empty(&root.member("organization-name"), &self.organization_name)?;
        not_empty(&root.member("report-id"), &self.report_id)?;
        if !is_mail_address(&self.contact_info) {
            return Err(root.member("contact-info").error(ReportErrorKind::NoMailAddress));
        }
        let date_range = root.member("date-range");
        date::check(self.start, &date_range.member("start-datetime"))?;
        date::check(self.end, &date_range.member("end-datetime"))?;
        if self.end < self.start {
            return Err(date_range.error(ReportErrorKind::EndsBeforeItBegins));
        }
        let policies = root.member("policies");
        for (index, result) in self.policies.iter().enumerate() {
            result.check(&policies.item(index))?;
        }
        Ok(())
    }
}

impl PolicyResult {
    fn check(&self, path: &Path<'_>) -> Result<(), ReportError> {
        let policy = path.member("policy");
        if !is_domain(&self.policy.domain) {
            return Err(policy.member("policy-domain").error(ReportErrorKind::NoDomain));
        }
        let mx_host = policy.member("mx-host");
        for (index, pattern) in self.policy.mx_hosts.iter().enumerate() {
            if !pattern.is_ascii() {
                return Err(mx_host.item(index).error(ReportErrorKind::NotAscii));
            }
        }
        let summary = path.member("summary");
        for (name, count) in [
            ("total-successful-session-count", self.successful_sessions),
            ("total-failure-session-count", self.failed_sessions),
        ] {
            check_count(&summary.member(name), count)?;
        }
        let failures = path.member("failure-details");
        for (index, failure) in self.failures.iter().enumerate() {
            let path = failures.item(index);
            check_count(&path.member("failed-session-count"), failure.sessions)?;
            if let Some(uri) = &failure.details.additional_information
                && !is_uri(uri)
            {
                return Err(path.member("additional-information").error(ReportErrorKind::NoUri));
            }
        }
        Ok(())
    }
}

fn not_empty(path: &Path<'_>, text: &str) -> Result<(), ReportError> {
    if text.is_empty() { Err(path.error(ReportErrorKind::Empty)) } else { Ok(()) }
}

fn check_count(path: &Path<'_>, count: u64) -> Result<(), ReportError> {
    if count > MAX_COUNT { Err(path.error(ReportErrorKind::CountTooLarge)) } else { Ok(()) }
}

/// A domain with A-labels.
fn is_domain(domain: &str) -> bool {
    domain.is_ascii() && to_host_name(domain.as_bytes()).is_ok()
}

/// An `addr-spec` (RFC 5322 §3.4.1), without comments and folding.
fn is_mail_address(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let is_atom_char =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let is_dot_atom =
        |text: &str| text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_char));
    let is_literal = domain.starts_with('[')
        && domain.ends_with(']')
        && domain.bytes().all(|byte| byte.is_ascii_graphic());
    (is_dot_atom(local) || is_quoted(local)) && (is_domain(domain) || is_literal)
}

/// A `quoted-string` (RFC 5322 §3.2.4).
fn is_quoted(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(inner) = inner else { return false };
    let mut bytes = inner.bytes();
    while let Some(byte) = bytes.next() {
        let allowed = match byte {
            b'\\' => bytes.next().is_some_and(|byte| byte.is_ascii_graphic() || byte == b' '),
            other => other != b'"' && (other.is_ascii_graphic() || other == b' '),
        };
        if !allowed {
            return false;
        }
    }
    true
}

/// A scheme, a colon, and characters that can occur in a URI (RFC 3986 §3).
fn is_uri(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

#[cfg(test)]
mod tests;
