//! Findings in the layout of rustc: what, where, the line, and what to do.

use core::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use mtasts_core::{
    Span,
    lint::{Finding, Fix, Severity},
};

use super::{Texts, heading, visible};

/// Longest part of a text that is shown, in bytes.
const MAX_SHOWN: usize = 4096;
/// Most lines that a fix may change and still be shown.
const MAX_LINES: usize = 12;

/// A finding, with ANSI styles and an empty line after it.
#[must_use]
pub fn annotate(finding: &Finding, texts: &Texts<'_>) -> String {
    let level = match finding.lint.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::NOTE,
    };
    let text = texts.find(finding.place);
    let origin = text.as_ref().map_or_else(|| heading(finding.place), |(name, _)| name.as_str());
    let message = visible(&finding.message);
    let code = finding.lint.code();
    let url = finding.lint.section().url().to_string();
    let title = level.primary_title(&message).id(code).id_url(&url);
    let bytes = text.as_ref().map(|(_, bytes)| bytes.as_slice());
    let excerpt = finding.span.and_then(|span| Excerpt::of(bytes?, &[span]));
    let mut what = match (&excerpt, finding.span) {
        (Some(excerpt), Some(span)) => {
            let annotation = AnnotationKind::Primary.span(excerpt.place(span));
            let snippet = Snippet::source(&excerpt.text)
                .line_start(excerpt.line)
                .path(origin)
                .annotation(annotation);
            title.element(snippet)
        }
        (None, Some(span)) => title.element(
            annotate_snippets::Origin::path(origin)
                .line(number(span.line))
                .char_column(number(span.column)),
        ),
        (_, None) => title.element(annotate_snippets::Origin::path(origin)),
    };
    let help = finding.help.as_deref().map(visible);
    if let Some(help) = &help {
        what = what.element(Level::HELP.message(help));
    }
    let section = format!("see {} and `mtasts explain {code}`", finding.lint.section());
    what = what.element(Level::NOTE.message(&section));
    let labels: Vec<String> = finding.fixes.iter().map(|fix| visible(&fix.label)).collect();
    let changes: Vec<Option<Change>> =
        finding.fixes.iter().map(|fix| Change::of(bytes?, fix)).collect();
    let mut groups = vec![what];
    for (label, change) in labels.iter().zip(&changes) {
        let title = Level::HELP.secondary_title(label);
        groups.push(match change {
            None => Group::with_title(title),
            Some(change) => {
                let patches =
                    change.patches.iter().map(|(place, text)| Patch::new(place.clone(), text));
                let snippet = Snippet::source(&change.excerpt.text)
                    .line_start(change.excerpt.line)
                    .path(origin)
                    .patches(patches);
                title.element(snippet)
            }
        });
    }
    let mut rendered = Renderer::styled().render(&groups);
    rendered.push_str("\n\n");
    rendered
}

/// The lines that something stands in, as text of the same length in bytes.
struct Excerpt {
    text: String,
    /// Offset in the whole text.
    start: usize,
    /// Number of the first line.
    line: usize,
}

impl Excerpt {
    /// The lines of these places, unless that is too much to show.
    fn of(bytes: &[u8], spans: &[Span]) -> Option<Self> {
        let first = spans.iter().min_by_key(|span| span.start)?;
        let end = spans.iter().map(|span| number(span.end)).max()?.min(bytes.len());
        let before = bytes.get(..number(first.start).min(end))?;
        let start =
            before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
        let rest = bytes.get(end..)?.iter().position(|byte| *byte == b'\n');
        let stop = rest.map_or(bytes.len(), |length| end.saturating_add(length));
        let text = bytes.get(start..stop)?;
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        if text.len() > MAX_SHOWN || lines > MAX_LINES {
            return None;
        }
        Some(Self { text: same_length(text), start, line: number(first.line) })
    }

    fn place(&self, span: Span) -> Range<usize> {
        let at = |offset| number(offset).saturating_sub(self.start).min(self.text.len());
        let (start, end) = (at(span.start), at(span.end));
        let is_boundary = |at: &usize| self.text.is_char_boundary(*at);
        let start = (0..=start).rev().find(is_boundary).unwrap_or_default();
        let end = (end..=self.text.len()).find(is_boundary).unwrap_or(start);
        start..end.max(start)
    }
}

/// A fix in the lines that it changes.
struct Change {
    excerpt: Excerpt,
    patches: Vec<(Range<usize>, String)>,
}

impl Change {
    fn of(bytes: &[u8], fix: &Fix) -> Option<Self> {
        let spans: Vec<Span> = fix.edits.iter().map(|edit| edit.span).collect();
        let excerpt = Excerpt::of(bytes, &spans)?;
        let patches = fix
            .edits
            .iter()
            .map(|edit| (excerpt.place(edit.span), visible_lines(&edit.replacement)));
        Some(Self { patches: patches.collect(), excerpt })
    }
}

/// Text for octets, where each that is not UTF-8 is a question mark, so that offsets remain.
fn same_length(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

fn number(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
