//! Conformance vectors: one JSON object a line, the format of `vectors/README.md`.
//!
//! A file's kind is told by the start of its name. A member that the format does not know is an
//! error of the case, never skipped.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

mod certmatch;
mod face;
mod findings;
mod flow;
mod meta;
mod mxmatch;
mod policy;
mod real_world;
mod response;
mod tlsrpt_txt;
mod txt;

pub use face::Face;
use findings::Publication;
use meta::Meta;

/// What a kind of vector is: how one line is read, and how it is judged.
trait Case: DeserializeOwned {
    /// Whether each case must have a name of its own.
    const NAMED: bool = true;

    /// The members that all kinds have.
    fn meta(&self) -> &Meta;
    /// Runs the case on a face. `Err` says what was expected and what came.
    fn run(&self, face: &mut Face) -> Result<(), String>;
    /// What the linter is to look at on every face.
    fn publications(&self) -> Result<Vec<Publication>, String>;
}

/// A case that failed.
#[derive(Debug)]
pub struct Failed {
    /// The case's name, or its line where it could not be read.
    pub name: String,
    /// What was expected, and what came.
    pub reason: String,
}

/// What came of a file.
#[derive(Debug, Default)]
pub struct Report {
    /// How many cases passed.
    pub passed: usize,
    /// In how many reports the face's linter found what Rust's finds.
    pub linted: usize,
    /// The cases that did not.
    pub failed: Vec<Failed>,
}

impl Report {
    /// Adds the result of another file.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.linted += other.linted;
        self.failed.extend(other.failed);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Failed { name, reason } in &self.failed {
            writeln!(f, "FAIL {name}\n{}", indent(reason))?;
        }
        let Self { passed, failed, linted } = self;
        write!(f, "{passed} passed, {} failed, {linted} reports of the linter alike", failed.len())
    }
}

/// The kinds of vector files, by the start of their names.
pub const KINDS: [&str; 7] =
    ["tlsrpt_txt", "txt", "policy", "mxmatch", "certmatch", "flow", "real_world"];

/// The files of vectors in a directory, in order; none where there is no directory.
///
/// # Errors
///
/// When the directory cannot be read.
pub fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths: io::Result<Vec<_>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
    paths.sort();
    Ok(paths)
}

/// Runs a file of vectors on a face.
///
/// # Errors
///
/// When the file cannot be read, its name tells no kind, or there is no case in it.
pub fn run_file(face: &mut Face, path: &Path) -> Result<Report, String> {
    let told = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let text = fs::read_to_string(path).map_err(|error| told(&error))?;
    run_text(face, name, &text).map_err(|error| told(&error))
}

/// Runs vectors on a face, one a line, of the kind that `name` starts with.
///
/// # Errors
///
/// When `name` tells no kind, or there is no case.
pub fn run_text(face: &mut Face, name: &str, text: &str) -> Result<Report, String> {
    let kind = KINDS
        .into_iter()
        .find(|kind| name.starts_with(kind))
        .ok_or_else(|| format!("the name must start with one of {}", KINDS.join(", ")))?;
    let report = match kind {
        "tlsrpt_txt" => run_cases::<tlsrpt_txt::TlsRptCase>(face, text),
        "txt" => run_cases::<txt::TxtCase>(face, text),
        "policy" => run_cases::<policy::PolicyCase>(face, text),
        "mxmatch" => run_cases::<mxmatch::MxMatchCase>(face, text),
        "certmatch" => run_cases::<certmatch::CertMatchCase>(face, text),
        "real_world" => run_cases::<real_world::RealWorldCase>(face, text),
        _ => run_cases::<flow::FlowCase>(face, text),
    };
    if report.passed == 0 && report.failed.is_empty() {
        return Err("there are no cases".into());
    }
    Ok(report)
}

fn run_cases<C: Case>(face: &mut Face, text: &str) -> Report {
    let mut report = Report::default();
    let mut names = std::collections::BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let mut name = format!("line {}", index + 1);
        let case: C = match serde_json::from_str(line) {
            Ok(case) => case,
            Err(error) => {
                report.failed.push(Failed { name, reason: error.to_string() });
                continue;
            }
        };
        let named = match &case.meta().name {
            None if C::NAMED => Err("the case has no name".into()),
            None => Ok(()),
            Some(own) => {
                name.clone_from(own);
                if names.insert(own.clone()) {
                    Ok(())
                } else {
                    Err("another case of this file has the same name".into())
                }
            }
        };
        let result = named.and_then(|()| case.meta().check()).and_then(|()| run_case(face, &case));
        match result {
            Ok(linted) => {
                report.passed += 1;
                report.linted += linted;
            }
            Err(reason) => report.failed.push(Failed { name, reason }),
        }
    }
    report
}

/// Runs a case and has what it publishes linted. Says how often.
fn run_case(face: &mut Face, case: &impl Case) -> Result<usize, String> {
    case.run(face)?;
    let publications = case.publications()?;
    publications.iter().try_for_each(|publication| findings::compare(face, publication))?;
    Ok(publications.len())
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// `expected …` and `got …`, or nothing when the outcome is one of those allowed.
fn judge<T: PartialEq + fmt::Debug>(
    meta: &Meta,
    expect: &T,
    also_ok: &[T],
    got: &T,
) -> Result<(), String> {
    if got == expect || (meta.lenient() && also_ok.contains(got)) {
        return Ok(());
    }
    let mut reason = format!("expected {expect:?}");
    for other in also_ok {
        reason.push_str(&format!("\n      or {other:?}"));
    }
    reason.push_str(&format!("\ngot      {got:?}"));
    if !meta.why.is_empty() {
        reason.push_str(&format!("\nbecause  {} ({})", meta.why, meta.rfc));
    }
    Err(reason)
}
