//! A discovery: everything that is done to learn one domain's policy anew, one errand at a time.

use alloc::{sync::Arc, vec::Vec};
use core::time::Duration;

use super::{Deadline, Engine};
use crate::{
    Bounce, CachedPolicy, InputError, LookupId, Output, Policy, PolicyId, RequestId, UnixMillis,
    WELL_KNOWN_PATH, cache::Slot,
};

#[derive(Debug)]
pub(super) struct Discovery {
    pub(super) slot: Slot,
    pub(super) stage: Stage,
    request: RequestId,
    request_deadline: UnixMillis,
    pub(super) waiters: Vec<LookupId>,
    /// The policy is due for a refresh: fetch it whatever the TXT record says (RFC 8461 §10.2).
    pub(super) refresh: bool,
    pub(super) record: RecordState,
    /// The policy that was there when the discovery began.
    pub(super) before: Option<Arc<Policy>>,
    /// Maintenance has started it, so it counts against the limit of those.
    pub(super) maintenance: bool,
}

/// The errand that is under way.
#[derive(Debug)]
pub(super) enum Stage {
    Load,
    Txt,
    Fetch { id: PolicyId, ttl: u32 },
    Store { policy: CachedPolicy },
}

/// What the TXT query of this discovery has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordState {
    /// Nothing, or nothing that can be relied on.
    Unknown,
    /// No usable record.
    Absent,
    /// The id of the policy that is cached.
    Same,
    /// Another id.
    New,
}

/// Time given to the caller beyond a request's deadline, so that its own account of the failure is
/// heard first.
const GRACE: Duration = Duration::from_secs(1);

impl Engine {
    /// Begins a discovery with loading or with the TXT query.
    pub(super) fn start(&mut self, slot: Slot, load: bool) -> Option<u16> {
        if self.running >= self.config.max_discoveries {
            return None;
        }
        let before = self.cache.get(slot)?.policy().cloned();
        let key = match self.idle.pop() {
            Some(key) => key,
            None => {
                let key = u16::try_from(self.discoveries.len()).ok()?;
                self.discoveries.push(None);
                key
            }
        };
        if let Some(place) = self.discoveries.get_mut(usize::from(key)) {
            *place = Some(Discovery {
                slot,
                stage: Stage::Txt,
                request: RequestId(0),
                request_deadline: UnixMillis::MAX,
                waiters: Vec::new(),
                refresh: false,
                record: RecordState::Unknown,
                before,
                maintenance: false,
            });
        }
        if let Some(entry) = self.cache.get_mut(slot) {
            entry.discovery = Some(key);
        }
        self.running = self.running.saturating_add(1);
        self.enter(key, if load { Stage::Load } else { Stage::Txt });
        Some(key)
    }

    /// Sends the errand of `stage`.
    pub(super) fn enter(&mut self, key: u16, stage: Stage) {
        self.close_request(key);
        let Some(slot) = self.discovery(key).map(|discovery| discovery.slot) else { return };
        let Some(domain) = self.cache.get(slot).map(|entry| entry.domain.clone()) else { return };
        let request = self.free_request();
        let (timeout, output) = match &stage {
            Stage::Load => (self.config.store_timeout, Output::Load { request, domain }),
            Stage::Txt => {
                let deadline = self.now.plus(self.config.dns_timeout);
                let name = domain.txt_name();
                (self.config.dns_timeout, Output::QueryTxt { request, domain, name, deadline })
            }
            Stage::Fetch { .. } => {
                let host = domain.policy_host();
                let fetch = Output::FetchPolicy {
                    request,
                    domain,
                    host,
                    path: WELL_KNOWN_PATH,
                    deadline: self.now.plus(self.config.fetch_timeout),
                    max_bytes: self.config.max_body,
                };
                (self.config.fetch_timeout, fetch)
            }
            Stage::Store { policy } => {
                let policy = policy.clone();
                (self.config.store_timeout, Output::Store { request, domain, policy })
            }
        };
        let deadline = self.now.plus(timeout).plus(GRACE);
        self.requests.insert(request, key);
        self.deadlines.insert((deadline, Deadline::Request(request)));
        self.outputs.push_back(output);
        if let Some(discovery) = self.discovery_mut(key) {
            discovery.stage = stage;
            discovery.request = request;
            discovery.request_deadline = deadline;
        }
    }

    /// The discovery whose open request this is.
    pub(super) fn expect(
        &self,
        request: RequestId,
        fits: impl Fn(&Stage) -> bool,
    ) -> Result<u16, InputError> {
        let key = *self.requests.get(&request).ok_or(InputError::UnknownRequest(request))?;
        match self.discovery(key) {
            Some(discovery) if fits(&discovery.stage) => Ok(key),
            _ => Err(InputError::WrongAnswer(request)),
        }
    }

    /// Ends a discovery and answers everybody who waits for it. `live` is the policy that it has
    /// brought.
    pub(super) fn finish(&mut self, key: u16, live: Option<&CachedPolicy>) {
        self.close_request(key);
        let Some(place) = self.discoveries.get_mut(usize::from(key)) else { return };
        let Some(discovery) = place.take() else { return };
        self.idle.push(key);
        self.running = self.running.saturating_sub(1);
        if discovery.maintenance {
            self.refreshing = self.refreshing.saturating_sub(1);
        }
        self.starved = false;
        let bounce = self.bounce(&discovery, live);
        let decision = self.decide(discovery.slot, live);
        for lookup in discovery.waiters {
            self.answer(lookup, decision.clone(), bounce);
        }
        if let Some(entry) = self.cache.get_mut(discovery.slot) {
            entry.discovery = None;
            self.settle(discovery.slot);
        }
    }

    /// Whether what this discovery has found allows a bounce: DNS has answered, and the policy
    /// that made the delivery fail is still the one that is announced (RFC 8461 §5.1 step 3).
    fn bounce(&self, discovery: &Discovery, live: Option<&CachedPolicy>) -> Bounce {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-5.1
        //# A message delivery attempt MUST NOT be permanently failed until the sender has first
        //# checked for the presence of a new policy (as indicated by the "id" field in the
        //# "_mta-sts" TXT record).
        let checked = matches!(discovery.record, RecordState::Absent | RecordState::Same);
        let after = live
            .map(|live| &live.policy)
            .or_else(|| self.cache.get(discovery.slot).and_then(|entry| entry.governing(self.now)));
        if checked && after == discovery.before.as_ref() {
            Bounce::Allowed
        } else {
            Bounce::Forbidden
        }
    }

    pub(super) fn discovery(&self, key: u16) -> Option<&Discovery> {
        self.discoveries.get(usize::from(key))?.as_ref()
    }

    pub(super) fn discovery_mut(&mut self, key: u16) -> Option<&mut Discovery> {
        self.discoveries.get_mut(usize::from(key))?.as_mut()
    }

    fn close_request(&mut self, key: u16) {
        let Some(discovery) = self.discovery(key) else { return };
        let (request, deadline) = (discovery.request, discovery.request_deadline);
        if self.requests.get(&request) == Some(&key) {
            self.requests.remove(&request);
            self.deadlines.remove(&(deadline, Deadline::Request(request)));
        }
    }

    fn free_request(&mut self) -> RequestId {
        loop {
            self.next_request = self.next_request.wrapping_add(1);
            let request = RequestId(self.next_request);
            if !self.requests.contains_key(&request) {
                return request;
            }
        }
    }
}
