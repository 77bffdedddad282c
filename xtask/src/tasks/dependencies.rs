//! `cargo xtask dependencies`: nothing creeps into core.

use anyhow::{bail, ensure};
use xshell::{Shell, cmd};

const LIST: &str = "core/dependencies.txt";

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Write the list instead of comparing with it
    #[arg(long)]
    write: bool,
}

/// Compares the crates that core is built from, with all features, with the list that is checked in.
pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    let tree = ["--edges", "normal", "--prefix", "none", "--format", "{p}", "--target", "all"];
    let tree = cmd!(shell, "cargo tree --package mtasts-core --all-features {tree...}").read()?;
    let mut crates: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    crates.sort_unstable();
    crates.dedup();
    ensure!(!crates.is_empty(), "`cargo tree` prints nothing");
    let now = crates.join("\n") + "\n";
    if arguments.write {
        shell.write_file(LIST, now)?;
    } else if shell.read_file(LIST)? != now {
        let listed = shell.read_file(LIST)?;
        let listed: Vec<&str> = listed.lines().collect();
        let new = crates.iter().filter(|name| !listed.contains(*name));
        let gone = listed.iter().filter(|name| !crates.contains(name));
        bail!(
            "core is not built from the crates in {LIST} (new: {:?}, gone: {:?}); if that is meant, \
             run `cargo xtask dependencies --write`",
            new.collect::<Vec<_>>(),
            gone.collect::<Vec<_>>(),
        );
    }
    Ok(())
}
