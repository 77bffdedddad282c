//! A Debian with Exim, whose package cannot be beside that of another mail server.

use std::{env, fs, path::Path, sync::LazyLock};

use testkit::mta::System;

/// The Debian release that the test runs on, with `exim4-daemon-heavy`, if it is there already or
/// `MTASTS_EXIM=1` in the environment asks for it. It is installed under the target directory, which
/// takes `debootstrap`, the network, and a minute the first time.
///
/// The module is built here and loaded there, so both have the same C library.
pub(super) fn system() -> Option<&'static System> {
    static SYSTEM: LazyLock<Option<System>> = LazyLock::new(|| {
        const PACKAGE: &str = "exim4-daemon-heavy";
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let release = release()?;
        let wanted = env::var_os("MTASTS_EXIM").is_some_and(|value| value == "1");
        if !wanted && !directory.join(format!("{release}-{PACKAGE}")).exists() {
            return None;
        }
        let daemon = Path::new(env!("CARGO_BIN_EXE_mtasts"));
        Some(System::debian(&release, PACKAGE, directory).with(daemon.parent()?))
    });
    SYSTEM.as_ref()
}

/// The name of the Debian release.
fn release() -> Option<String> {
    let text = fs::read_to_string("/etc/os-release").ok()?;
    let name = text.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="))?;
    Some(name.trim_matches('"').to_owned())
}
