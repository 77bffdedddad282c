//! The order in which to publish, change and withdraw a policy (RFC 8461 §8.1, §8.3).

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use super::{Plan, TTL};
use crate::Mode;

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// A domain that had no policy gets one.
    Publish,
    /// A domain's policy is replaced by this one.
    Change,
    /// A domain no longer wants MTA-STS.
    Withdraw,
}

/// One step. Each is to be finished before the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do, in a few words.
    pub title: Cow<'static, str>,
    /// How, and why then.
    pub text: String,
    /// A command that does it or shows that it is done.
    pub command: Option<String>,
}

impl Occasion {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Publish, Self::Change, Self::Withdraw];

    /// One word that does not change, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Change => "change",
            Self::Withdraw => "withdraw",
        }
    }
}

impl Step {
    fn new(title: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), command: None }
    }

    fn command(self, command: impl Into<String>) -> Self {
        Self { command: Some(command.into()), ..self }
    }
}

pub(super) fn steps(plan: &Plan, occasion: Occasion) -> Vec<Step> {
    match occasion {
        Occasion::Publish => publish(plan),
        Occasion::Change => change(plan),
        Occasion::Withdraw => withdraw(plan),
    }
}

fn publish(plan: &Plan) -> Vec<Step> {
    let host = plan.policy_host();
    let mut steps = Vec::from([Step::new(
        "Make every MX host ready",
        "Each must offer STARTTLS with a certificate that is valid for its own name and comes from \
         an authority that senders trust.",
    )
    .command(format!("mtasts check --smtp {}", plan.domain))]);
    if let Some(tlsrpt) = &plan.tlsrpt {
        let text = format!(
            "Publish the TXT record at {}, so that senders report what fails from the first day.",
            tlsrpt.name
        );
        steps.push(Step::new("Ask for reports", text).command(dig(&tlsrpt.name)));
    }
    steps.push(Step::new(
        format!("Set up the web server for {host}"),
        format!(
            "Give {host} an A and an AAAA record, a certificate for exactly that name, and the \
             web server's configuration."
        ),
    ));
    steps.push(policy_step(plan, "Publish the policy"));
    steps.push(
        Step::new(
            "Announce it",
            format!(
                "Publish the TXT record at {}, last of all: from then on senders fetch the policy.",
                plan.txt.name
            ),
        )
        .command(dig(&plan.txt.name)),
    );
    steps.push(verify(plan));
    if plan.mode == Mode::Testing {
        steps.push(Step::new(
            "Enforce it",
            "After some weeks of reports without failures, change the policy to mode `enforce`.",
        ));
    }
    steps
}

fn change(plan: &Plan) -> Vec<Step> {
    Vec::from([
        Step::new(
            "Keep what the old policy names",
            "Senders go by the old policy until they see the new id. An MX host that is to go must \
             be out of DNS before it goes out of the policy; a new one must wait for the last step.",
        ),
        policy_step(plan, "Replace the policy"),
        Step::new(
            "Change the id",
            format!(
                "Only now change the TXT record at {}. Were it changed first, senders could keep \
                 the old policy under the new id.",
                plan.txt.name
            ),
        )
        .command(dig(&plan.txt.name)),
        Step::new(
            "Wait",
            format!(
                "Senders may go by the old record until its TTL has passed: {TTL} seconds, or \
                 whatever it had. Then new MX hosts may be added to DNS.",
            ),
        ),
        verify(plan),
    ])
}

fn withdraw(plan: &Plan) -> Vec<Step> {
    let first = if plan.mode == Mode::None {
        policy_step(plan, "Publish a policy in mode `none`")
    } else {
        Step::new(
            "Publish a policy in mode `none`",
            "It has a `max_age` of a day and tells senders that the domain wants no MTA-STS.",
        )
        .command(format!("mtasts generate --mode none {}", plan.domain))
    };
    Vec::from([
        first,
        Step::new(
            "Change the id",
            format!("Change the TXT record at {}: senders fetch the new policy.", plan.txt.name),
        )
        .command(dig(&plan.txt.name)),
        Step::new(
            "Wait until every earlier policy has expired",
            "That is the longest `max_age` that any earlier policy had, counted from the day on \
             which it was served last. A sender that has not seen mode `none` still enforces it.",
        ),
        Step::new(
            "Remove the TXT record, then the policy",
            format!(
                "Remove {} from DNS, then {} and its web server.",
                plan.txt.name,
                plan.policy_host()
            ),
        ),
    ])
}

fn policy_step(plan: &Plan, title: &'static str) -> Step {
    let url = plan.policy_url();
    let text = format!(
        "Put the policy file at {url}. The response must have status 200 and the media type \
         `text/plain`; redirects are not followed."
    );
    Step::new(title, text).command(format!("curl -si {url}"))
}

fn verify(plan: &Plan) -> Step {
    Step::new("Check all of it", "Now, and regularly: certificates expire and MX hosts change.")
        .command(format!("mtasts check {}", plan.domain))
}

fn dig(name: &str) -> String {
    format!("dig +short TXT {name}")
}
