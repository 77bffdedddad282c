//! `cargo xtask header`: include/mtasts.h says what ffi/ exports.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};
use cbindgen::{Builder, Config};
use xshell::Shell;

const HEADER: &str = "include/mtasts.h";
const CONFIG: &str = "ffi/cbindgen.toml";

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Write the header instead of comparing with it
    #[arg(long)]
    write: bool,
}

/// Compares the header that is checked in with the one that the code calls for.
pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    let header = generate(shell)?;
    if arguments.write {
        return Ok(shell.write_file(HEADER, header)?);
    }
    let listed = shell.read_file(HEADER)?;
    let Some((number, (is, should_be))) =
        listed.lines().zip(header.lines()).enumerate().find(|(_, (is, should_be))| is != should_be)
    else {
        ensure!(
            listed == header,
            "{HEADER} has not the lines it should: run `cargo xtask header --write`"
        );
        return Ok(());
    };
    bail!(
        "{HEADER} is not what ffi/src calls for: line {} is `{is}` and should be `{should_be}`; run \
         `cargo xtask header --write`",
        number.saturating_add(1),
    );
}

fn generate(shell: &Shell) -> anyhow::Result<String> {
    let root = shell.current_dir();
    let config = Config::from_file(root.join(CONFIG)).map_err(anyhow::Error::msg)?;
    let mut header = Vec::new();
    let bindings = Builder::new().with_config(config).with_src(root.join("ffi/src/lib.rs"));
    bindings.generate().context("cbindgen cannot read ffi/src")?.write(&mut header);
    let header = String::from_utf8(header)?;
    no_missing_documentation(&header)?;
    with_version(&header)
}

/// Everything in the header is explained in it.
fn no_missing_documentation(header: &str) -> anyhow::Result<()> {
    let mut previous = "";
    for line in header.lines() {
        let is_constant = line.starts_with("#define MTASTS_") && !line.contains("MTASTS_VERSION");
        let is_item = is_constant && line.split(' ').count() > 2
            || line.contains(" mtasts_") && line.contains('(') && !line.starts_with([' ', '/']);
        ensure!(!is_item || previous == " */", "`{line}` has no documentation");
        previous = line;
    }
    Ok(())
}

/// Fills in the version of the workspace.
fn with_version(header: &str) -> anyhow::Result<String> {
    let version = env!("CARGO_PKG_VERSION");
    let mut parts = version.splitn(3, ['.', '-']);
    let mut part = || parts.next().context("the version has not three parts");
    let header = header.replace("@VERSION@", version);
    let header = header.replace("@MAJOR@", part()?).replace("@MINOR@", part()?);
    let header = header.replace("@PATCH@", part()?.split(['-', '+']).next().unwrap_or_default());
    let names: BTreeSet<&str> = header.split('@').skip(1).step_by(2).collect();
    ensure!(names.is_empty(), "{CONFIG} has places for {names:?}, which nothing fills");
    Ok(header)
}
