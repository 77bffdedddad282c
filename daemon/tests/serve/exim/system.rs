//! Debians with Exim, whose packages cannot be beside those of another mail server.

use std::{env, fs, path::Path, sync::LazyLock};

use testkit::mta::System;

use super::Recipe;
use crate::trixie::trixie;

/// A system, and the recipes that its Exim can follow.
pub(super) struct Place {
    pub(super) system: System,
    pub(super) recipes: &'static [Recipe],
}

/// The Debian release that the tests run on, once with each of Exim's packages, if it is there already or
/// `MTASTS_EXIM=1` in the environment asks for it; and Debian 13: [`trixie`]. They are installed under
/// the target directory, which takes `debootstrap`, the network, and a minute each the first time.
///
/// The module is built here and loaded there, so their C library must not be older than ours.
pub(super) fn all() -> &'static [Place] {
    static ALL: LazyLock<Vec<Place>> = LazyLock::new(|| {
        let both = &Recipe::ALL;
        let release = release();
        let here = |package| own(release.as_deref()?, package);
        [
            here("exim4-daemon-heavy").map(|system| Place { system, recipes: both }),
            here("exim4-daemon-light")
                .map(|system| Place { system, recipes: &[Recipe::Readsocket] }),
            trixie("exim4-daemon-heavy").map(|system| Place { system, recipes: both }),
        ]
        .into_iter()
        .flatten()
        .collect()
    });
    &ALL
}

fn own(release: &str, package: &str) -> Option<System> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let wanted = env::var_os("MTASTS_EXIM").is_some_and(|value| value == "1");
    if !wanted && !directory.join(format!("{release}-{package}")).exists() {
        return None;
    }
    let daemon = Path::new(env!("CARGO_BIN_EXE_mtasts"));
    Some(System::debian(release, package, directory).with(daemon.parent()?))
}

/// The name of the Debian release.
fn release() -> Option<String> {
    let text = fs::read_to_string("/etc/os-release").ok()?;
    let name = text.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="))?;
    Some(name.trim_matches('"').to_owned())
}
