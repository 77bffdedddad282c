//! `cargo xtask bare`: core needs neither an operating system nor std.

use std::path::Path;

use xshell::{Shell, cmd};

use crate::debian::Need;

/// A target without std, so that nothing can use it.
const TARGET: &str = "x86_64-unknown-none";

/// Where rustup has not added the target: Debian's compiler comes with the source of its library.
const DEBIAN: Need<'_> = Need {
    what: "/usr/lib/rustlib/src/rust/library/core",
    packages: &["rustc-web", "rust-web-src"],
    answers: "",
    purpose: "core compiled without std (elsewhere: `rustup target add x86_64-unknown-none`)",
};

pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    let core = ["-p", "mtasts-core", "--target", TARGET, "--target-dir", "target/bare"];
    for features in [&[][..], &["--no-default-features"]] {
        if is_installed(shell)? {
            cmd!(shell, "cargo check --quiet {core...} {features...}").run()?;
        } else if DEBIAN.provide(shell)? {
            let build_std = "-Zbuild-std=core,alloc";
            let check = cmd!(shell, "cargo check --quiet {core...} {features...} {build_std}");
            // The compiler is stable; only cargo's flag is not.
            check.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1").run()?;
        }
    }
    Ok(())
}

fn is_installed(shell: &Shell) -> anyhow::Result<bool> {
    let directory = cmd!(shell, "rustc --print target-libdir --target {TARGET}").quiet().read()?;
    Ok(Path::new(&directory).exists())
}
