//! The tests of the npm package: in Node and in a real browser.

use xshell::{Shell, cmd};

use super::wasm;
use crate::debian::Need;

/// Without it the tests in a browser say that they are skipped.
pub(crate) const CHROMIUM: Need<'_> = Need {
    what: "/usr/bin/chromium",
    packages: &["chromium"],
    answers: "",
    purpose: "tests in a browser",
};

/// Builds the package and runs its tests.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<()> {
    let Some(module) = wasm::build(shell, &wasm::Arguments::default())? else { return Ok(()) };
    CHROMIUM.provide(shell)?;
    {
        let _package = shell.push_dir(wasm::PACKAGE);
        cmd!(shell, "npm test --silent").run()?;
    }
    module.weigh(shell)
}
