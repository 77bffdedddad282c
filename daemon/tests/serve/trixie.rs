//! Debian 13 ("trixie"), for mail servers that are newer than those of the system.

use std::{env, path::Path};

use testkit::mta::System;

/// Debian 13 with a package, if `MTASTS_TRIXIE=1` in the environment asks for it. It is installed
/// under the target directory, which takes `debootstrap`, the network, and a minute the first time.
pub(crate) fn trixie(package: &str) -> Option<System> {
    env::var_os("MTASTS_TRIXIE").filter(|value| value == "1")?;
    let daemon = Path::new(env!("CARGO_BIN_EXE_mtasts"));
    let system = System::debian("trixie", package, Path::new(env!("CARGO_TARGET_TMPDIR")));
    Some(system.with(daemon.parent().unwrap()))
}
