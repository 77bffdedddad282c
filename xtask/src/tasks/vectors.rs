//! `cargo xtask vectors FILE…`

use std::{
    path::PathBuf,
    process::{Command, exit},
};

use anyhow::anyhow;
use testkit::vectors::{Face, Report, run_file};
use xshell::Shell;

use super::library;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of vectors: one JSON object a line, as vectors/README.md describes
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Whose answers are judged: vectors/FACES.md
    #[arg(long, default_value = "rust")]
    face: Language,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Language {
    Rust,
    C,
}

impl Language {
    fn start(self, shell: &Shell) -> anyhow::Result<Face> {
        let driver = match self {
            Self::Rust => return Ok(Face::rust()),
            Self::C => Command::new(library::face_driver(shell)?),
        };
        Face::start(driver).map_err(|error| anyhow!(error))
    }
}

/// Prints the cases that fail and a count. Ends the process with exit code 1 if there are any.
pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    let (mut face, mut total) = (arguments.face.start(shell)?, Report::default());
    for file in &arguments.files {
        total.add(run_file(&mut face, file).map_err(|error| anyhow!(error))?);
    }
    println!("{total}");
    if !total.failed.is_empty() {
        exit(1);
    }
    Ok(())
}
