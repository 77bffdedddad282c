//! `flow`: timed scenarios of cache, refresh, failure and delivery (RFC 8461 §3 to §8, §10).
//!
//! The engine is driven by a scripted network on a virtual clock. Work that a step starts is
//! finished within the step, at the step's time.

use std::collections::BTreeMap;

use mtasts_core::PolicyDomain;

use super::{
    Case,
    meta::{Meta, case},
};

mod judge;
mod network;
mod play;
mod steps;

use judge::{Came, Refetched, judge};
use play::{Play, Restart};
use steps::{Expect, Op, Step, seen};

case! {
    /// One scenario.
    FlowCase {
        steps: Vec<Step>,
    }
}

impl Case for FlowCase {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn run(&self) -> Result<(), String> {
        self.play(Restart::Filled)?;
        if self.steps.iter().any(|step| matches!(step.op, Op::Restart { .. })) {
            return self
                .play(Restart::Empty)
                .map_err(|reason| format!("{reason}\nwhere    the engine loads as it is asked"));
        }
        Ok(())
    }
}

impl FlowCase {
    fn play(&self, restart: Restart) -> Result<(), String> {
        let mut play = Play::new(restart);
        let mut refetched = Refetched::default();
        let mut last = 0;
        if !self.steps.iter().any(|step| step.expect != Expect::default()) {
            return Err("no step expects anything".into());
        }
        for (index, step) in self.steps.iter().enumerate() {
            let (t, op) = (step.t, step.op.name());
            if t < last {
                return Err(format!("step {}: time goes backwards", index + 1));
            }
            last = t;
            play.begin(t);
            self.step(&mut play, &mut refetched, step).map_err(|reason| {
                let (why, rfc) = (&self.meta.why, &self.meta.rfc);
                format!("step {} ({op} at {t} s):\n{reason}\nbecause  {why} ({rfc})", index + 1)
            })?;
        }
        Ok(())
    }

    fn step(&self, play: &mut Play, refetched: &mut Refetched, step: &Step) -> Result<(), String> {
        let mut came = Came { domain: step.op.domain(), times: 1, ..Came::default() };
        match &step.op {
            Op::Dns { name, answer } => play.network.set_dns(name, answer.clone()),
            Op::Https { host, answer } => play.network.set_https(host, answer.clone()),
            Op::Restart { .. } => {
                play.restart()?;
                came.domain = came.domain.or_else(|| self.only_domain());
            }
            Op::Lookup { domain, times } => {
                came.times = *times;
                for _ in 0..*times {
                    let decision = play.lookup(domain)?;
                    came.reports = decision.discovery_result().into_iter().collect();
                    came.decision = Some(decision);
                }
                came.needs_dns_check = step.needs_dns_check;
            }
            Op::Tick { .. } => {
                play.tick()?;
                came.domain = came.domain.or_else(|| self.only_domain());
                came.decision = came.domain.and_then(|domain| play.peek(domain));
                came.reports =
                    self.domains().filter_map(|domain| play.new_report(domain)).collect();
                came.needs_dns_check = step.needs_dns_check;
            }
            Op::Attempt { domain, mx, starttls, cert, dane } => {
                let decision = play.lookup(domain)?;
                let attempt = decision.judge(mx, seen(*starttls, *cert, *dane));
                came.decision = Some(decision);
                came.verdict = Some(attempt.verdict);
                came.reports = attempt.report.into_iter().collect();
                came.needs_dns_check = step.needs_dns_check;
            }
            Op::BeforeBounce { domain } => {
                let (decision, bounce) = play.recheck(domain)?;
                came.reports = decision.discovery_result().into_iter().collect();
                came.decision = Some(decision);
                came.bounce = Some(bounce);
            }
        }
        judge(play, refetched, &step.expect, &came)
    }

    /// The domains that the scenario is about, each once.
    fn domains(&self) -> impl Iterator<Item = &str> {
        let domains: BTreeMap<_, _> = self
            .steps
            .iter()
            .filter_map(|step| step.op.domain())
            .filter_map(|name| Some((PolicyDomain::from_lookup_key(name).ok()?, name)))
            .collect();
        domains.into_values()
    }

    /// The domain that the scenario is about, if there is but one.
    fn only_domain(&self) -> Option<&str> {
        let mut domains = self.domains();
        let first = domains.next()?;
        domains.next().is_none().then_some(first)
    }
}
