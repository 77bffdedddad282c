//! A report as JSON has it.

use alloc::string::ToString as _;

use crate::{
    Decision, ResultType, Span,
    json::{Write, Writer},
    lint::{Edit, Finding, Fix, MxVerdict, Place, Report, Unchecked, Verdict},
};

impl Write for Report {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("schema_version", &1_u32),
            ("findings", &self.findings),
            ("unchecked", &self.unchecked),
            ("verdict", &self.verdict),
        ]);
    }
}

impl Write for Finding {
    fn write(&self, json: &mut Writer) {
        let section = self.lint.section();
        json.object(&[
            ("code", &self.lint.code()),
            ("severity", &self.lint.severity().code()),
            ("place", &self.place),
            ("span", &self.span),
            ("message", &self.message),
            ("help", &self.help),
            ("fixes", &self.fixes),
            ("section", &section.to_string()),
            ("url", &section.url().to_string()),
        ]);
    }
}

impl Write for Place {
    fn write(&self, json: &mut Writer) {
        json.object(&[("part", &self.part()), ("index", &self.index())]);
    }
}

impl Write for Span {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("start", &self.start),
            ("end", &self.end),
            ("line", &self.line),
            ("column", &self.column),
        ]);
    }
}

impl Write for Fix {
    fn write(&self, json: &mut Writer) {
        json.object(&[("label", &self.label), ("place", &self.place), ("edits", &self.edits)]);
    }
}

impl Write for Edit {
    fn write(&self, json: &mut Writer) {
        json.object(&[("span", &self.span), ("replacement", &self.replacement)]);
    }
}

impl Write for Unchecked {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("subject", &self.subject.code()),
            ("message", &self.message),
            ("command", &self.command),
        ]);
    }
}

impl Write for Verdict {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("sentence", &self.sentence),
            ("mail", &self.mail.code()),
            ("protection", &self.protection.code()),
            ("decision", &self.decision.as_ref().map(Decision::kind)),
            ("mx", &self.mx),
        ]);
    }
}

impl Write for MxVerdict {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("host", &self.host),
            ("pattern", &self.pattern),
            ("delivers", &self.delivers),
            ("report", &self.report.map(ResultType::as_str)),
        ]);
    }
}
