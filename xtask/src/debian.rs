//! Installing what a task needs, where that is possible.

use std::{env, path::Path};

use anyhow::{Context as _, bail};
use xshell::{Shell, cmd};

/// Something that a task needs and that Debian packages bring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need<'a> {
    /// A program by name, or a file by its absolute path.
    pub(crate) what: &'a str,
    pub(crate) packages: &'a [&'a str],
    /// Answers to what the packages ask, as `debconf-set-selections` takes them.
    pub(crate) answers: &'a str,
    /// What is skipped without it.
    pub(crate) purpose: &'a str,
}

/// Whether nothing may be skipped.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

impl Need<'_> {
    /// Sees to it that it is there, by installing packages if need be. Says whether it is.
    ///
    /// # Errors
    ///
    /// In CI, when it is not.
    pub(crate) fn provide(self, shell: &Shell) -> anyhow::Result<bool> {
        let Self { what, purpose, .. } = self;
        if self.is_there(shell) {
            return Ok(true);
        }
        let problem = match self.install(shell) {
            Ok(()) if self.is_there(shell) => return Ok(true),
            Ok(()) => "the packages are installed, but it is still not there".into(),
            Err(error) => format!("{error:#}"),
        };
        if is_ci() {
            bail!("{purpose}: `{what}` is needed, and {problem}");
        }
        eprintln!("SKIPPED: {purpose}: `{what}` is needed, and {problem}");
        Ok(false)
    }

    fn is_there(self, shell: &Shell) -> bool {
        self.what.starts_with('/') && Path::new(self.what).exists() || is_program(shell, self.what)
    }

    fn install(self, shell: &Shell) -> anyhow::Result<()> {
        let packages = self.packages;
        let is_root = cmd!(shell, "id -u").quiet().read().is_ok_and(|id| id == "0");
        if !is_root || !is_program(shell, "apt-get") {
            bail!("only root on Debian can install {}", packages.join(" "));
        }
        // The lists of a bare machine may be missing or old.
        apt_get(shell, &["update"])?;
        if !self.answers.is_empty() {
            cmd!(shell, "debconf-set-selections").stdin(self.answers).run()?;
        }
        apt_get(shell, &[&["install", "--no-install-recommends"], packages].concat())
    }
}

/// Whether a program is there. Daemons are in directories that are not in everybody's path.
fn is_program(shell: &Shell, name: &str) -> bool {
    let path = format!("{}:/usr/sbin:/sbin", env::var("PATH").unwrap_or_default());
    let found = cmd!(shell, "sh -c 'command -v \"$0\"' {name}").env("PATH", path);
    found.quiet().ignore_stdout().ignore_stderr().run().is_ok()
}

fn apt_get(shell: &Shell, arguments: &[&str]) -> anyhow::Result<()> {
    let command = cmd!(shell, "apt-get -qq -y {arguments...}");
    let command = command.env("DEBIAN_FRONTEND", "noninteractive").ignore_stdout();
    command.run().with_context(|| format!("`apt-get {}` fails", arguments.join(" ")))
}
