//! A report as JSON has it.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use serde::Serialize;

use crate::{Span, lint};

#[derive(Serialize)]
pub(super) struct Report<'a> {
    schema_version: u32,
    findings: Vec<Finding<'a>>,
    unchecked: Vec<Unchecked<'a>>,
    verdict: Verdict<'a>,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    place: Place,
    span: Option<SpanReport>,
    message: &'a str,
    help: Option<&'a str>,
    fixes: Vec<Fix<'a>>,
    section: String,
    url: String,
}

#[derive(Serialize)]
struct Place {
    part: &'static str,
    index: Option<u32>,
}

#[derive(Serialize)]
struct SpanReport {
    start: u32,
    end: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Fix<'a> {
    label: &'a str,
    place: Place,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    span: SpanReport,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Unchecked<'a> {
    subject: &'static str,
    message: &'a str,
    command: &'a str,
}

#[derive(Serialize)]
struct Verdict<'a> {
    sentence: &'a str,
    mail: &'static str,
    protection: &'static str,
    decision: Option<&'static str>,
    mx: Vec<MxVerdict<'a>>,
}

#[derive(Serialize)]
struct MxVerdict<'a> {
    host: &'a str,
    pattern: Option<&'a str>,
    delivers: bool,
    report: Option<&'static str>,
}

impl<'a> Report<'a> {
    pub(super) fn new(report: &'a lint::Report) -> Self {
        let unchecked = |unchecked: &'a lint::Unchecked| Unchecked {
            subject: unchecked.subject.code(),
            message: unchecked.message,
            command: &unchecked.command,
        };
        Self {
            schema_version: 1,
            findings: report.findings.iter().map(Finding::new).collect(),
            unchecked: report.unchecked.iter().map(unchecked).collect(),
            verdict: Verdict::new(&report.verdict),
        }
    }
}

impl<'a> Finding<'a> {
    fn new(finding: &'a lint::Finding) -> Self {
        let section = finding.lint.section();
        Self {
            code: finding.lint.code(),
            severity: finding.lint.severity().code(),
            place: Place::new(finding.place),
            span: finding.span.map(SpanReport::new),
            message: &finding.message,
            help: finding.help.as_deref(),
            fixes: finding.fixes.iter().map(Fix::new).collect(),
            section: section.to_string(),
            url: section.url().to_string(),
        }
    }
}

impl<'a> Fix<'a> {
    fn new(fix: &'a lint::Fix) -> Self {
        let edit = |edit: &'a lint::Edit| Edit {
            span: SpanReport::new(edit.span),
            replacement: &edit.replacement,
        };
        Self {
            label: &fix.label,
            place: Place::new(fix.place),
            edits: fix.edits.iter().map(edit).collect(),
        }
    }
}

impl<'a> Verdict<'a> {
    fn new(verdict: &'a lint::Verdict) -> Self {
        let host = |host: &'a lint::MxVerdict| MxVerdict {
            host: &host.host,
            pattern: host.pattern.as_deref(),
            delivers: host.delivers,
            report: host.report.map(crate::ResultType::as_str),
        };
        Self {
            sentence: &verdict.sentence,
            mail: verdict.mail.code(),
            protection: verdict.protection.code(),
            decision: verdict.decision.as_ref().map(crate::Decision::kind),
            mx: verdict.mx.iter().map(host).collect(),
        }
    }
}

impl Place {
    const fn new(place: lint::Place) -> Self {
        Self { part: place.part(), index: place.index() }
    }
}

impl SpanReport {
    const fn new(Span { start, end, line, column }: Span) -> Self {
        Self { start, end, line, column }
    }
}
