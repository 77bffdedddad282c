//! `mtasts explain`: what a finding means.

use std::{io::Write, process::ExitCode};

use clap::Args;

use super::Global;
use crate::lint::{Code, explain, list};

/// Explain a finding of `mtasts check` and `mtasts lint`
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The code, such as `policy-mx-not-covered`
    #[arg(required_unless_present = "list")]
    code: Option<Code>,
    /// List all codes
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

pub(super) fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitCode> {
    let text = match arguments.code {
        Some(Code(lint)) => explain(lint),
        None => list(),
    };
    global.stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
