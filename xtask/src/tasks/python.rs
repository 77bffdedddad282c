//! `cargo xtask python`: the Python package, built as a wheel, installed and tested.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, anyhow, bail, ensure};
use testkit::world::World;
use xshell::{Shell, cmd};

use super::{
    demo::{self, daemon::Daemon, domains},
    vectors,
};
use crate::debian::{Need, is_ci};

const PACKAGE: &str = "bindings/python";

const PYTHON: Need<'_> = Need {
    what: "python3",
    packages: &["python3", "python3-venv"],
    answers: "",
    purpose: "the Python package",
};
/// Debian's Python cannot make virtual environments by itself.
const VENV: Need<'_> = Need {
    what: "/usr/share/doc/python3-venv/copyright",
    packages: &["python3-venv"],
    answers: "",
    purpose: "the Python package",
};

/// A virtual environment with the package in it, and with the tools that check it.
struct Environment {
    python: PathBuf,
}

/// Checks and tests the package as users get it: from its wheel.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    let Some(environment) = Environment::make(shell)? else { return Ok(()) };
    environment.check(shell)?;
    environment.test(shell)?;
    vectors::check("Python", environment.face())
}

/// The driver of the package's face, after building and installing it.
///
/// # Errors
///
/// When the package cannot be built or installed.
pub(crate) fn face_driver(shell: &Shell) -> anyhow::Result<Command> {
    let environment = Environment::make(shell)?;
    Ok(environment
        .context("the Python package cannot be installed: see what is SKIPPED above")?
        .face())
}

impl Environment {
    /// Builds the package and installs it. `None` where that is not possible and not demanded.
    fn make(shell: &Shell) -> anyhow::Result<Option<Self>> {
        if !PYTHON.provide(shell)? || !has_venv(shell) && !VENV.provide(shell)? {
            return Ok(None);
        }
        let target = demo::target_directory(shell)?;
        let library = library(shell, &target)?;
        let directory = target.join("python");
        let environment = Self { python: directory.join("venv/bin/python") };
        if let Err(error) = environment.tools(shell, &directory) {
            if is_ci() {
                return Err(error);
            }
            eprintln!("SKIPPED: the Python package: {error:#}");
            return Ok(None);
        }
        let wheels = directory.join("wheels");
        shell.remove_path(&wheels)?;
        let wheel = ["--quiet", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir"];
        let build = environment.run(shell, "pip", &wheel).arg(&wheels).arg(PACKAGE);
        build.env("MTASTS_LIBRARY", library).run()?;
        let [wheel] = shell.read_dir(&wheels)?.try_into().map_err(|all| anyhow!("{all:?}"))?;
        is_platform_wheel(&wheel)?;
        let install = ["--quiet", "install", "--no-deps", "--no-index", "--force-reinstall"];
        environment.run(shell, "pip", &install).arg(wheel).run()?;
        Ok(Some(environment))
    }

    /// Makes an empty environment and installs the tools.
    fn tools(&self, shell: &Shell, directory: &Path) -> anyhow::Result<()> {
        let venv = directory.join("venv");
        cmd!(shell, "python3 -m venv --clear {venv}").run().context("no virtual environment")?;
        let requirements = format!("{PACKAGE}/tests/requirements.txt");
        let install = ["--quiet", "--disable-pip-version-check", "install", "-r"];
        let install = self.run(shell, "pip", &install).arg(requirements);
        install.run().context("its tools cannot be installed")
    }

    /// Formatting, lints and types, also those that users of the package see.
    fn check(&self, shell: &Shell) -> anyhow::Result<()> {
        let _directory = shell.push_dir(PACKAGE);
        self.run(shell, "ruff", &["format", "--no-cache", "--check", "--quiet", "."]).run()?;
        self.run(shell, "ruff", &["check", "--no-cache", "--quiet", "."]).run()?;
        // The tests use the package that is installed.
        let types = ["--no-incremental", "--no-error-summary"];
        self.run(shell, "mypy", &types).args(["src"]).run()?;
        Ok(self.run(shell, "mypy", &types).args(["tests"]).run()?)
    }

    /// The package's own tests, beside a daemon that discovers the demonstration's domains.
    fn test(&self, shell: &Shell) -> anyhow::Result<()> {
        let target = demo::target_directory(shell)?;
        cmd!(shell, "cargo build --quiet -p mtasts").run()?;
        let directory = target.join("python/daemon");
        fs::create_dir_all(&directory)?;
        let world = World::start_blocking();
        domains::publish(&world);
        let config = demo::write_config(&directory, &world)?;
        let daemon = Daemon::start(&target.join("debug/mtasts"), &config, "127.0.0.1:0")?;
        let _directory = shell.push_dir(PACKAGE);
        let test = self.run(shell, "pytest", &["-q"]).env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(test.env("MTASTS_DAEMON", &daemon.address).run()?)
    }

    fn face(&self) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(format!("{PACKAGE}/tests/face.py"));
        command
    }

    fn run<'a>(&self, shell: &'a Shell, module: &str, arguments: &[&str]) -> xshell::Cmd<'a> {
        let python = &self.python;
        // -P would keep the directory out of the path, but is not there before Python 3.11.
        cmd!(shell, "{python} -m {module} {arguments...}").quiet()
    }
}

fn has_venv(shell: &Shell) -> bool {
    let modules = cmd!(shell, "python3 -c 'import ensurepip, venv'").quiet();
    modules.ignore_stderr().run().is_ok()
}

/// The library that the wheel is to carry. It can be made to panic, for the tests.
fn library(shell: &Shell, target: &Path) -> anyhow::Result<PathBuf> {
    cmd!(shell, "cargo build --quiet -p mtasts-ffi --features lint,panic-injection").run()?;
    let library =
        target.join("debug").join(format!("libmtasts.{}", std::env::consts::DLL_EXTENSION));
    ensure!(library.exists(), "cargo has not built {}", library.display());
    Ok(library)
}

/// A wheel with a library in it is for one platform, and for every Python 3.
fn is_platform_wheel(wheel: &Path) -> anyhow::Result<()> {
    let name = wheel.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name.contains("-py3-none-") && !name.ends_with("-any.whl") {
        return Ok(());
    }
    bail!("`{name}` is no wheel of a platform")
}
