//! Problems shown in the text that they are in.

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::{Diagnostics, Problem, Severity, Source};

/// Whether to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// With ANSI escape codes.
    Ansi,
}

/// Every problem in the layout of rustc: what, where, the line, and what to do.
pub fn render(diagnostics: &Diagnostics, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Ansi => Renderer::styled(),
    };
    let mut text = String::new();
    for problem in diagnostics.iter() {
        text.push_str(&renderer.render(&groups(diagnostics.source(), problem)));
        text.push_str("\n\n");
    }
    text
}

fn groups<'a>(source: &'a Source, problem: &'a Problem) -> Vec<Group<'a>> {
    let level = match problem.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let annotation =
        AnnotationKind::Primary.span(problem.span.clone()).label(problem.label.as_ref());
    let snippet = Snippet::source(source.text()).path(source.name()).annotation(annotation);
    let mut what = level.primary_title(&problem.message).element(snippet);
    if let Some(help) = &problem.help {
        what = what.element(Level::HELP.message(help));
    }
    let mut groups = vec![what];
    if let Some(fix) = &problem.fix {
        let patch = Patch::new(fix.span.clone(), &fix.text);
        let snippet = Snippet::source(source.text()).patch(patch);
        groups.push(Level::HELP.secondary_title(&fix.title).element(snippet));
    }
    groups
}
