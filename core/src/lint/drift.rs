//! What changed since the domain was looked at before (RFC 8461 §3.1, §8.1, §8.3).

use alloc::format;
use core::time::Duration;

use super::{
    Findings, Lint, Place, Previous, Publication, mx, quote::quoted, record::joined,
    verdict::Discovery,
};
use crate::{Mode, Policy, StsRecord};

const LONG_TESTING: Duration = Duration::from_secs(90 * 86_400);

pub(super) fn check(
    previous: &Previous,
    publication: &Publication,
    discovery: &Discovery,
    findings: &mut Findings,
) {
    let earlier = previous
        .policy
        .as_ref()
        .and_then(|body| Policy::parse(body).ok())
        .map(|parsed| parsed.policy);
    let id = publication
        .txt
        .as_ref()
        .filter(|txt| txt.failure.is_none())
        .and_then(|txt| StsRecord::select(&joined(&txt.records)).ok())
        .map(|record| record.id);
    let is_same_id = match (&id, &previous.id) {
        (Some(id), Some(previous)) => Some(id.as_str() == previous),
        _ => None,
    };
    ids(previous, publication, is_same_id, findings);
    let Some(earlier) = earlier else { return };
    removed(previous, &earlier, publication, findings);
    modes(previous, &earlier, publication, discovery, findings);
    // Senders with the earlier policy look for a new one when its id changes.
    if is_same_id == Some(true) || discovery.is_broken() {
        hosts(previous, &earlier, publication, discovery, findings);
    }
}

/// The id must change with the policy, and only with it.
fn ids(
    previous: &Previous,
    publication: &Publication,
    is_same_id: Option<bool>,
    findings: &mut Findings,
) {
    let (Some(before), Some(now)) = (&previous.policy, &publication.policy) else { return };
    let is_same = match (Policy::parse(before), Policy::parse(now)) {
        (Ok(before), Ok(now)) => before.policy == now.policy,
        _ => before == now,
    };
    match (is_same, is_same_id) {
        (false, Some(true)) => {
            let id = quoted(previous.id.as_deref().unwrap_or_default());
            findings
                .add(Lint::DriftIdUnchanged, Place::Previous, None, format!("the policy changed, and the id is still {id}"))
                .help("Senders keep to the policy that they have until it is refreshed or expires. Change the id in the TXT record.");
        }
        (true, Some(false)) => {
            findings
                .add(Lint::DriftPolicyUnchanged, Place::Previous, None, "the id changed, and the policy did not")
                .help("If a new policy is to come: publish the policy first, then the id, else senders fetch the old policy once more.");
        }
        _ => {}
    }
}

/// Whether senders may still hold the earlier policy.
fn may_be_held(previous: &Previous, earlier: &Policy, publication: &Publication) -> bool {
    match (previous.seen_at, publication.now) {
        (Some(seen_at), Some(now)) => now <= seen_at.plus(earlier.max_age()),
        _ => true,
    }
}

fn removed(
    previous: &Previous,
    earlier: &Policy,
    publication: &Publication,
    findings: &mut Findings,
) {
    let is_gone =
        publication.txt.as_ref().is_some_and(|txt| txt.failure.is_none() && txt.records.is_empty());
    if is_gone && earlier.mode() != Mode::None && may_be_held(previous, earlier, publication) {
        let message = format!(
            "the TXT record is gone, and senders may hold the policy in mode {} for up to {} seconds",
            earlier.mode(),
            earlier.max_age().as_secs()
        );
        findings
            .add(Lint::DriftRemoved, Place::Previous, None, message)
            .help("To remove MTA-STS, publish a policy in mode none under a new id, and keep both until earlier policies have expired.");
    }
}

fn modes(
    previous: &Previous,
    earlier: &Policy,
    publication: &Publication,
    discovery: &Discovery,
    findings: &mut Findings,
) {
    let Some(now) = discovery.policy.as_ref().map(|policy| policy.mode()) else { return };
    if earlier.mode() == Mode::Enforce && now != Mode::Enforce {
        findings
            .add(
                Lint::DriftWeakened,
                Place::Previous,
                None,
                format!("the mode was enforce, and is {now} now"),
            )
            .help("If you did not do this, somebody else controls the policy host.");
    }
    if let (Mode::Testing, Mode::Testing, Some(since), Some(time)) =
        (earlier.mode(), now, previous.mode_since, publication.now)
        && time.since(since) > LONG_TESTING
    {
        let days = time.since(since).as_secs() / 86_400;
        findings
            .add(Lint::DriftLongTesting, Place::Previous, None, format!("the policy has been in mode testing for {days} days"))
            .help("If the reports show no failures, change to `mode: enforce`: mode testing protects nobody.");
    }
}

/// MX hosts that came while senders keep to the earlier policy.
fn hosts(
    previous: &Previous,
    earlier: &Policy,
    publication: &Publication,
    discovery: &Discovery,
    findings: &mut Findings,
) {
    if earlier.mode() != Mode::Enforce || !may_be_held(previous, earlier, publication) {
        return;
    }
    for host in mx::hosts(publication) {
        // What the present policy does not name either is told there.
        let is_told = discovery.policy.as_ref().is_some_and(|policy| !policy.matches(&host.host));
        if is_told || earlier.matches(&host.host) {
            continue;
        }
        let message = format!(
            "{} is not named by the earlier policy, which senders may still hold",
            quoted(&host.host)
        );
        findings
            .add(Lint::DriftMxNotInPrevious, Place::Previous, None, message)
            .help("They do not deliver there. Publish a policy that names the host, under a new id, and wait for the TTL before the MX record changes.");
    }
}
