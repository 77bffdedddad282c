//! One question, answered step by step: what `mtasts query` shows.
//!
//! A new engine is asked, without a store, so that everything is looked up. It is the same engine as
//! the daemon's, and so are the resolver and the fetcher.

use core::time::Duration;
use std::{collections::VecDeque, sync::Arc};

use mtasts_core::{
    Config, Decision, Deviation, Engine, FetchFailure, Input, LookupId, Output, Policy,
    PolicyDomain, PolicyError, RecordError, Response, StsRecord, TxtAnswer, UnixMillis,
    Unprotected, Why,
};
use mtasts_net::{
    Clock,
    dns::DnsError,
    https::{Fetch, FetchTrace},
};
use tokio::time::Instant;

use crate::network::Network;

mod json;
mod text;

pub use json::json;
pub use text::text;

/// What was done to decide about a domain, and the decision.
#[derive(Debug)]
pub struct Report {
    /// The Policy Domain.
    pub domain: PolicyDomain,
    /// The TXT query.
    pub txt: Option<TxtStep>,
    /// The fetch, if there was a reason for one.
    pub fetch: Option<FetchStep>,
    /// The decision.
    pub decision: Decision,
    /// When it was made.
    pub at: UnixMillis,
}

/// A TXT query and what was read from the answer.
#[derive(Debug)]
pub struct TxtStep {
    /// The name that was asked for.
    pub name: String,
    /// How long it took.
    pub took: Duration,
    /// The answer.
    pub answer: Result<TxtAnswer, DnsError>,
    /// The MTA-STS record among the answer's.
    pub record: Option<Result<StsRecord, RecordError>>,
}

/// A fetch and what was read from the response.
#[derive(Debug)]
pub struct FetchStep {
    /// What was fetched.
    pub url: String,
    /// What happened on the way.
    pub trace: FetchTrace,
    /// The response.
    pub outcome: Result<Response, (FetchFailure, Arc<str>)>,
    /// What the body gets wrong: without harm, or beyond use. Nothing if there is no body.
    pub reading: Option<Result<Vec<Deviation>, PolicyError>>,
}

/// Decides about a domain with nothing known before.
pub async fn query(domain: PolicyDomain, config: Config, network: &Network) -> Report {
    let clock = Clock::new();
    let mut engine = Engine::new(Config { store: false, ..config });
    let (mut txt, mut fetch, mut decision) = (None, None, None);
    // Each errand has a time limit of its own.
    let (lookup, deadline) = (LookupId(0), UnixMillis::MAX);
    let mut inputs = VecDeque::from([Input::Resolve { lookup, domain: domain.clone(), deadline }]);
    while let Some(input) = inputs.pop_front() {
        // There is room for one lookup, and every answer is to what was asked.
        let _ = engine.handle_input(input, clock.now());
        while let Some(output) = engine.poll_output() {
            match output {
                Output::QueryTxt { request, name, deadline, .. } => {
                    let step = TxtStep::take(network, &name, clock.instant(deadline)).await;
                    let answer = step.answer.clone();
                    let answer = answer.map_err(|error| (error.failure, error.detail.into()));
                    inputs.push_back(Input::TxtAnswer { request, answer });
                    txt = Some(step);
                }
                Output::FetchPolicy { request, host, path, deadline, max_bytes, .. } => {
                    let deadline = clock.instant(deadline);
                    let fetched = network.fetcher.fetch(&host, path, deadline, max_bytes).await;
                    let step = FetchStep::new(format!("https://{host}{path}"), fetched);
                    inputs.push_back(Input::FetchAnswer { request, answer: step.outcome.clone() });
                    fetch = Some(step);
                }
                Output::Answer { decision: made, .. } => decision = Some(made),
                Output::Load { .. }
                | Output::Store { .. }
                | Output::Remove { .. }
                | Output::Alert { .. } => {}
            }
        }
    }
    let undecided = || Decision::Opportunistic(Unprotected::new(Why::Deadline));
    Report { domain, txt, fetch, decision: decision.unwrap_or_else(undecided), at: clock.now() }
}

impl TxtStep {
    async fn take(network: &Network, name: &str, deadline: Instant) -> Self {
        let start = Instant::now();
        let answer = network.resolver.txt(name, deadline).await;
        let took = start.elapsed();
        let record = answer.as_ref().ok().map(|answer| StsRecord::select(&answer.records));
        Self { name: name.to_owned(), took, answer, record }
    }
}

impl FetchStep {
    fn new(url: String, fetch: Fetch) -> Self {
        let Fetch { outcome, trace } = fetch;
        let response = outcome.as_ref().ok().filter(|response| response.status == 200);
        let reading =
            response.map(|response| Policy::parse(&response.body).map(|parsed| parsed.deviations));
        Self { url, trace, outcome, reading }
    }
}
