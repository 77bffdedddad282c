//! What the daemon has decided, read from its JSON (`mtasts_core::render::json`).

use core::fmt::Write as _;
use std::{borrow::Cow, sync::Arc};

use mtasts_core::{
    Applied, Decision, Policy, PolicyError, PolicyId, Source, UnixMillis, Unprotected, Why,
};
use serde::Deserialize;

/// A decision of the daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The decision. Its failure is in the daemon's words, in `failure`.
    pub decision: Decision,
    /// Why, in a sentence.
    pub explanation: String,
    /// What went wrong last with the domain's discovery or refresh.
    pub failure: Option<FailureText>,
}

/// A failure in the daemon's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureText {
    /// One word that does not change, such as `tls-expired`.
    pub code: String,
    /// The failure in words.
    pub message: String,
    /// What else is known of it; may be empty.
    pub detail: String,
    /// The TLSRPT result type (RFC 8460 §4.3).
    pub result_type: String,
    /// When the daemon learned of it.
    pub at: UnixMillis,
}

/// Why the daemon's JSON is no decision.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// It is not the JSON that is expected.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// Its `schema_version` is not 1.
    #[error("it has schema version {0}, and this client knows version 1")]
    Version(u32),
    /// `decision` has a value that is not known. What is not understood is not taken for permission.
    #[error("the decision `{0}` is not known")]
    Decision(String),
    /// A policy governs but is not there.
    #[error("the decision `{0}` comes without a policy")]
    NoPolicy(String),
    /// The policy is not valid.
    #[error("the policy is not valid: {0}")]
    Policy(PolicyError),
    /// The policy's id or its source is not valid.
    #[error("the policy has no valid `{0}`")]
    Member(&'static str),
}

#[derive(Deserialize)]
struct Report<'a> {
    schema_version: u32,
    #[serde(borrow)]
    decision: Cow<'a, str>,
    explanation: String,
    #[serde(borrow)]
    policy: Option<PolicyReport<'a>>,
    failure: Option<FailureReport>,
}

#[derive(Deserialize)]
struct PolicyReport<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    mode: Cow<'a, str>,
    #[serde(borrow)]
    mx: Vec<Cow<'a, str>>,
    max_age: u64,
    #[serde(borrow)]
    source: Cow<'a, str>,
    fetched_at: u64,
}

#[derive(Deserialize)]
struct FailureReport {
    code: String,
    message: String,
    detail: String,
    result_type: String,
    at: u64,
}

impl Answer {
    /// Reads the daemon's JSON. Members that are not known are passed over.
    ///
    /// # Errors
    ///
    /// When it is no decision that can be acted upon.
    pub fn from_json(json: &str) -> Result<Self, AnswerError> {
        let report: Report<'_> = serde_json::from_str(json)?;
        if report.schema_version != 1 {
            return Err(AnswerError::Version(report.schema_version));
        }
        let failed = report.failure.is_some();
        let policy = report.policy.as_ref().map(PolicyReport::applied).transpose()?;
        let decision = match (report.decision.as_ref(), policy) {
            ("enforce", Some(policy)) => Decision::Enforce(policy),
            ("testing", Some(policy)) => Decision::Testing(policy),
            ("none", Some(policy)) => Decision::Opportunistic(Unprotected {
                why: Why::ModeNone,
                failure: None,
                none: Some(policy),
            }),
            ("no-policy", _) => Decision::Opportunistic(Unprotected::new(if failed {
                Why::Failed
            } else {
                Why::NoRecord
            })),
            ("temp-fail", _) => Decision::TempFail(Unprotected::new(if failed {
                Why::Failed
            } else {
                Why::Deadline
            })),
            (kind @ ("enforce" | "testing" | "none"), None) => {
                return Err(AnswerError::NoPolicy(kind.to_owned()));
            }
            (kind, _) => return Err(AnswerError::Decision(kind.to_owned())),
        };
        let failure = report.failure.map(FailureReport::text);
        Ok(Self { decision, explanation: report.explanation, failure })
    }

    /// The lookup key names no Policy Domain: an address literal, or a parent domain.
    pub(crate) fn no_domain() -> Self {
        Self {
            decision: Decision::Opportunistic(Unprotected::new(Why::NoRecord)),
            explanation: "deliver as without a policy: the next hop is no domain with a policy"
                .to_owned(),
            failure: None,
        }
    }
}

impl PolicyReport<'_> {
    fn applied(&self) -> Result<Applied, AnswerError> {
        let id = PolicyId::parse(self.id.as_ref()).ok_or(AnswerError::Member("id"))?;
        let source = match self.source.as_ref() {
            "live" => Source::Live,
            "cached" => Source::Cached,
            _ => return Err(AnswerError::Member("source")),
        };
        let fetched_at = UnixMillis::from_secs(self.fetched_at);
        Ok(Applied { policy: Arc::new(self.policy()?), id, fetched_at, source, failure: None })
    }

    /// The policy, through the one parser: nothing gets past its checks.
    fn policy(&self) -> Result<Policy, AnswerError> {
        if self.mx.iter().any(|pattern| pattern.contains('\n')) {
            return Err(AnswerError::Member("mx"));
        }
        let mut text = String::from("version: STSv1\n");
        // Writing to a string does not fail.
        let _ = writeln!(text, "mode: {}", self.mode);
        for pattern in &self.mx {
            let _ = writeln!(text, "mx: {pattern}");
        }
        let _ = writeln!(text, "max_age: {}", self.max_age);
        Ok(Policy::parse(&text).map_err(AnswerError::Policy)?.policy)
    }
}

impl FailureReport {
    fn text(self) -> FailureText {
        let Self { code, message, detail, result_type, at } = self;
        FailureText { code, message, detail, result_type, at: UnixMillis::from_secs(at) }
    }
}

#[cfg(test)]
mod tests;
