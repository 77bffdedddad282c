//! `[log]`: what is logged, and how.

use core::str::FromStr;

use serde::{Serialize, Serializer};
use toml::{Spanned, de::DeValue};
use tracing_subscriber::filter::{LevelFilter, Targets};

use super::{
    problem::Problem,
    section::Section,
    suggest::{listed, nearest},
    value::{Choice, choice, string, write_choice},
};

const LEVELS: [(&str, LevelFilter); 6] = [
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];

/// Settings of the log.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Log {
    /// What is logged.
    pub level: LogLevel,
    /// In which form.
    pub format: LogFormat,
}

/// A level for everything, and levels for modules: `info,mtasts_net=debug`.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLevel {
    text: String,
    targets: Targets,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LogFormat {
    /// Lines for people, to standard error.
    #[default]
    Text,
    /// An object on each line, to standard error.
    Json,
    /// The systemd journal's own protocol, which keeps fields apart.
    Journald,
}

/// Why a text is not a level.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogLevelError {
    /// There is no such level.
    #[error("`{0}` is not a level")]
    UnknownLevel(String),
    /// It names no level, or a level for no module.
    #[error("`{0}` is neither a level nor `MODULE=LEVEL`")]
    Unreadable(String),
}

impl Log {
    pub(super) fn read(section: &mut Section<'_, '_>) -> Self {
        Self {
            level: section.value("level", LogLevel::default(), LogLevel::read),
            format: section.value("format", LogFormat::default(), choice),
        }
    }
}

impl LogLevel {
    /// The filter that lets through what is to be logged.
    pub const fn targets(&self) -> &Targets {
        &self.targets
    }

    fn read(value: &Spanned<DeValue<'_>>) -> Result<Self, Problem> {
        let text = string(value, "a string")?;
        text.parse().map_err(|error: LogLevelError| {
            let levels = || LEVELS.iter().map(|(name, _)| *name);
            let problem = Problem::error(value.span(), format!("cannot be `{text}`: {error}"))
                .help(format!("the levels are {}", listed(levels())));
            match nearest(text, levels()) {
                Some(name) => {
                    problem.replace(format!("did you mean `{name}`?"), format!("\"{name}\""))
                }
                None => problem,
            }
        })
    }
}

impl Default for LogLevel {
    fn default() -> Self {
        Self { text: "info".to_owned(), targets: Targets::new().with_default(LevelFilter::INFO) }
    }
}

/// Stricter than that of [`Targets`], to which any word is the name of a module.
impl FromStr for LogLevel {
    type Err = LogLevelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Who only names modules wants the rest as usual.
        let mut targets = Self::default().targets;
        for directive in text.split(',').map(str::trim) {
            targets = match directive.split_once('=') {
                None => targets.with_default(level(directive)?),
                Some((module, name)) if !module.trim().is_empty() => {
                    targets.with_target(module.trim(), level(name.trim())?)
                }
                Some(_) => return Err(LogLevelError::Unreadable(directive.to_owned())),
            };
        }
        Ok(Self { text: text.to_owned(), targets })
    }
}

fn level(name: &str) -> Result<LevelFilter, LogLevelError> {
    if name.is_empty() {
        return Err(LogLevelError::Unreadable(name.to_owned()));
    }
    let found = LEVELS.iter().find(|(level, _)| level.eq_ignore_ascii_case(name));
    found.map(|(_, level)| *level).ok_or_else(|| LogLevelError::UnknownLevel(name.to_owned()))
}

impl Serialize for LogLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl Choice for LogFormat {
    const ALL: &'static [Self] = &[Self::Text, Self::Json, Self::Journald];

    fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Journald => "journald",
        }
    }
}

impl Serialize for LogFormat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_choice(self, serializer)
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn reads_a_level_and_levels_of_modules() {
        let level: LogLevel = "warn, mtasts_net=debug".parse().unwrap();
        let logs = |target, at| level.targets().would_enable(target, &at);
        assert!(logs("mtasts_daemon", Level::WARN));
        assert!(!logs("mtasts_daemon", Level::INFO));
        assert!(logs("mtasts_net::https", Level::DEBUG));
        assert!(!logs("mtasts_net::https", Level::TRACE));
    }

    #[test]
    fn modules_alone_leave_the_rest_as_usual() {
        let level: LogLevel = "mtasts_net=off".parse().unwrap();
        assert!(level.targets().would_enable("mtasts_daemon", &Level::INFO));
        assert!(!level.targets().would_enable("mtasts_daemon", &Level::DEBUG));
        assert!(!level.targets().would_enable("mtasts_net", &Level::ERROR));
    }

    #[test]
    fn refuses_what_is_no_level() {
        let error = |text: &str| text.parse::<LogLevel>().unwrap_err().to_string();
        assert_eq!(error("verbose"), "`verbose` is not a level");
        assert_eq!(error("info,mtasts_net=loud"), "`loud` is not a level");
        assert_eq!(error("=debug"), "`=debug` is neither a level nor `MODULE=LEVEL`");
        assert_eq!(error("info,"), "`` is neither a level nor `MODULE=LEVEL`");
    }
}
