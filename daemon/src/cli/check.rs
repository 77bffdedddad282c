//! `mtasts check`: what a domain publishes, and what senders make of it.

use core::time::Duration;
use std::{
    io::{IsTerminal as _, Write},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;
use futures_util::{StreamExt as _, stream};
use mtasts_core::PolicyDomain;
use mtasts_net::{
    dns::{DnsConfig, Resolver, Server, Servers},
    smtp::{SMTP_PORT, SmtpProbe},
};
use serde_json::json;

use super::Global;
use crate::{
    check::{Checked, Checker, Progress, Settings, json as report_json, nagios, text},
    config::{Config, Profile},
    lint::{FailOn, Format, Texts, github},
    network::Network,
};

const AFTER_HELP: &str = "\
Exit codes: 0 no finding as grave as --fail-on; 1 at least one; 2 a mistake on
the command line; 3 DNS gave no answer. With --nagios: 0 OK, 1 WARNING,
2 CRITICAL, 3 UNKNOWN, and a mistake on the command line is 3.";

const LONG_ABOUT: &str = "\
Check what a domain publishes: records, policy, certificates, MX hosts

Everything is looked up anew, as a sender would. `mtasts explain CODE` says more
about a finding.";

/// Check what a domain publishes: records, policy, certificates, MX hosts
#[derive(Debug, Args)]
#[command(long_about = LONG_ABOUT, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Mail domains
    #[arg(required = true, value_name = "DOMAIN")]
    domains: Vec<String>,
    /// Ask this resolver: ADDRESS, ADDRESS:PORT or tls://ADDRESS. May be repeated: the answers of
    /// further ones to the TXT query are compared
    #[arg(long, value_name = "ADDRESS")]
    resolver: Vec<Server>,
    /// Connect to each MX host on port 25 and look at STARTTLS and the certificate. No mail is sent
    #[arg(long)]
    smtp: bool,
    /// The port of MX hosts, for tests
    #[arg(long, value_name = "PORT", default_value_t = SMTP_PORT, hide = true)]
    smtp_port: u16,
    /// Print one JSON object; the same as --format json
    #[arg(long, conflicts_with_all = ["format", "nagios"])]
    json: bool,
    /// How to print the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", conflicts_with = "nagios")]
    format: Format,
    /// Print a line with performance data, and exit as Nagios and Icinga expect it
    #[arg(long)]
    nagios: bool,
    /// The findings that count as a failure
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY", conflicts_with = "nagios")]
    fail_on: FailOn,
    /// The form of the MTA's reply
    #[arg(long, value_enum, default_value_t, value_name = "NAME")]
    profile: Profile,
    /// The time for each domain, such as 30s
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = super::duration)]
    timeout: Duration,
}

/// Most domains that are looked at at one time.
const CONCURRENT: usize = 8;

pub(super) fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitCode> {
    match arguments.check(global) {
        Err(error) if arguments.nagios => {
            let message = format!("{error:#}").replace('|', "/").replace(char::is_control, " ");
            writeln!(global.stdout(), "MTASTS UNKNOWN - {message}")?;
            Ok(ExitCode::from(3))
        }
        outcome => outcome,
    }
}

impl Arguments {
    fn check(&self, global: &Global) -> anyhow::Result<ExitCode> {
        let domains = self.domains.iter().map(|domain| {
            PolicyDomain::from_lookup_key(domain)
                .with_context(|| format!("`{}` is no mail domain", domain.escape_debug()))
        });
        let domains = domains.collect::<anyhow::Result<Vec<_>>>()?;
        let checker = Checker::new(self.settings(global.load()?.config)?);
        let progress = Progress::new(std::io::stderr().is_terminal());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let all: Vec<Checked> = runtime.block_on(
            stream::iter(domains)
                .map(|domain| {
                    let (checker, progress) = (&checker, &progress);
                    async move {
                        let line = progress.line(domain.as_str().to_owned());
                        checker.check(domain, |step| line.done(step)).await
                    }
                })
                .buffered(CONCURRENT)
                .collect(),
        );
        self.tell(&all, global)
    }

    fn settings(&self, mut config: Config) -> anyhow::Result<Settings> {
        let mut resolvers = self.resolver.iter();
        if let Some(first) = resolvers.next() {
            config.dns.servers = vec![first.to_string()];
        }
        let network = Network::new(&config)?;
        let others = resolvers.map(|server| {
            let resolver = Resolver::new(DnsConfig {
                servers: Servers::Named(vec![server.clone()]),
                timeout: config.dns.attempt_timeout,
                attempts: config.dns.attempts,
                max_queries: config.dns.max_queries,
                roots: Some(network.roots.clone()),
            });
            (server.to_string(), resolver)
        });
        let others = others.collect();
        let smtp = self.smtp.then(|| {
            SmtpProbe::new(network.roots.clone(), self.smtp_port, &config.https.allow_networks)
        });
        Ok(Settings {
            others,
            smtp,
            network,
            dns_timeout: config.dns.timeout,
            timeout: self.timeout,
            max_body: config.https.max_body,
        })
    }

    fn tell(&self, all: &[Checked], global: &Global) -> anyhow::Result<ExitCode> {
        let mut out = global.stdout();
        if self.nagios {
            let (line, status) = nagios(all);
            out.write_all(line.as_bytes())?;
            return Ok(ExitCode::from(status.code()));
        }
        match if self.json { Format::Json } else { self.format } {
            Format::Human => {
                for (index, checked) in all.iter().enumerate() {
                    if index > 0 {
                        writeln!(out)?;
                    }
                    out.write_all(text(checked, self.profile).as_bytes())?;
                }
            }
            Format::Json => {
                let domains = all.iter().map(|checked| report_json(checked, self.profile));
                let domains = domains.collect::<serde_json::Value>();
                writeln!(out, "{:#}", json!({ "schema_version": 1, "domains": domains }))?;
            }
            Format::Github => {
                for checked in all {
                    let texts = Texts::of_domain(&checked.publication);
                    for finding in &checked.report.findings {
                        out.write_all(github(finding, &texts).as_bytes())?;
                    }
                }
            }
        }
        Ok(if all.iter().any(Checked::is_incomplete) {
            ExitCode::from(3)
        } else if all.iter().any(|checked| self.fail_on.applies_to(&checked.report)) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}
