//! Carrying out what engines ask for.

use std::sync::Arc;

use mtasts_core::{AlertKind, FailureKind, Input, Output, PolicyDomain, RecordError, TxtError};
use tracing::{debug, info, warn};

use super::{Driver, shard::State};
use crate::store::{Reply, Store, StoreError};

impl Driver {
    /// Does something with the engine that a domain belongs to, and sees to its errands.
    pub(super) fn with_shard<R>(
        &self,
        domain: &PolicyDomain,
        act: impl FnOnce(&mut State) -> R,
    ) -> R {
        let (result, errands) = self.shard_of(domain).with(act);
        self.carry_out(errands);
        result
    }

    pub(super) fn carry_out(&self, errands: Vec<Output>) {
        for errand in errands {
            self.carry_out_one(errand);
        }
    }

    fn carry_out_one(&self, errand: Output) {
        match errand {
            Output::QueryTxt { request, domain, name, deadline } => {
                let resolver = self.inner.network.read().resolver.clone();
                let deadline = self.inner.clock.instant(deadline);
                self.spawn(domain, async move {
                    let answer = resolver.txt(&name, deadline).await;
                    let answer = answer.map_err(|error| (error.failure, error.detail.into()));
                    Input::TxtAnswer { request, answer }
                });
            }
            Output::FetchPolicy { request, domain, host, path, deadline, max_bytes } => {
                let fetcher = self.inner.network.read().fetcher.clone();
                let deadline = self.inner.clock.instant(deadline);
                self.spawn(domain, async move {
                    let fetch = fetcher.fetch(&host, path, deadline, max_bytes).await;
                    Input::FetchAnswer { request, answer: fetch.outcome }
                });
            }
            Output::Load { request, domain } => {
                let loading = self.ask_store(|store| store.load(&domain));
                self.spawn(domain, async move {
                    let policy = told("load a policy", loading).await.flatten();
                    Input::Loaded { request, policy }
                });
            }
            Output::Store { request, domain, policy } => {
                let storing = self.ask_store(|store| store.store(domain.clone(), policy));
                self.spawn(domain, async move {
                    told("keep a policy", storing).await;
                    Input::Stored { request }
                });
            }
            Output::Remove { domain } => {
                let now = self.now();
                let removing = self.ask_store(|store| store.remove(domain, now));
                self.inner.tasks.spawn(told("remove a policy", removing));
            }
            Output::Alert { domain, kind } => alert(&domain, &kind),
            // The shard has handed it to whoever waits.
            Output::Answer { .. } => {}
        }
    }

    /// Asks the store now, so that it is asked in the order of the engine's outputs.
    pub(super) fn ask_store<T>(
        &self,
        ask: impl FnOnce(&dyn Store) -> Reply<T>,
    ) -> Option<Reply<T>> {
        self.inner.store.as_deref().map(ask)
    }

    /// Carries out an errand in a task of its own, and tells the engine what came of it.
    fn spawn(&self, domain: PolicyDomain, errand: impl Future<Output = Input> + Send + 'static) {
        let driver = self.clone();
        self.inner.tasks.spawn(async move {
            let input = tokio::select! {
                () = driver.inner.stopping.cancelled() => return,
                input = errand => input,
            };
            driver.deliver(&domain, input);
        });
    }

    fn deliver(&self, domain: &PolicyDomain, input: Input) {
        let failure = network_failure(&input);
        let failure = self.with_shard(domain, |state| {
            // Under the lock, so that the engine's time is this and no later one.
            let now = self.now();
            // The engine may have given up on it at this very moment.
            let _ = state.engine.handle_input(input, now);
            failure.or_else(|| {
                let decision = state.engine.peek(domain, now)?;
                let failure = decision.failure().filter(|failure| failure.at == now)?;
                Some((failure.kind, Arc::clone(&failure.detail)))
            })
        });
        if let Some((kind, detail)) = failure {
            tell_failure(domain, kind, &detail);
        }
    }
}

/// What has failed before the engine had a look at it.
fn network_failure(input: &Input) -> Option<(FailureKind, Arc<str>)> {
    if let Input::TxtAnswer { answer: Err((failure, detail)), .. } = input {
        return Some((FailureKind::Dns(*failure), Arc::clone(detail)));
    }
    if let Input::FetchAnswer { answer: Err((failure, detail)), .. } = input {
        return Some((FailureKind::Fetch(*failure), Arc::clone(detail)));
    }
    None
}

fn tell_failure(domain: &PolicyDomain, kind: FailureKind, detail: &str) {
    let code = kind.code();
    // Text that has nothing to do with MTA-STS is common where a wildcard answers for the name.
    if kind == FailureKind::Record(RecordError::Txt(TxtError::OtherRecord)) {
        debug!(%domain, code, "{kind}");
    } else if detail.is_empty() {
        info!(%domain, code, "{kind}");
    } else {
        info!(%domain, code, "{kind} ({detail})");
    }
}

fn alert(domain: &PolicyDomain, kind: &AlertKind) {
    let AlertKind::RefreshFailed { failure, expires_at } = kind;
    let left = expires_at.since(failure.at).as_secs();
    let code = failure.kind.code();
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
    //# MTAs SHOULD alert administrators (through the use of logs or similar) when such attempts
    //# fail
    warn!(%domain, code, "the cached policy ends in {left} s and cannot be refreshed: {}", failure.kind);
}

/// The store's reply, unless it fails; then the engine goes on without it.
pub(super) async fn told<T>(what: &str, reply: Option<Reply<T>>) -> Option<T> {
    match reply?.await {
        Ok(reply) => Some(reply),
        Err(StoreError::Closed) => None,
        Err(error) => {
            warn!("the policy store cannot {what}: {error}");
            None
        }
    }
}
