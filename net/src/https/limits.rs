//! How many fetches may run, for one address and in all, and how many may wait.

use core::net::IpAddr;
use std::{collections::HashMap, sync::Arc};

use mtasts_core::FetchFailure;
use parking_lot::Mutex;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::FetchError;

/// The caps of a fetcher. Who waits is served in the order of coming.
#[derive(Debug)]
pub(super) struct Limits {
    /// Fetches that run or wait.
    places: Semaphore,
    /// Fetches that run.
    slots: Semaphore,
    per_address: Arc<Addresses>,
}

#[derive(Debug)]
struct Addresses {
    most: usize,
    /// Those in use.
    table: Mutex<HashMap<IpAddr, Arc<Semaphore>>>,
}

/// The right to have a connection to an address.
#[derive(Debug)]
pub(super) struct Lease {
    _permit: OwnedSemaphorePermit,
    // Dropped after the permit.
    claim: Claim,
}

/// Keeps the entry of an address in the table as long as somebody uses it or waits for it.
#[derive(Debug)]
struct Claim {
    addresses: Arc<Addresses>,
    address: IpAddr,
    semaphore: Option<Arc<Semaphore>>,
}

impl Limits {
    pub(super) fn new(concurrent: usize, waiting: usize, per_address: usize) -> Self {
        let permits = |number: usize| number.clamp(1, Semaphore::MAX_PERMITS);
        let concurrent = permits(concurrent);
        Self {
            places: Semaphore::new(permits(concurrent.saturating_add(waiting))),
            slots: Semaphore::new(concurrent),
            per_address: Arc::new(Addresses {
                most: permits(per_address),
                table: Mutex::default(),
            }),
        }
    }

    /// A place among those that run or wait, if there is one left.
    pub(super) fn place(&self) -> Result<SemaphorePermit<'_>, FetchError> {
        self.places
            .try_acquire()
            .map_err(|_| FetchError::new(FetchFailure::Busy, "as many fetches are waiting as may"))
    }

    /// Waits for a slot.
    pub(super) async fn slot(&self) -> Result<SemaphorePermit<'_>, FetchError> {
        self.slots.acquire().await.map_err(closed)
    }

    /// A lease of the first of the addresses that has one left and nobody waiting for it.
    pub(super) fn try_lease_any(&self, addresses: &[IpAddr]) -> Option<Lease> {
        addresses.iter().find_map(|address| self.try_lease(*address))
    }

    fn try_lease(&self, address: IpAddr) -> Option<Lease> {
        let (claim, semaphore) = self.claim(address);
        Some(Lease { _permit: semaphore.try_acquire_owned().ok()?, claim })
    }

    /// Waits for a lease of the address.
    pub(super) async fn lease(&self, address: IpAddr) -> Result<Lease, FetchError> {
        let (claim, semaphore) = self.claim(address);
        Ok(Lease { _permit: semaphore.acquire_owned().await.map_err(closed)?, claim })
    }

    fn claim(&self, address: IpAddr) -> (Claim, Arc<Semaphore>) {
        let addresses = Arc::clone(&self.per_address);
        let semaphore = Arc::clone(
            (addresses.table.lock().entry(address))
                .or_insert_with(|| Arc::new(Semaphore::new(addresses.most))),
        );
        let claim = Claim { addresses, address, semaphore: Some(Arc::clone(&semaphore)) };
        (claim, semaphore)
    }
}

/// Semaphores are never closed here.
fn closed(error: AcquireError) -> FetchError {
    FetchError::new(FetchFailure::Busy, error.to_string())
}

impl Lease {
    pub(super) const fn address(&self) -> IpAddr {
        self.claim.address
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut table = self.addresses.table.lock();
        self.semaphore = None;
        if table.get(&self.address).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            table.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(core::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn leases_are_per_address() {
        let limits = Limits::new(1, 0, 1);
        let first = limits.try_lease(ADDRESS).unwrap();
        assert!(limits.try_lease(ADDRESS).is_none());
        assert!(limits.try_lease([10, 0, 0, 1].into()).is_some());
        drop(first);
        assert!(limits.try_lease(ADDRESS).is_some());
    }

    #[test]
    fn who_comes_first_is_served_first() {
        let limits = Limits::new(1, 0, 1);
        let lease = limits.try_lease(ADDRESS).unwrap();
        let mut first = Box::pin(limits.lease(ADDRESS));
        let mut second = Box::pin(limits.lease(ADDRESS));
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
        drop(lease);
        assert!(limits.try_lease(ADDRESS).is_none(), "nobody overtakes");
        assert!(second.as_mut().now_or_never().is_none());
        assert!(first.now_or_never().unwrap().is_ok());
        assert!(second.now_or_never().unwrap().is_ok());
    }

    #[test]
    fn addresses_that_nobody_uses_are_forgotten() {
        let limits = Limits::new(1, 0, 1);
        let lease = limits.try_lease(ADDRESS);
        let mut waiting = Box::pin(limits.lease(ADDRESS));
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(lease);
        assert_eq!(limits.per_address.table.lock().len(), 1);
        drop(waiting);
        assert!(limits.per_address.table.lock().is_empty());
    }

    #[test]
    fn places_are_for_those_who_run_and_those_who_wait() {
        let limits = Limits::new(1, 1, 1);
        let _running = limits.place().unwrap();
        let waiting = limits.place().unwrap();
        assert!(limits.place().is_err());
        drop(waiting);
        assert!(limits.place().is_ok());
    }
}
