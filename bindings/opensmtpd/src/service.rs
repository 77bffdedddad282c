//! What the table answers.

use std::{path::PathBuf, time::Instant};

use mtasts_client::{Answer, Client};
use mtasts_core::{
    Decision, PolicyDomain,
    render::{opensmtpd_domain, opensmtpd_relayhost},
};

use crate::{
    config::Config, exchangers::Exchangers, protocol::Operation, resolver::Resolver, turns::Turns,
};

/// The table: which domains enforce a policy, and where their mail goes.
#[derive(Debug)]
pub(crate) struct Service {
    file: Option<PathBuf>,
    client: Client,
    exchangers: Exchangers,
    turns: Turns,
}

/// What the tables of OpenSMTPD call `services`, as far as there is something in this one.
const DOMAIN: &str = "domain";
const RELAYHOST: &str = "relayhost";

impl Service {
    pub(crate) const NAMES: [&str; 2] = [DOMAIN, RELAYHOST];

    /// `file` is where the configuration is from.
    pub(crate) fn new(config: Config, file: Option<PathBuf>) -> Self {
        let turns = Turns::default();
        let (client, exchangers) = connect(config);
        Self { file, client, exchangers, turns }
    }

    /// The result of an operation, as the protocol has it.
    pub(crate) fn answer(&mut self, operation: Operation<'_>) -> String {
        match operation {
            Operation::Check { service: DOMAIN, key } => self.domain(key),
            Operation::Lookup { service: DOMAIN, key } => match self.domain(key).as_str() {
                "found" => format!("found|{key}"),
                other => other.to_owned(),
            },
            Operation::Lookup { service: RELAYHOST, key } => self.relayhost(key),
            Operation::Check { service: RELAYHOST, key } => {
                let result = self.relayhost(key);
                if result.starts_with("found|") { "found".to_owned() } else { result }
            }
            Operation::Check { service, .. } | Operation::Lookup { service, .. } => {
                error(&format!("this table has no `{service}`, only `domain` and `relayhost`"))
            }
            Operation::Fetch => error(
                "this table cannot be listed: in smtpd.conf, write `relay domain <…>`, not `relay host <…>`",
            ),
            Operation::Update => self.update(),
            Operation::Unknown => error("this operation is not known"),
        }
    }

    /// Whether mail for the domain takes the action that verifies.
    fn domain(&mut self, key: &str) -> String {
        // What is no domain has no policy: address literals, for example.
        let Ok(domain) = PolicyDomain::from_lookup_key(key) else { return "not-found".to_owned() };
        let answer = match self.ask(&domain) {
            Ok(answer) => answer,
            Err(result) => return result,
        };
        if matches!(answer.decision, Decision::Enforce(_)) {
            self.turns.accept(&domain, Instant::now());
        }
        let mut result = String::new();
        opensmtpd_domain(&answer.decision, &mut result);
        result
    }

    /// The host that mail for the domain goes to now.
    fn relayhost(&mut self, key: &str) -> String {
        let domain = match PolicyDomain::from_lookup_key(key) {
            Ok(domain) => domain,
            Err(problem) => return error(&format!("no MX host: {problem}")),
        };
        let answer = match self.ask(&domain) {
            Ok(answer) => answer,
            Err(result) => return result,
        };
        let hosts = match self.exchangers.hosts(&domain) {
            Ok(hosts) => hosts,
            Err(problem) => return error(&format!("{domain}: {problem}")),
        };
        let turn = self.turns.take(&domain, Instant::now());
        let mut result = String::new();
        opensmtpd_relayhost(&answer.decision, &hosts, turn, &mut result);
        if result.starts_with("error|") {
            result = format!("{result} (of {domain}: {})", hosts.join(", "));
        }
        result
    }

    fn ask(&self, domain: &PolicyDomain) -> Result<Answer, String> {
        self.client.lookup(domain.as_str()).map_err(|problem| {
            let problem = anyhow::Error::from(problem);
            error(&format!("{domain}: {problem:#}"))
        })
    }

    /// Reads the configuration anew. What is wrong with it does not put an end to the one that there is.
    fn update(&mut self) -> String {
        match Config::load(self.file.as_deref()) {
            Ok(config) => {
                (self.client, self.exchangers) = connect(config);
                "ok".to_owned()
            }
            Err(problem) => error(&format!("{problem:#}")),
        }
    }
}

fn connect(config: Config) -> (Client, Exchangers) {
    let Config { daemon, daemon_timeout, dns_servers, dns_timeout } = config;
    let client = Client::new(daemon).with_timeout(daemon_timeout);
    (client, Exchangers::new(Resolver::new(dns_servers, dns_timeout)))
}

/// The result of a question that has no answer. smtpd(8) logs the reason.
fn error(reason: &str) -> String {
    format!("error|{reason}")
}
