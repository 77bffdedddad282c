//! `cargo xtask install`: libmtasts where C programs look for it, laid out as cargo-c does.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use xshell::{Shell, cmd};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where the library will be when it is used
    #[arg(long, value_name = "DIR", default_value = "/usr/local")]
    prefix: PathBuf,
    /// A directory that stands for the root, for packages
    #[arg(long, value_name = "DIR")]
    destdir: Option<PathBuf>,
    /// The directory of libraries, in the prefix
    #[arg(long, value_name = "DIR", default_value = "lib")]
    libdir: PathBuf,
    /// With the linter included: `mtasts_lint_json`
    #[arg(long)]
    lint: bool,
    /// With DNS and HTTPS included: `mtasts_resolver_*`
    #[arg(long)]
    net: bool,
    /// Compile for size, and the standard library anew, without what only prints backtraces: takes a
    /// compiler that comes with its source, such as Debian's rustc-web with rust-web-src
    #[arg(long)]
    small: bool,
}

impl Arguments {
    /// What a test installs.
    pub(crate) fn new(prefix: &Path, small: bool) -> Self {
        Self {
            prefix: prefix.into(),
            destdir: None,
            libdir: "lib".into(),
            lint: false,
            net: false,
            small,
        }
    }
}

/// The profile that it is built with.
const PROFILE: &str = "library";

pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { prefix, destdir, libdir, lint, net, small } = arguments;
    ensure!(prefix.is_absolute(), "the prefix `{}` is not absolute", prefix.display());
    let features: Vec<_> = [("lint", *lint), ("net", *net)]
        .into_iter()
        .filter_map(|(name, wanted)| wanted.then_some(name))
        .collect();
    let built = build(shell, &features, *small)?;

    let root = match destdir {
        // `join` would leave the directory for an absolute path.
        Some(destdir) => destdir.join(prefix.strip_prefix("/").unwrap_or(prefix)),
        None => prefix.clone(),
    };
    let libraries = root.join(libdir);
    let include = root.join("include");
    let pkgconfig = libraries.join("pkgconfig");
    for directory in [&libraries, &include, &pkgconfig] {
        shell.create_dir(directory)?;
    }
    let version = env!("CARGO_PKG_VERSION");
    let full = format!("libmtasts.so.{version}");
    copy(shell, &built.join("libmtasts.so"), &libraries.join(&full), "755")?;
    for link in ["libmtasts.so.0", "libmtasts.so"] {
        let link = libraries.join(link);
        cmd!(shell, "ln -sf {full} {link}").quiet().run()?;
    }
    copy(shell, &built.join("libmtasts.a"), &libraries.join("libmtasts.a"), "644")?;
    let header = shell.current_dir().join("include/mtasts.h");
    copy(shell, &header, &include.join("mtasts.h"), "644")?;
    shell.write_file(pkgconfig.join("mtasts.pc"), package(prefix, libdir, &features))?;
    println!("libmtasts {version} is in {}", libraries.display());
    Ok(())
}

fn build(shell: &Shell, features: &[&str], small: bool) -> anyhow::Result<PathBuf> {
    let mut arguments = vec!["-p", "mtasts-ffi", "--profile", PROFILE];
    let features = features.join(",");
    arguments.extend(["--features", &features]);
    let target = target_directory(shell)?;
    if !small {
        cmd!(shell, "cargo build {arguments...}").run()?;
        return Ok(target.join(PROFILE));
    }
    let compiler = "/usr/bin/rustc";
    let version = cmd!(shell, "{compiler} --version --verbose").quiet().read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.with_context(|| format!("`{compiler} --version` names no host"))?;
    let directory = target.join("small");
    arguments.extend(["--target", host, "-Zbuild-std=std,panic_unwind"]);
    // Without its default feature `backtrace`.
    arguments.push("-Zbuild-std-features=optimize_for_size");
    let build = cmd!(shell, "cargo build {arguments...} --target-dir {directory}");
    // The compiler is stable; only these flags are not. `Debug` is for tests, and places in the source
    // are for developers.
    build
        .env("RUSTC", compiler)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_PROFILE_LIBRARY_OPT_LEVEL", "s")
        .env("RUSTFLAGS", "-Zlocation-detail=none -Zfmt-debug=none")
        .run()?;
    Ok(directory.join(host).join(PROFILE))
}

fn copy(shell: &Shell, from: &Path, to: &Path, mode: &str) -> anyhow::Result<()> {
    Ok(cmd!(shell, "install -m {mode} {from} {to}").quiet().run()?)
}

/// What pkg-config tells those who build with the library.
fn package(prefix: &Path, libdir: &Path, features: &[&str]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let defines: String =
        features.iter().map(|name| format!(" -DMTASTS_FEATURE_{}", name.to_uppercase())).collect();
    format!(
        "prefix={prefix}\n\
         exec_prefix=${{prefix}}\n\
         libdir=${{prefix}}/{libdir}\n\
         includedir=${{prefix}}/include\n\
         \n\
         Name: mtasts\n\
         Description: MTA-STS (RFC 8461) for mail servers\n\
         Version: {version}\n\
         Libs: -L${{libdir}} -lmtasts\n\
         Libs.private: -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc\n\
         Cflags: -I${{includedir}}{defines}\n",
        prefix = prefix.display(),
        libdir = libdir.display(),
    )
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory(shell: &Shell) -> anyhow::Result<PathBuf> {
    let metadata = cmd!(shell, "cargo metadata --no-deps --format-version 1").quiet().read()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let directory = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    Ok(directory.context("`cargo metadata` names no target directory")?.into())
}
