//! One seed, played.

use core::{
    hash::{Hash, Hasher},
    time::Duration,
};
use std::{collections::BTreeMap, hash::DefaultHasher};

use fastrand::Rng;
use mtasts_core::{
    Bounce, CachedPolicy, Config, Decision, Engine, Input, InputError, LookupId, Output,
    PolicyDomain, RequestId, UnixMillis, read_policy,
};

use crate::{model::Model, truth::Truth};

pub(crate) struct Play {
    rng: Rng,
    config: Config,
    engine: Engine,
    now: UnixMillis,
    model: Model,
    truths: BTreeMap<PolicyDomain, Truth>,
    store: BTreeMap<PolicyDomain, CachedPolicy>,
    /// Answers on their way, by time and number.
    coming: BTreeMap<(UnixMillis, u64), Coming>,
    sent: u64,
    asked: BTreeMap<LookupId, Asked>,
    lookups: u32,
    open: BTreeMap<RequestId, Open>,
    trace: DefaultHasher,
    pub(crate) seen: Seen,
}

struct Asked {
    domain: PolicyDomain,
    deadline: UnixMillis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errand {
    Txt,
    Fetch,
    Load,
    Store,
}

/// An errand that the engine waits for.
struct Open {
    domain: PolicyDomain,
    errand: Errand,
    /// When the engine gives up.
    until: UnixMillis,
}

#[derive(Clone)]
struct Coming {
    request: RequestId,
    domain: PolicyDomain,
    errand: Errand,
    stored: Option<CachedPolicy>,
}

/// How often something of interest has happened.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) enforced: u32,
    pub(crate) once: u32,
    pub(crate) absent: u32,
    pub(crate) failed: u32,
    pub(crate) refetched: u32,
    pub(crate) expired: u32,
    pub(crate) loaded: u32,
    pub(crate) late: u32,
    pub(crate) busy: u32,
    pub(crate) alerts: u32,
    pub(crate) bounces: u32,
}

impl Seen {
    pub(crate) fn add(&mut self, other: &Self) {
        self.enforced += other.enforced;
        self.once += other.once;
        self.absent += other.absent;
        self.failed += other.failed;
        self.refetched += other.refetched;
        self.expired += other.expired;
        self.loaded += other.loaded;
        self.late += other.late;
        self.busy += other.busy;
        self.alerts += other.alerts;
        self.bounces += other.bounces;
    }
}

impl Play {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let store = rng.bool();
        let config = Config {
            seed,
            store,
            // What is evicted is lost without a store, and the model forgets nothing.
            max_domains: if store { rng.usize(3..9) } else { 100 },
            max_lookups: rng.usize(3..20),
            max_discoveries: rng.usize(1..8),
            ..Config::default()
        };
        let names = ["a", "b", "c", "d", "e", "f"].map(|name| format!("{name}.test"));
        let truths = names
            .iter()
            .map(|name| (PolicyDomain::from_lookup_key(name).unwrap(), Truth::random(&mut rng)));
        let truths = truths.collect();
        Self {
            engine: Engine::new(config.clone()),
            config,
            now: UnixMillis::from_secs(1_800_000_000),
            model: Model::default(),
            truths,
            store: BTreeMap::new(),
            coming: BTreeMap::new(),
            sent: 0,
            asked: BTreeMap::new(),
            lookups: 0,
            open: BTreeMap::new(),
            trace: DefaultHasher::new(),
            seen: Seen::default(),
            rng,
        }
    }

    /// Plays and returns a hash of everything that the engine has said.
    pub(crate) fn run(&mut self, steps: usize) -> u64 {
        for _ in 0..steps {
            let pause = self.pause();
            self.pass_until(self.now.plus(pause));
            self.act();
            self.drain();
        }
        self.pass_until(self.now.plus(Duration::from_secs(200)));
        assert!(self.asked.is_empty(), "lookups were never answered");
        self.trace.finish()
    }

    /// Mostly seconds, now and then hours, sometimes weeks.
    fn pause(&mut self) -> Duration {
        let longest = match self.rng.u8(0..20) {
            0 => 10 * 86_400_000,
            1..4 => 86_400_000,
            4..8 => 600_000,
            _ => 8_000,
        };
        Duration::from_millis(self.rng.u64(0..longest))
    }

    /// Lets time pass from one event to the next.
    fn pass_until(&mut self, end: UnixMillis) {
        loop {
            let wake = self.engine.poll_timeout().map(|(at, _)| at);
            let arrival = self.coming.keys().next().map(|(at, _)| *at);
            let Some(next) = wake.into_iter().chain(arrival).min().filter(|at| *at <= end) else {
                break;
            };
            self.now = self.now.max(next);
            while let Some(entry) =
                self.coming.first_entry().filter(|entry| entry.key().0 <= self.now)
            {
                let coming = entry.remove();
                self.deliver(coming);
            }
            self.engine.handle_timeout(self.now);
            self.give_up();
            self.drain();
            let wake = self.engine.poll_timeout();
            assert!(wake.is_none_or(|(at, _)| at > self.now), "busy loop: {wake:?}");
            self.check_bounds();
        }
        self.now = end;
    }

    fn act(&mut self) {
        let domain = self.random_domain();
        match self.rng.u8(0..20) {
            0..4 => {
                let Self { truths, rng, .. } = self;
                truths.get_mut(&domain).unwrap().change(rng);
            }
            4..9 => self.lookup(&domain),
            9..15 => self.ask(&domain, false),
            15 => self.ask(&domain, true),
            16 => self.cancel(),
            17 => self.forge(),
            18 => self.jump_back(),
            _ => self.restart(),
        }
    }

    fn random_domain(&mut self) -> PolicyDomain {
        let index = self.rng.usize(0..self.truths.len());
        self.truths.keys().nth(index).unwrap().clone()
    }

    fn lookup(&mut self, domain: &PolicyDomain) {
        let decision = self.engine.lookup(domain, self.now);
        let known = self.model.of(domain);
        known.last_used = self.now;
        match decision {
            Some(decision) => self.check(domain, &decision),
            None if self.config.store => {}
            None => assert!(known.governing(self.now).is_none(), "a known policy is not applied"),
        }
    }

    fn ask(&mut self, domain: &PolicyDomain, recheck: bool) {
        self.lookups += 1;
        let lookup = LookupId(self.lookups);
        let deadline = self.now.plus(Duration::from_millis(self.rng.u64(0..100_000)));
        let domain = domain.clone();
        self.model.of(&domain).last_used = self.now;
        let input = if recheck {
            Input::Recheck { lookup, domain: domain.clone(), deadline }
        } else {
            Input::Resolve { lookup, domain: domain.clone(), deadline }
        };
        match self.engine.handle_input(input, self.now) {
            Ok(()) => {
                self.asked.insert(lookup, Asked { domain, deadline });
            }
            Err(error) => {
                assert_eq!(error, InputError::Busy);
                self.seen.busy += 1;
            }
        }
    }

    fn cancel(&mut self) {
        if let Some((lookup, _)) = self.asked.pop_first() {
            self.engine.handle_input(Input::Cancel { lookup }, self.now).unwrap();
        }
    }

    /// Answers to errands that were never made, and of the wrong kind.
    fn forge(&mut self) {
        let answer = Err((mtasts_core::DnsFailure::Other, "".into()));
        let request = RequestId(self.rng.u32(0..self.lookups * 5 + 1));
        let kind = self.open.get(&request).map(|open| open.errand);
        let result = if kind == Some(Errand::Txt) {
            self.engine.handle_input(Input::Stored { request }, self.now)
        } else {
            self.engine.handle_input(Input::TxtAnswer { request, answer }, self.now)
        };
        result.expect_err("a forged answer was accepted");
    }

    /// The caller's clock jumps back for one call.
    fn jump_back(&mut self) {
        let back = UnixMillis(self.now.0 - self.rng.u64(0..10_000_000));
        self.engine.handle_timeout(back);
    }

    fn restart(&mut self) {
        if !self.config.store {
            return;
        }
        self.engine = Engine::new(self.config.clone());
        self.model.restart(&self.store);
        self.asked.clear();
        self.open.clear();
        self.coming.clear();
        for (domain, policy) in self.store.clone() {
            if self.rng.bool() {
                let input = Input::Restore { domain, policy };
                self.engine.handle_input(input, self.now).unwrap();
            }
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            format!("{output:?}").hash(&mut self.trace);
            match output {
                Output::QueryTxt { request, name, .. } => {
                    let domain = without_prefix(&name, "_mta-sts.");
                    let idle = self.model.of(&domain).last_used.plus(self.config.refresh_idle);
                    assert!(self.now < idle, "asked for a domain that nobody mails");
                    self.send(request, domain, Errand::Txt, None);
                }
                Output::FetchPolicy { request, host, .. } => {
                    let domain = without_prefix(&host, "mta-sts.");
                    self.check_fetch(&domain);
                    self.send(request, domain, Errand::Fetch, None);
                }
                Output::Load { request, domain } => self.send(request, domain, Errand::Load, None),
                Output::Store { request, domain, policy } => {
                    self.send(request, domain, Errand::Store, Some(policy));
                }
                Output::Remove { domain } => {
                    let governing = self.model.of(&domain).governing(self.now);
                    assert!(governing.is_none(), "a policy that governs is removed");
                    self.seen.expired += 1;
                    self.store.remove(&domain);
                }
                Output::Answer { lookup, decision, bounce } => {
                    self.answered(lookup, &decision, bounce);
                }
                Output::Alert { .. } => self.seen.alerts += 1,
            }
        }
    }

    fn check_fetch(&mut self, domain: &PolicyDomain) {
        let known = self.model.of(domain);
        let id = known.fetch_id(self.now).expect("a fetch without a reason");
        assert!(known.fetching.replace(id).is_none(), "two fetches for one domain");
        // What is evicted takes its back-off with it.
        if self.config.max_domains > 6 {
            assert!(known.may_fetch(id, self.now), "a failed fetch is repeated too soon");
        }
    }

    fn send(
        &mut self,
        request: RequestId,
        domain: PolicyDomain,
        errand: Errand,
        stored: Option<CachedPolicy>,
    ) {
        let (local, allowed) = match errand {
            Errand::Txt => (false, self.config.dns_timeout),
            Errand::Fetch => (false, self.config.fetch_timeout),
            Errand::Load | Errand::Store => (true, self.config.store_timeout),
        };
        let longest = if local { 4_000 } else { 70_000 };
        let until = self.now.plus(allowed).plus(Duration::from_secs(1));
        let before = self.open.insert(request, Open { domain: domain.clone(), errand, until });
        assert!(before.is_none(), "a request id is used twice");
        let coming = Coming { request, domain, errand, stored };
        let lost = !local && self.rng.u8(0..12) == 0;
        for _ in 0..if lost { 0 } else { 1 + u8::from(self.rng.u8(0..12) == 0) } {
            self.sent += 1;
            let typical = if self.rng.bool() { 200 } else { longest };
            let at = self.now.plus(Duration::from_millis(self.rng.u64(0..typical)));
            self.coming.insert((at, self.sent), coming.clone());
        }
    }

    fn deliver(&mut self, coming: Coming) {
        let Coming { request, domain, errand, stored } = coming;
        let truth = self.truths[&domain].clone();
        let input = match errand {
            Errand::Txt => Input::TxtAnswer { request, answer: truth.txt(&mut self.rng) },
            Errand::Fetch => Input::FetchAnswer { request, answer: truth.https() },
            Errand::Load => Input::Loaded { request, policy: self.store.get(&domain).cloned() },
            Errand::Store => {
                // As a store does that is asked twice: it keeps the newer one.
                let stored = stored.unwrap();
                let newer =
                    self.store.get(&domain).is_none_or(|old| old.fetched_at <= stored.fetched_at);
                if newer {
                    self.store.insert(domain.clone(), stored);
                }
                Input::Stored { request }
            }
        };
        if self.engine.handle_input(input.clone(), self.now).is_ok() {
            self.open.remove(&request);
            self.learn(&domain, input);
        } else {
            self.seen.late += 1;
        }
        self.drain();
    }

    /// Tells the model of the errands that the engine has given up.
    fn give_up(&mut self) {
        let Self { open, model, now, seen, .. } = self;
        open.retain(|_, Open { domain, errand, until }| {
            if *until > *now {
                return true;
            }
            let known = model.of(domain);
            match errand {
                Errand::Txt => known.announce(None),
                Errand::Fetch => {
                    known.fetch_failed(*now);
                    seen.failed += 1;
                }
                Errand::Store => known.stored(),
                Errand::Load => {}
            }
            false
        });
    }

    /// Tells the model what the engine has accepted.
    fn learn(&mut self, domain: &PolicyDomain, input: Input) {
        let now = self.now;
        let with_store = self.config.store;
        let known = self.model.of(domain);
        match input {
            Input::TxtAnswer { answer, .. } => known.announce(answer.as_ref().ok()),
            Input::FetchAnswer { answer, .. } => {
                let read = answer.ok().and_then(|response| read_policy(&response, 65_536).ok());
                match read {
                    Some(parsed) => {
                        let replaces = known.fetched(parsed.policy.into(), now, with_store);
                        self.seen.refetched += u32::from(replaces);
                    }
                    None => {
                        known.fetch_failed(now);
                        self.seen.failed += 1;
                    }
                }
            }
            Input::Loaded { policy, .. } => self.seen.loaded += u32::from(policy.is_some()),
            Input::Stored { .. } => known.stored(),
            Input::Resolve { .. }
            | Input::Recheck { .. }
            | Input::Cancel { .. }
            | Input::Restore { .. } => {}
        }
    }

    fn answered(&mut self, lookup: LookupId, decision: &Decision, bounce: Option<Bounce>) {
        let asked = self.asked.remove(&lookup).expect("answered twice, or never asked");
        assert!(self.now <= asked.deadline, "answered late");
        self.seen.bounces += u32::from(bounce == Some(Bounce::Allowed));
        let loading = self
            .open
            .values()
            .any(|open| open.domain == asked.domain && open.errand == Errand::Load);
        if !loading {
            self.check(&asked.domain, decision);
        }
    }

    fn check(&mut self, domain: &PolicyDomain, decision: &Decision) {
        let agrees = self.model.of(domain).agrees(decision, self.now);
        assert!(agrees, "for {domain} the engine says {decision:?}");
        match decision.policy() {
            Some(applied) if applied.policy.max_age().is_zero() => self.seen.once += 1,
            Some(_) => self.seen.enforced += 1,
            None => self.seen.absent += 1,
        }
    }

    fn check_bounds(&self) {
        let Self { engine, config, asked, now, .. } = self;
        assert!(engine.len() <= config.max_domains, "too many domains are remembered");
        assert!(engine.waiting() <= config.max_lookups, "too many lookups wait");
        assert!(asked.values().all(|asked| asked.deadline > *now), "a deadline has passed");
    }
}

fn without_prefix(name: &str, prefix: &str) -> PolicyDomain {
    PolicyDomain::from_lookup_key(name.strip_prefix(prefix).unwrap()).unwrap()
}
