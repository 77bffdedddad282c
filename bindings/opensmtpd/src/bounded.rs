//! What is remembered of domains, for some time and of not too many.

use std::{collections::HashMap, time::Instant};

use mtasts_core::PolicyDomain;

/// Most domains that something is remembered of.
const CAPACITY: usize = 4096;

/// A map that forgets: each entry at its time and, when there are too many, all. What is lost costs a
/// question or a try at the first MX host.
#[derive(Debug)]
pub(crate) struct Bounded<T> {
    entries: HashMap<PolicyDomain, (T, Instant)>,
}

impl<T> Bounded<T> {
    pub(crate) fn get(&self, domain: &PolicyDomain, now: Instant) -> Option<&T> {
        let (value, until) = self.entries.get(domain)?;
        (now < *until).then_some(value)
    }

    pub(crate) fn insert(&mut self, domain: PolicyDomain, value: T, now: Instant, until: Instant) {
        if self.entries.len() >= CAPACITY && !self.entries.contains_key(&domain) {
            self.entries.retain(|_, (_, until)| now < *until);
            if self.entries.len() >= CAPACITY {
                self.entries.clear();
            }
        }
        self.entries.insert(domain, (value, until));
    }
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self { entries: HashMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    fn domain(name: &str) -> PolicyDomain {
        PolicyDomain::from_lookup_key(name).unwrap()
    }

    #[test]
    fn entries_end_at_their_time() {
        let (mut map, now) = (Bounded::default(), Instant::now());
        let until = now + Duration::from_secs(1);
        map.insert(domain("a.test"), 1, now, until);
        assert_eq!(map.get(&domain("a.test"), now), Some(&1));
        assert_eq!(map.get(&domain("a.test"), until), None);
        assert_eq!(map.get(&domain("b.test"), now), None);
    }

    #[test]
    fn there_are_never_too_many() {
        let (mut map, now) = (Bounded::default(), Instant::now());
        let until = now + Duration::from_secs(1);
        for number in 0..=CAPACITY {
            map.insert(domain(&format!("{number}.test")), number, now, until);
            assert!(map.entries.len() <= CAPACITY);
        }
        assert_eq!(map.get(&domain(&format!("{CAPACITY}.test")), now), Some(&CAPACITY));
    }
}
