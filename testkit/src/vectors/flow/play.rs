//! A scenario being played: the engine, its network, its store and its clock.

use core::time::Duration;
use std::{collections::BTreeMap, sync::Arc};

use mtasts_core::{
    Bounce, CachedPolicy, Config, Decision, Engine, Input, LookupId, Output, PolicyDomain,
    RequestId, ResultType, Source, UnixMillis, Unprotected, Why,
};

use super::network::Network;

pub(super) struct Play {
    engine: Engine,
    restart: Restart,
    /// Something may be in the store that the engine does not know of.
    unfilled: bool,
    pub(super) network: Network,
    /// What survives a restart.
    store: BTreeMap<PolicyDomain, CachedPolicy>,
    pub(super) alerts: u32,
    answer: Option<(Decision, Option<Bounce>)>,
    lookups: u32,
    now: u64,
}

/// How the engine learns after a restart what is in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Restart {
    /// It has been told all of it before anybody asks.
    Filled,
    /// It loads the policy of the domain that somebody asks for.
    Empty,
}

/// Where a scenario's clock begins: some moment of 2026. The format lets times be shifted at will.
const START: u64 = 1_790_000_000;
/// Errands of one step, and rounds of maintenance, that no scenario needs.
const RESTLESS: usize = 10_000;
const DEADLINE: Duration = Duration::from_secs(90);

impl Play {
    pub(super) fn new(restart: Restart) -> Self {
        Self {
            engine: engine(),
            restart,
            unfilled: false,
            network: Network::default(),
            store: BTreeMap::new(),
            alerts: 0,
            answer: None,
            lookups: 0,
            now: 0,
        }
    }

    /// Begins a step at `t` seconds.
    pub(super) fn begin(&mut self, t: u64) {
        self.now = t;
        self.network.forget_counts();
        self.alerts = 0;
    }

    pub(super) fn now(&self) -> UnixMillis {
        UnixMillis::from_secs(START + self.now)
    }

    /// Seconds of the scenario's clock.
    pub(super) fn seconds(at: UnixMillis) -> i64 {
        at.as_secs().cast_signed() - START.cast_signed()
    }

    /// The decision for a next hop, after everything that the question starts is done.
    pub(super) fn lookup(&mut self, next_hop: &str) -> Result<Decision, String> {
        let Ok(domain) = PolicyDomain::from_lookup_key(next_hop) else {
            return Ok(no_domain());
        };
        let first = self.ask(&domain)?;
        // A policy that is there is given before DNS is asked, if that is due. What comes of it
        // counts too: ask again at the same time.
        let is_cached = first.policy().is_some_and(|applied| applied.source == Source::Cached);
        if is_cached { self.ask(&domain) } else { Ok(first) }
    }

    fn ask(&mut self, domain: &PolicyDomain) -> Result<Decision, String> {
        let now = self.now();
        if let Some(decision) = self.engine.lookup(domain, now) {
            self.settle()?;
            return Ok(decision);
        }
        let (lookup, domain) = (self.free_lookup(), domain.clone());
        self.input(Input::Resolve { lookup, domain, deadline: now.plus(DEADLINE) })?;
        Ok(self.answered()?.0)
    }

    /// The check before a bounce.
    pub(super) fn recheck(&mut self, next_hop: &str) -> Result<(Decision, Bounce), String> {
        let Ok(domain) = PolicyDomain::from_lookup_key(next_hop) else {
            return Ok((no_domain(), Bounce::Allowed));
        };
        let lookup = self.free_lookup();
        let deadline = self.now().plus(DEADLINE);
        self.input(Input::Recheck { lookup, domain, deadline })?;
        match self.answered()? {
            (decision, Some(bounce)) => Ok((decision, bounce)),
            (_, None) => Err("the answer to a recheck does not say whether to bounce".into()),
        }
    }

    /// Background maintenance: everything that is due.
    pub(super) fn tick(&mut self) -> Result<(), String> {
        let now = self.now();
        if self.unfilled {
            self.fill()?;
        }
        for _ in 0..RESTLESS {
            self.engine.handle_timeout(now);
            self.settle()?;
            if self.engine.poll_timeout().is_none_or(|(at, _)| at > now) {
                return Ok(());
            }
        }
        Err("maintenance finds no end".into())
    }

    pub(super) fn restart(&mut self) -> Result<(), String> {
        self.engine = engine();
        self.unfilled = true;
        if self.restart == Restart::Filled { self.fill() } else { Ok(()) }
    }

    /// Tells the engine what is in the store. It passes over what it knows already.
    fn fill(&mut self) -> Result<(), String> {
        self.unfilled = false;
        for (domain, policy) in self.store.clone() {
            self.input(Input::Restore { domain, policy })?;
        }
        self.settle()
    }

    /// What is remembered of the domain, without asking for it.
    pub(super) fn peek(&self, next_hop: &str) -> Option<Decision> {
        let domain = PolicyDomain::from_lookup_key(next_hop).ok()?;
        self.engine.peek(&domain, self.now())
    }

    /// What there is to report of a failure that has come up in this step.
    pub(super) fn new_report(&self, next_hop: &str) -> Option<ResultType> {
        let decision = self.peek(next_hop)?;
        decision.failure().filter(|failure| failure.at == self.now())?;
        decision.discovery_result()
    }

    /// Whether something may be in the store that the engine does not know of.
    pub(super) const fn is_unfilled(&self) -> bool {
        self.unfilled
    }

    pub(super) fn stored(&self, domain: &PolicyDomain) -> Option<&CachedPolicy> {
        self.store.get(domain).filter(|cached| self.now() <= cached.expires_at())
    }

    fn free_lookup(&mut self) -> LookupId {
        self.lookups += 1;
        LookupId(self.lookups)
    }

    fn answered(&mut self) -> Result<(Decision, Option<Bounce>), String> {
        self.settle()?;
        self.answer.take().ok_or_else(|| "the lookup was not answered".into())
    }

    fn input(&mut self, input: Input) -> Result<(), String> {
        self.engine.handle_input(input, self.now()).map_err(|error| error.to_string())
    }

    /// Carries out every errand, at the time of the step.
    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..RESTLESS {
            let Some(output) = self.engine.poll_output() else { return Ok(()) };
            match output {
                Output::QueryTxt { request, name, .. } => {
                    let answer =
                        self.network.query(&name)?.map_err(|failure| (failure, Arc::default()));
                    self.input(Input::TxtAnswer { request, answer })?;
                }
                Output::FetchPolicy { request, host, .. } => {
                    let answer = self.network.get(&host)?;
                    self.input(Input::FetchAnswer { request, answer })?;
                }
                Output::Load { request, domain } => self.load(request, &domain)?,
                Output::Store { request, domain, policy } => {
                    self.store.insert(domain, policy);
                    self.input(Input::Stored { request })?;
                }
                Output::Remove { domain } => {
                    self.store.remove(&domain);
                }
                Output::Answer { decision, bounce, .. } => {
                    if self.answer.replace((decision, bounce)).is_some() {
                        return Err("a lookup was answered twice".into());
                    }
                }
                Output::Alert { .. } => self.alerts += 1,
            }
        }
        Err("the engine's errands find no end".into())
    }

    fn load(&mut self, request: RequestId, domain: &PolicyDomain) -> Result<(), String> {
        let policy = self.store.get(domain).cloned();
        self.input(Input::Loaded { request, policy })
    }
}

/// The decision for a next hop that is no domain.
fn no_domain() -> Decision {
    Decision::Opportunistic(Unprotected::new(Why::NoRecord))
}

fn engine() -> Engine {
    Engine::new(Config { store: true, ..Config::default() })
}
