//! Room for a limited number of connections. When it is full, the one idle for longest must go.

use core::{
    fmt,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};
use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

#[derive(Clone)]
pub(super) struct Places {
    inner: Arc<Inner>,
}

struct Inner {
    max: AtomicUsize,
    taken: Mutex<Taken>,
    /// How many wait for a place.
    waiting: AtomicUsize,
    /// A place was left, or somebody has become idle, while somebody waits.
    changed: Notify,
    /// All places are to be left.
    closing: CancellationToken,
    /// How often somebody has become idle.
    idled: AtomicU64,
}

#[derive(Default)]
struct Taken {
    places: HashMap<u64, Arc<State>>,
    last: u64,
}

struct State {
    /// The count of [`Inner::idled`] when the connection became idle; or [`BUSY`].
    idle_since: AtomicU64,
    leave: CancellationToken,
}

const BUSY: u64 = u64::MAX;

/// The place of one connection, left when dropped.
pub(super) struct Place {
    places: Places,
    number: u64,
    state: Arc<State>,
}

impl Places {
    pub(super) fn new(max: usize, closing: CancellationToken) -> Self {
        let inner = Inner {
            max: AtomicUsize::new(max),
            taken: Mutex::default(),
            waiting: AtomicUsize::new(0),
            changed: Notify::new(),
            closing,
            idled: AtomicU64::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(super) fn set_max(&self, max: usize) {
        self.inner.max.store(max, Ordering::SeqCst);
        self.tell_change();
    }

    pub(super) fn taken(&self) -> usize {
        self.inner.taken.lock().places.len()
    }

    /// Takes a place: one that is free or, if there is none, that of the connection idle for
    /// longest. Waits while all are busy.
    pub(super) async fn take(&self) -> Place {
        if let Some(place) = self.try_take() {
            return place;
        }
        // From here on whoever becomes idle says so.
        let _waiting = Waiting::new(&self.inner.waiting);
        loop {
            if let Some(place) = self.try_take() {
                // There may be another one, for somebody else who waits.
                self.inner.changed.notify_one();
                return place;
            }
            self.inner.changed.notified().await;
        }
    }

    fn tell_change(&self) {
        if self.inner.waiting.load(Ordering::SeqCst) > 0 {
            self.inner.changed.notify_one();
        }
    }

    fn try_take(&self) -> Option<Place> {
        let mut taken = self.inner.taken.lock();
        while taken.places.len() >= self.inner.max.load(Ordering::SeqCst) {
            let idle = taken.places.iter().map(|(number, state)| (state.idle_since(), *number));
            let (_, longest) = idle.filter(|(since, _)| *since != BUSY).min()?;
            let state = taken.places.remove(&longest)?;
            state.leave.cancel();
        }
        taken.last = taken.last.wrapping_add(1);
        let number = taken.last;
        let state = Arc::new(State {
            idle_since: AtomicU64::new(self.now()),
            leave: self.inner.closing.child_token(),
        });
        taken.places.insert(number, Arc::clone(&state));
        Some(Place { places: self.clone(), number, state })
    }

    /// Who asks has become idle after all who asked before.
    fn now(&self) -> u64 {
        self.inner.idled.fetch_add(1, Ordering::Relaxed)
    }
}

impl State {
    fn idle_since(&self) -> u64 {
        self.idle_since.load(Ordering::SeqCst)
    }
}

impl Place {
    /// The connection has something to do.
    pub(super) fn set_busy(&self) {
        self.state.idle_since.store(BUSY, Ordering::Relaxed);
    }

    /// The connection waits for its client.
    pub(super) fn set_idle(&self) {
        if self.state.idle_since() == BUSY {
            // In one order with the number of those who wait: one sees the other.
            self.state.idle_since.store(self.places.now(), Ordering::SeqCst);
            self.places.tell_change();
        }
    }

    /// Waits until the place is needed for somebody else, or all are to be left.
    pub(super) fn leave(&self) -> WaitForCancellationFutureOwned {
        self.state.leave.clone().cancelled_owned()
    }

    /// Whether the place is not needed for somebody else.
    pub(super) fn is_kept(&self) -> bool {
        self.places.inner.taken.lock().places.contains_key(&self.number)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.inner.taken.lock().places.remove(&self.number);
        self.places.tell_change();
    }
}

/// Somebody who waits for a place.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").field("number", &self.number).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(max: usize) -> Places {
        Places::new(max, CancellationToken::new())
    }

    /// The place, if there is one without waiting.
    fn take(places: &Places) -> Option<Place> {
        places.try_take()
    }

    #[test]
    fn a_place_that_is_left_is_free() {
        let places = places(1);
        let first = take(&places).unwrap();
        first.set_busy();
        assert!(take(&places).is_none());
        drop(first);
        assert!(take(&places).is_some());
    }

    #[test]
    fn the_connection_idle_for_longest_must_go() {
        let places = places(3);
        let (first, second, third) = (take(&places), take(&places), take(&places));
        let (first, second, third) = (first.unwrap(), second.unwrap(), third.unwrap());
        first.set_busy();
        second.state.idle_since.store(20, Ordering::Relaxed);
        third.state.idle_since.store(10, Ordering::Relaxed);
        let fourth = take(&places).unwrap();
        fourth.set_busy();
        assert!(third.state.leave.is_cancelled());
        assert!(!first.state.leave.is_cancelled() && !second.state.leave.is_cancelled());
        assert_eq!(places.taken(), 3);
        // It goes in its own time, and takes nobody's place with it.
        drop(third);
        assert_eq!(places.taken(), 3);
    }

    #[tokio::test]
    async fn while_all_are_busy_newcomers_wait() {
        let places = places(1);
        let first = take(&places).unwrap();
        first.set_busy();
        let waiting = tokio::spawn({
            let places = places.clone();
            async move { places.take().await }
        });
        first.set_idle();
        let _second = waiting.await.unwrap();
        first.leave().await;
    }

    #[test]
    fn fewer_places_take_effect_with_the_next_one() {
        let places = places(3);
        let all: Vec<_> = (0..3).map(|_| take(&places).unwrap()).collect();
        places.set_max(1);
        let _newcomer = take(&places).unwrap();
        assert!(all.iter().all(|place| place.state.leave.is_cancelled()));
        assert_eq!(places.taken(), 1);
    }
}
