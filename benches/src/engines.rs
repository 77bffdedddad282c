//! Engines that remember domains, after discovering them as in a daemon.

use core::time::Duration;

use mtasts_core::{
    Config, Engine, Input, LookupId, Output, PolicyDomain, Response, TxtAnswer, UnixMillis,
};

use crate::{
    domains::{domain, shuffled},
    policies,
};

/// The time at which engines have discovered what they remember.
pub const DISCOVERED: UnixMillis = UnixMillis::from_secs(1_800_000_000);

/// A time at which all of that holds and nothing is due.
pub const NOW: UnixMillis = UnixMillis::from_secs(1_800_000_010);

const TTL: u32 = 3_600;

/// What an engine remembers of its domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// The policies of a hundred providers.
    Shared,
    /// A policy for each domain.
    Distinct,
    /// The policy of one provider.
    Uniform,
    /// That they have no policy.
    Absent,
}

impl Contents {
    /// The word for it in the names of benches.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Distinct => "distinct",
            Self::Uniform => "uniform",
            Self::Absent => "absent",
        }
    }

    /// The contents of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Shared, Self::Distinct, Self::Uniform, Self::Absent]
            .into_iter()
            .find(|contents| contents.as_str() == name)
    }

    fn records(self) -> Vec<Vec<u8>> {
        match self {
            Self::Shared | Self::Distinct | Self::Uniform => vec![policies::RECORD.to_vec()],
            Self::Absent => Vec::new(),
        }
    }

    /// The policy of the domain of this number, if it has one.
    pub(crate) fn policy(self, number: u32, domain: &PolicyDomain) -> String {
        match self {
            Self::Shared => policies::shared(number),
            Self::Distinct => policies::distinct(domain.as_str()),
            Self::Uniform => policies::shared(0),
            Self::Absent => String::new(),
        }
    }
}

/// An engine that remembers the domains below `count`.
#[must_use]
pub fn engine(count: u32, contents: Contents) -> Engine {
    let max_domains = usize::try_from(count).expect("there is memory for less than that");
    let mut engine = Engine::new(Config { max_domains, ..Config::default() });
    for number in 0..count {
        let domain = domain(number);
        let policy = contents.policy(number, &domain);
        discover(&mut engine, domain, contents.records(), policy);
    }
    engine
}

/// Asks for a domain, and does the engine's errands: the TXT query brings `records`, and a fetch
/// brings `policy`.
fn discover(engine: &mut Engine, domain: PolicyDomain, records: Vec<Vec<u8>>, policy: String) {
    let deadline = DISCOVERED.plus(Duration::from_secs(60));
    let mut input = Some(Input::Resolve { lookup: LookupId(0), domain, deadline });
    let mut found = Some((records, policy.into_bytes()));
    while let Some(next) = input.take() {
        engine.handle_input(next, DISCOVERED).expect("the engine waits for this");
        input = match engine.poll_output() {
            Some(Output::QueryTxt { request, .. }) => {
                let records = found.as_ref().map(|(records, _)| records.clone());
                let answer = TxtAnswer { records: records.unwrap_or_default(), ttl: TTL };
                Some(Input::TxtAnswer { request, answer: Ok(answer) })
            }
            Some(Output::FetchPolicy { request, .. }) => {
                let body = found.take().map(|(_, body)| body).unwrap_or_default();
                let content_type = Some("text/plain".into());
                Some(Input::FetchAnswer {
                    request,
                    answer: Ok(Response { status: 200, content_type, body }),
                })
            }
            _ => None,
        };
    }
}

/// An engine, and what is asked of it: every domain that it remembers, in random order, again and
/// again.
#[derive(Debug)]
pub struct Asked {
    /// The engine.
    pub engine: Engine,
    /// The domains. They were made in this order and share no memory with the engine's, so that
    /// reading them costs what reading a request costs.
    domains: Vec<PolicyDomain>,
    next: usize,
}

impl Asked {
    /// An engine that remembers `count` domains.
    #[must_use]
    pub fn new(count: u32, contents: Contents) -> Self {
        let engine = engine(count, contents);
        let domains = shuffled(count).into_iter().map(domain).collect();
        Self { engine, domains, next: 0 }
    }

    /// The engine, and the next domain to ask it for.
    pub fn ask(&mut self) -> (&mut Engine, &PolicyDomain) {
        self.next += 1;
        if self.next >= self.domains.len() {
            self.next = 0;
        }
        let domain = self.domains.get(self.next).expect("it is one of them");
        (&mut self.engine, domain)
    }
}
