//! The `mtasts` command.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use mtasts_daemon::cli::Cli;

fn main() -> ExitCode {
    Cli::from_process().run()
}
