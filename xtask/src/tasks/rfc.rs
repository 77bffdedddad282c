//! `cargo xtask rfc`: which code holds which requirement of RFC 8461, and which test proves it.
//!
//! Requirements are listed in specs/rfc8461.toml, which says how they are quoted. What quotes them is
//! found in all sources, checked, and listed in docs/rfc8461.md.

use anyhow::{Context as _, bail};
use xshell::{Shell, cmd};

mod coverage;
mod page;
mod place;
mod quotation;
mod spec;

use coverage::Coverage;
use spec::Spec;

const SPEC: &str = "specs/rfc8461.toml";
const PAGE: &str = "docs/rfc8461.md";

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Write the page instead of comparing with it
    #[arg(long)]
    write: bool,
}

/// Where something is wrong, what, and what to do about it.
type Problems = Vec<String>;

/// Checks quotations and coverage, then compares the page with the one that is checked in.
pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    let spec = Spec::parse(&shell.read_file(SPEC)?).context(SPEC)?;
    let mut problems = Problems::new();
    let mut quotations = Vec::new();
    for path in sources(shell)? {
        let source = shell.read_file(&path)?;
        quotations.extend(quotation::find(&path, &source, &spec.url, &mut problems));
    }
    let coverage = Coverage::new(&spec, quotations, &mut problems);
    coverage.check(&mut problems);
    if !problems.is_empty() {
        bail!("the quotations of RFC 8461 are not in order:\n{}", problems.join("\n"));
    }
    let page = page::render(&spec, &coverage);
    if arguments.write {
        shell.write_file(PAGE, page)?;
    } else if let Some(line) = first_difference(&shell.read_file(PAGE).unwrap_or_default(), &page) {
        bail!("{PAGE}:{line}: not what code and tests say now: run `cargo xtask rfc --write`");
    }
    Ok(())
}

/// The Rust files of the repository, those that are not committed yet among them.
fn sources(shell: &Shell) -> anyhow::Result<Vec<String>> {
    let which = ["--cached", "--others", "--exclude-standard", "*.rs"];
    let list = cmd!(shell, "git ls-files {which...}").quiet().read()?;
    let mut paths: Vec<String> = list.lines().map(Into::into).collect();
    paths.sort_unstable();
    paths.dedup();
    // A file that was removed stays listed until that is committed.
    paths.retain(|path| shell.path_exists(path));
    Ok(paths)
}

/// The number of the first line in which two texts differ.
pub(crate) fn first_difference(left: &str, right: &str) -> Option<usize> {
    if left == right {
        return None;
    }
    let same = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
    Some(same.saturating_add(1))
}

#[cfg(test)]
mod tests;
