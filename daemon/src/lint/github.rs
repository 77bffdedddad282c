//! Findings as commands of GitHub Actions, which shows them beside the lines of a file.

use mtasts_core::lint::{Finding, Severity};

use super::{TextName, Texts};

/// A finding on one line, with the end of the line: `::error file=…,line=…::message`.
#[must_use]
pub fn github(finding: &Finding, texts: &Texts<'_>) -> String {
    let command = match finding.lint.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = Vec::new();
    let mut message = finding.message.clone();
    match texts.find(finding.place).map(|(name, _)| name) {
        Some(TextName::File(file)) => {
            properties.push(("file", file));
            if let Some(span) = finding.span {
                properties.push(("line", span.line.to_string()));
                properties.push(("col", span.column.to_string()));
            }
        }
        Some(TextName::Other(name)) => message = format!("{name}: {message}"),
        None => message = format!("{}: {message}", super::heading(finding.place)),
    }
    properties.push(("title", format!("mtasts {}", finding.lint.code())));
    if let Some(help) = &finding.help {
        message = format!("{message}\n{help}");
    }
    let properties = properties.iter().map(|(name, value)| format!("{name}={}", property(value)));
    let properties = properties.collect::<Vec<_>>().join(",");
    format!("::{command} {properties}::{}\n", data(&message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a,b:c\n"), "a%2Cb%3Ac%0A");
    }
}
