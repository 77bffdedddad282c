//! The `mtasts` command.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use mtasts_daemon::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
