//! `cargo xtask vectors FILE…`

use std::{path::PathBuf, process::exit};

use anyhow::anyhow;
use testkit::vectors::{Face, Report, run_file};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of vectors: one JSON object a line, as vectors/README.md describes
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Prints the cases that fail and a count. Ends the process with exit code 1 if there are any.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let (mut face, mut total) = (Face::rust(), Report::default());
    for file in &arguments.files {
        total.add(run_file(&mut face, file).map_err(|error| anyhow!(error))?);
    }
    println!("{total}");
    if !total.failed.is_empty() {
        exit(1);
    }
    Ok(())
}
