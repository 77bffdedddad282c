//! `cargo xtask library`: what the C library promises beyond what its tests see.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, ensure};
use xshell::{Shell, cmd};

use super::{exim, install, vectors};
use crate::debian::Need;

/// A compiler that can build the standard library anew, without what a library has no use for.
pub(crate) const COMPILER: Need<'_> = Need {
    what: "/usr/lib/rustlib/src/rust/library/core",
    packages: &["rustc-web", "rust-web-src"],
    answers: "",
    purpose: "libmtasts with a small standard library",
};
const VALGRIND: Need<'_> = Need {
    what: "valgrind",
    packages: &["valgrind"],
    answers: "",
    purpose: "the C library's tests under Valgrind",
};
const CLANG: Need<'_> = Need {
    what: "clang",
    packages: &["clang"],
    answers: "",
    purpose: "the C library's tests compiled by clang",
};
const CURL: Need<'_> =
    Need { what: "curl", packages: &["curl"], answers: "", purpose: "bindings/c/resolve.c" };
const PKG_CONFIG: Need<'_> = Need {
    what: "pkg-config",
    packages: &["pkg-config"],
    answers: "",
    purpose: "programs built with an installed libmtasts",
};

/// Largest shared library without `net`, stripped, in octets.
const MAX_SIZE: u64 = 500 * 1024;
/// What it may need, beside the loader.
const NEEDED: [&str; 2] = ["libc.so.6", "libgcc_s.so.1"];

/// Runs all vectors through the C ABI, checks memory in the C tests, and an installed library: its
/// symbols, size and dependencies, and that programs can be built with it.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    provide(shell)?;
    vectors::check("C", face_driver(shell)?)?;
    if VALGRIND.provide(shell)? {
        memory(shell, "valgrind")?;
    }
    // The sanitizer is in nightly compilers alone, which not every machine can install.
    if cmd!(shell, "rustup run nightly rustc --version").quiet().ignore_stderr().read().is_ok() {
        memory(shell, "address")?;
    } else {
        eprintln!("SKIPPED: the C library's tests with AddressSanitizer: rustup has no nightly");
    }
    installed(shell)
}

/// Before the tests, what they use.
pub(crate) fn provide(shell: &Shell) -> anyhow::Result<()> {
    CLANG.provide(shell)?;
    CURL.provide(shell)?;
    Ok(())
}

fn memory(shell: &Shell, tool: &str) -> anyhow::Result<()> {
    let test = cmd!(shell, "cargo test --quiet -p mtasts-ffi --test c_api");
    Ok(test.env("MTASTS_MEMORY", tool).run()?)
}

/// Installs into a directory, as a distribution does, and uses what is there.
fn installed(shell: &Shell) -> anyhow::Result<()> {
    let directory = shell.create_temp_dir()?;
    let prefix = directory.path().join("usr");
    let small = COMPILER.provide(shell)?;
    install::run(shell, &install::Arguments::new(&prefix, small))?;
    let library = prefix.join("lib/libmtasts.so.0");
    symbols(shell, &library)?;
    needs(shell, &library)?;
    size(&library, small)?;
    if PKG_CONFIG.provide(shell)? {
        programs(shell, &prefix, directory.path())?;
        exim::installed(shell, &prefix.join("lib/pkgconfig"), directory.path())?;
    }
    Ok(())
}

fn symbols(shell: &Shell, library: &Path) -> anyhow::Result<()> {
    let table = cmd!(shell, "nm -D --defined-only {library}").quiet().read()?;
    let names = table.lines().filter_map(|line| line.rsplit(' ').next());
    let foreign: Vec<_> = names.filter(|name| !name.starts_with("mtasts_")).collect();
    ensure!(foreign.is_empty(), "libmtasts.so exports {foreign:?}");
    ensure!(!table.contains("mtasts_inject_panic"), "libmtasts.so was built for tests");
    ensure!(table.contains(" mtasts_version"), "libmtasts.so exports nothing");
    Ok(())
}

fn needs(shell: &Shell, library: &Path) -> anyhow::Result<()> {
    let dynamic = cmd!(shell, "objdump -p {library}").quiet().read()?;
    let entry = |key: &'static str| {
        dynamic.lines().filter_map(move |line| Some(line.trim().strip_prefix(key)?.trim()))
    };
    ensure!(entry("SONAME").eq(["libmtasts.so.0"]), "libmtasts.so has the wrong soname");
    let others: Vec<_> = entry("NEEDED")
        .filter(|name| !NEEDED.contains(name) && !name.starts_with("ld-linux"))
        .collect();
    ensure!(others.is_empty(), "libmtasts.so needs {others:?}");
    Ok(())
}

fn size(library: &Path, small: bool) -> anyhow::Result<()> {
    let size = fs::metadata(library)?.len();
    println!("libmtasts.so has {} KiB", size.div_ceil(1024));
    if small {
        ensure!(size <= MAX_SIZE, "libmtasts.so has {size} octets, and {MAX_SIZE} are allowed");
    }
    Ok(())
}

/// Builds the examples with what pkg-config says, shared and static, and runs them as far as that takes
/// no network.
fn programs(shell: &Shell, prefix: &Path, directory: &Path) -> anyhow::Result<()> {
    let libraries = prefix.join("lib");
    let pc = libraries.join("pkgconfig");
    let flags = |arguments: &[&str]| -> anyhow::Result<Vec<String>> {
        let flags = cmd!(shell, "pkg-config {arguments...} --cflags --libs mtasts").quiet();
        let flags = flags.env("PKG_CONFIG_PATH", &pc).read()?;
        Ok(flags.split_whitespace().map(ToOwned::to_owned).collect())
    };
    let shared = flags(&[])?;
    let mut fixed = flags(&["--static"])?;
    let archive = libraries.join("libmtasts.a").display().to_string();
    fixed.iter_mut().filter(|flag| *flag == "-lmtasts").for_each(|flag| flag.clone_from(&archive));
    for example in ["ask", "resolve"] {
        let source = format!("bindings/c/{example}.c");
        for (kind, flags) in [("shared", &shared), ("static", &fixed)] {
            let program = directory.join(format!("{example}-{kind}"));
            cmd!(shell, "cc -std=c11 -Wall -Wextra -Werror -o {program} {source} {flags...}")
                .run()?;
            let run = cmd!(shell, "{program}").quiet().ignore_status().ignore_stderr();
            let output = run.env("LD_LIBRARY_PATH", &libraries).output()?;
            ensure!(
                output.status.code() == Some(64),
                "{example} ({kind}) does not run: {output:?}"
            );
        }
    }
    Ok(())
}

/// Builds the driver that answers conformance vectors through the C ABI, and says where it is.
pub(crate) fn face_driver(shell: &Shell) -> anyhow::Result<Command> {
    cmd!(shell, "cargo build --quiet -p mtasts-ffi --features lint").quiet().run()?;
    let target = install::target_directory(shell)?;
    let driver = target.join("face-c");
    let libraries = target.join("debug");
    let rpath = format!("-Wl,-rpath,{}", libraries.display());
    let compile = cmd!(
        shell,
        "cc -std=gnu11 -Wall -Wextra -Werror -O1 -g -I include -o {driver} ffi/tests/c/face.c -L {libraries} -lmtasts {rpath}"
    );
    compile.quiet().run().context("the driver of conformance vectors needs a C compiler")?;
    // The library's soname is what the driver looks for.
    let link = libraries.join("libmtasts.so.0");
    if !link.exists() {
        std::os::unix::fs::symlink("libmtasts.so", link)?;
    }
    Ok(Command::new(driver))
}
