//! `cargo xtask vectors FILE…`

use std::{
    path::{Path, PathBuf},
    process::{Command, exit},
};

use anyhow::{anyhow, ensure};
use testkit::vectors::{Face, Report, files, run_file};
use xshell::Shell;

use super::{js, library, python};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of vectors: one JSON object a line, as vectors/README.md describes
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Whose answers are judged, and whose findings are compared with Rust's: vectors/FACES.md
    #[arg(long, default_value = "rust")]
    face: Language,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Language {
    /// The Rust API
    Rust,
    /// The C library; needs a C compiler
    C,
    /// The Python package, from its wheel; needs Python 3.9 or later with venv
    Python,
    /// The npm package in Node; needs Node 20.3 or later
    Js,
    /// The npm package in a browser; needs Node and Chromium
    Browser,
}

impl Language {
    fn start(self, shell: &Shell) -> anyhow::Result<Face> {
        let driver = match self {
            Self::Rust => return Ok(Face::rust()),
            Self::C => library::face_driver(shell)?,
            Self::Python => python::face_driver(shell)?,
            Self::Js => js::face_driver(shell)?,
            Self::Browser => js::browser_driver(shell)?,
        };
        Face::start(driver).map_err(|error| anyhow!(error))
    }
}

/// Prints the cases that fail and a count. Ends the process with exit code 1 if there are any.
pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    let mut face = arguments.face.start(shell)?;
    let total = run_files(&mut face, &arguments.files)?;
    println!("{total}");
    if !total.failed.is_empty() {
        exit(1);
    }
    Ok(())
}

/// Holds a face to all vectors that are here.
pub(crate) fn check(face: &str, driver: Command) -> anyhow::Result<()> {
    let mut started = Face::start(driver).map_err(|error| anyhow!("the {face} face: {error}"))?;
    let mut all = files(Path::new("vectors"))?;
    all.extend(files(Path::new("../shared/vectors"))?);
    let total = run_files(&mut started, &all)?;
    println!("the {face} face: {total}");
    ensure!(total.failed.is_empty(), "the {face} face fails vectors");
    Ok(())
}

fn run_files(face: &mut Face, files: &[PathBuf]) -> anyhow::Result<Report> {
    let mut total = Report::default();
    for file in files {
        total.add(run_file(face, file).map_err(|error| anyhow!(error))?);
    }
    Ok(total)
}
