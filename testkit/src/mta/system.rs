//! Other systems than the one that the test runs on.

#![expect(clippy::expect_used, clippy::panic, reason = "a test cannot go on without its system")]

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use nix::{
    fcntl::{Flock, FlockArg},
    mount::MsFlags,
    unistd::{chdir, chroot},
};

use super::network::bind;

/// Installs a package. Its scripts look at processes, and must not start any that listen; those that run all
/// the same end with their process namespace.
const INSTALL: &str = r"
    mount -t proc proc /proc
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    apt-get -q -y install --no-install-recommends $1
";

/// A Debian in a directory, which tests can be run in for its mail server.
#[derive(Debug)]
pub struct System {
    root: PathBuf,
    shared: Vec<PathBuf>,
}

impl System {
    /// The Debian release of this name, with a package and what that needs, under a directory that
    /// outlives the test. Where it is not yet, it is installed with `debootstrap`, which takes the
    /// network and a minute, or, beside another package of the release, half of one.
    ///
    /// # Panics
    ///
    /// When it cannot be installed.
    pub fn debian(release: &str, package: &str, directory: &Path) -> Self {
        let base = once(directory, release, |fresh| {
            run(Command::new("debootstrap").args(["--variant=minbase", release]).arg(fresh));
            // What a crash of the machine would lose is nobody's loss.
            fs::write(fresh.join("etc/dpkg/dpkg.cfg.d/fast"), "force-unsafe-io\n")
                .expect("it is written to already");
        });
        let root = once(directory, &format!("{release}-{package}"), |fresh| {
            run(Command::new("cp")
                .args(["--archive", "--no-target-directory"])
                .arg(&base)
                .arg(fresh));
            // Of alternatives that a package needs, apt finds the one that can be had.
            run(Command::new("unshare")
                .args(["--mount", "--pid", "--fork", "chroot"])
                .arg(fresh)
                .args(["sh", "-euc", INSTALL, "sh", package])
                .env("DEBIAN_FRONTEND", "noninteractive"));
        });
        Self { root, shared: vec!["/dev".into(), "/proc".into(), env::temp_dir()] }
    }

    /// Has a directory appear there too, at the same path.
    #[must_use]
    pub fn with(mut self, directory: &Path) -> Self {
        self.shared.push(directory.to_owned());
        self
    }

    /// The directory that is the root there.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Takes the thread there, for good. It is in a mount namespace of its own.
    pub(super) fn enter(&self) -> io::Result<()> {
        for directory in &self.shared {
            let target = self.root.join(directory.strip_prefix("/").unwrap_or(directory));
            fs::create_dir_all(&target)?;
            bind(directory, &target, MsFlags::MS_REC)?;
        }
        chroot(&self.root)?;
        Ok(chdir("/")?)
    }
}

/// A directory of this name, filled by the first that wants it while others wait.
fn once(directory: &Path, name: &str, fill: impl FnOnce(&Path)) -> PathBuf {
    let root = directory.join(name);
    let lock = fs::File::create(directory.join(format!("{name}.lock")));
    let lock = lock.expect("the directory can be written to");
    let locked = Flock::lock(lock, FlockArg::LockExclusive).map_err(|(_, error)| error);
    let _locked = locked.expect("nothing forbids it");
    if !root.exists() {
        let fresh = tempfile::Builder::new()
            .prefix(name)
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir_in(directory)
            .expect("the directory can be written to");
        fill(fresh.path());
        fs::rename(fresh.path(), &root).expect("nobody else makes it");
    }
    root
}

/// Runs a program that installs something.
fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let log = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{command:?}: {}\n{log}", output.status);
}
