//! One copy of each distinct policy: the domains of a provider share it.

use alloc::sync::Arc;
use core::hash::{Hash, Hasher};

use hashbrown::HashTable;
use siphasher::sip::SipHasher13;

use crate::Policy;

#[derive(Debug)]
pub(super) struct Interner {
    policies: HashTable<Arc<Policy>>,
    keys: (u64, u64),
    sweep_at: usize,
}

const FIRST_SWEEP: usize = 64;

impl Interner {
    pub(super) const fn new(k0: u64, k1: u64) -> Self {
        Self { policies: HashTable::new(), keys: (k0, k1), sweep_at: FIRST_SWEEP }
    }

    pub(super) fn intern(&mut self, policy: Arc<Policy>) -> Arc<Policy> {
        let hash = hash_with(self.keys, &policy);
        if let Some(known) = self.policies.find(hash, |known| *known == policy) {
            return Arc::clone(known);
        }
        if self.policies.len() >= self.sweep_at {
            self.policies.retain(|policy| Arc::strong_count(policy) > 1);
            self.sweep_at = self.policies.len().saturating_mul(2).max(FIRST_SWEEP);
        }
        let keys = self.keys;
        self.policies.insert_unique(hash, Arc::clone(&policy), |policy| hash_with(keys, policy));
        policy
    }
}

fn hash_with((k0, k1): (u64, u64), policy: &Policy) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(k0, k1);
    policy.hash(&mut hasher);
    hasher.finish()
}
