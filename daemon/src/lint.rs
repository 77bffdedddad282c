//! What the linter found, shown to people and to programs.

use core::{fmt, str::FromStr};

use mtasts_core::lint::{Lint, Place, Report, Severity};

use crate::config::nearest;

mod annotate;
mod explain;
mod github;
mod text;

pub use annotate::annotate;
pub use explain::{explain, list};
pub use github::github;
pub use text::{TextName, Texts, visible};

/// How findings are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: the text with the place underlined.
    #[default]
    Human,
    /// One JSON object.
    Json,
    /// Commands of GitHub Actions, which shows them beside the file.
    Github,
}

/// The findings that make a command fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Warnings and errors.
    Warning,
    /// Any finding.
    Info,
}

impl FailOn {
    /// Whether a report has a finding that is grave enough.
    #[must_use]
    pub fn applies_to(self, report: &Report) -> bool {
        let least = match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
        };
        report.severity().is_some_and(|severity| severity >= least)
    }
}

/// How many findings of each severity there are, in words.
#[derive(Clone, Copy, Debug)]
pub struct Count<'a>(pub &'a Report);

impl fmt::Display for Count<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(report) = self;
        let mut is_first = true;
        for (severity, noun) in
            [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")]
        {
            let of = |finding: &&mtasts_core::lint::Finding| finding.lint.severity() == severity;
            let count = report.findings.iter().filter(of).count();
            if count > 0 {
                let comma = if is_first { "" } else { ", " };
                write!(f, "{comma}{count} {noun}{}", if count == 1 { "" } else { "s" })?;
                is_first = false;
            }
        }
        if is_first { f.write_str("no findings") } else { Ok(()) }
    }
}

/// A lint that is named on the command line.
#[derive(Clone, Copy, Debug)]
pub struct Code(pub Lint);

impl FromStr for Code {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        if let Some(lint) = Lint::from_code(code.trim().to_ascii_lowercase().as_str()) {
            return Ok(Self(lint));
        }
        Err(match nearest(code, Lint::ALL.iter().map(|lint| lint.code())) {
            Some(known) => format!("there is no such code; did you mean `{known}`?"),
            None => "there is no such code; `mtasts explain --list` has all".into(),
        })
    }
}

/// The part of a publication, as a heading.
#[must_use]
pub fn heading(place: Place) -> &'static str {
    match place {
        Place::Txt | Place::TxtRecord(_) => "TXT record",
        Place::Policy => "policy",
        Place::Http => "policy host",
        Place::Certificate => "policy host's certificate",
        Place::Mx | Place::MxHost(_) => "MX hosts",
        Place::TlsRpt | Place::TlsRptRecord(_) => "TLSRPT record",
        Place::Dane => "DANE",
        Place::Previous => "earlier check",
    }
}
