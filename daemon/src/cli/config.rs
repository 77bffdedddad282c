//! `mtasts config`: print or check the configuration.

use std::{io::Write, process::ExitCode};

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;

use super::Global;
use crate::config::{
    Config, DEFAULT_FILE, DEFAULT_TEXT, Diagnostics, LoadError, Position, Problem, Severity,
    StoreKind, Style, Surroundings, render,
};

/// Arguments of `mtasts config`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a configuration file with every key at its default, and what each is for
    Default,
    /// Find all mistakes in the configuration file
    ///
    /// Exit codes: 0 the file can be used, perhaps with warnings; 1 it cannot be used; 2 a mistake
    /// on the command line.
    Check {
        /// Print the problems as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the values that are in force, defaults included
    Show {
        /// Print them as JSON instead of TOML
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitCode> {
    match arguments.action {
        Action::Default => {
            global.stdout().write_all(DEFAULT_TEXT.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Action::Check { json } => check(global, json),
        Action::Show { json } => show(global, json),
    }
}

fn check(global: &Global, json: bool) -> anyhow::Result<ExitCode> {
    let (diagnostics, nothing_read) = match Config::load(global.config.as_deref()) {
        Ok(loaded) => (loaded.warnings, loaded.file.is_none()),
        Err(LoadError::Invalid(diagnostics)) => (diagnostics, false),
        Err(error @ (LoadError::Read { .. } | LoadError::NotText { .. })) => {
            return Err(error.into());
        }
    };
    let mut out = global.stdout();
    if json {
        writeln!(out, "{:#}", as_json(&diagnostics))?;
    } else if nothing_read {
        writeln!(out, "{DEFAULT_FILE} does not exist: the defaults apply")?;
    } else {
        write!(out, "{}", render(&diagnostics, Style::Ansi))?;
        writeln!(out, "{diagnostics}")?;
    }
    Ok(if diagnostics.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn show(global: &Global, json: bool) -> anyhow::Result<ExitCode> {
    let mut config = global.load()?.config;
    if config.store.kind == StoreKind::Sqlite {
        config.store.path = config.store.location(&Surroundings::of_process());
    }
    let text = if json {
        serde_json::to_string_pretty(&config).map(|text| text + "\n").map_err(anyhow::Error::new)
    } else {
        toml::to_string_pretty(&config).map_err(anyhow::Error::new)
    };
    let text = text.context("cannot write the configuration down")?;
    global.stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn as_json(diagnostics: &Diagnostics) -> serde_json::Value {
    let source = diagnostics.source();
    let place = |Position { line, column }| json!({ "line": line, "column": column });
    let problem = |problem: &Problem| {
        json!({
            "severity": problem.severity.as_str(),
            "message": problem.message,
            "start": place(source.position(problem.span.start)),
            "end": place(source.position(problem.span.end)),
            "label": problem.label,
            "help": problem.help,
            "fix": problem.fix.as_ref().map(|fix| json!({
                "title": fix.title,
                "start": place(source.position(fix.span.start)),
                "end": place(source.position(fix.span.end)),
                "text": fix.text,
            })),
        })
    };
    json!({
        "schema_version": 1,
        "file": source.name(),
        "errors": diagnostics.count(Severity::Error),
        "warnings": diagnostics.count(Severity::Warning),
        "problems": diagnostics.iter().map(problem).collect::<Vec<_>>(),
    })
}
