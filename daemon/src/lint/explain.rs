//! Lints explained.

use core::fmt::Write as _;

use mtasts_core::lint::Lint;

const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";

/// What a lint is about, why it matters, and an example of it and of what is right.
#[must_use]
pub fn explain(lint: Lint) -> String {
    let section = lint.section();
    let mut text = format!(
        "{BOLD}{}{RESET} ({}): {}\n{section}, {}\n",
        lint.code(),
        lint.severity(),
        lint.title(),
        section.url()
    );
    text.push('\n');
    text
}

/// Every code, with its severity and title.
#[must_use]
pub fn list() -> String {
    let width = Lint::ALL.iter().map(|lint| lint.code().len()).max().unwrap_or_default();
    let mut text = String::new();
    for lint in Lint::ALL {
        // Writing to a `String` cannot fail.
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
