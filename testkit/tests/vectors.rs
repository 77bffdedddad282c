//! Conformance vectors: ours and, where it is there, the shared sample. And that the runner is not
//! one that everything passes.

#![expect(clippy::expect_used, reason = "a test may fail by a panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use testkit::vectors::{self, Face, KINDS, Report, run_file};

#[path = "vectors/defects.rs"]
mod defects;
#[path = "vectors/expectations.rs"]
mod expectations;

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors")
}

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors")
}

fn files(directory: &Path) -> Vec<PathBuf> {
    vectors::files(directory).expect("the directory can be read")
}

fn is_of_kind(path: &Path, kind: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(kind))
}

#[track_caller]
fn all_pass(kind: &str) {
    let (mut face, mut report) = (Face::rust(), Report::default());
    for directory in [own(), shared()] {
        for path in files(&directory).iter().filter(|path| is_of_kind(path, kind)) {
            report.add(run_file(&mut face, path).expect("a file of vectors"));
        }
    }
    assert!(report.failed.is_empty(), "{report}");
    assert!(report.linted >= report.passed, "{report}");
}

#[test]
fn txt() {
    all_pass("txt");
}

#[test]
fn policy() {
    all_pass("policy");
}

#[test]
fn mxmatch() {
    all_pass("mxmatch");
}

#[test]
fn certmatch() {
    all_pass("certmatch");
}

#[test]
fn flow() {
    all_pass("flow");
}

#[test]
fn tlsrpt_txt() {
    all_pass("tlsrpt_txt");
}

#[test]
fn real_world() {
    all_pass("real_world");
}

#[test]
fn each_file_has_a_kind_and_each_kind_a_file() {
    for path in files(&own()).iter().chain(&files(&shared())) {
        assert!(KINDS.iter().any(|kind| is_of_kind(path, kind)), "{}", path.display());
    }
    for kind in KINDS.iter().filter(|kind| **kind != "real_world") {
        assert!(files(&own()).iter().any(|path| is_of_kind(path, kind)), "{kind}");
    }
}

/// What the format asks of whoever writes a case, beyond what the runner needs.
#[test]
fn own_cases_say_where_they_come_from_and_why() {
    for path in files(&own()) {
        let text = fs::read_to_string(&path).expect("a file of vectors");
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).expect("a case");
            let text = |member: &str| case.get(member).and_then(Value::as_str).unwrap_or_default();
            let place = format!("{}: {}", path.display(), text("name"));
            assert!(!text("rfc").is_empty() && text("why").ends_with('.'), "{place}");
            let strength = if case.get("steps").is_some() { "level" } else { "strictness" };
            assert!(!text(strength).is_empty(), "{place}");
            let other_outcomes = case.get("also_ok").is_some();
            let lenient = text("strictness") == "lenient-ok";
            assert!(case.get("steps").is_some() || other_outcomes == lenient, "{place}");
        }
    }
}
