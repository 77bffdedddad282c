//! Configurations from files: which are accepted, and what is said of those that are not.
//!
//! `SNAPSHOTS=overwrite cargo test` writes what is expected anew.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use mtasts_daemon::config::{Config, Diagnostics, Severity, Source, Style, render};
use snapbox::{Data, assert_data_eq};

/// The configurations in a folder, by name.
fn configurations(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config").join(folder);
    let paths = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let is_configuration = |path: &PathBuf| path.extension().is_some_and(|end| end == "toml");
    let mut paths: Vec<PathBuf> = paths.filter(is_configuration).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// What is wrong with a configuration, and whether it can be used all the same.
fn read(path: &Path) -> (Diagnostics, bool) {
    let name = path.file_name().unwrap().to_str().unwrap();
    match Config::parse(Source::new(name, fs::read_to_string(path).unwrap())) {
        Ok(loaded) => (loaded.warnings, true),
        Err(diagnostics) => (diagnostics, false),
    }
}

fn assert_rendered_as_expected(path: &Path, diagnostics: &Diagnostics) {
    let text = format!("{}{diagnostics}\n", render(diagnostics, Style::Plain));
    assert_data_eq!(text, Data::read_from(&path.with_extension("txt"), None).raw());
}

#[test]
fn valid_configurations_have_no_problems() {
    for path in configurations("valid") {
        let (diagnostics, usable) = read(&path);
        assert!(diagnostics.is_empty(), "{}", render(&diagnostics, Style::Plain));
        assert!(usable);
    }
}

#[test]
fn doubtful_configurations_can_be_used() {
    for path in configurations("doubtful") {
        let (diagnostics, usable) = read(&path);
        assert_rendered_as_expected(&path, &diagnostics);
        assert!(usable && diagnostics.count(Severity::Warning) > 0);
    }
}

#[test]
fn invalid_configurations_cannot_be_used() {
    for path in configurations("invalid") {
        let (diagnostics, usable) = read(&path);
        assert_rendered_as_expected(&path, &diagnostics);
        assert!(!usable && diagnostics.has_errors());
    }
}
