//! The tests of the npm package: in Node and in a real browser.

use std::process::Command;

use anyhow::{Context as _, ensure};
use xshell::{Shell, cmd};

use super::{vectors, wasm};
use crate::debian::Need;

/// Without it the tests in a browser say that they are skipped.
pub(crate) const CHROMIUM: Need<'_> = Need {
    what: "/usr/bin/chromium",
    packages: &["chromium"],
    answers: "",
    purpose: "tests in a browser",
};

/// Builds the package and runs its tests and all vectors.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<()> {
    let Some(module) = wasm::build(shell, &wasm::Arguments::default())? else { return Ok(()) };
    let has_chromium = CHROMIUM.provide(shell)?;
    {
        let _package = shell.push_dir(wasm::PACKAGE);
        cmd!(shell, "npm test --silent").run()?;
    }
    vectors::check("JavaScript", driver("face.mjs"))?;
    if has_chromium {
        vectors::check("browser", driver("face-browser.mjs"))?;
    }
    module.weigh(shell)
}

/// The driver of the package's face in Node, after building the package.
///
/// # Errors
///
/// When the package cannot be built.
pub(crate) fn face_driver(shell: &Shell) -> anyhow::Result<Command> {
    wasm::build(shell, &wasm::Arguments::default())?
        .context("the npm package cannot be built: see what is SKIPPED above")?;
    Ok(driver("face.mjs"))
}

/// As [`face_driver`], in Chromium.
///
/// # Errors
///
/// When there is no Chromium, or the package cannot be built.
pub(crate) fn browser_driver(shell: &Shell) -> anyhow::Result<Command> {
    ensure!(CHROMIUM.provide(shell)?, "there is no Chromium: see what is SKIPPED above");
    face_driver(shell)?;
    Ok(driver("face-browser.mjs"))
}

fn driver(program: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(format!("{}/test/{program}", wasm::PACKAGE));
    command
}
