//! What lints are about: why they matter, and an example of each and of what is right.
//!
//! No check uses these texts, so programs that do not show them do not contain them.

use alloc::{format, string::String, vec::Vec};

use super::Lint;

mod certificate;
mod dane;
mod drift;
mod http;
mod mx;
mod policy;
mod policy_mx;
mod policy_syntax;
mod smtp;
mod tlsrpt;
mod txt;
mod txt_field;

/// What a lint is about.
#[derive(Clone, Copy, Debug)]
pub struct About {
    lint: Lint,
    /// What senders do, and what to do about it: a few sentences.
    pub why: &'static str,
    /// Something that the lint is reported for. It has no parts where it would be too long to read.
    pub bad: Example,
    /// The same without it.
    pub good: Example,
}

/// Something that `example.com` might publish. What is empty is not known.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The TXT records at `_mta-sts`, one on each line.
    pub txt: &'static str,
    /// The policy.
    pub policy: &'static str,
    /// The MX hosts, one on each line: `PREFERENCE HOST`.
    pub mx: &'static str,
    /// The TXT records at `_smtp._tls`, one on each line.
    pub tlsrpt: &'static str,
    /// All else: further members of a publication in JSON (docs/lint-json.md).
    pub facts: &'static str,
}

/// A part of an [`Example`], to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, for people.
    pub name: &'static str,
    /// The text. Octets that cannot be seen are escaped as in Rust: `\r`, `\u{feff}`.
    pub text: String,
}

impl About {
    const fn new(lint: Lint, why: &'static str, bad: Example, good: Example) -> Self {
        Self { lint, why, bad, good }
    }
}

impl Lint {
    /// What it is about.
    #[must_use]
    pub fn about(self) -> &'static About {
        let lists = [
            txt::ABOUT,
            txt_field::ABOUT,
            policy::ABOUT,
            policy_syntax::ABOUT,
            policy_mx::ABOUT,
            mx::ABOUT,
            smtp::ABOUT,
            http::ABOUT,
            certificate::ABOUT,
            tlsrpt::ABOUT,
            dane::ABOUT,
            drift::ABOUT,
        ];
        // The tests hold that nothing else is missing in the lists.
        lists.into_iter().flatten().find(|about| about.lint == self).unwrap_or(&MORE_FINDINGS)
    }
}

static MORE_FINDINGS: About = About::new(
    Lint::MoreFindings,
    "Reports are bounded, so that a text of nothing but mistakes cannot fill a memory. Mend what is shown and check again.",
    TOO_LONG_TO_SHOW,
    policy::RIGHT,
);

const NOTHING: Example = Example { txt: "", policy: "", mx: "", tlsrpt: "", facts: "" };

/// For what takes a text that nobody would read.
const TOO_LONG_TO_SHOW: Example = NOTHING;

const fn txt(txt: &'static str) -> Example {
    Example { txt, ..NOTHING }
}

const fn policy(policy: &'static str) -> Example {
    Example { policy, ..NOTHING }
}

const fn tlsrpt(tlsrpt: &'static str) -> Example {
    Example { tlsrpt, ..NOTHING }
}

const fn mx(mx: &'static str) -> Example {
    Example { mx, ..NOTHING }
}

const fn facts(facts: &'static str) -> Example {
    Example { facts, ..NOTHING }
}

impl Example {
    const fn and_txt(self, txt: &'static str) -> Self {
        Self { txt, ..self }
    }

    const fn and_policy(self, policy: &'static str) -> Self {
        Self { policy, ..self }
    }

    const fn and_mx(self, mx: &'static str) -> Self {
        Self { mx, ..self }
    }

    /// The parts that there are, in the order in which people look at them.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut add = |name, text: String| {
            if !text.is_empty() {
                parts.push(Part { name, text });
            }
        };
        let mut zone = records("_mta-sts", self.txt);
        zone.push_str(&lines(self.mx, |host| format!("example.com. IN MX {host}\n")));
        zone.push_str(&records("_smtp._tls", self.tlsrpt));
        add("DNS", zone);
        add("policy", visible(self.policy));
        add("JSON", self.facts.into());
        parts
    }

    /// The example as the linter takes it.
    ///
    /// # Errors
    ///
    /// None that happens: the tests read all examples.
    #[cfg(feature = "json")]
    pub fn publication(&self) -> Result<super::Publication, super::json::JsonError> {
        let separator = if self.facts.is_empty() { "" } else { ", " };
        let input = format!(r#"{{"domain": "example.com"{separator}{}}}"#, self.facts);
        let mut publication = super::json::read(&input)?;
        let pasted = |records: &'static str| super::RecordSet::pasted(records.split('\n'));
        if !self.txt.is_empty() {
            publication.txt = Some(pasted(self.txt));
        }
        if !self.tlsrpt.is_empty() {
            publication.tlsrpt = Some(pasted(self.tlsrpt));
        }
        if !self.policy.is_empty() {
            publication.policy = Some(self.policy.into());
        }
        if !self.mx.is_empty() {
            let host = |line: &str| {
                let (preference, host) = line.split_once(' ').unwrap_or(("", line));
                super::MxHost { preference: preference.parse().ok(), ..super::MxHost::new(host) }
            };
            let hosts = self.mx.split('\n').map(host).collect();
            publication.mx = Some(super::MxFacts { hosts, failure: None });
        }
        Ok(publication)
    }
}

/// TXT records in the notation of zone files.
fn records(name: &str, records: &str) -> String {
    lines(records, |record| {
        let record = record.replace('\\', "\\\\").replace('"', "\\\"");
        format!("{name}.example.com. IN TXT \"{record}\"\n")
    })
}

fn lines(text: &str, line: impl Fn(&str) -> String) -> String {
    if text.is_empty() {
        return String::new();
    }
    text.split('\n').map(line).collect()
}

fn visible(text: &str) -> String {
    let is_hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{feff}';
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(all(test, feature = "json"))]
mod tests;
