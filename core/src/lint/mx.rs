//! The MX hosts, each for itself and against the policy (RFC 8461 §4.1, §8.4).

use alloc::{format, vec, vec::Vec};
use core::net::IpAddr;

use smol_str::SmolStr;

use super::{
    Findings, Lint, MxHost, Place, Publication, policy::PolicyText, quote::quoted, record::index,
};
use crate::{
    Mode, MxPattern, Policy, Span,
    name::{NameError, to_host_name, to_mx_name},
};

/// As many hosts as are looked at. Mail servers try far fewer.
pub(super) const MAX_HOSTS: usize = 256;

/// The hosts that mail for the domain goes to. Without an MX record it is the domain itself
/// (RFC 5321 §5.1).
pub(super) fn hosts(publication: &Publication) -> Vec<MxHost> {
    let Some(mx) = publication.mx.as_ref().filter(|mx| mx.failure.is_none()) else {
        return Vec::new();
    };
    match mx.hosts.as_slice() {
        [] => publication.domain.iter().map(|domain| MxHost::new(domain.as_str())).collect(),
        [host] if host.is_null() => Vec::new(),
        hosts => hosts.iter().take(MAX_HOSTS).cloned().collect(),
    }
}

/// Checks the hosts. `policy` is the text of a policy that senders accept.
pub(super) fn check(
    publication: &Publication,
    policy: Option<&PolicyText<'_>>,
    findings: &mut Findings,
) {
    let Some(mx) = &publication.mx else { return };
    if let Some(failure) = mx.failure {
        let message = format!("the lookup of the MX records failed: {failure}");
        findings
            .add(Lint::MxDnsFailure, Place::Mx, None, message)
            .help("Mail waits with its senders until the lookup succeeds.");
        return;
    }
    match mx.hosts.as_slice() {
        [host] if host.is_null() => {
            let message = "the null MX says that the domain accepts no mail";
            findings
                .add(Lint::MxNull, Place::MxHost(0), None, message)
                .help("There is nothing for a policy to protect.");
            return;
        }
        [] => {
            let message = "there is no MX record, so mail goes to the domain's own address";
            findings
                .add(Lint::MxAbsent, Place::Mx, None, message)
                .help("Publish an MX record. Until then the policy must name the domain itself, and its certificate as well.");
        }
        hosts => {
            for (at, host) in hosts.iter().take(MAX_HOSTS).enumerate() {
                name(host, Place::MxHost(index(at)), findings);
            }
            if hosts.len() > MAX_HOSTS {
                findings.left_out(Place::Mx, "MX hosts", hosts.len().saturating_sub(MAX_HOSTS));
            }
        }
    }
    if let Some(text) = policy
        && let Ok(policy) = &text.policy
        && policy.mode() != Mode::None
    {
        Coverage::new(policy, &hosts(publication)).check(text, policy, findings);
    }
}

fn name(host: &MxHost, place: Place, findings: &mut Findings) {
    let shown = quoted(&host.host);
    let is_address = host.host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    match to_host_name(host.host.as_bytes()) {
        _ if is_address => {
            findings
                .add(
                    Lint::MxAddress,
                    place,
                    None,
                    format!("{shown} is an IP address; an MX record names a host"),
                )
                .help("Many senders do not deliver to it, and no pattern matches it.");
            return;
        }
        Ok(_) | Err(NameError::Idna) => {}
        Err(error) => {
            findings
                .add(Lint::MxName, place, None, format!("{shown} is no host name: {error}"))
                .help("No pattern matches it, and no certificate is valid for it.");
            return;
        }
    }
    if let Some(target) = &host.cname {
        let message = format!("the MX host {shown} is an alias of {}", quoted(target));
        findings.add(Lint::MxCname, place, None, message).help(
            "An MX record should name a host with an address. Senders disagree on which of the two \
             names the policy and the certificate must have.",
        );
    }
    if host.has_address == Some(false) {
        findings
            .add(Lint::MxNoAddress, place, None, format!("the MX host {shown} has no address"))
            .help("Senders pass it over. Remove the MX record, or publish an address.");
    }
}

/// Which hosts the policy names.
struct Coverage<'a> {
    hosts: &'a [MxHost],
    names: Vec<Option<SmolStr>>,
    /// For each host, whether some pattern matches.
    covered: Vec<bool>,
    /// For each pattern, whether it matches some host.
    used: Vec<bool>,
}

impl<'a> Coverage<'a> {
    fn new(policy: &Policy, hosts: &'a [MxHost]) -> Self {
        let names: Vec<_> = hosts.iter().map(|mx| to_mx_name(mx.host.as_bytes()).ok()).collect();
        let mut used = vec![false; policy.mx().len()];
        let mut covered = Vec::with_capacity(hosts.len());
        for name in &names {
            let mut is_covered = false;
            if let Some(name) = name {
                for (pattern, used) in policy.mx().iter().zip(&mut used) {
                    let matches = pattern.matches_name(name);
                    *used |= matches;
                    is_covered |= matches;
                }
            }
            covered.push(is_covered);
        }
        Self { hosts, names, covered, used }
    }

    fn check(&self, text: &PolicyText<'_>, policy: &Policy, findings: &mut Findings) {
        let preference = |host: &MxHost| host.preference.unwrap_or(0);
        let pairs = || self.hosts.iter().zip(&self.covered);
        let best = pairs().filter(|(_, covered)| **covered).map(|(host, _)| preference(host)).min();
        let mut wildcards: Vec<(&str, Span)> = policy
            .mx()
            .iter()
            .zip(&text.mx_spans)
            .filter_map(|(pattern, span)| Some((pattern.wildcard_suffix()?, *span)))
            .collect();
        wildcards.sort_unstable_by_key(|(suffix, _)| *suffix);
        for (at, (host, covered)) in pairs().enumerate() {
            if *covered {
                continue;
            }
            let is_backup = best.is_some_and(|best| best < preference(host));
            uncovered(text, policy, host, at, is_backup, findings);
            if let Some(name) = self.names.get(at).and_then(Option::as_ref) {
                depth(&wildcards, name, findings);
            }
        }
        // Hosts that were not looked at may be what a pattern is for.
        if !self.hosts.is_empty() && self.hosts.len() < MAX_HOSTS {
            let unused = policy.mx().iter().zip(&text.mx_spans).zip(&self.used);
            for ((pattern, span), _) in unused.filter(|(_, used)| !**used) {
                let message =
                    format!("{} matches none of the domain's MX hosts", quoted(pattern.as_str()));
                findings
                    .add(Lint::PolicyMxUnused, Place::Policy, Some(*span), message)
                    .help("If no host of that name is planned, remove it: a policy should name no more than it must.");
            }
        }
    }
}

fn uncovered(
    text: &PolicyText<'_>,
    policy: &Policy,
    host: &MxHost,
    at: usize,
    is_backup: bool,
    findings: &mut Findings,
) {
    let shown = quoted(&host.host);
    let (lint, message) = if policy.mode() == Mode::Testing {
        (
            Lint::PolicyMxNotCoveredTesting,
            format!(
                "no `mx` of the policy matches {shown}: senders report it, and would not use it in mode enforce"
            ),
        )
    } else if is_backup {
        (
            Lint::PolicyMxBackupNotCovered,
            format!(
                "no `mx` of the policy matches {shown}: it gets no mail when better hosts are down"
            ),
        )
    } else {
        (
            Lint::PolicyMxNotCovered,
            format!("no `mx` of the policy matches {shown}: senders do not deliver mail there"),
        )
    };
    let place = Place::MxHost(index(at));
    let finding = findings.add(lint, place, None, message);
    match pattern_for(&host.host) {
        None => {
            finding.help("Correct the MX record: no pattern can match this name.");
        }
        Some(pattern) => {
            finding.help(format!(
                "Add `mx: {pattern}` to the policy, then change the id in the TXT record."
            ));
            if let Some(span) = text.mx_spans.last() {
                let length = span.end.saturating_sub(span.start);
                let column = span.column.saturating_add(length);
                let behind = Span { start: span.end, column, ..*span };
                let label = format!("Add `mx: {pattern}`");
                finding.fix_in(Place::Policy, label, [(behind, format!("\nmx: {pattern}"))]);
            }
        }
    }
}

/// The pattern that names this host.
fn pattern_for(host: &str) -> Option<MxPattern> {
    let name = to_mx_name(host.as_bytes()).ok()?;
    MxPattern::parse(&name).ok().filter(MxPattern::can_match)
}

/// A wildcard that covers the host's domain, at another depth. They are in the order of suffixes.
fn depth(wildcards: &[(&str, Span)], name: &str, findings: &mut Findings) {
    let mut domain = Some(name);
    while let Some(suffix) = domain {
        let found = wildcards.binary_search_by_key(&suffix, |(known, _)| *known);
        if let Some((_, span)) = found.ok().and_then(|at| wildcards.get(at)) {
            let wildcard = quoted(format!("*.{suffix}"));
            let message = if suffix == name {
                format!("{wildcard} does not match {} itself", quoted(name))
            } else {
                format!(
                    "{wildcard} does not match {}, which is more than one label below",
                    quoted(name)
                )
            };
            findings
                .add(Lint::PolicyMxWildcardDepth, Place::Policy, Some(*span), message)
                .help("`*.` stands for exactly one label.");
            return;
        }
        domain = suffix.split_once('.').map(|(_, parent)| parent);
    }
}
