//! What the daemon can be told, and how it is read from a file.
//!
//! A configuration is TOML. Every key has a default, and the defaults work. Reading does not stop at
//! the first mistake: [`Config::parse`] finds all of them and says where they are in the text, and
//! [`render()`] shows them there. docs/configuration.md describes each key.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::Serialize;

mod cache;
mod dns;
mod document;
mod engine;
mod https;
mod listen;
mod log;
mod maps;
mod problem;
mod render;
mod section;
mod socketmap;
mod source;
mod store;
mod suggest;
#[cfg(test)]
mod tests;
mod units;
mod value;

pub(crate) use self::suggest::nearest;
pub use self::{
    cache::Cache,
    dns::Dns,
    https::Https,
    listen::{Listen, Mode, Principal, UnixSocket},
    log::{Log, LogFormat, LogLevel, LogLevelError},
    maps::{Maps, Profile},
    problem::{Diagnostics, Fix, Problem, Severity},
    render::{Style, render},
    socketmap::Socketmap,
    source::{Position, Source},
    store::{Store, StoreKind, Surroundings},
};
use self::{document::Document, section::Key};

/// The file that is read when no other is named.
pub const DEFAULT_FILE: &str = "/etc/mtasts/mtasts.toml";

/// A file with every key at its default, and a comment on each.
pub const DEFAULT_TEXT: &str = include_str!("config/default.toml");

/// All that the daemon can be told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Config {
    /// `[[listen]]`
    pub listen: Vec<Listen>,
    /// `[socketmap]`
    pub socketmap: Socketmap,
    /// `[maps]`
    pub maps: Maps,
    /// `[dns]`
    pub dns: Dns,
    /// `[https]`
    pub https: Https,
    /// `[cache]`
    pub cache: Cache,
    /// `[store]`
    pub store: Store,
    /// `[log]`
    pub log: Log,
}

/// A configuration that can be used.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// What is doubtful in it.
    pub warnings: Diagnostics,
    /// The file it is from. `None` if there is none and the defaults apply.
    pub file: Option<PathBuf>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is not text.
    #[error("{} is not UTF-8 text: line {line}", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The first line with other bytes in it.
        line: usize,
    },
    /// The configuration has errors.
    #[error(transparent)]
    Invalid(#[from] Diagnostics),
}

impl Config {
    /// Reads the file, or [`DEFAULT_FILE`] if none is named. If that does not exist, the defaults
    /// apply.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or has errors.
    pub fn load(file: Option<&Path>) -> Result<Loaded, LoadError> {
        Self::load_or(file, Path::new(DEFAULT_FILE))
    }

    fn load_or(file: Option<&Path>, default: &Path) -> Result<Loaded, LoadError> {
        let path = file.unwrap_or(default);
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if file.is_none() && error.kind() == io::ErrorKind::NotFound => {
                return Ok(Loaded::defaults());
            }
            Err(source) => return Err(LoadError::Read { path: path.to_owned(), source }),
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let newlines = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = newlines.filter(|byte| **byte == b'\n').count().saturating_add(1);
            LoadError::NotText { path: path.to_owned(), line }
        })?;
        let loaded = Self::parse(Source::new(path.display().to_string(), text))?;
        Ok(Loaded { file: Some(path.to_owned()), ..loaded })
    }

    /// Reads a text.
    ///
    /// # Errors
    ///
    /// Every error and every warning, if there is an error.
    pub fn parse(source: Source) -> Result<Loaded, Diagnostics> {
        let mut document = Document::parse(source.text());
        let config = Self::read(&mut document);
        let problems = document.finish(keys);
        let diagnostics = Diagnostics::new(source, problems);
        if diagnostics.has_errors() {
            Err(diagnostics)
        } else {
            Ok(Loaded { config, warnings: diagnostics, file: None })
        }
    }

    fn read(document: &mut Document<'_>) -> Self {
        Self {
            listen: Listen::read_all(document),
            socketmap: document.section("socketmap", Socketmap::read),
            maps: document.section("maps", Maps::read),
            dns: document.section("dns", Dns::read),
            https: document.section("https", Https::read),
            cache: document.section("cache", Cache::read),
            store: document.section("store", Store::read),
            log: document.section("log", Log::read),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: Listen::default_list(),
            socketmap: Socketmap::default(),
            maps: Maps::default(),
            dns: Dns::default(),
            https: Https::default(),
            cache: Cache::default(),
            store: Store::default(),
            log: Log::default(),
        }
    }
}

impl Loaded {
    /// The defaults, which nothing is wrong with.
    pub fn defaults() -> Self {
        let nowhere = Source::new("the default configuration", "");
        let warnings = Diagnostics::new(nowhere, Vec::new());
        Self { config: Config::default(), warnings, file: None }
    }
}

/// Reads a duration as it is written in a configuration.
pub(crate) fn parse_duration(text: &str) -> Option<core::time::Duration> {
    units::parse_duration(text).ok()
}

/// Every key that exists, as the readers ask for them.
fn keys() -> Vec<Key> {
    let mut document = Document::parse("[[listen]]");
    Config::read(&mut document);
    document.known().to_vec()
}
