//! One engine, who waits for it, and when it wants to be woken.

use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::HashMap;

use mtasts_core::{Bounce, Config, Decision, Engine, Input, LookupId, Output, UnixMillis};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, oneshot};

pub(super) struct Shard {
    state: Mutex<State>,
    /// When the shard's timer goes off, in Unix milliseconds.
    timer: AtomicU64,
    /// The engine wants to be woken before that.
    earlier: Notify,
}

pub(super) struct State {
    pub(super) engine: Engine,
    waiting: HashMap<LookupId, oneshot::Sender<Answer>>,
    last_lookup: u32,
}

/// The decision and, where a bounce is considered, whether it is allowed.
pub(super) type Answer = (Decision, Option<Bounce>);

impl Shard {
    pub(super) fn new(config: Config) -> Self {
        let engine = Engine::new(config);
        Self {
            state: Mutex::new(State { engine, waiting: HashMap::new(), last_lookup: 0 }),
            timer: AtomicU64::new(u64::MAX),
            earlier: Notify::new(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Does something with the engine, gives their answers to those who wait, and returns the errands
    /// that have come of it.
    pub(super) fn with<R>(&self, act: impl FnOnce(&mut State) -> R) -> (R, Vec<Output>) {
        let mut state = self.state.lock();
        let result = act(&mut state);
        let errands = state.drain();
        let wake = state.engine.poll_timeout();
        if wake.is_some_and(|(at, _)| at.0 < self.timer.load(Ordering::Relaxed)) {
            self.earlier.notify_one();
        }
        (result, errands)
    }

    /// Sets the timer, and says for when.
    pub(super) fn set_timer(&self, latest: UnixMillis) -> UnixMillis {
        let state = self.state.lock();
        let wake = state.engine.poll_timeout().map_or(latest, |(at, _)| at.min(latest));
        self.timer.store(wake.0, Ordering::Relaxed);
        wake
    }

    /// Waits until the engine wants to be woken earlier than the timer goes off.
    pub(super) async fn earlier(&self) {
        self.earlier.notified().await;
    }
}

impl State {
    /// Asks the engine on behalf of somebody who waits for `answer`. `None` if it is too busy.
    pub(super) fn ask(
        &mut self,
        answer: oneshot::Sender<Answer>,
        input: impl FnOnce(LookupId) -> Input,
        now: UnixMillis,
    ) -> Option<LookupId> {
        let lookup = self.free_lookup();
        self.waiting.insert(lookup, answer);
        let asked = self.engine.handle_input(input(lookup), now);
        if asked.is_err() {
            self.waiting.remove(&lookup);
        }
        asked.ok().map(|()| lookup)
    }

    pub(super) fn cancel(&mut self, lookup: LookupId, now: UnixMillis) {
        if self.waiting.remove(&lookup).is_some() {
            // The answer may have come at this very moment.
            let _ = self.engine.handle_input(Input::Cancel { lookup }, now);
        }
    }

    /// Lets everybody who waits know that there will be no answer.
    pub(super) fn abandon(&mut self) {
        self.waiting.clear();
    }

    fn free_lookup(&mut self) -> LookupId {
        loop {
            self.last_lookup = self.last_lookup.wrapping_add(1);
            let lookup = LookupId(self.last_lookup);
            if !self.waiting.contains_key(&lookup) {
                return lookup;
            }
        }
    }

    fn drain(&mut self) -> Vec<Output> {
        let mut errands = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            if let Output::Answer { lookup, decision, bounce } = output {
                if let Some(waiting) = self.waiting.remove(&lookup) {
                    // Who has asked may be gone.
                    let _ = waiting.send((decision, bounce));
                }
            } else {
                errands.push(output);
            }
        }
        errands
    }
}
