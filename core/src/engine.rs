//! The engine: lookups in, errands out, decisions out.

use alloc::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque},
    vec::Vec,
};
use core::cmp::Reverse;

use crate::{
    CachedPolicy, Config, Decision, Input, InputError, LookupId, Output, PolicyDomain, RequestId,
    UnixMillis, WakeReason,
    cache::{Cache, Secs, Slot},
};

mod discovery;
mod lookups;
mod maintenance;
mod stages;

use discovery::Discovery;
use lookups::Waiting;

/// Discovers, remembers and applies MTA-STS policies, without doing any I/O itself.
///
/// The caller feeds it [`Input`]s, carries out its [`Output`]s, and calls
/// [`handle_timeout`](Self::handle_timeout) when [`poll_timeout`](Self::poll_timeout) says so. Any
/// order of calls is safe. An answer that comes late or carries an unknown id is refused with an
/// [`InputError`] and changes nothing.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    cache: Cache,
    /// The latest moment the caller has told of: its clock may jump back, this does not.
    now: UnixMillis,
    outputs: VecDeque<Output>,
    discoveries: Vec<Option<Discovery>>,
    idle: Vec<u16>,
    running: usize,
    /// Discoveries that maintenance has started.
    refreshing: usize,
    requests: BTreeMap<RequestId, u16>,
    next_request: u32,
    waiting: BTreeMap<LookupId, Waiting>,
    deadlines: BTreeSet<(UnixMillis, Deadline)>,
    /// When maintenance has to look at an entry. Items that no longer fit their entry are skipped.
    wakes: BinaryHeap<Reverse<(Secs, Slot)>>,
    /// A refresh is due and must wait until another one ends.
    starved: bool,
}

/// What happens at a moment that was promised to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deadline {
    Lookup(LookupId),
    Request(RequestId),
}

impl Engine {
    /// An engine that knows nothing yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            cache: Cache::new(config.max_domains, config.seed),
            config,
            now: UnixMillis(0),
            outputs: VecDeque::new(),
            discoveries: Vec::new(),
            idle: Vec::new(),
            running: 0,
            refreshing: 0,
            requests: BTreeMap::new(),
            next_request: 0,
            waiting: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            wakes: BinaryHeap::new(),
            starved: false,
        }
    }

    /// The decision for `domain` if it can be given at once: from an unexpired policy, or from a
    /// remembered absence or failure. Allocates nothing.
    ///
    /// A policy that is due for a check is checked in the background: drain
    /// [`poll_output`](Self::poll_output) as after an input.
    pub fn lookup(&mut self, domain: &PolicyDomain, now: UnixMillis) -> Option<Decision> {
        let now = self.advance(now);
        let slot = self.cache.find(domain)?;
        let entry = self.cache.get_mut(slot)?;
        entry.last_used = Secs::floor(now);
        let decision = lookups::at_once(&self.config, entry, now)?;
        let refresh = entry.refresh_at.millis() <= now;
        let stale = entry.txt_until.millis() <= now;
        if entry.policy().is_some() && (refresh || stale) && entry.discovery.is_none() {
            self.check_in_background(slot, refresh);
        }
        Some(decision)
    }

    /// As [`lookup`](Self::lookup), for a look at the cache: counts as no use and starts nothing.
    #[must_use]
    pub fn peek(&self, domain: &PolicyDomain, now: UnixMillis) -> Option<Decision> {
        let entry = self.cache.get(self.cache.find(domain)?)?;
        lookups::at_once(&self.config, entry, now.max(self.now))
    }

    /// Takes in what the caller has to tell.
    ///
    /// # Errors
    ///
    /// When the input refers to a request or lookup that is not open, or too many lookups wait.
    /// Then nothing has changed.
    pub fn handle_input(&mut self, input: Input, now: UnixMillis) -> Result<(), InputError> {
        let now = self.advance(now);
        match input {
            Input::Resolve { lookup, domain, deadline } => {
                self.resolve(lookup, &domain, deadline, false)?;
            }
            Input::Recheck { lookup, domain, deadline } => {
                self.resolve(lookup, &domain, deadline, true)?;
            }
            Input::Cancel { lookup } => self.cancel(lookup)?,
            Input::TxtAnswer { request, answer } => self.handle_txt(request, answer)?,
            Input::FetchAnswer { request, answer } => self.handle_fetched(request, answer)?,
            Input::Loaded { request, policy } => self.handle_loaded(request, policy)?,
            Input::Stored { request } => self.handle_stored(request)?,
            Input::Restore { domain, policy } => self.restore(&domain, policy),
        }
        self.answer_overdue(now);
        Ok(())
    }

    /// Does everything that is due at `now`: answers lookups whose deadline has passed, gives up
    /// on requests, refreshes policies, forgets what has ended.
    pub fn handle_timeout(&mut self, now: UnixMillis) {
        let now = self.advance(now);
        self.answer_overdue(now);
        self.give_up_overdue(now);
        self.maintain(now);
    }

    /// The next errand or answer, until there is none.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) should be called next, and why. After it has
    /// been called for a moment, the next one is later than that.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(UnixMillis, WakeReason)> {
        let deadline = self.deadlines.first().map(|(at, deadline)| {
            let reason = match deadline {
                Deadline::Lookup(_) => WakeReason::LookupDeadline,
                Deadline::Request(_) => WakeReason::RequestDeadline,
            };
            (*at, reason)
        });
        let wake = self.wakes.peek().filter(|_| !self.starved);
        let wake = wake.map(|Reverse((at, _))| (at.millis(), WakeReason::Maintenance));
        match (deadline, wake) {
            (Some(deadline), Some(wake)) => Some(if wake.0 < deadline.0 { wake } else { deadline }),
            (deadline, wake) => deadline.or(wake),
        }
    }

    /// The policies that govern at `now`, with their domains, in no order: for a caller that keeps
    /// them elsewhere and gives them back with [`Input::Restore`].
    pub fn policies(
        &self,
        now: UnixMillis,
    ) -> impl Iterator<Item = (&PolicyDomain, CachedPolicy)> + use<'_> {
        let now = now.max(self.now);
        self.cache.entries().filter_map(move |entry| Some((&entry.domain, entry.cached(now)?)))
    }

    /// How many domains are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cache.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cache.len() == 0
    }

    /// How many lookups wait for their answer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The settings.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Replaces the settings, for what comes. The seed stays as it is. If fewer domains than before
    /// may be remembered, the surplus is evicted as new ones come.
    pub fn reconfigure(&mut self, config: Config) {
        self.cache.set_capacity(config.max_domains);
        self.config = Config { seed: self.config.seed, ..config };
    }

    /// Moves the engine's clock on, never back.
    fn advance(&mut self, now: UnixMillis) -> UnixMillis {
        self.now = self.now.max(now);
        self.now
    }
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic, and names only what it looks for"
)]
mod tests;
