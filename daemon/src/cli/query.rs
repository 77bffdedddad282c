//! `mtasts query`: what would happen to mail for a domain, and why.

use core::time::Duration;
use std::{io::Write, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use mtasts_client::{Address, Client, Reply};
use mtasts_core::{Decision, FailureKind, PolicyDomain};

use super::Global;
use crate::{
    config::Profile,
    network::Network,
    query::{Report, json, query, text},
};

const AFTER_HELP: &str = "\
Exit codes: 0 the domain's policy, or its absence, is plain; 1 what it publishes
is of no use, or an --mx is not in its policy; 2 a mistake on the command line;
3 DNS gave no answer, or the daemon cannot be asked.";

const LONG_ABOUT: &str = "\
Show what a domain publishes and what the MTA is told

Everything is looked up anew: the daemon's cache and store are not used, unless
a running daemon is asked with --server.";

/// Show what a domain publishes and what the MTA is told
#[derive(Debug, Args)]
#[command(long_about = LONG_ABOUT, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// A mail domain, or a next hop as MTAs write it: `[host]:port`, `host:port`
    domain: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The form of the MTA's reply
    #[arg(long, value_enum, default_value_t, value_name = "NAME")]
    profile: Profile,
    /// Say whether this MX host is in the policy; may be repeated
    #[arg(long, value_name = "HOST", conflicts_with = "server")]
    mx: Vec<String>,
    /// Ask the daemon that listens there instead: ADDRESS:PORT, or the path of a Unix socket
    #[arg(long, value_name = "ADDRESS")]
    server: Option<String>,
}

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Plain,
    Useless,
    Unknown,
}

/// Longer than the daemon takes for an answer, unless it is configured otherwise.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitCode> {
    let verdict = match &arguments.server {
        Some(server) => arguments.ask_daemon(server, global)?,
        None => arguments.look_up(global)?,
    };
    Ok(ExitCode::from(match verdict {
        Verdict::Plain => 0,
        Verdict::Useless => 1,
        Verdict::Unknown => 3,
    }))
}

impl Arguments {
    fn look_up(&self, global: &Global) -> anyhow::Result<Verdict> {
        let domain = PolicyDomain::from_lookup_key(&self.domain)
            .with_context(|| format!("`{}` has no policy", self.domain))?;
        let config = global.load()?.config;
        let network = Network::new(&config)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let report = runtime.block_on(query(domain, config.engine(0), &network));
        let mut out = global.stdout();
        if self.json {
            writeln!(out, "{}", json(&report, self.profile, &self.mx))?;
        } else {
            out.write_all(text(&report, self.profile, &self.mx).as_bytes())?;
        }
        Ok(self.verdict(&report))
    }

    fn verdict(&self, report: &Report) -> Verdict {
        match report.decision.failure().map(|failure| failure.kind) {
            Some(FailureKind::Dns(_)) => return Verdict::Unknown,
            Some(FailureKind::Record(_) | FailureKind::Fetch(_) | FailureKind::Policy(_)) => {
                return Verdict::Useless;
            }
            None => {}
        }
        let (Decision::Enforce(applied) | Decision::Testing(applied)) = &report.decision else {
            return Verdict::Plain;
        };
        let all_match = self.mx.iter().all(|host| applied.policy.matches(host));
        if all_match { Verdict::Plain } else { Verdict::Useless }
    }

    /// Asks a daemon as an MTA does.
    fn ask_daemon(&self, server: &str, global: &Global) -> anyhow::Result<Verdict> {
        let address: Address =
            server.parse().with_context(|| format!("`{server}` is no address of a daemon"))?;
        let client = Client::new(address).with_timeout(PATIENCE);
        let map = self.profile.map();
        let reply = match client.ask(map, &self.domain) {
            Ok(reply) => reply,
            Err(error) => {
                global.report(&error);
                return Ok(Verdict::Unknown);
            }
        };
        let mut out = global.stdout();
        if self.json {
            let reply = serde_json::json!({
                "schema_version": 1, "request": format!("{map} {}", self.domain),
                "server": server, "reply": reply.to_string(),
            });
            writeln!(out, "{reply}")?;
        } else {
            writeln!(out, "{reply}")?;
        }
        Ok(match reply {
            Reply::Ok(_) | Reply::NotFound => Verdict::Plain,
            Reply::Temp(_) | Reply::Perm(_) => Verdict::Unknown,
        })
    }
}
