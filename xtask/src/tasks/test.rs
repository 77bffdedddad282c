//! `cargo xtask test`: all tests.

use xshell::{Shell, cmd};

use super::{js, library, python, validator};
use crate::debian::{Need, is_ci};

/// What tests use. Without it they say so and pass, but not in CI.
const POSTFIX: Need<'_> = Need {
    what: "postfix",
    packages: &["postfix"],
    // The tests have instances of their own, and Debian's must not start.
    answers: "postfix postfix/main_mailer_type select No configuration",
    purpose: "deliveries by a real Postfix",
};
const CERTIFICATES: Need<'_> = Need {
    what: "/etc/ssl/certs/ca-certificates.crt",
    packages: &["ca-certificates"],
    answers: "",
    purpose: "the system's trusted certificates",
};
/// Installs a Debian in a directory: for mail servers that cannot be beside Postfix, and later ones.
const DEBOOTSTRAP: Need<'_> = Need {
    what: "debootstrap",
    packages: &["debootstrap"],
    answers: "",
    purpose: "deliveries by a real Exim, a real Sendmail, Postfix 3.10 and OpenSMTPD 7.6",
};

pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    POSTFIX.provide(shell)?;
    CERTIFICATES.provide(shell)?;
    library::provide(shell)?;
    let mut test = cmd!(shell, "cargo test --workspace --no-fail-fast");
    if DEBOOTSTRAP.provide(shell)? {
        test = test.env("MTASTS_EXIM", "1");
    }
    if is_ci() {
        // A developer's run plays hundreds of seeds, and leaves out later Debians.
        test = test.env("MTASTS_SEEDS", "5000").env("MTASTS_TRIXIE", "1");
    }
    test.run()?;
    library::run(shell)?;
    js::test(shell)?;
    validator::test(shell)?;
    python::run(shell)
}
