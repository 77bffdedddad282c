//! Where events go: standard error or the journal, filtered by a level that a reload can change.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs::File,
    io,
    os::{fd::AsFd, unix::fs::MetadataExt},
};

use anstream::{AutoStream, ColorChoice};
use tracing::Subscriber;
use tracing_subscriber::{
    Layer, Registry,
    filter::Targets,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    reload,
};

use crate::config::{Log, LogFormat, LogLevel, LogLevelError};

#[cfg(test)]
mod tests;

/// Overrides `log.level`.
pub const LEVEL_VARIABLE: &str = "MTASTS_LOG";

/// Changes the level of a log that has been started.
#[derive(Clone, Debug)]
pub struct Handle {
    filter: reload::Handle<Targets, Registry>,
    /// The level that the environment demands, whatever the configuration says.
    demanded: Option<LogLevel>,
}

/// Why the log cannot be started or changed.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The environment demands what is no level.
    #[error("the environment variable {LEVEL_VARIABLE} cannot be used")]
    Variable(#[source] LogLevelError),
    /// The log has been started before.
    #[error("the log has been started before")]
    Started(#[source] tracing::subscriber::SetGlobalDefaultError),
    /// The log has ended.
    #[error("the level of the log cannot be changed any more")]
    Ended(#[source] reload::Error),
}

/// Starts the log of this process. Without a journal, `journald` means `text`, and the log says so.
///
/// # Errors
///
/// If the environment demands what is no level, or the log has been started before.
pub fn init(log: &Log, color: ColorChoice) -> Result<Handle, LogError> {
    let demanded = demanded_level(env::var_os(LEVEL_VARIABLE)).map_err(LogError::Variable)?;
    let level = demanded.as_ref().unwrap_or(&log.level);
    let (output, no_journal) = Output::choose(log.format, tracing_journald::layer);
    let (subscriber, filter) = subscriber(level, output, Look::of_stderr(color), io::stderr);
    tracing::subscriber::set_global_default(subscriber).map_err(LogError::Started)?;
    if let Some(error) = no_journal {
        tracing::warn!(%error, "there is no journal, logging to standard error");
    }
    Ok(Handle { filter, demanded })
}

impl Handle {
    /// Filters by the level of a new configuration. The format stays as it is.
    ///
    /// # Errors
    ///
    /// If the log has ended.
    pub fn reload(&self, log: &Log) -> Result<(), LogError> {
        let level = self.demanded.as_ref().unwrap_or(&log.level);
        self.filter.reload(level.targets().clone()).map_err(LogError::Ended)
    }
}

/// Where events go.
enum Output {
    Text,
    Json,
    Journal(tracing_journald::Layer),
}

impl Output {
    /// The output of a format, and what is wrong with the journal if there should be one.
    fn choose(
        format: LogFormat,
        journal: impl FnOnce() -> io::Result<tracing_journald::Layer>,
    ) -> (Self, Option<io::Error>) {
        match format {
            LogFormat::Text => (Self::Text, None),
            LogFormat::Json => (Self::Json, None),
            LogFormat::Journald => match journal() {
                Ok(layer) => {
                    (Self::Journal(layer.with_syslog_identifier("mtasts".to_owned())), None)
                }
                Err(error) => (Self::Text, Some(error)),
            },
        }
    }
}

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    ansi: bool,
    timestamps: bool,
}

impl Look {
    fn of_stderr(color: ColorChoice) -> Self {
        let stream = AutoStream::new(io::stderr(), color);
        Self {
            ansi: stream.current_choice() != ColorChoice::Never,
            // The journal has timestamps of its own.
            timestamps: !is_journal(env::var_os("JOURNAL_STREAM").as_deref()),
        }
    }
}

fn subscriber<W>(
    level: &LogLevel,
    output: Output,
    look: Look,
    writer: W,
) -> (impl Subscriber + Send + Sync, reload::Handle<Targets, Registry>)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let (filter, handle) = reload::Layer::new(level.targets().clone());
    let text = fmt::layer().with_writer(writer).with_ansi(look.ansi);
    let layer = match output {
        Output::Text if look.timestamps => text.boxed(),
        Output::Text => text.without_time().boxed(),
        Output::Json => text.json().flatten_event(true).boxed(),
        Output::Journal(layer) => layer.boxed(),
    };
    (tracing_subscriber::registry().with(filter).with(layer), handle)
}

fn demanded_level(variable: Option<OsString>) -> Result<Option<LogLevel>, LogLevelError> {
    let variable = variable.filter(|text| !text.is_empty());
    variable.map(|text| text.to_string_lossy().parse()).transpose()
}

/// Whether standard error is the stream that systemd names in `$JOURNAL_STREAM`. The variable alone
/// says little: it is inherited by processes whose standard error goes elsewhere.
fn is_journal(variable: Option<&OsStr>) -> bool {
    let Some(variable) = variable.and_then(OsStr::to_str) else { return false };
    let stderr = io::stderr().as_fd().try_clone_to_owned().map(File::from);
    let metadata = stderr.and_then(|file| file.metadata());
    metadata.is_ok_and(|metadata| names(variable, metadata.dev(), metadata.ino()))
}

/// Whether `DEVICE:INODE` are these.
fn names(stream: &str, device: u64, inode: u64) -> bool {
    let Some((left, right)) = stream.split_once(':') else { return false };
    left.parse() == Ok(device) && right.parse() == Ok(inode)
}
