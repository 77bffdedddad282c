//! The MX hosts of a domain (RFC 5321 §5.1).

use core::{fmt::Display, time::Duration};
use std::time::Instant;

use mtasts_core::{
    PolicyDomain,
    dns::{Answer, Question, Rcode, RecordType},
};
use rand::seq::SliceRandom as _;

use crate::{bounded::Bounded, resolver::Resolver};

/// How long an answer is kept at most, whatever its TTL says.
const LONGEST: Duration = Duration::from_secs(300);
/// How long an answer or a failure is kept at least. A queue full of mail for a domain whose servers
/// are out of order must not keep smtpd(8) waiting at each message.
const SHORTEST: Duration = Duration::from_secs(10);

/// The MX hosts of domains, as DNS has them and had them a moment ago.
#[derive(Debug)]
pub(crate) struct Exchangers {
    resolver: Resolver,
    known: Bounded<Result<Vec<String>, Problem>>,
}

/// Why there are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("the domain does not exist")]
    NoDomain,
    #[error("the domain takes no mail: its MX record is null (RFC 7505)")]
    Null,
    #[error("the MX query failed: {0}")]
    Failed(String),
}

impl Exchangers {
    pub(crate) fn new(resolver: Resolver) -> Self {
        Self { resolver, known: Bounded::default() }
    }

    /// The hosts to try, in their order, at least one.
    pub(crate) fn hosts(&mut self, domain: &PolicyDomain) -> Result<Vec<String>, Problem> {
        if let Some(known) = self.known.get(domain, Instant::now()) {
            return known.clone();
        }
        let (found, ttl) = match self.ask(domain) {
            Ok(answer) => {
                let ttl = Duration::from_secs(answer.ttl.into());
                (hosts(domain, answer), ttl.clamp(SHORTEST, LONGEST))
            }
            Err(problem) => (Err(problem), SHORTEST),
        };
        let now = Instant::now();
        let until = now.checked_add(ttl).unwrap_or(now);
        self.known.insert(domain.clone(), found.clone(), now, until);
        found
    }

    fn ask(&self, domain: &PolicyDomain) -> Result<Answer, Problem> {
        let question = Question::new(domain.as_str(), RecordType::Mx).map_err(Problem::failed)?;
        self.resolver.ask(&question).map_err(Problem::failed)
    }
}

impl Problem {
    fn failed(error: impl Display) -> Self {
        Self::Failed(error.to_string())
    }
}

fn hosts(domain: &PolicyDomain, answer: Answer) -> Result<Vec<String>, Problem> {
    if answer.rcode == Rcode::NxDomain {
        return Err(Problem::NoDomain);
    }
    // An alias is processed as if it were the name that it stands for.
    let implicit = answer.aliases.last().map_or(domain.as_str(), String::as_str).to_owned();
    let mut records = answer.into_mx().map_err(Problem::failed)?;
    if records.is_empty() {
        return Ok(vec![implicit]);
    }
    records.retain(|mx| !mx.is_null());
    // Hosts of one preference share the load.
    records.shuffle(&mut rand::rng());
    records.sort_by_key(|mx| mx.preference);
    if records.is_empty() {
        return Err(Problem::Null);
    }
    Ok(records.into_iter().map(|mx| mx.host).collect())
}

#[cfg(test)]
mod tests {
    use testkit::{
        answers::{DnsAnswer, Rcode},
        world::{DnsFault, DnsServer, RecordType, ResponseCode},
    };

    use super::*;

    struct Network {
        server: DnsServer,
        exchangers: Exchangers,
    }

    impl Network {
        fn new() -> Self {
            let server = DnsServer::start();
            let resolver = Resolver::new(vec![server.addr()], Duration::from_secs(30));
            Self { server, exchangers: Exchangers::new(resolver) }
        }

        fn hosts(&mut self, domain: &str) -> Result<Vec<String>, Problem> {
            self.exchangers.hosts(&PolicyDomain::from_lookup_key(domain).unwrap())
        }
    }

    fn mx(records: &[(u16, &str)]) -> Vec<(u16, String)> {
        records.iter().map(|(preference, host)| (*preference, (*host).to_owned())).collect()
    }

    #[test]
    fn the_most_preferred_host_is_first() {
        let mut network = Network::new();
        let records = mx(&[(20, "B.test"), (30, "c.test"), (10, "a.test")]);
        network.server.set_mx("d.test", records);
        assert_eq!(network.hosts("d.test").unwrap(), ["a.test", "b.test", "c.test"]);
    }

    #[test]
    fn hosts_of_one_preference_change_places() {
        let mut network = Network::new();
        let mut first = Vec::new();
        for number in 0..40 {
            let domain = format!("{number}.test");
            network.server.set_mx(&domain, mx(&[(10, "a.test"), (10, "b.test"), (20, "c.test")]));
            let hosts = network.hosts(&domain).unwrap();
            assert_eq!(hosts.last().unwrap(), "c.test");
            first.push(hosts[0].clone());
        }
        first.sort();
        first.dedup();
        assert_eq!(first, ["a.test", "b.test"]);
    }

    #[test]
    fn without_mx_records_the_domain_itself_is_the_host() {
        let mut network = Network::new();
        network.server.set_address("d.test", vec![[127, 0, 0, 2].into()]);
        network.server.set_cname("alias.test", "d.test");
        assert_eq!(network.hosts("d.test").unwrap(), ["d.test"]);
        assert_eq!(network.hosts("alias.test").unwrap(), ["d.test"]);
    }

    #[test]
    fn an_alias_has_the_hosts_of_its_target() {
        let mut network = Network::new();
        network.server.set_mx("d.test", mx(&[(10, "mx.test")]));
        network.server.set_cname("alias.test", "d.test");
        assert_eq!(network.hosts("alias.test").unwrap(), ["mx.test"]);
    }

    #[test]
    fn a_domain_that_takes_no_mail_has_no_host() {
        let mut network = Network::new();
        network.server.set_mx("null.test", mx(&[(0, ".")]));
        network.server.set_mx("odd.test", mx(&[(0, "."), (10, "mx.test")]));
        assert_eq!(network.hosts("null.test"), Err(Problem::Null));
        assert_eq!(network.hosts("odd.test").unwrap(), ["mx.test"]);
        assert_eq!(network.hosts("nowhere.test"), Err(Problem::NoDomain));
    }

    #[test]
    fn answers_are_kept_for_a_while() {
        let mut network = Network::new();
        network.server.set_mx("d.test", mx(&[(10, "mx.test")]));
        network.hosts("d.test").unwrap();
        network.server.set_mx("d.test", mx(&[(10, "other.test")]));
        assert_eq!(network.hosts("d.test").unwrap(), ["mx.test"]);
        assert_eq!(network.server.queries("d.test"), 1);
    }

    #[test]
    fn a_failure_is_told_and_kept_too() {
        let mut network = Network::new();
        let fault = DnsFault::Rcode(ResponseCode::ServFail);
        network.server.set_type_fault("d.test", RecordType::MX, Some(fault));
        network.server.set("d.test", DnsAnswer::Rcode { rcode: Rcode::Nodata, ttl: None });
        let problem = network.hosts("d.test").unwrap_err();
        assert!(problem.to_string().ends_with("answered SERVFAIL"), "{problem}");
        let queries = network.server.queries("d.test");
        assert_eq!(network.hosts("d.test"), Err(problem));
        assert_eq!(network.server.queries("d.test"), queries);
    }
}
