//! The clock that engines are told: Unix time that never stands still.

use core::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use std::time::SystemTime;

use mtasts_core::UnixMillis;
use tokio::time::Instant;

/// Counts on from the system's time by a clock that nobody sets. Should the system's clock be set
/// forward by more than a minute, as happens after a start without a network, it follows; set back,
/// it counts on: time that goes back would bring expired policies back to life.
#[derive(Debug)]
pub struct Clock {
    start: Instant,
    /// Unix milliseconds at the start.
    base: AtomicU64,
}

const TOLERANCE: Duration = Duration::from_secs(60);

impl Clock {
    /// A clock that shows the system's time.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now(), base: AtomicU64::new(system_time()) }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        UnixMillis(self.base.load(Ordering::Relaxed)).plus(self.start.elapsed())
    }

    /// Looks at the system's clock, and follows it if it is far ahead.
    pub fn follow_system(&self) {
        self.follow(system_time());
    }

    fn follow(&self, system: u64) {
        let ahead = UnixMillis(system).since(self.now());
        if ahead > TOLERANCE {
            let millis = u64::try_from(ahead.as_millis()).unwrap_or(0);
            self.base.fetch_add(millis, Ordering::Relaxed);
        }
    }

    /// The moment `at` on the clock of timers.
    #[must_use]
    pub fn instant(&self, at: UnixMillis) -> Instant {
        let now = Instant::now();
        // What is too far away to be expressed is a day away: timers are set anew by then.
        let day = Duration::from_secs(86_400);
        now.checked_add(at.since(self.now()).min(day)).unwrap_or(now)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

fn system_time() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_passes_by_itself() {
        let clock = Clock::new();
        let before = clock.now();
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now().since(before), Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn it_follows_the_system_forward_but_never_back() {
        let clock = Clock::new();
        let before = clock.now();
        clock.follow(before.0 - 3_600_000);
        assert_eq!(clock.now(), before);
        clock.follow(before.0 + 60_000);
        assert_eq!(clock.now(), before);
        clock.follow(before.0 + 3_600_000);
        assert_eq!(clock.now().since(before), Duration::from_secs(3_600));
    }
}
