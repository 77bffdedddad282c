//! `table-mtasts`: MTA-STS for OpenSMTPD 7.6 and later.
//!
//! smtpd(8) starts this program for a line such as `table sts mtasts:/etc/mtasts/opensmtpd.toml` in its
//! configuration, and asks it on standard input which domains demand verified TLS (`domain`) and which
//! of their MX hosts mail may go to (`relayhost`). The mtasts daemon knows; docs/opensmtpd.md says how
//! to set both up.

mod bounded;
mod config;
mod conversation;
mod exchangers;
mod log;
mod protocol;
mod resolver;
mod service;
mod turns;

use std::{io, path::PathBuf, process::ExitCode};

use clap::Parser;

use crate::{config::Config, service::Service};

const AFTER_HELP: &str = "\
smtpd(8) of OpenSMTPD 7.6 or later starts this program, for these lines in its
configuration. Older versions speak another protocol to their tables.

    table sts mtasts:/etc/mtasts/opensmtpd.toml
    action \"sts\" relay domain <sts> tls
    match from local for domain <sts> action \"sts\"

The keys of CONFIG, which is TOML, with their defaults:

    daemon = \"127.0.0.1:8461\"    where `mtasts serve` listens; or a path
    daemon_timeout = \"5s\"        smtpd stands still for so long at most
    dns_servers = []             those of /etc/resolv.conf
    dns_timeout = \"5s\"           for the MX hosts of a domain";

/// A table of OpenSMTPD with the domains that enforce MTA-STS (RFC 8461)
///
/// Asks the mtasts daemon, and speaks table protocol 0.1 on standard input and output.
#[derive(Debug, Parser)]
#[command(name = "table-mtasts", version, after_help = AFTER_HELP)]
struct Cli {
    /// Reads CONFIG, says what is wrong with it, and ends
    #[arg(long)]
    check: bool,
    /// The configuration; without one, the defaults
    config: Option<PathBuf>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    log::open();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let config = Config::load(cli.config.as_deref())?;
    if cli.check {
        return Ok(());
    }
    let service = Service::new(config, cli.config);
    conversation::hold(&mut io::stdin().lock(), &mut io::stdout().lock(), service)
}
