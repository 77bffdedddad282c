//! Where checks put what they find.

use alloc::{format, string::String, vec::Vec};

use super::{Edit, Finding, Fix, Lint, Place, Severity};
use crate::Span;

/// How many errors, and how many other findings, are kept of one part of a publication.
const MAX_OF_A_KIND: usize = 256;

/// Findings as they come, and how many there are of each part.
#[derive(Debug)]
pub(super) struct Findings {
    list: Vec<Finding>,
    counts: Vec<Count>,
    /// Takes what is over the cap.
    surplus: Finding,
}

/// How many findings there are of a part of the publication.
#[derive(Debug)]
struct Count {
    part: &'static str,
    /// Errors are counted apart: an error is never crowded out by lesser things.
    is_error: bool,
    /// The place of the first of them.
    place: Place,
    count: usize,
}

impl Findings {
    pub(super) fn new() -> Self {
        let surplus = Finding::new(Lint::MoreFindings, Place::Txt, None, String::new());
        Self { list: Vec::new(), counts: Vec::new(), surplus }
    }

    /// Adds a finding, to which help and fixes may be added.
    pub(super) fn add(
        &mut self,
        lint: Lint,
        place: Place,
        span: Option<Span>,
        message: impl Into<String>,
    ) -> &mut Finding {
        let count = self.count(place, lint.severity() == Severity::Error);
        let finding = Finding::new(lint, place, span, message.into());
        if count > MAX_OF_A_KIND {
            self.surplus = finding;
            return &mut self.surplus;
        }
        self.list.push(finding);
        self.list.last_mut().unwrap_or(&mut self.surplus)
    }

    /// Counts one more finding of this place's part. Returns how many there are.
    fn count(&mut self, place: Place, is_error: bool) -> usize {
        let part = place.part();
        let mut known = self.counts.iter_mut();
        if let Some(known) = known.find(|known| known.part == part && known.is_error == is_error) {
            known.count = known.count.saturating_add(1);
            return known.count;
        }
        self.counts.push(Count { part, is_error, place, count: 1 });
        1
    }

    /// Whether an error was found of this part.
    pub(super) fn has_error(&self, part: &'static str) -> bool {
        self.counts.iter().any(|count| count.is_error && count.part == part)
    }

    /// To add findings of one place and span.
    pub(super) const fn at(&mut self, place: Place, span: Option<Span>) -> At<'_> {
        At { findings: self, place, span }
    }

    /// The first error at this place.
    pub(super) fn first_error(&self, place: Place) -> Option<Lint> {
        let mut lints = self.list.iter().filter(|finding| finding.place == place);
        lints.find(|finding| finding.lint.severity() == Severity::Error).map(|finding| finding.lint)
    }

    /// Says that `count` things of a part were not looked at.
    pub(super) fn left_out(&mut self, place: Place, what: &str, count: usize) {
        let message = format!("{count} more {what} were not looked at");
        self.list.push(Finding::new(Lint::MoreFindings, place, None, message));
    }

    /// The findings in the order of places and texts.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        for Count { place, count, .. } in self.counts {
            let surplus = count.saturating_sub(MAX_OF_A_KIND);
            if surplus > 0 {
                let message = format!("{surplus} more findings of the same kind are not shown");
                self.list.push(Finding::new(Lint::MoreFindings, place, None, message));
            }
        }
        self.list.sort_by_key(|finding| {
            let start = finding.span.map(|span| (span.start, span.end));
            (finding.place, finding.lint == Lint::MoreFindings, start, finding.lint)
        });
        self.list
    }
}

/// Where findings are added.
pub(super) struct At<'a> {
    findings: &'a mut Findings,
    place: Place,
    span: Option<Span>,
}

impl At<'_> {
    /// As [`Findings::add`].
    pub(super) fn add(&mut self, lint: Lint, message: impl Into<String>) -> &mut Finding {
        self.findings.add(lint, self.place, self.span, message)
    }
}

impl Finding {
    const fn new(lint: Lint, place: Place, span: Option<Span>, message: String) -> Self {
        Self { lint, place, span, message, help: None, fixes: Vec::new() }
    }

    /// Says what to do.
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a change of the text.
    pub(super) fn fix(
        &mut self,
        label: impl Into<String>,
        edits: impl IntoIterator<Item = (Span, String)>,
    ) -> &mut Self {
        self.fix_in(self.place, label, edits)
    }

    /// Offers a change of another text.
    pub(super) fn fix_in(
        &mut self,
        place: Place,
        label: impl Into<String>,
        edits: impl IntoIterator<Item = (Span, String)>,
    ) -> &mut Self {
        let edits = edits.into_iter().map(|(span, replacement)| Edit { span, replacement });
        self.fixes.push(Fix { label: label.into(), place, edits: edits.collect() });
        self
    }
}
