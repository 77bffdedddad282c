//! `cargo xtask wasm`: the npm package in bindings/js, with its WebAssembly module.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use xshell::{Shell, cmd};

use crate::{
    debian::{Need, is_ci},
    tools,
};

const TARGET: &str = "wasm32-unknown-unknown";
/// Where the npm package is.
pub(crate) const PACKAGE: &str = "bindings/js";
/// The largest module, in bytes as browsers load it: compressed with brotli.
const BUDGET: u64 = 120 * 1024;

/// Debian's compiler comes with the source of its library.
const DEBIAN: Need<'_> = Need {
    what: "/usr/lib/rustlib/src/rust/library/std",
    packages: &["rustc-web", "rust-web-src"],
    answers: "",
    purpose: "the WebAssembly module (elsewhere: `rustup component add rust-src`)",
};

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Only compile, bind and optimise the module; leave the TypeScript side alone
    #[arg(long)]
    module_only: bool,
}

/// Builds the package in bindings/js/dist and says how large the module is. Skipped where Node or a
/// compiler for WebAssembly is missing.
pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    build(shell, arguments)?.map_or(Ok(()), |module| module.weigh(shell))
}

/// A module that was built.
#[derive(Debug)]
pub(crate) struct Module {
    file: String,
    library: Library,
}

/// Builds the package, if that is possible here.
pub(crate) fn build(shell: &Shell, arguments: &Arguments) -> anyhow::Result<Option<Module>> {
    if !provide_node(shell)? {
        return Ok(None);
    }
    let Some(library) = Library::provide(shell)? else { return Ok(None) };
    install_packages(shell, PACKAGE)?;
    let bound = bind(shell, &library.compile(shell)?)?;
    let file = format!("{PACKAGE}/dist/mtasts.wasm");
    optimise(shell, &bound.join("mtasts_bg.wasm"), &file)?;
    if !arguments.module_only {
        for side in ["src", "dist"] {
            let side = format!("{PACKAGE}/{side}/raw");
            shell.create_dir(&side)?;
            for file in ["mtasts.js", "mtasts.d.ts"] {
                shell.copy_file(bound.join(file), &side)?;
            }
        }
        for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
            shell.copy_file(license, PACKAGE)?;
        }
        let _package = shell.push_dir(PACKAGE);
        cmd!(shell, "npx --no-install tsc").run()?;
    }
    Ok(Some(Module { file, library }))
}

fn provide_node(shell: &Shell) -> anyhow::Result<bool> {
    let version = cmd!(shell, "node --version").quiet().ignore_stderr().read().unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().unwrap_or_default();
    if major.parse::<u32>().is_ok_and(|major| major >= 20) {
        return Ok(true);
    }
    let problem = "the npm package: `node` 20 or later is needed";
    if is_ci() {
        bail!("{problem}");
    }
    eprintln!("SKIPPED: {problem}");
    Ok(false)
}

/// Installs what the package-lock.json in a directory names, unless it is there.
pub(crate) fn install_packages(shell: &Shell, directory: &str) -> anyhow::Result<()> {
    let _package = shell.push_dir(directory);
    let is_there = cmd!(shell, "npm ls --silent").quiet().ignore_stdout().ignore_stderr().run();
    if is_there.is_err() {
        cmd!(shell, "npm ci --no-audit --no-fund --loglevel error").run()?;
    }
    Ok(())
}

/// What the module's standard library comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Library {
    /// The source beside the usual compiler.
    Source,
    /// The source beside Debian's compiler.
    DebianSource,
    /// The compiled one for the target. It formats the messages of panics, which nobody sees in
    /// WebAssembly, so the module is larger.
    Compiled,
}

impl Library {
    fn provide(shell: &Shell) -> anyhow::Result<Option<Self>> {
        let sysroot = cmd!(shell, "rustc --print sysroot").quiet().read()?;
        let has = |path: &str| Path::new(&sysroot).join("lib/rustlib").join(path).exists();
        if has("src/rust/library/std") {
            return Ok(Some(Self::Source));
        }
        if has(TARGET) && !Path::new(DEBIAN.what).exists() {
            return Ok(Some(Self::Compiled));
        }
        Ok(DEBIAN.provide(shell)?.then_some(Self::DebianSource))
    }

    /// Compiles the module. Returns its path.
    fn compile(self, shell: &Shell) -> anyhow::Result<PathBuf> {
        let package = ["-p", "mtasts-wasm", "--profile", "wasm", "--target", TARGET];
        // Another compiler or other flags would make everything else be compiled anew.
        let directory = "target/wasm";
        let target = ["--target-dir", directory];
        let build = cmd!(shell, "cargo build --quiet {package...} {target...}");
        match self {
            Self::Compiled => build.run()?,
            Self::Source | Self::DebianSource => {
                let build_std =
                    ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
                // The compilers are stable; only the flags are not.
                let build = build
                    .args(build_std)
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env(
                        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                        "-Zunstable-options -Cpanic=immediate-abort",
                    )
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker(shell)?);
                let build = if self == Self::DebianSource {
                    build.env("RUSTC", "/usr/bin/rustc")
                } else {
                    build
                };
                build.run()?;
            }
        }
        Ok(Path::new(directory).join(TARGET).join("wasm/mtasts_wasm.wasm"))
    }
}

/// The linker that comes with the usual compiler.
fn linker(shell: &Shell) -> anyhow::Result<PathBuf> {
    let libraries = cmd!(shell, "rustc --print target-libdir").quiet().read()?;
    let linker = Path::new(&libraries).with_file_name("bin").join("rust-lld");
    ensure!(
        linker.exists(),
        "the compiler brings no linker for WebAssembly: {} is missing",
        linker.display()
    );
    Ok(linker)
}

/// Makes the JavaScript that belongs to the module. Returns the directory in which both are.
fn bind(shell: &Shell, module: &Path) -> anyhow::Result<PathBuf> {
    let program = provide_bindgen(shell)?;
    let directory = PathBuf::from("target/wasm/bound");
    let options = ["--target", "web", "--omit-default-module-path", "--out-name", "mtasts"];
    cmd!(shell, "{program} {options...} --out-dir {directory} {module}").run()?;
    Ok(directory)
}

/// The `wasm-bindgen` command of the version of the crate: they must be the same.
fn provide_bindgen(shell: &Shell) -> anyhow::Result<PathBuf> {
    let wanted = bindgen_version(&shell.read_file("Cargo.toml")?)?;
    let program = PathBuf::from("target/tools/bin/wasm-bindgen");
    let is_there = || {
        let version = cmd!(shell, "{program} --version").quiet().ignore_stderr().read();
        version.is_ok_and(|version| version.split(' ').nth(1) == Some(wanted.as_str()))
    };
    if !is_there() {
        eprintln!("installing wasm-bindgen-cli {wanted} in target/tools");
        let place = ["--version", &wanted, "--root", "target/tools", "--force"];
        tools::install(shell, &[&["wasm-bindgen-cli"], &place[..]].concat())?;
        ensure!(is_there(), "wasm-bindgen-cli is installed, but does not run");
    }
    Ok(program)
}

fn bindgen_version(manifest: &str) -> anyhow::Result<String> {
    let manifest: toml::Table = manifest.parse()?;
    let version = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies")?.get("wasm-bindgen")?.as_str())
        .and_then(|version| version.strip_prefix('='));
    Ok(version.context("Cargo.toml does not pin wasm-bindgen to one version")?.into())
}

/// Makes the module smaller. What is allowed beyond the first version of WebAssembly is what browsers
/// have had since 2022.
fn optimise(shell: &Shell, module: &Path, to: &str) -> anyhow::Result<()> {
    let features = [
        "--enable-bulk-memory",
        "--enable-multivalue",
        "--enable-mutable-globals",
        "--enable-nontrapping-float-to-int",
        "--enable-reference-types",
        "--enable-sign-ext",
    ];
    // In this order they have been found to give the smallest module.
    let passes = ["--flatten", "--rereloop", "-Oz", "-Oz", "--reorder-functions-by-name"];
    let strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
    let program = format!("{PACKAGE}/node_modules/.bin/wasm-opt");
    if let Some(directory) = Path::new(to).parent() {
        shell.create_dir(directory)?;
    }
    Ok(cmd!(shell, "node {program} {passes...} {features...} {strip...} {module} -o {to}").run()?)
}

impl Module {
    /// Prints the sizes of the module. An error if it is larger than it may be.
    pub(crate) fn weigh(&self, shell: &Shell) -> anyhow::Result<()> {
        let Self { file, library } = self;
        let sizes = cmd!(shell, "node {PACKAGE}/scripts/sizes.mjs {file}").quiet().read()?;
        let sizes: Vec<u64> = sizes.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [raw, gzip, brotli] = sizes[..] else { bail!("sizes.mjs prints {sizes:?}") };
        println!("mtasts.wasm: {raw} bytes, {gzip} with gzip, {brotli} with brotli");
        if brotli > BUDGET {
            let problem = format!("the module may have {BUDGET} bytes compressed with brotli");
            // The source of the library is what releases are made from.
            ensure!(*library == Library::Compiled, "{problem}");
            eprintln!("{problem}: build it from the library's source for that");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_pins_the_version_of_the_command() {
        let version = bindgen_version(include_str!("../../../Cargo.toml")).unwrap();
        assert!(version.starts_with("0.2."), "{version}");
        let loose = "[workspace.dependencies]\nwasm-bindgen = \"0.2\"";
        assert!(bindgen_version(loose).is_err());
    }
}
