//! What senders do with mail for the domain now, as the engine decides it.

use alloc::{
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};

use super::{
    Lint, Mail, MxVerdict, Protection, Publication, Verdict, dane, http::MAX_OCTETS, mx,
    quote::quoted, record::joined,
};
use crate::{
    Applied, CertOutcome, Decision, Failure, FailureKind, FetchFailure, MxPattern, Policy,
    PolicyError, PolicyId, RecordError, Source, StsRecord, TlsFailure, TlsOutcome, TxtError,
    UnixMillis, Unprotected, Verdict as Attempted, Why,
};

/// What a sender that knows nothing from before discovers.
#[derive(Debug)]
pub(super) struct Discovery {
    record: Option<Result<PolicyId, FailureKind>>,
    fetch: Option<Result<(), FailureKind>>,
    /// The policy, if there is one that senders accept.
    pub(super) policy: Option<Policy>,
}

impl Discovery {
    /// `policy` is what the engine's parser made of the policy's text; `tls` an error that the
    /// certificate shows.
    pub(super) fn new(
        publication: &Publication,
        policy: Option<&Result<Policy, PolicyError>>,
        tls: Option<Lint>,
    ) -> Self {
        let record = publication.txt.as_ref().map(|txt| match txt.failure {
            Some(failure) => Err(FailureKind::Dns(failure)),
            None => StsRecord::select(&joined(&txt.records))
                .map(|record| record.id)
                .map_err(FailureKind::Record),
        });
        let tls = tls.map(|lint| {
            if lint == Lint::TlsExpired { TlsFailure::Expired } else { TlsFailure::NameMismatch }
        });
        let obstacle = publication.http.as_ref().and_then(|http| http.obstacle());
        let obstacle = obstacle.or_else(|| tls.map(FetchFailure::Tls));
        let is_large = publication.policy.as_ref().is_some_and(|body| body.len() > MAX_OCTETS);
        let fetch = match (obstacle, policy) {
            (Some(failure), _) => Some(Err(FailureKind::Fetch(failure))),
            (None, Some(_)) if is_large => Some(Err(FailureKind::Fetch(FetchFailure::TooLarge))),
            (None, Some(Err(error))) => Some(Err(FailureKind::Policy(*error))),
            (None, Some(Ok(_))) => Some(Ok(())),
            (None, None) => None,
        };
        let policy = policy.filter(|_| matches!(fetch, Some(Ok(()))));
        let policy = policy.and_then(|policy| policy.as_ref().ok()).cloned();
        Self { record, fetch, policy }
    }

    /// Whether a sender is kept from the policy.
    pub(super) const fn is_broken(&self) -> bool {
        matches!(self.record, Some(Err(_))) || matches!(self.fetch, Some(Err(_)))
    }

    /// The decision. What is not known of the record is taken to be right.
    fn decision(&self, now: UnixMillis) -> Option<Decision> {
        let failed = |kind, id| {
            let failure = Failure { kind, at: now, id, detail: Arc::from("") };
            Decision::Opportunistic(Unprotected::failed(Arc::new(failure)))
        };
        let id = match &self.record {
            Some(Err(FailureKind::Record(RecordError::Txt(TxtError::NoRecord)))) => {
                return Some(Decision::Opportunistic(Unprotected::new(Why::NoRecord)));
            }
            Some(Err(kind)) => return Some(failed(*kind, None)),
            Some(Ok(id)) => Some(*id),
            None => None,
        };
        if let Some(Err(kind)) = &self.fetch {
            return Some(failed(*kind, id));
        }
        let policy = Arc::new(self.policy.clone()?);
        let mode = policy.mode();
        let applied = Applied {
            policy,
            id: id.unwrap_or(PolicyId::NONE),
            fetched_at: now,
            source: Source::Live,
            failure: None,
        };
        Some(match mode {
            crate::Mode::Enforce => Decision::Enforce(applied),
            crate::Mode::Testing => Decision::Testing(applied),
            crate::Mode::None => Decision::Opportunistic(Unprotected {
                why: Why::ModeNone,
                failure: None,
                none: Some(applied),
            }),
        })
    }
}

/// Judges each MX host, and says in a sentence what that comes to.
pub(super) fn verdict(publication: &Publication, discovery: &Discovery) -> Verdict {
    let now = publication.now.unwrap_or_default();
    let decision = discovery.decision(now);
    let hosts = mx::hosts(publication);
    let judged: Vec<MxVerdict> = match &decision {
        None => Vec::new(),
        Some(decision) => hosts.iter().map(|host| judge(publication, decision, host)).collect(),
    };
    let mail = match (&decision, hosts.is_empty()) {
        // Without a policy, mail goes wherever the MX records say.
        (Some(Decision::Opportunistic(_)), true) => Mail::Delivered,
        (None, _) | (_, true) => Mail::Unknown,
        (Some(_), false) => {
            let delivers = judged.iter().filter(|host| host.delivers).count();
            if delivers == judged.len() {
                Mail::Delivered
            } else if delivers == 0 {
                Mail::Delayed
            } else {
                Mail::Restricted
            }
        }
    };
    let protection = match &decision {
        None => Protection::Unknown,
        Some(Decision::Enforce(_)) => Protection::Enforced,
        Some(Decision::Testing(_)) => Protection::Reported,
        Some(Decision::Opportunistic(_) | Decision::TempFail(_)) => Protection::None,
    };
    let sentence = sentence(publication, discovery, decision.as_ref(), mail, &judged);
    Verdict { sentence, mail, protection, decision, mx: judged }
}

fn judge(publication: &Publication, decision: &Decision, host: &super::MxHost) -> MxVerdict {
    let smtp = host.smtp.as_ref().filter(|smtp| smtp.failure.is_none());
    let seen = TlsOutcome {
        starttls: smtp.is_none_or(|smtp| smtp.starttls),
        cert: smtp.and_then(|smtp| smtp.certificate).unwrap_or(CertOutcome::Valid),
        dane: dane::outcome(publication.dane.as_ref(), &host.host),
    };
    let attempt = decision.judge(&host.host, seen);
    let policy = decision.policy().map(|applied| &applied.policy);
    let pattern = policy.and_then(|policy| first_match(policy, &host.host));
    MxVerdict {
        host: host.host.clone(),
        pattern: pattern.map(|pattern| pattern.as_str().into()),
        delivers: attempt.verdict == Attempted::Deliver,
        report: attempt.report,
    }
}

fn first_match<'a>(policy: &'a Policy, host: &str) -> Option<&'a MxPattern> {
    let name = crate::name::to_mx_name(host.as_bytes()).ok()?;
    policy.mx().iter().find(|pattern| pattern.matches_name(&name))
}

fn sentence(
    publication: &Publication,
    discovery: &Discovery,
    decision: Option<&Decision>,
    mail: Mail,
    judged: &[MxVerdict],
) -> String {
    let domain = publication
        .domain
        .as_ref()
        .map_or_else(|| "the domain".into(), |domain| quoted(domain.as_str()));
    let is_null = publication.mx.as_ref().is_some_and(|mx| {
        mx.failure.is_none() && matches!(mx.hosts.as_slice(), [host] if host.is_null())
    });
    if is_null {
        return format!("Nobody sends mail to {domain}: its null MX says that it accepts none.");
    }
    let Some(decision) = decision else {
        return match (&discovery.record, &publication.policy) {
            (Some(Ok(_)), _) => {
                format!("Senders look for the policy of {domain}, which is not known here.")
            }
            _ => format!(
                "What senders do with mail for {domain} is not known: neither its TXT record nor its policy was looked at."
            ),
        };
    };
    // What is said of a policy whose record nobody looked at holds under a condition.
    let announced = if discovery.record.is_none() {
        "Once a TXT record announces this policy, senders"
    } else {
        "Senders"
    };
    let refused = || list(judged.iter().filter(|host| !host.delivers));
    match (decision, mail) {
        (Decision::Enforce(_), Mail::Delayed) => {
            format!(
                "{announced} that follow MTA-STS do not deliver mail for {domain}: it waits, and is returned in the end, since they may use none of its MX hosts."
            )
        }
        (Decision::Enforce(_), Mail::Restricted) => {
            format!(
                "{announced} that follow MTA-STS deliver mail for {domain} over verified TLS, but never to {}.",
                refused()
            )
        }
        (Decision::Enforce(_), Mail::Delivered) => {
            let caveat = if was_seen(publication) {
                ""
            } else {
                ", provided that their certificates are in order"
            };
            format!(
                "{announced} that follow MTA-STS deliver mail for {domain} to its MX hosts over verified TLS, or not at all{caveat}: it is protected."
            )
        }
        (Decision::Enforce(_), Mail::Unknown) => {
            format!(
                "{announced} that follow MTA-STS deliver mail for {domain} over verified TLS to hosts that the policy names, or not at all; its MX hosts are not known here."
            )
        }
        (Decision::Testing(_), Mail::Delayed | Mail::Restricted) => {
            format!(
                "{announced} that check DANE do not deliver mail for {domain} to {}; the policy, in mode testing, protects nobody.",
                refused()
            )
        }
        (Decision::Testing(_), _) => {
            let failing = judged.iter().filter(|host| host.report.is_some()).count();
            let would = if failing > 0 {
                format!(", among them {failing} MX hosts that mode enforce would refuse")
            } else {
                String::new()
            };
            format!(
                "{announced} deliver mail for {domain} as without a policy and report failures{would}: it is not protected."
            )
        }
        (Decision::Opportunistic(_) | Decision::TempFail(_), Mail::Delayed | Mail::Restricted) => {
            format!(
                "Senders that check DANE do not deliver mail for {domain} to {}; no MTA-STS policy governs.",
                refused()
            )
        }
        (Decision::Opportunistic(unprotected) | Decision::TempFail(unprotected), _) => {
            format!(
                "Senders deliver mail for {domain} as without a policy{}: it is not protected.",
                reason(unprotected)
            )
        }
    }
}

/// Whether the TLS of all MX hosts was looked at.
fn was_seen(publication: &Publication) -> bool {
    let hosts = publication.mx.as_ref().map_or(&[][..], |mx| &mx.hosts);
    let is_seen = |host: &super::MxHost| {
        host.smtp.as_ref().is_some_and(|smtp| smtp.failure.is_none() && smtp.certificate.is_some())
    };
    !hosts.is_empty() && hosts.iter().all(is_seen)
}

fn reason(unprotected: &Unprotected) -> String {
    match (unprotected.why, &unprotected.failure) {
        (Why::NoRecord, _) => ", since it has no MTA-STS record".into(),
        (Why::ModeNone, _) => ", since its policy is in mode none".into(),
        (_, Some(failure)) => format!(" ({})", failure.kind.to_string().trim_end_matches('.')),
        (_, None) => String::new(),
    }
}

fn list<'a>(hosts: impl Iterator<Item = &'a MxVerdict>) -> String {
    const SHOWN: usize = 3;
    let mut hosts = hosts.map(|host| quoted(&host.host));
    let shown: Vec<String> = hosts.by_ref().take(SHOWN).collect();
    let more = hosts.count();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
