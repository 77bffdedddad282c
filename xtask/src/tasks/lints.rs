//! `cargo xtask lints`: docs/lints.md says what the table of lints says.

use core::fmt::Write as _;

use anyhow::bail;
use mtasts_core::lint::{Example, Lint, Reach, Severity, check};
use xshell::Shell;

use super::rfc::first_difference;

const PAGE: &str = "docs/lints.md";

const INTRODUCTION: &str = "\
# Lints

What can be found of a domain's MTA-STS: by `mtasts check` and `mtasts lint`, the libraries and the validator's page.
`mtasts explain CODE` says the same on a terminal. Codes never change their meaning. This page is written by
`cargo xtask lints --write` from `core/src/lint`; the tests check every example.

**Severity**: *error*: senders ignore the record or the policy, or do not deliver. *warning*: it works, with a risk, or
not with every sender. *info*: worth knowing.

**Needs**: *text*: what was pasted or is in a file. *DNS*: lookups, which a browser can do as well. *connections*: to
the policy host or the MX hosts, or memory of an earlier check, so `mtasts check` alone.

Examples are of `example.com`. What they give as JSON are members of the linter's input, see
[lint-json.md](lint-json.md); `\\r` and `\\u{…}` stand for characters that cannot be seen.
";

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Write the page instead of comparing with it
    #[arg(long)]
    write: bool,
}

/// Compares the page that is checked in with the one that the table calls for.
pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    let page = page()?;
    if arguments.write {
        shell.write_file(PAGE, page)?;
    } else if let Some(line) = first_difference(&shell.read_file(PAGE).unwrap_or_default(), &page) {
        bail!("{PAGE}:{line}: not what core/src/lint says: run `cargo xtask lints --write`");
    }
    Ok(())
}

fn page() -> anyhow::Result<String> {
    let mut page = String::from(INTRODUCTION);
    page.push_str("\n| code | severity | needs | |\n|---|---|---|---|\n");
    for &lint in Lint::ALL {
        let (code, title) = (lint.code(), lint.title());
        let (severity, needs) = (lint.severity(), needs(lint));
        writeln!(page, "| [{code}](#{code}) | {severity} | {needs} | {title} |")?;
    }
    for &lint in Lint::ALL {
        section(&mut page, lint)?;
    }
    Ok(page)
}

const fn needs(lint: Lint) -> &'static str {
    match lint.reach() {
        Reach::Paste => "text",
        Reach::Dns => "DNS",
        Reach::CommandLine => "connections",
    }
}

fn section(page: &mut String, lint: Lint) -> anyhow::Result<()> {
    let about = lint.about();
    let (section, needs) = (lint.section(), needs(lint));
    let severity = match lint.severity() {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    writeln!(page, "\n## {}\n\n**{}**", lint.code(), lint.title())?;
    writeln!(page, "({severity}; needs {needs}; [{section}]({}))\n\n{}", section.url(), about.why)?;
    if !about.bad.parts().is_empty() {
        writeln!(page, "\nWrong:\n")?;
        example(page, &about.bad)?;
        let report = check(&about.bad.publication()?);
        if let Some(found) = report.findings.iter().find(|finding| finding.lint == lint) {
            writeln!(page, "\n> {}", quote(&found.message))?;
            if let Some(help) = &found.help {
                writeln!(page, ">\n> {}", quote(help))?;
            }
        }
    }
    writeln!(page, "\nRight:\n")?;
    example(page, &about.good)
}

fn example(page: &mut String, example: &Example) -> anyhow::Result<()> {
    for part in example.parts() {
        let language = if part.name == "JSON" { "json" } else { "text" };
        writeln!(page, "```{language}\n{}\n```", part.text.trim_end_matches('\n'))?;
    }
    Ok(())
}

/// A message as Markdown: `<` begins no tag outside of code, and nothing else of it is markup.
fn quote(message: &str) -> String {
    let pieces = message.split('`').enumerate().map(|(at, piece)| {
        if at % 2 == 0 { piece.replace('*', "\\*").replace('<', "&lt;") } else { piece.into() }
    });
    pieces.collect::<Vec<String>>().join("`")
}
