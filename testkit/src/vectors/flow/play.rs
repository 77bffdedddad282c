//! A scenario being played: an engine, its network, its store and its clock.

use core::time::Duration;
use std::collections::BTreeMap;

use mtasts_core::{Policy, PolicyDomain, UnixMillis};

use super::{
    super::face::{Face, Kept, Ruling, Task},
    network::Network,
};

pub(super) struct Play<'a> {
    face: &'a mut Face,
    restart: Restart,
    /// Something may be in the store that the engine does not know of.
    unfilled: bool,
    pub(super) network: Network,
    /// What survives a restart.
    store: BTreeMap<String, Stored>,
    pub(super) alerts: u32,
    answer: Option<(Ruling, Option<String>)>,
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

/// A policy in the store.
#[derive(Debug)]
pub(super) struct Stored {
    kept: Kept,
    pub(super) id: String,
    pub(super) fetched_at: UnixMillis,
    pub(super) expires_at: UnixMillis,
}

/// Where a scenario's clock begins: some moment of 2026. The format lets times be shifted at will.
const START: u64 = 1_790_000_000;
/// Errands of one step, and rounds of maintenance, that no scenario needs.
const RESTLESS: usize = 10_000;
const DEADLINE: Duration = Duration::from_secs(90);

impl<'a> Play<'a> {
    pub(super) fn new(face: &'a mut Face, restart: Restart) -> Result<Self, String> {
        face.new_engine()?;
        Ok(Self {
            face,
            restart,
            unfilled: false,
            network: Network::default(),
            store: BTreeMap::new(),
            alerts: 0,
            answer: None,
            lookups: 0,
            now: 0,
        })
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
    pub(super) fn lookup(&mut self, next_hop: &str) -> Result<Ruling, String> {
        let first = self.ask(next_hop)?;
        // A policy that is there is given before DNS is asked, if that is due. What comes of it
        // counts too: ask again at the same time.
        let is_cached = first.policy.as_ref().is_some_and(|policy| policy.is_cached);
        if is_cached { self.ask(next_hop) } else { Ok(first) }
    }

    fn ask(&mut self, next_hop: &str) -> Result<Ruling, String> {
        let now = self.now();
        if let Some(ruling) = self.face.lookup(next_hop, now)? {
            self.settle()?;
            return Ok(ruling);
        }
        let lookup = self.free_lookup();
        self.face.resolve(lookup, next_hop, now.plus(DEADLINE), now)?;
        Ok(self.answered()?.0)
    }

    /// The verdict on an attempt to deliver, after the [`lookup`](Self::lookup) of its domain.
    pub(super) fn judge(
        &mut self,
        next_hop: &str,
        mx: &str,
        starttls: bool,
        cert: &str,
        dane: &str,
    ) -> Result<(String, Option<String>), String> {
        if PolicyDomain::from_lookup_key(next_hop).is_err() {
            // Nothing is demanded of its hosts, and no engine has a say.
            return Ok(("deliver".into(), None));
        }
        self.face.judge(mx, starttls, cert, dane)
    }

    /// The check before a bounce.
    pub(super) fn recheck(&mut self, next_hop: &str) -> Result<(Ruling, String), String> {
        if PolicyDomain::from_lookup_key(next_hop).is_err() {
            return Ok((Ruling::no_domain(), "allowed".into()));
        }
        let now = self.now();
        let lookup = self.free_lookup();
        self.face.recheck(lookup, next_hop, now.plus(DEADLINE), now)?;
        match self.answered()? {
            (ruling, Some(bounce)) => Ok((ruling, bounce)),
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
            self.face.timeout(now)?;
            self.settle()?;
            if self.face.next()?.is_none_or(|at| at > now) {
                return Ok(());
            }
        }
        Err("maintenance finds no end".into())
    }

    pub(super) fn restart(&mut self) -> Result<(), String> {
        self.face.new_engine()?;
        self.unfilled = true;
        if self.restart == Restart::Filled { self.fill() } else { Ok(()) }
    }

    /// Tells the engine what is in the store. It passes over what it knows already.
    fn fill(&mut self) -> Result<(), String> {
        self.unfilled = false;
        let now = self.now();
        for (domain, stored) in &self.store {
            self.face.restore(domain, &stored.kept, now)?;
        }
        self.settle()
    }

    /// What is remembered of the domain, without asking for it.
    pub(super) fn peek(&mut self, next_hop: &str) -> Result<Option<Ruling>, String> {
        if PolicyDomain::from_lookup_key(next_hop).is_err() {
            return Ok(None);
        }
        let now = self.now();
        self.face.peek(next_hop, now)
    }

    /// What there is to report of a failure that has come up in this step.
    pub(super) fn new_report(&mut self, next_hop: &str) -> Result<Option<String>, String> {
        let now = self.now();
        let ruling = self.peek(next_hop)?.filter(|ruling| ruling.failure_at == Some(now));
        Ok(ruling.and_then(|ruling| ruling.report))
    }

    /// Whether something may be in the store that the engine does not know of.
    pub(super) const fn is_unfilled(&self) -> bool {
        self.unfilled
    }

    pub(super) fn stored(&self, domain: &PolicyDomain) -> Option<&Stored> {
        self.store.get(domain.as_str()).filter(|stored| self.now() <= stored.expires_at)
    }

    const fn free_lookup(&mut self) -> u32 {
        self.lookups += 1;
        self.lookups
    }

    fn answered(&mut self) -> Result<(Ruling, Option<String>), String> {
        self.settle()?;
        self.answer.take().ok_or_else(|| "the lookup was not answered".into())
    }

    /// Carries out every errand, at the time of the step.
    fn settle(&mut self) -> Result<(), String> {
        let now = self.now();
        for _ in 0..RESTLESS {
            let Some(task) = self.face.poll()? else { return Ok(()) };
            match task {
                Task::QueryTxt { request, name } => {
                    let answer = self.network.query(&name)?;
                    self.face.txt_answer(request, &answer, now)?;
                }
                Task::FetchPolicy { request, host } => {
                    let fetched = self.network.get(&host)?;
                    self.face.fetch_answer(request, &fetched, now)?;
                }
                Task::Load { request, domain } => {
                    let kept = self.store.get(&domain).map(|stored| &stored.kept);
                    self.face.loaded(request, kept, now)?;
                }
                Task::Store { request, domain, policy } => {
                    self.store.insert(domain, Stored::new(policy)?);
                    self.face.stored(request, now)?;
                }
                Task::Remove { domain } => {
                    self.store.remove(&domain);
                }
                Task::Answer { ruling, bounce } => {
                    if self.answer.replace((ruling, bounce)).is_some() {
                        return Err("a lookup was answered twice".into());
                    }
                }
                Task::Alert => self.alerts += 1,
            }
        }
        Err("the engine's errands find no end".into())
    }
}

impl Stored {
    fn new(kept: Kept) -> Result<Self, String> {
        let parsed = Policy::parse(&kept.text);
        let policy = parsed.map_err(|error| format!("what is to be stored: {error}"))?.policy;
        let (id, fetched_at) = (kept.id.clone(), kept.fetched_at);
        Ok(Self { id, fetched_at, expires_at: fetched_at.plus(policy.max_age()), kept })
    }
}
