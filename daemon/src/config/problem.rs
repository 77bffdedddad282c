//! What is wrong with a configuration, and where.

use core::{error, fmt, ops::Range};

use super::Source;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The configuration can be used.
    Warning,
    /// The configuration cannot be used.
    Error,
}

impl Severity {
    /// The word before the message.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that is wrong, or doubtful, at one place of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether the configuration can be used all the same.
    pub severity: Severity,
    /// Where: bytes of the text.
    pub span: Range<usize>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// A few words to stand under the place.
    pub label: Option<String>,
    /// What to do about it, or why it matters.
    pub help: Option<String>,
    /// A change of the text that would mend it.
    pub fix: Option<Box<Fix>>,
}

/// A change of the text of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// When the change is the right one.
    pub title: String,
    /// The bytes to replace.
    pub span: Range<usize>,
    /// What to put in their place.
    pub text: String,
}

impl Problem {
    pub(super) fn error(span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, span, message.into())
    }

    pub(super) fn warning(span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, span, message.into())
    }

    const fn new(severity: Severity, span: Range<usize>, message: String) -> Self {
        Self { severity, span, message, label: None, help: None, fix: None }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Suggests to put `text` in the problem's place.
    pub(super) fn replace(mut self, title: impl Into<String>, text: impl Into<String>) -> Self {
        let fix = Fix { title: title.into(), span: self.span.clone(), text: text.into() };
        self.fix = Some(Box::new(fix));
        self
    }
}

/// Every problem found in one configuration, in the order of the text.
///
/// [`Display`](fmt::Display) says how many there are; [`render`](super::render()) shows them in the
/// text, and [`lines`](Self::lines) on one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    source: Source,
    problems: Vec<Problem>,
}

impl Diagnostics {
    pub(super) fn new(source: Source, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        Self { source, problems }
    }

    /// The configuration that the problems are in.
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// The problems, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter()
    }

    /// Whether nothing is wrong or doubtful.
    pub const fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// How many problems of one severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.severity == severity).count()
    }

    /// Whether the configuration cannot be used.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Each problem as `FILE:LINE:COLUMN: SEVERITY: MESSAGE`, for logs.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.problems.iter().map(|problem| {
            let position = self.source.position(problem.span.start);
            let (name, severity) = (self.source.name(), problem.severity.as_str());
            // A key in quotes may contain a line break, which a log must not.
            let message = problem.message.replace(char::is_control, "\u{fffd}");
            format!("{name}:{position}: {severity}: {message}")
        })
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.source.name())?;
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        match (errors, warnings) {
            (0, 0) => f.write_str("no problems"),
            (0, _) => write!(f, "no errors, {}", Counted(warnings, "warning")),
            (_, 0) => write!(f, "{}", Counted(errors, "error")),
            (_, _) => write!(f, "{}, {}", Counted(errors, "error"), Counted(warnings, "warning")),
        }
    }
}

impl error::Error for Diagnostics {}

/// A number and a noun, in the plural unless the number is one.
struct Counted(usize, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, noun) = self;
        write!(f, "{number} {noun}{}", if *number == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostics(problems: Vec<Problem>) -> Diagnostics {
        Diagnostics::new(Source::new("a.toml", "a = 1\nb = 2\n"), problems)
    }

    #[test]
    fn says_how_many_there_are() {
        let (error, warning) = (Problem::error(0..1, "bad"), Problem::warning(6..7, "doubtful"));
        let said = |problems| diagnostics(problems).to_string();
        assert_eq!(said(vec![]), "a.toml: no problems");
        assert_eq!(said(vec![warning.clone()]), "a.toml: no errors, 1 warning");
        assert_eq!(said(vec![error.clone(), error.clone()]), "a.toml: 2 errors");
        assert_eq!(said(vec![error, warning]), "a.toml: 1 error, 1 warning");
    }

    #[test]
    fn lists_problems_in_the_order_of_the_text() {
        let found =
            diagnostics(vec![Problem::warning(6..7, "late"), Problem::error(0..1, "early")]);
        let lines: Vec<String> = found.lines().collect();
        assert_eq!(lines, ["a.toml:1:1: error: early", "a.toml:2:1: warning: late"]);
    }

    #[test]
    fn lists_each_problem_on_one_line() {
        let found = diagnostics(vec![Problem::error(0..1, "unknown key `a\nb`")]);
        let lines: Vec<String> = found.lines().collect();
        assert_eq!(lines, ["a.toml:1:1: error: unknown key `a\u{fffd}b`"]);
    }
}
