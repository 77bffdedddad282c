//! One question, and the attempts to have it answered.

use core::{
    fmt,
    pin::pin,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use std::sync::Arc;

use mtasts_core::{
    DnsFailure,
    dns::{Answer, Question},
};
use tokio::time::{self, Instant};
use tokio_rustls::TlsConnector;
use tracing::debug;

use super::{
    DnsError,
    config::{DnsConfig, Settings},
    exchange::ExchangeError,
    race::race,
    upstream::Upstream,
};

/// The servers in use, and how they are asked.
#[derive(Debug)]
pub(super) struct Upstreams {
    upstreams: Vec<Upstream>,
    timeout: Duration,
    attempts: usize,
    rotate: bool,
    tcp: bool,
    tls: Option<Connector>,
    /// Counts queries, for `rotate`.
    turn: AtomicUsize,
}

impl Upstreams {
    pub(super) fn new(config: &DnsConfig, file: Option<&[u8]>) -> Self {
        let Settings { servers, timeout, attempts, rotate, tcp } = config.settings(file);
        Self {
            upstreams: servers.into_iter().map(Upstream::new).collect(),
            timeout,
            attempts: usize::try_from(attempts).unwrap_or(1),
            rotate,
            tcp,
            tls: config
                .roots
                .as_ref()
                .map(|roots| Connector(Arc::new(roots.client_config()).into())),
            turn: AtomicUsize::new(0),
        }
    }

    /// Asks one server after another. One that is slow is not given up, only joined by the next.
    pub(super) async fn ask(
        &self,
        question: &Question,
        deadline: Instant,
    ) -> Result<Answer, DnsError> {
        let order = self.order();
        let total = order.len().saturating_mul(self.attempts);
        let attempts = (0..total).filter_map(|made| {
            let upstream = order.get(made.checked_rem(order.len())?)?;
            let now = Instant::now();
            let patience = self.patience(deadline, now, total.saturating_sub(made));
            let until = now.checked_add(patience).unwrap_or(deadline);
            Some((patience, self.attempt(upstream, question, until)))
        });
        match race(attempts).await {
            Ok(answer) => Ok(answer),
            Err(errors) => Err(self.failure(&errors)),
        }
    }

    /// The order in which servers are asked: those last that did not answer lately.
    fn order(&self) -> Vec<&Upstream> {
        let turn = if self.rotate { self.turn.fetch_add(1, Ordering::Relaxed) } else { 0 };
        let first = turn.checked_rem(self.upstreams.len()).unwrap_or(0);
        let (end, start) = self.upstreams.split_at_checked(first).unwrap_or_default();
        let mut order: Vec<&Upstream> = start.iter().chain(end).collect();
        let now = Instant::now();
        order.sort_by_key(|upstream| upstream.is_avoided(now));
        order
    }

    /// How long an attempt may take before the next one begins, when so many have yet to be made.
    fn patience(&self, deadline: Instant, now: Instant, left: usize) -> Duration {
        let time = deadline.saturating_duration_since(now);
        let share = u32::try_from(left).ok().and_then(|left| time.checked_div(left));
        share.unwrap_or_default().min(self.timeout)
    }

    async fn attempt<'a>(
        &self,
        upstream: &'a Upstream,
        question: &Question,
        until: Instant,
    ) -> Result<Answer, (&'a Upstream, ExchangeError)> {
        let tls = self.tls.as_ref().map(|Connector(tls)| tls);
        let mut ask = pin!(upstream.ask(question, self.tcp, tls));
        let outcome = match time::timeout_at(until, &mut ask).await {
            Ok(outcome) => outcome,
            Err(_) => {
                upstream.did_not_answer();
                ask.await
            }
        };
        match &outcome {
            Err(error) if error.is_servers_own() => upstream.did_not_answer(),
            Ok(_) | Err(_) => upstream.did_answer(),
        }
        outcome.map_err(|error| {
            debug!(server = %upstream.server(), %error, "DNS query failed");
            (upstream, error)
        })
    }

    /// What the errors come to. A server without an error has not answered.
    fn failure(&self, errors: &[(&Upstream, ExchangeError)]) -> DnsError {
        if self.upstreams.is_empty() {
            let detail = "no DNS server is configured".into();
            return DnsError { failure: DnsFailure::Other, detail };
        }
        let mut details = Vec::new();
        let mut failures = Vec::new();
        for upstream in &self.upstreams {
            let server = upstream.server();
            let error = errors.iter().rfind(|(other, _)| ptr::eq(*other, upstream));
            let (failure, detail) = match error {
                Some((_, error)) => (error.failure(), format!("{server}: {error}")),
                None => (DnsFailure::Timeout, format!("{server}: it did not answer in time")),
            };
            failures.push(failure);
            details.push(detail);
        }
        let failure = failures.into_iter().max_by_key(|failure| weight(*failure));
        DnsError { failure: failure.unwrap_or(DnsFailure::Other), detail: details.join("; ") }
    }
}

/// How much a failure says, of several.
pub(super) const fn weight(failure: DnsFailure) -> u8 {
    match failure {
        DnsFailure::Other => 0,
        DnsFailure::Timeout => 1,
        DnsFailure::Refused => 2,
        DnsFailure::ServFail => 3,
    }
}

/// A [`TlsConnector`] that can be shown.
struct Connector(TlsConnector);

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsConnector")
    }
}
