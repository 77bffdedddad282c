//! Lints explained.

use core::fmt::Write as _;

use mtasts_core::lint::{Example, Lint, check};

use super::{Texts, annotate};

const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";
/// How wide paragraphs are, in characters.
const WIDTH: usize = 80;

/// What a lint is about, why it matters, and an example of it and of what is right. With ANSI styles.
#[must_use]
pub fn explain(lint: Lint) -> String {
    let section = lint.section();
    let about = lint.about();
    let mut text = format!(
        "{BOLD}{}{RESET} ({}): {}\n{section}, {}\n\n{}",
        lint.code(),
        lint.severity(),
        lint.title(),
        section.url(),
        wrapped(about.why)
    );
    // Without parts, the example would be too long to read.
    if !about.bad.parts().is_empty() {
        text.push_str(&format!("\n{BOLD}Wrong:{RESET}\n\n{}\n", shown(&about.bad)));
        text.push_str(&finding(lint, &about.bad));
    } else {
        text.push('\n');
    }
    text.push_str(&format!("{BOLD}Right:{RESET}\n\n{}", shown(&about.good)));
    text
}

/// The parts of an example, indented.
fn shown(example: &Example) -> String {
    let mut text = String::new();
    for part in example.parts() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  {}:", part.name);
        for line in part.text.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// What is found in the bad example, as `mtasts check` says it.
fn finding(lint: Lint, example: &Example) -> String {
    let Ok(publication) = example.publication() else { return String::new() };
    let report = check(&publication);
    let mut findings = report.findings.iter();
    let found = findings.find(|finding| finding.lint == lint);
    found.map_or_else(String::new, |found| annotate(found, &Texts::of_domain(&publication)))
}

/// A paragraph in lines of at most [`WIDTH`] characters, as far as words allow.
fn wrapped(paragraph: &str) -> String {
    let mut text = String::new();
    let mut width = 0_usize;
    for word in paragraph.split(' ') {
        let length = word.chars().count();
        if width > 0 && width.saturating_add(length) >= WIDTH {
            text.push('\n');
            width = 0;
        } else if width > 0 {
            text.push(' ');
            width = width.saturating_add(1);
        }
        text.push_str(word);
        width = width.saturating_add(length);
    }
    text.push('\n');
    text
}

/// Every code, with its severity and title.
#[must_use]
pub fn list() -> String {
    let width = Lint::ALL.iter().map(|lint| lint.code().len()).max().unwrap_or_default();
    let mut text = String::new();
    for lint in Lint::ALL {
        let _ = writeln!(
            text,
            "{BOLD}{:width$}{RESET}  {:7}  {}",
            lint.code(),
            lint.severity().code(),
            lint.title()
        );
    }
    text
}
