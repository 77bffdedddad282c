//! The command line: one module for each command.

use core::{error::Error, time::Duration};
use std::{
    env,
    io::{self, Write},
    path::PathBuf,
    process::{self, ExitCode},
};

use anstream::AutoStream;
use clap::{Args, ColorChoice, Parser, Subcommand};

use crate::config::{Config, LoadError, Loaded, Style, parse_duration, render};

mod check;
mod config;
mod explain;
mod generate;
mod lint;
mod query;
mod serve;

const AFTER_HELP: &str = "\
The configuration is read from /etc/mtasts/mtasts.toml. Without that file the
defaults apply; they work as they are.

Exit codes: 0 success, 1 failure, 2 a mistake on the command line. Commands with
more of them say so in their own help.";

/// MTA-STS (RFC 8461) for mail servers
///
/// With MTA-STS a mail domain says that its mail servers can be reached over
/// authenticated TLS, and that mail must not be sent to them otherwise. mtasts
/// finds, checks and remembers what domains say, and tells your MTA.
#[derive(Debug, Parser)]
#[command(name = "mtasts", version, after_help = AFTER_HELP, verbatim_doc_comment)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Global {
    /// Read the configuration from FILE instead of /etc/mtasts/mtasts.toml
    #[arg(short, long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// When to use colour; `auto` also heeds NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

/// A command, with its arguments. Each is a module with a `run` that takes them and [`Global`], and
/// returns the exit code.
#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Query(query::Arguments),
    Check(check::Arguments),
    Lint(lint::Arguments),
    Explain(explain::Arguments),
    Generate(generate::Arguments),
    /// Print or check the configuration
    Config(config::Arguments),
}

impl Cli {
    /// Reads the command line of the process, and ends it if that is a mistake or a call for help.
    #[must_use]
    pub fn from_process() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            let is_monitoring = env::args_os().any(|argument| argument == "--nagios");
            if error.use_stderr() && is_monitoring {
                // To Nagios the usual exit code, 2, would be CRITICAL.
                let message = error.render().to_string();
                let first = message.lines().next().unwrap_or_default().replace('|', "/");
                // There is nobody left to tell of a failure here.
                let _ = writeln!(io::stdout(), "MTASTS UNKNOWN - {first}");
                process::exit(3);
            }
            error.exit()
        })
    }

    /// Does what was asked for, and says on standard error why it could not.
    pub fn run(self) -> ExitCode {
        let Self { global, command } = self;
        let done = match command {
            Command::Serve(arguments) => serve::run(&arguments, &global),
            Command::Query(arguments) => query::run(&arguments, &global),
            Command::Check(arguments) => check::run(&arguments, &global),
            Command::Lint(arguments) => lint::run(&arguments, &global),
            Command::Explain(arguments) => explain::run(&arguments, &global),
            Command::Generate(arguments) => generate::run(&arguments, &global),
            Command::Config(arguments) => config::run(&arguments, &global),
        };
        done.unwrap_or_else(|error| global.report(error.as_ref()))
    }
}

impl Global {
    /// The configuration, after showing what is wrong with it.
    fn load(&self) -> anyhow::Result<Loaded> {
        let result = Config::load(self.config.as_deref());
        let diagnostics = match &result {
            Ok(loaded) => Some(&loaded.warnings),
            Err(LoadError::Invalid(diagnostics)) => Some(diagnostics),
            Err(LoadError::Read { .. } | LoadError::NotText { .. }) => None,
        };
        if let Some(diagnostics) = diagnostics {
            self.stderr().write_all(render(diagnostics, Style::Ansi).as_bytes())?;
        }
        Ok(result?)
    }

    /// Standard output, which drops colours where they are not wanted.
    fn stdout(&self) -> AutoStream<io::Stdout> {
        AutoStream::new(io::stdout(), self.choice())
    }

    /// Standard error, likewise.
    fn stderr(&self) -> AutoStream<io::Stderr> {
        AutoStream::new(io::stderr(), self.choice())
    }

    const fn choice(&self) -> anstream::ColorChoice {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
    }

    /// Says what went wrong and why. Nobody is told when the reader of the output has gone.
    fn report(&self, error: &(dyn Error + 'static)) -> ExitCode {
        if is_broken_pipe(error) {
            return ExitCode::SUCCESS;
        }
        let mut text = format!("\x1b[1;91merror\x1b[0m: {error}\n");
        let mut cause = error.source();
        while let Some(error) = cause {
            text.push_str(&format!("  caused by: {error}\n"));
            cause = error.source();
        }
        // There is nobody left to tell of a failure here.
        let _ = self.stderr().write_all(text.as_bytes());
        ExitCode::FAILURE
    }
}

/// A duration as in the configuration, or a number of seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let parsed = match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => parse_duration(text),
    };
    parsed
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "write a number of seconds, or with a unit: 90s, 5m, 14d".into())
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_options_go_before_and_after_the_command() {
        let before = Cli::parse_from(["mtasts", "--config", "a.toml", "config", "check"]);
        let after = Cli::parse_from(["mtasts", "config", "check", "-c", "a.toml"]);
        assert_eq!(before.global.config, Some("a.toml".into()));
        assert_eq!(after.global.config, Some("a.toml".into()));
    }
}
