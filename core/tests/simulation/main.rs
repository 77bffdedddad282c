//! The engine against a network that loses, delays, repeats and forges, checked at every step with a
//! naive model and the promises of the design: never downgraded, never revived, always answered
//! once, bounded, polite.
//!
//! `MTASTS_SEEDS=5000` plays that many seeds, `MTASTS_SEED=17` plays one again.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a simulation that goes wrong should panic"
)]

use core::{
    num::NonZero,
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicU64, Ordering},
};
use std::{panic::catch_unwind, thread};

mod model;
mod play;
mod truth;

use play::Play;

const STEPS: usize = 300;

#[expect(clippy::disallowed_methods, reason = "this is the caller of core, not core")]
fn setting(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value} is not a number")))
}

#[test]
fn every_seed_keeps_the_promises() {
    if let Some(seed) = setting("MTASTS_SEED") {
        Play::new(seed).run(STEPS);
        return;
    }
    let end = setting("MTASTS_SEEDS").unwrap_or(500);
    let next = AtomicU64::new(0);
    let play = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                break;
            }
            let result = catch_unwind(AssertUnwindSafe(|| Play::new(seed).run(STEPS)));
            assert!(result.is_ok(), "seed {seed} fails; play it again with MTASTS_SEED={seed}");
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(play))));
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    for seed in 0..20 {
        assert_eq!(Play::new(seed).run(STEPS), Play::new(seed).run(STEPS), "seed {seed}");
    }
}

/// A simulation in which nothing of interest happens proves nothing.
#[test]
fn the_simulation_visits_what_matters() {
    let mut seen = play::Seen::default();
    for seed in 0..200 {
        let mut play = Play::new(seed);
        play.run(STEPS);
        seen.add(&play.seen);
    }
    let play::Seen {
        enforced,
        once,
        absent,
        failed,
        refetched,
        expired,
        loaded,
        late,
        busy,
        alerts,
        bounces,
    } = seen;
    for (what, times) in [
        ("answers from an enforced policy", enforced),
        ("answers from a policy that is not kept", once),
        ("answers without a policy", absent),
        ("failed fetches", failed),
        ("policies replaced", refetched),
        ("policies expired", expired),
        ("policies loaded", loaded),
        ("answers to errands that were given up", late),
        ("lookups refused", busy),
        ("alerts", alerts),
        ("bounces allowed", bounces),
    ] {
        assert!(times >= 20, "{what}: {times}");
    }
}
