//! `cargo xtask lint`: what can be checked without running anything.

use xshell::{Shell, cmd};

use super::{bare, dependencies, header, lints, rfc};
use crate::{debian::is_ci, tools};

pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo fmt --all --check").run()?;
    cmd!(shell, "cargo clippy --quiet --workspace --all-targets -- -D warnings").run()?;
    // Core is used with few features as well.
    for features in ["", "idna", "dns", "json", "lint"] {
        let features = ["--no-default-features", "--features", features];
        cmd!(
            shell,
            "cargo clippy --quiet -p mtasts-core --all-targets {features...} -- -D warnings"
        )
        .run()?;
    }
    let doc = cmd!(shell, "cargo doc --quiet --workspace --no-deps --document-private-items");
    doc.env("RUSTDOCFLAGS", "-D warnings").run()?;
    dependencies::run(shell, &dependencies::Arguments::default())?;
    header::run(shell, &header::Arguments::default())?;
    lints::run(shell, &lints::Arguments::default())?;
    rfc::run(shell, &rfc::Arguments::default())?;
    bare::run(shell)?;
    deny(shell)
}

/// Licences, sources and bans. Advisories would take a download that is not always possible.
fn deny(shell: &Shell) -> anyhow::Result<()> {
    let is_there =
        cmd!(shell, "cargo deny --version").quiet().ignore_stdout().ignore_stderr().run();
    if is_there.is_err() {
        if !is_ci() {
            eprintln!("SKIPPED: licences and bans: `cargo install cargo-deny` is needed");
            return Ok(());
        }
        tools::install(shell, &["--locked", "cargo-deny"])?;
    }
    Ok(cmd!(shell, "cargo deny --log-level error check bans licenses sources").run()?)
}
