//! A report for monitoring, as Nagios, Icinga and their kin read it: a line with a status and figures,
//! then a line for each domain.

use core::fmt::Write as _;

use mtasts_core::{
    DnsFailure,
    lint::{Lint, Severity},
};

use super::{Checked, mail::days};

/// What monitoring makes of it. The number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All is well.
    Ok,
    /// It works, but something should be done.
    Warning,
    /// Senders ignore what is published, or do not deliver.
    Critical,
    /// Nothing can be said.
    Unknown,
}

/// Days of a certificate's validity below which there is a warning. As the linter has it.
const DAYS: u32 = 14;
/// Seconds that a fetch may take without a warning. As the linter has it.
const SECONDS: u32 = 10;

impl Status {
    /// The exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

impl Checked {
    /// Whether the facts could not be had, through no fault of the domain: no resolver answers.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        let failure = self.publication.txt.as_ref().and_then(|txt| txt.failure);
        matches!(failure, Some(DnsFailure::Timeout | DnsFailure::Other | DnsFailure::Refused))
    }

    /// What monitoring makes of the domain. Who monitors a domain wants it to have a policy, so
    /// there is a warning if it has none.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.is_incomplete() {
            return Status::Unknown;
        }
        match self.report.severity() {
            Some(Severity::Error) => Status::Critical,
            Some(Severity::Warning) => Status::Warning,
            _ if self.report.findings.iter().any(|finding| finding.lint == Lint::TxtAbsent) => {
                Status::Warning
            }
            Some(Severity::Info) | None => Status::Ok,
        }
    }

    /// The domain in a few words: what is wrong, or what senders do.
    fn summary(&self) -> String {
        let gravest = self.report.severity().filter(|severity| *severity > Severity::Info);
        let codes = self.report.findings.iter().filter(|finding| {
            Some(finding.lint.severity()) == gravest || finding.lint == Lint::TxtAbsent
        });
        let mut codes: Vec<&str> = codes.map(|finding| finding.lint.code()).collect();
        codes.dedup();
        let said = match (self.is_incomplete(), codes.as_slice()) {
            (true, _) => "no resolver answers".into(),
            (false, []) => self.report.verdict.sentence.clone(),
            (false, codes) => codes.join(", "),
        };
        format!("{}: {}", self.domain, plain(&said))
    }

    /// Performance data: `'label'=value[unit];warning;critical;minimum`.
    fn figures(&self, out: &mut String) {
        let domain = &self.domain;
        let http = self.publication.http.as_ref();
        let certificate = http.and_then(|http| http.certificate.as_ref());
        let left = certificate.and_then(|certificate| days(certificate.not_after?, self.at));
        if let Some(left) = left {
            let _ = write!(out, " '{domain}_certificate_days'={left};{DAYS}:;0:");
        }
        for host in self.publication.mx.iter().flat_map(|mx| &mx.hosts) {
            if let Some(left) = host.smtp.as_ref().and_then(|smtp| smtp.days_left) {
                let host = host.host.replace(['\'', '='], "");
                let _ = write!(out, " '{domain}_{host}_certificate_days'={left};{DAYS}:;0:");
            }
        }
        if let Some(took) = http.and_then(|http| http.duration) {
            let took = took.as_secs_f64();
            let _ = write!(out, " '{domain}_fetch_time'={took:.3}s;{SECONDS};;0");
        }
    }
}

/// The report on all domains, and its status: the gravest of theirs, but `Unknown` only if there is
/// nothing `Critical`.
#[must_use]
pub fn nagios(all: &[Checked]) -> (String, Status) {
    let statuses = || all.iter().map(Checked::status);
    let status = if statuses().any(|status| status == Status::Critical) {
        Status::Critical
    } else {
        statuses().max().unwrap_or(Status::Unknown)
    };
    let mut out = match all {
        [only] => format!("MTASTS {} - {}", status.as_str(), only.summary()),
        _ => {
            let mut counts = Vec::new();
            for status in [Status::Critical, Status::Warning, Status::Unknown, Status::Ok] {
                let count = statuses().filter(|other| *other == status).count();
                if count > 0 {
                    counts.push(format!("{count} {}", status.as_str()));
                }
            }
            format!("MTASTS {} - {} domains: {}", status.as_str(), all.len(), counts.join(", "))
        }
    };
    let mut figures = String::new();
    for checked in all {
        checked.figures(&mut figures);
    }
    if !figures.is_empty() {
        let _ = write!(out, " |{figures}");
    }
    out.push('\n');
    if all.len() > 1 {
        for checked in all {
            let _ = writeln!(out, "{} - {}", checked.status().as_str(), checked.summary());
        }
    }
    (out, status)
}

/// What neither ends the line nor begins the figures.
fn plain(text: &str) -> String {
    text.replace('|', "/").replace(char::is_control, " ")
}
