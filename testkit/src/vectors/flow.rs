//! `flow`: timed scenarios of cache, refresh, failure and delivery (RFC 8461 §3 to §8, §10).
//!
//! The engine is driven by a scripted network on a virtual clock. Work that a step starts is
//! finished within the step, at the step's time.

use std::collections::BTreeMap;

use mtasts_core::PolicyDomain;
use serde_json::{Map, json};

use super::{
    Case, Face, Publication,
    meta::{Meta, case},
};

mod judge;
mod network;
mod play;
mod steps;

use judge::{Came, Refetched, judge};
use network::Network;
use play::{Play, Restart};
use steps::{Expect, Op, Step};

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

    fn run(&self, face: &mut Face) -> Result<(), String> {
        self.play(face, Restart::Filled)?;
        if self.steps.iter().any(|step| matches!(step.op, Op::Restart { .. })) {
            return self
                .play(face, Restart::Empty)
                .map_err(|reason| format!("{reason}\nwhere    the engine loads as it is asked"));
        }
        Ok(())
    }

    /// What each domain publishes whenever it is asked for, once.
    fn publications(&self) -> Result<Vec<Publication>, String> {
        let (mut network, mut all) = (Network::default(), Vec::new());
        for step in &self.steps {
            let publication = match &step.op {
                Op::Dns { name, answer } => {
                    network.set_dns(name, answer.clone());
                    continue;
                }
                Op::Https { host, answer } => {
                    network.set_https(host, answer.clone());
                    continue;
                }
                Op::Tick { .. } | Op::Restart { .. } => continue,
                Op::Lookup { domain, .. } | Op::BeforeBounce { domain } => {
                    network.publication(domain)?
                }
                Op::Attempt { domain, mx, starttls, cert, dane } => {
                    let smtp = json!({ "starttls": starttls, "certificate": cert.word() });
                    let facts = Map::from_iter([("smtp".to_owned(), smtp)]);
                    let tlsa = json!({ "host": mx, "signed": true, "usages": [3], "outcome": dane.word() });
                    let publication = network.publication(domain)?.mx_host(mx, facts);
                    publication.with("dane", json!({ "mx_signed": true, "tlsa": [tlsa] }))
                }
            };
            if !all.contains(&publication) {
                all.push(publication);
            }
        }
        Ok(all)
    }
}

impl FlowCase {
    fn play(&self, face: &mut Face, restart: Restart) -> Result<(), String> {
        let mut play = Play::new(face, restart)?;
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

    fn step(
        &self,
        play: &mut Play<'_>,
        refetched: &mut Refetched,
        step: &Step,
    ) -> Result<(), String> {
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
                    let ruling = play.lookup(domain)?;
                    came.reports = ruling.report.clone().into_iter().collect();
                    came.ruling = Some(ruling);
                }
                came.needs_dns_check = step.needs_dns_check;
            }
            Op::Tick { .. } => {
                play.tick()?;
                came.domain = came.domain.or_else(|| self.only_domain());
                for domain in self.domains() {
                    came.reports.extend(play.new_report(domain)?);
                }
                came.ruling = match came.domain {
                    Some(domain) => play.peek(domain)?,
                    None => None,
                };
                came.needs_dns_check = step.needs_dns_check;
            }
            Op::Attempt { domain, mx, starttls, cert, dane } => {
                came.ruling = Some(play.lookup(domain)?);
                let (verdict, report) =
                    play.judge(domain, mx, *starttls, cert.word(), dane.word())?;
                came.verdict = Some(verdict);
                came.reports = report.into_iter().collect();
                came.needs_dns_check = step.needs_dns_check;
            }
            Op::BeforeBounce { domain } => {
                let (ruling, bounce) = play.recheck(domain)?;
                came.reports = ruling.report.clone().into_iter().collect();
                came.ruling = Some(ruling);
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
