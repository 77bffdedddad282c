//! Exim's module, built and installed as an administrator does.

use std::{fs, path::Path};

use anyhow::ensure;
use xshell::{Shell, cmd};

use crate::debian::Need;

const MAKE: Need<'_> =
    Need { what: "make", packages: &["make"], answers: "", purpose: "Exim's module" };

/// Builds the module with the libmtasts that pkg-config finds in a directory, installs it under another
/// one, and looks at what it exports and needs.
pub(crate) fn installed(shell: &Shell, pkgconfig: &Path, directory: &Path) -> anyhow::Result<()> {
    if !MAKE.provide(shell)? {
        return Ok(());
    }
    let (build, destination) = (directory.join("exim"), directory.join("exim-installed"));
    shell.create_dir(&build)?;
    cmd!(shell, "make --silent -C bindings/exim install BUILD={build} DESTDIR={destination}")
        .env("PKG_CONFIG_PATH", pkgconfig)
        .run()?;
    let installed = destination.join("usr/local");
    ensure!(installed.join("share/mtasts/exim/router.conf").exists(), "no configuration installed");

    let module = installed.join("lib/mtasts/libmtasts_exim.so");
    let table = cmd!(shell, "nm -D --defined-only {module}").quiet().read()?;
    let names: Vec<_> = table.lines().filter_map(|line| line.rsplit(' ').next()).collect();
    ensure!(names == ["mtasts_exim_mx", "mtasts_exim_policy"], "the module exports {names:?}");
    let dynamic = cmd!(shell, "objdump -p {module}").quiet().read()?;
    ensure!(!dynamic.contains("libmtasts.so"), "the module is not one file");
    println!("libmtasts_exim.so has {} KiB", fs::metadata(&module)?.len().div_ceil(1024));
    Ok(())
}
