//! The library under test, built with all features and with panics on demand.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// How memory is checked while programs run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Memory {
    Unchecked,
    Valgrind,
    Address,
}

impl Memory {
    pub(crate) fn wanted() -> Self {
        match env::var("MTASTS_MEMORY").as_deref() {
            Err(_) | Ok("") => Self::Unchecked,
            Ok("valgrind") => Self::Valgrind,
            Ok("address") => Self::Address,
            Ok(other) => {
                panic!("MTASTS_MEMORY is `{other}`, which is neither valgrind nor address")
            }
        }
    }
}

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The directory that libmtasts.so is in.
pub(crate) fn directory() -> &'static Path {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(build)
}

fn build() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (mut command, built) = match Memory::wanted() {
        Memory::Address => {
            let target = temporary.join("address");
            let mut command = Command::new("rustup");
            command.args(["run", "nightly", "cargo", "build", "--target-dir"]).arg(&target);
            // With a target named, build scripts are not instrumented.
            command.args(["--target", TARGET]).env("RUSTFLAGS", "-Zsanitizer=address");
            (command, target.join(TARGET).join("debug"))
        }
        Memory::Unchecked | Memory::Valgrind => {
            let target = temporary.parent().unwrap();
            let mut command = Command::new("cargo");
            command.args(["build", "--target-dir"]).arg(target);
            (command, target.join("debug"))
        }
    };
    command.args(["--quiet", "-p", "mtasts-ffi", "--features", "lint,net,panic-injection"]);
    let status = command.current_dir(root()).status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?} fails");

    // Another build, with other features, may replace it while tests run.
    let kept = temporary.join("c_api");
    fs::create_dir_all(&kept).unwrap();
    let unfinished = kept.join("libmtasts.so.new");
    fs::copy(built.join("libmtasts.so"), &unfinished).unwrap();
    fs::rename(unfinished, kept.join("libmtasts.so")).unwrap();
    let link = kept.join("libmtasts.so.0");
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink("libmtasts.so", link).unwrap();
    kept
}

const TARGET: &str = "x86_64-unknown-linux-gnu";
