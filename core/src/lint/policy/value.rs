//! Values that are valid and a risk.

use alloc::format;

use super::PolicyText;
use crate::{
    Mode, Policy, Span,
    lint::{Findings, Lint, Place},
};

const DAY: u64 = 86_400;
const WEEK: u64 = 7 * DAY;

pub(super) fn check(text: &PolicyText<'_>, policy: &Policy, findings: &mut Findings) {
    let span = |name: &[u8]| -> Option<Span> {
        let mut known = text.notes.known.iter();
        known.find(|(known, _)| known.bytes == name).map(|(_, value)| value.span())
    };
    match policy.mode() {
        Mode::Enforce => {}
        Mode::Testing => {
            findings
                .add(
                    Lint::PolicyTesting,
                    Place::Policy,
                    span(b"mode"),
                    "the policy is in mode testing: senders report failures and deliver all the same",
                )
                .help("When the reports show no failures for some weeks, change to `mode: enforce`, and the id with it.");
        }
        Mode::None => {
            findings
                .add(
                    Lint::PolicyNone,
                    Place::Policy,
                    span(b"mode"),
                    "the policy is in mode none: senders deliver as though there were no policy",
                )
                .help("This is how MTA-STS is removed. The record and the policy may go when earlier policies have expired.");
        }
    }
    max_age(policy, span(b"max_age"), findings);
}

fn max_age(policy: &Policy, span: Option<Span>, findings: &mut Findings) {
    let seconds = policy.max_age().as_secs();
    let mut at = findings.at(Place::Policy, span);
    if policy.mode() == Mode::None {
        if seconds > WEEK {
            at.add(
                Lint::PolicyNoneLong,
                format!("in mode none, `max_age` is {seconds} seconds, more than a week"),
            )
            .help("RFC 8461 proposes a day, `max_age: 86400`: until it has passed, the policy should stay published.");
        }
    } else if seconds == 0 {
        at.add(
            Lint::PolicyMaxAgeZero,
            "`max_age` is 0, so senders keep the policy for no time",
        )
        .help("Without a policy in memory, an attacker who can forge DNS answers switches MTA-STS off. Write a week, `max_age: 604800`, or more.");
    } else if seconds < DAY {
        at.add(
            Lint::PolicyMaxAgeShort,
            format!("`max_age` is {seconds} seconds, less than a day"),
        )
        .help("The policy protects only where senders remember it. Write a week, `max_age: 604800`, or more.");
    } else if seconds < WEEK && policy.mode() == Mode::Enforce {
        at.add(
            Lint::PolicyMaxAgeDays,
            format!("`max_age` is {seconds} seconds, less than a week"),
        )
        .help("RFC 8461 expects weeks or more: senders who write less often than that are not protected.");
    }
}
