//! `cargo xtask validator`: the validator's web page, in bindings/validator/dist.

use std::path::Path;

use xshell::{Shell, cmd};

use super::{js, wasm};

const PAGE: &str = "bindings/validator";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Run its tests, too
    #[arg(long)]
    test: bool,
}

/// Builds the npm package and, with it, the page. Skipped where the package cannot be built.
pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    let Some(module) = wasm::build(shell, &wasm::Arguments::default())? else { return Ok(()) };
    module.weigh(shell)?;
    if arguments.test { test(shell) } else { build(shell) }
}

/// Builds the page with the npm package that is there, and runs its tests. Where the package could not
/// be built, that has been said.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<()> {
    if !Path::new(wasm::PACKAGE).join("dist/mtasts.wasm").exists() {
        return Ok(());
    }
    build(shell)?;
    js::CHROMIUM.provide(shell)?;
    let _page = shell.push_dir(PAGE);
    Ok(cmd!(shell, "npm test --silent").run()?)
}

/// Fails when the page is larger than it may be.
fn build(shell: &Shell) -> anyhow::Result<()> {
    wasm::install_packages(shell, PAGE)?;
    let _page = shell.push_dir(PAGE);
    Ok(cmd!(shell, "npm run --silent build").run()?)
}
