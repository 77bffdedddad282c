//! All policies of an engine, to be kept elsewhere.

use core::ffi::c_char;

use mtasts_core::PolicyDomain;

use crate::{
    cached::Cached,
    engine::Engine,
    error::Error,
    guard::{self, Poison, handle},
    input,
    out::{Out, TextOut},
};

/// The policies that an engine knew at one moment, with their domains, in the order of these.
/// Immutable, and independent of the engine.
#[derive(Debug)]
pub struct Snapshot {
    poison: Poison,
    items: Vec<(PolicyDomain, Cached)>,
}

handle!(Snapshot);

/// Takes the policies that govern at `now_ms` out of an engine, which keeps them, too: for a host that
/// stores them at its end and gives them back with mtasts_engine_restore. Takes about 200 octets of
/// memory for each. Free `*out` with mtasts_snapshot_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_export(
    engine: *const Engine,
    now_ms: u64,
    out: *mut *mut Snapshot,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(engine, |engine| {
            let out = Out::new(out)?;
            let policies = engine.engine.policies(input::time(now_ms));
            let mut items: Vec<_> =
                policies.map(|(domain, cached)| (domain.clone(), Cached::new(cached))).collect();
            items.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
            out.set_new(Snapshot { poison: Poison::default(), items });
            Ok(())
        })
    }
}

/// How many policies there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_snapshot_count(snapshot: *const Snapshot) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(snapshot, |snapshot| Ok(snapshot.items.len())) }
}

/// The domain with this index, from 0. Borrowed from the snapshot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_snapshot_domain(
    snapshot: *const Snapshot,
    index: usize,
    domain: *mut *const c_char,
    domain_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(snapshot, |snapshot| {
            let out = TextOut::new(domain, domain_len)?;
            let (domain, _) = snapshot.items.get(index).ok_or(Error::INDEX)?;
            out.lend(domain.as_str());
            Ok(())
        })
    }
}

/// The policy of the domain with this index, from 0. Borrowed from the snapshot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_snapshot_cached(
    snapshot: *const Snapshot,
    index: usize,
    out: *mut *const Cached,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(snapshot, |snapshot| {
            let out = Out::new(out)?;
            let (_, cached) = snapshot.items.get(index).ok_or(Error::INDEX)?;
            out.set(cached);
            Ok(())
        })
    }
}

/// Frees a snapshot and what was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_snapshot_free(snapshot: *mut Snapshot) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(snapshot) }
}
