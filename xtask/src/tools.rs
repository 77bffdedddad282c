//! Commands from crates.io.

use xshell::{Shell, cmd};

/// Installs a command, compiled as fast as can be: most run once in the life of a machine.
pub(crate) fn install(shell: &Shell, arguments: &[&str]) -> anyhow::Result<()> {
    let install = cmd!(shell, "cargo install --quiet --debug {arguments...}");
    Ok(install.env("CARGO_PROFILE_DEV_DEBUG", "false").run()?)
}
