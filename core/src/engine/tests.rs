//! One behaviour each. The harness plays the caller; time moves only when a test says so.

use alloc::{collections::VecDeque, string::String, vec::Vec};
use core::time::Duration;

use super::*;
use crate::{
    Bounce, CachedPolicy, DnsFailure, FetchFailure, Response, TxtAnswer, UnixMillis, Verdict,
};

mod answers;
mod failures;
mod limits;
mod refresh;
mod storing;

const ENFORCE: &str = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n";
const TESTING: &str = "version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n";
const NONE: &str = "version: STSv1\nmode: none\nmax_age: 604800\n";
const DAY: u64 = 86_400;

struct Harness {
    engine: Engine,
    now: UnixMillis,
    outputs: VecDeque<Output>,
    lookups: u32,
}

impl Harness {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn with(config: Config) -> Self {
        let now = UnixMillis::from_secs(1_800_000_000);
        Self { engine: Engine::new(config), now, outputs: VecDeque::new(), lookups: 0 }
    }

    fn pass(&mut self, secs: u64) {
        self.now = self.now.plus(Duration::from_secs(secs));
    }

    fn input(&mut self, input: Input) -> Result<(), InputError> {
        let result = self.engine.handle_input(input, self.now);
        self.drain();
        result
    }

    fn tick(&mut self) {
        self.engine.handle_timeout(self.now);
        self.drain();
        assert!(self.engine.poll_timeout().is_none_or(|(at, _)| at > self.now));
    }

    fn drain(&mut self) {
        self.outputs.extend(core::iter::from_fn(|| self.engine.poll_output()));
    }

    /// Asks with a deadline in 90 s.
    fn ask(&mut self, domain: &str) -> LookupId {
        self.try_ask(domain).unwrap()
    }

    fn try_ask(&mut self, name: &str) -> Result<LookupId, InputError> {
        self.lookups += 1;
        let (lookup, deadline) = (LookupId(self.lookups), self.now.plus(Duration::from_secs(90)));
        self.input(Input::Resolve { lookup, domain: domain(name), deadline })?;
        Ok(lookup)
    }

    fn recheck(&mut self, name: &str) -> LookupId {
        self.lookups += 1;
        let (lookup, deadline) = (LookupId(self.lookups), self.now.plus(Duration::from_secs(90)));
        self.input(Input::Recheck { lookup, domain: domain(name), deadline }).unwrap();
        lookup
    }

    /// What is known without asking anybody.
    fn lookup(&mut self, name: &str) -> Option<Decision> {
        let decision = self.engine.lookup(&domain(name), self.now);
        self.drain();
        decision
    }

    fn take<T>(&mut self, pick: impl Fn(&Output) -> Option<T>) -> Option<T> {
        let at = self.outputs.iter().position(|output| pick(output).is_some())?;
        self.outputs.remove(at).and_then(|output| pick(&output))
    }

    fn txt_query(&mut self) -> Option<RequestId> {
        self.take(|output| match output {
            Output::QueryTxt { request, .. } => Some(*request),
            _ => None,
        })
    }

    fn fetch(&mut self) -> Option<RequestId> {
        self.take(|output| match output {
            Output::FetchPolicy { request, .. } => Some(*request),
            _ => None,
        })
    }

    fn store(&mut self) -> Option<(RequestId, CachedPolicy)> {
        self.take(|output| match output {
            Output::Store { request, policy, .. } => Some((*request, policy.clone())),
            _ => None,
        })
    }

    fn load(&mut self) -> Option<RequestId> {
        self.take(|output| match output {
            Output::Load { request, .. } => Some(*request),
            _ => None,
        })
    }

    fn removed(&mut self) -> Option<String> {
        self.take(|output| match output {
            Output::Remove { domain } => Some(domain.as_str().into()),
            _ => None,
        })
    }

    fn alert(&mut self) -> Option<crate::AlertKind> {
        self.take(|output| match output {
            Output::Alert { kind, .. } => Some(kind.clone()),
            _ => None,
        })
    }

    fn answer(&mut self, wanted: LookupId) -> Option<Decision> {
        self.bounce_answer(wanted).map(|(decision, _)| decision)
    }

    fn bounce_answer(&mut self, wanted: LookupId) -> Option<(Decision, Option<Bounce>)> {
        self.take(|output| match output {
            Output::Answer { lookup, decision, bounce } if *lookup == wanted => {
                Some((decision.clone(), *bounce))
            }
            _ => None,
        })
    }

    /// Answers the one TXT query that is open.
    fn say_txt(&mut self, records: &[&str]) {
        let request = self.txt_query().expect("a TXT query");
        let records = records.iter().map(|record| record.as_bytes().to_vec()).collect();
        let answer = Ok(TxtAnswer { records, ttl: 60 });
        self.input(Input::TxtAnswer { request, answer }).unwrap();
    }

    fn say_txt_fails(&mut self, failure: DnsFailure) {
        let request = self.txt_query().expect("a TXT query");
        self.input(Input::TxtAnswer { request, answer: Err((failure, "".into())) }).unwrap();
    }

    /// Answers the one fetch that is open.
    fn say_policy(&mut self, body: &str) {
        let request = self.fetch().expect("a fetch");
        let answer = Ok(Response {
            status: 200,
            content_type: Some("text/plain".into()),
            body: body.into(),
        });
        self.input(Input::FetchAnswer { request, answer }).unwrap();
    }

    fn say_fetch_fails(&mut self, failure: FetchFailure) {
        let request = self.fetch().expect("a fetch");
        let answer = Err((failure, "detail".into()));
        self.input(Input::FetchAnswer { request, answer }).unwrap();
    }

    /// Discovers a policy from nothing.
    fn discover(&mut self, domain: &str, id: &str, body: &str) -> Decision {
        let lookup = self.ask(domain);
        self.say_txt(&[&alloc::format!("v=STSv1; id={id}")]);
        self.say_policy(body);
        self.answer(lookup).expect("an answer")
    }
}

fn domain(name: &str) -> PolicyDomain {
    PolicyDomain::from_lookup_key(name).unwrap()
}

fn id(decision: &Decision) -> Option<&str> {
    decision.policy().map(|applied| applied.id.as_str())
}
