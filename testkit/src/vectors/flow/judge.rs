//! Comparing what a step has brought with what the scenario expects.

use std::collections::BTreeMap;

use mtasts_core::{PolicyDomain, UnixMillis};
use mtasts_net::https::REQUEST_HEADERS;

use super::{
    super::{
        face::{Governing, Ruling},
        policy::comparable_patterns,
    },
    play::Play,
    steps::{CacheExpect, DecisionExpect, Expect, Obligation, Outcome},
};

/// What a step has brought.
#[derive(Default)]
pub(super) struct Came<'a> {
    pub(super) domain: Option<&'a str>,
    pub(super) ruling: Option<Ruling>,
    pub(super) verdict: Option<String>,
    pub(super) bounce: Option<String>,
    pub(super) reports: Vec<String>,
    /// How often the step asked.
    pub(super) times: u32,
    pub(super) needs_dns_check: bool,
}

/// Fetches that a scenario allows but does not count on: `may`, or a refresh under the same id of
/// which it says nothing. They prolong the policy, and what the scenario says of its expiry
/// afterwards does not hold for an engine that made them.
#[derive(Default)]
pub(super) struct Refetched {
    fetches: BTreeMap<PolicyDomain, UnixMillis>,
    /// What was stored after the step before.
    before: BTreeMap<PolicyDomain, String>,
}

impl Refetched {
    /// Whether `policy` is that of such a fetch.
    fn brought(&self, domain: Option<&str>, policy: Option<&Governing>) -> bool {
        let domain = domain.and_then(|domain| PolicyDomain::from_lookup_key(domain).ok());
        let at = domain.and_then(|domain| self.fetches.get(&domain));
        at.is_some_and(|at| policy.is_some_and(|policy| policy.fetched_at == *at))
    }

    fn note(&mut self, play: &Play<'_>, expect: &Expect, domain: Option<&str>) {
        let domain = domain.and_then(|domain| PolicyDomain::from_lookup_key(domain).ok());
        let Some(domain) = domain else { return };
        let host = domain.policy_host();
        let mut said = expect.https.iter().filter(|(name, _)| name.eq_ignore_ascii_case(&host));
        let said = said.next().map(|(_, obligation)| *obligation);
        let stored = play.stored(&domain);
        let is_refresh = stored.is_some_and(|kept| self.before.get(&domain) == Some(&kept.id));
        let counted_on = match said {
            Some(Obligation::May) => false,
            Some(_) => true,
            None => !is_refresh,
        };
        match stored {
            Some(kept) if kept.fetched_at == play.now() => {
                if !counted_on && play.network.requests(&host) > 0 {
                    self.fetches.insert(domain.clone(), kept.fetched_at);
                }
                self.before.insert(domain, kept.id.clone());
            }
            _ => {}
        }
    }
}

/// Says what of a step is not as expected.
pub(super) fn judge(
    play: &mut Play<'_>,
    refetched: &mut Refetched,
    expect: &Expect,
    came: &Came<'_>,
) -> Result<(), String> {
    refetched.note(play, expect, came.domain);
    let unchecked = unchecked(play, came);
    if !unchecked {
        decision(refetched, expect, came)?;
        requests(play, expect)?;
    }
    word("verdict", expect.verdict.as_deref(), came.verdict.as_deref(), expect)?;
    word("bounce", expect.bounce.as_deref(), came.bounce.as_deref(), expect)?;
    for (name, obligation) in &expect.dns {
        obliged(&format!("DNS queries for {name}"), *obligation, play.network.queries(name))?;
    }
    if let Some(max) = expect.max_https {
        let made = play.network.all_requests();
        if made > max.saturating_mul(came.times) {
            return Err(format!("expected at most {max} requests a lookup, got {made}"));
        }
    }
    if let Some(cache) = expect.cache.as_ref().filter(|_| !unchecked) {
        cached(play, refetched, cache.as_ref(), came)?;
    }
    if let Some(alert) = expect.alert {
        obliged("alerts", alert, play.alerts)?;
    }
    // What is wrong with a host is added by each attempt.
    reports(expect, &came.reports, came.verdict.is_none() && play.network.is_quiet())?;
    forbidden_headers(expect)
}

/// Whether the step presumes a DNS check in an engine that legitimately made none, because a policy
/// that it had before governs: what the check would have led to does not apply.
fn unchecked(play: &Play<'_>, came: &Came<'_>) -> bool {
    let domain = came.domain.and_then(|domain| PolicyDomain::from_lookup_key(domain).ok());
    let asked = domain.is_some_and(|domain| play.network.queries(&domain.txt_name()) > 0);
    let policy = came.ruling.as_ref().and_then(|ruling| ruling.policy.as_ref());
    came.needs_dns_check && !asked && policy.is_some_and(|policy| policy.fetched_at < play.now())
}

fn decision(refetched: &Refetched, expect: &Expect, came: &Came<'_>) -> Result<(), String> {
    let Some(wanted) = &expect.decision else { return Ok(()) };
    let got = came.ruling.as_ref().ok_or("there is no decision to judge")?;
    let others = expect.also_ok.iter().filter_map(|outcome| match outcome {
        Outcome::Decision(wanted) => Some(wanted),
        Outcome::Word(_) => None,
    });
    let expired = ["no-policy", "none"].contains(&wanted.kind.as_str());
    if [wanted].into_iter().chain(others).any(|wanted| is(got, wanted))
        || (expired && refetched.brought(came.domain, got.policy.as_ref()))
    {
        return Ok(());
    }
    Err(format!("expected {wanted:?}\ngot      {got:?}"))
}

fn is(got: &Ruling, wanted: &DecisionExpect) -> bool {
    let policy = got.policy.as_ref();
    let id = policy.map(|policy| &policy.id);
    let mx = policy.map(|policy| &policy.mx);
    let max_age = policy.map(|policy| policy.expires_at.since(policy.fetched_at).as_secs());
    let wanted_mx = wanted.mx.as_deref().map(comparable_patterns);
    got.kind == wanted.kind
        && (wanted.id.is_none() || wanted.id.as_ref() == id)
        && (wanted_mx.is_none() || wanted_mx.as_ref() == mx)
        && (wanted.max_age.is_none() || wanted.max_age == max_age)
}

fn requests(play: &Play<'_>, expect: &Expect) -> Result<(), String> {
    expect.https.iter().try_for_each(|(host, obligation)| {
        obliged(&format!("requests to {host}"), *obligation, play.network.requests(host))
    })
}

fn obliged(what: &str, obligation: Obligation, times: u32) -> Result<(), String> {
    let kept = match obligation {
        Obligation::Must | Obligation::Should => times > 0,
        Obligation::May => true,
        Obligation::ShouldNot | Obligation::MustNot => times == 0,
    };
    if kept { Ok(()) } else { Err(format!("expected {what}: {obligation:?}\ngot      {times}")) }
}

fn word(
    what: &str,
    wanted: Option<&str>,
    got: Option<&str>,
    expect: &Expect,
) -> Result<(), String> {
    let Some(wanted) = wanted else { return Ok(()) };
    let also_ok = expect.also_ok.iter().any(|outcome| match outcome {
        Outcome::Word(word) => Some(word.as_str()) == got,
        Outcome::Decision(_) => false,
    });
    if got == Some(wanted) || also_ok {
        return Ok(());
    }
    Err(format!("expected {what} {wanted}\ngot      {}", got.unwrap_or("none")))
}

fn cached(
    play: &mut Play<'_>,
    refetched: &Refetched,
    wanted: Option<&CacheExpect>,
    came: &Came<'_>,
) -> Result<(), String> {
    let name = came.domain.ok_or("a step without `domain` says nothing about the cache")?;
    let domain = PolicyDomain::from_lookup_key(name).ok();
    let remembered = play.peek(name)?.and_then(|ruling| ruling.policy);
    let remembered = remembered.as_ref();
    let stored = domain.and_then(|domain| play.stored(&domain));
    let unloaded = remembered.is_none() && play.is_unfilled();
    if !unloaded && stored.map(|kept| kept.fetched_at) != remembered.map(|policy| policy.fetched_at)
    {
        return Err(format!("the store holds {stored:?}\nthe engine {remembered:?}"));
    }
    let by_refetch = refetched.brought(came.domain, remembered);
    match (wanted, stored) {
        (None, None) => Ok(()),
        (None, Some(_)) if by_refetch => Ok(()),
        (Some(wanted), Some(kept)) => {
            let (id, expires) = (&kept.id, Play::seconds(kept.expires_at));
            let right = wanted.id.as_ref().is_none_or(|wanted| wanted == id)
                && (by_refetch || wanted.expires.is_none_or(|wanted| wanted == expires));
            if right {
                return Ok(());
            }
            Err(format!("expected in the cache {wanted:?}\ngot      id {id}, expires {expires}"))
        }
        (wanted, stored) => Err(format!("expected in the cache {wanted:?}\ngot      {stored:?}")),
    }
}

/// Reports are what the step adds. A failure that is still in force is reported with each delivery,
/// but a step in which nobody was asked anything need not add it again.
fn reports(expect: &Expect, got: &[String], is_quiet: bool) -> Result<(), String> {
    let mut got: Vec<&str> = got.iter().map(String::as_str).collect();
    got.sort_unstable();
    if let Some(wanted) = &expect.report {
        let mut sorted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        if sorted != got && !(sorted.is_empty() && is_quiet) {
            return Err(format!("expected reports {wanted:?}\ngot      {got:?}"));
        }
    }
    match &expect.report_any {
        Some(wanted) if !got.iter().any(|got| wanted.iter().any(|wanted| wanted == got)) => {
            Err(format!("expected a report of {wanted:?}\ngot      {got:?}"))
        }
        _ => Ok(()),
    }
}

/// The engine says what to get, and has no say in the header fields: they are always the same.
fn forbidden_headers(expect: &Expect) -> Result<(), String> {
    let forbidden = expect.request.iter().flat_map(|request| &request.forbidden_headers);
    let mut sent = forbidden
        .filter(|name| REQUEST_HEADERS.iter().any(|sent| sent.as_str().eq_ignore_ascii_case(name)));
    sent.next().map_or(Ok(()), |name| Err(format!("expected no {name} in requests\ngot      one")))
}
