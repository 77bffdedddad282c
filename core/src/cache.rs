//! What the engine remembers of each domain: a bounded table that evicts what is cheapest to lose.

use alloc::{sync::Arc, vec::Vec};
use core::hash::Hasher;

use hashbrown::HashTable;
use siphasher::sip::SipHasher13;

use crate::{Policy, PolicyDomain};

mod entry;
mod intern;

pub(crate) use entry::{Entry, Secs};
use intern::Interner;

/// Names a remembered domain while it is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(u32);

/// How much is lost with an entry, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// An absence, a failure, or nothing yet.
    Negative,
    /// A policy that demands nothing: testing or none.
    Lenient,
    /// A policy in mode enforce.
    Enforce,
}

const RANKS: [Rank; 3] = [Rank::Negative, Rank::Lenient, Rank::Enforce];

/// Slots are numbered with 32 bits.
const MAX_CAPACITY: usize = 0xffff_fff0;

/// Entries looked at to find one that has not been used for long.
const SAMPLE: usize = 16;

#[derive(Debug)]
pub(crate) struct Cache {
    entries: Vec<Option<Entry>>,
    free: Vec<Slot>,
    index: HashTable<Slot>,
    /// The slots of each rank, in no order.
    ranks: [Vec<Slot>; 3],
    policies: Interner,
    keys: (u64, u64),
    capacity: usize,
    random: SplitMix,
}

impl Cache {
    pub(crate) fn new(capacity: usize, seed: u64) -> Self {
        let mut random = SplitMix(seed);
        Self {
            entries: Vec::new(),
            free: Vec::new(),
            index: HashTable::new(),
            ranks: [Vec::new(), Vec::new(), Vec::new()],
            policies: Interner::new(random.next(), random.next()),
            keys: (random.next(), random.next()),
            capacity: capacity.clamp(1, MAX_CAPACITY),
            random,
        }
    }

    pub(crate) fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity.clamp(1, MAX_CAPACITY);
    }

    pub(crate) fn find(&self, domain: &PolicyDomain) -> Option<Slot> {
        let hash = self.hash(domain);
        let same = |slot: &Slot| self.get(*slot).is_some_and(|entry| entry.domain == *domain);
        self.index.find(hash, same).copied()
    }

    pub(crate) fn get(&self, Slot(slot): Slot) -> Option<&Entry> {
        self.entries.get(usize::try_from(slot).ok()?)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, Slot(slot): Slot) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(slot).ok()?)?.as_mut()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.index.len() >= self.capacity
    }

    /// Makes an entry for a domain that has none. `None` when the table is full of entries that
    /// are being worked on.
    pub(crate) fn insert(&mut self, domain: &PolicyDomain) -> Option<Slot> {
        while self.is_full() {
            let victim = self.cheapest()?;
            self.remove(victim);
        }
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                let slot = Slot(u32::try_from(self.entries.len()).ok()?);
                self.entries.push(None);
                slot
            }
        };
        let mut entry = Entry::new(domain.clone());
        self.enlist(&mut entry, Rank::Negative, slot);
        if let Some(place) = self.place(slot) {
            *place = Some(entry);
        }
        let hash = self.hash(domain);
        let (entries, keys) = (&self.entries, self.keys);
        self.index.insert_unique(hash, slot, |Slot(slot)| {
            let entry = usize::try_from(*slot).ok().and_then(|slot| entries.get(slot)?.as_ref());
            entry.map_or(0, |entry| hash_with(keys, &entry.domain))
        });
        Some(slot)
    }

    pub(crate) fn remove(&mut self, slot: Slot) {
        let Some(entry) = self.place(slot).and_then(Option::take) else { return };
        let hash = self.hash(&entry.domain);
        if let Ok(found) = self.index.find_entry(hash, |other| *other == slot) {
            found.remove();
        }
        self.delist(&entry);
        self.free.push(slot);
    }

    /// Files the entry under the rank that its policy has now.
    pub(crate) fn rerank(&mut self, slot: Slot) {
        let Some(mut entry) = self.place(slot).and_then(Option::take) else { return };
        let rank = entry.rank();
        if rank != entry.listed.0 {
            self.delist(&entry);
            self.enlist(&mut entry, rank, slot);
        }
        if let Some(place) = self.place(slot) {
            *place = Some(entry);
        }
    }

    /// The one shared copy of a policy.
    pub(crate) fn intern(&mut self, policy: Arc<Policy>) -> Arc<Policy> {
        self.policies.intern(policy)
    }

    /// A number for jitter and sampling.
    pub(crate) const fn random(&mut self) -> u64 {
        self.random.next()
    }

    /// The entry of the lowest rank that was not used for the longest time, among a sample, and
    /// that nobody works on.
    fn cheapest(&mut self) -> Option<Slot> {
        for rank in RANKS {
            let start = usize::try_from(self.random.next() >> 32).unwrap_or_default();
            let slots = self.ranks.get(rank.index())?;
            let Some(start) = start.checked_rem(slots.len()) else { continue };
            let (after, before) = (slots.iter().skip(start), slots.iter().take(start));
            let idle = after
                .chain(before)
                .filter_map(|slot| Some((self.get(*slot)?, slot)))
                .filter(|(entry, _)| entry.discovery.is_none())
                .take(SAMPLE)
                .min_by_key(|(entry, _)| entry.last_used);
            if let Some((_, slot)) = idle {
                return Some(*slot);
            }
        }
        None
    }

    fn enlist(&mut self, entry: &mut Entry, rank: Rank, slot: Slot) {
        if let Some(slots) = self.ranks.get_mut(rank.index()) {
            entry.listed = (rank, u32::try_from(slots.len()).unwrap_or(u32::MAX));
            slots.push(slot);
        }
    }

    fn delist(&mut self, entry: &Entry) {
        let (rank, position) = entry.listed;
        let Some(slots) = self.ranks.get_mut(rank.index()) else { return };
        let Ok(at) = usize::try_from(position) else { return };
        if at >= slots.len() {
            return;
        }
        slots.swap_remove(at);
        if let Some(moved) = slots.get(at).copied()
            && let Some(entry) = self.get_mut(moved)
        {
            entry.listed.1 = position;
        }
    }

    fn place(&mut self, Slot(slot): Slot) -> Option<&mut Option<Entry>> {
        self.entries.get_mut(usize::try_from(slot).ok()?)
    }

    fn hash(&self, domain: &PolicyDomain) -> u64 {
        hash_with(self.keys, domain)
    }
}

impl Rank {
    const fn index(self) -> usize {
        match self {
            Self::Negative => 0,
            Self::Lenient => 1,
            Self::Enforce => 2,
        }
    }
}

/// Keyed, because whoever sends mail through the MTA chooses the domains.
fn hash_with((k0, k1): (u64, u64), domain: &PolicyDomain) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(k0, k1);
    hasher.write(domain.as_str().as_bytes());
    hasher.finish()
}

/// The SplitMix64 sequence: small, seeded, good enough for spreading load.
#[derive(Debug)]
struct SplitMix(u64);

impl SplitMix {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
