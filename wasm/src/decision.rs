//! Decisions, kept on this side so that they can be applied.

use std::sync::Arc;

use mtasts_core::{
    Applied, Attempt, CertOutcome, DaneOutcome, Failure, Mode, Policy, PolicyDomain, PolicyId,
    ResultType, Source, TlsOutcome, Unprotected, Verdict, Why, render,
};
use wasm_bindgen::prelude::*;

use crate::{
    codes, error,
    object::{Object, at},
    policy,
};

/// What a sender should do with mail for a Policy Domain.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Decision(mtasts_core::Decision);

impl From<mtasts_core::Decision> for Decision {
    fn from(decision: mtasts_core::Decision) -> Self {
        Self(decision)
    }
}

/// The decision of a sender that has just fetched `body` under `id`.
///
/// # Errors
///
/// When the body is no policy or the id none.
#[wasm_bindgen]
pub fn decide(body: &[u8], id: &str, fetched_at: f64) -> Result<Decision, JsValue> {
    let policy = Arc::new(Policy::parse(body).map_err(error::of_policy)?.policy);
    let id = policy_id(id)?;
    let mode = policy.mode();
    let (fetched_at, source) = (at(fetched_at), Source::Live);
    let applied = Applied { policy, id, fetched_at, source, failure: None };
    Ok(Decision(match mode {
        Mode::Enforce => mtasts_core::Decision::Enforce(applied),
        Mode::Testing => mtasts_core::Decision::Testing(applied),
        Mode::None => mtasts_core::Decision::Opportunistic(Unprotected {
            why: Why::ModeNone,
            failure: None,
            none: Some(applied),
        }),
    }))
}

/// A policy id.
pub(crate) fn policy_id(id: &str) -> Result<PolicyId, JsValue> {
    PolicyId::parse(id).ok_or_else(|| {
        error::error(
            codes::ID,
            &format_args!("`{}` is not 1 to 32 letters and digits", shortened(id)),
            None,
        )
    })
}

/// At most the first 64 characters.
fn shortened(text: &str) -> String {
    text.chars().take(64).collect()
}

#[wasm_bindgen]
impl Decision {
    /// `enforce`, `testing`, `none`, `no-policy` or `temp-fail`.
    #[must_use]
    #[wasm_bindgen(getter)]
    pub fn kind(&self) -> String {
        self.0.kind().into()
    }

    /// `policy`, `why`, `failure` and `discoveryResult`.
    #[must_use]
    pub fn members(&self) -> JsValue {
        let why = match &self.0 {
            mtasts_core::Decision::Enforce(_) | mtasts_core::Decision::Testing(_) => None,
            mtasts_core::Decision::Opportunistic(unprotected)
            | mtasts_core::Decision::TempFail(unprotected) => Some(word_for(unprotected.why)),
        };
        Object::default()
            .with_option("policy", self.0.policy().map(applied))
            .with_option("why", why)
            .with_option("failure", self.0.failure().map(failure))
            .with_option("discoveryResult", self.0.discovery_result().map(ResultType::as_str))
            .into()
    }

    /// Whether the policy names this MX host.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        self.0.policy().is_some_and(|applied| applied.policy.matches(host))
    }

    /// Judges the attempt to deliver to an MX host: `verdict` and `report`.
    ///
    /// # Errors
    ///
    /// When an outcome is unknown.
    pub fn judge(
        &self,
        host: &str,
        starttls: bool,
        cert: &str,
        dane: &str,
    ) -> Result<JsValue, JsValue> {
        let seen = TlsOutcome { starttls, cert: cert_outcome(cert)?, dane: dane_outcome(dane)? };
        let Attempt { verdict, report } = self.0.judge(host, seen);
        let verdict = match verdict {
            Verdict::Deliver => "deliver",
            Verdict::SkipMx => "skip-mx",
        };
        let report = report.map(ResultType::as_str);
        Ok(Object::default().with("verdict", verdict).with_option("report", report).into())
    }

    /// The reply to an MTA that asks for `domain`.
    ///
    /// # Errors
    ///
    /// When the format is unknown or the key names no Policy Domain.
    pub fn render(&self, format: &str, domain: &str, now: f64) -> Result<String, JsValue> {
        let domain = PolicyDomain::from_lookup_key(domain).map_err(error::of_domain)?;
        let mut reply = String::new();
        match format {
            "postfix" => render::postfix(&self.0, &mut reply),
            "postfix-tlsrpt" => render::postfix_tlsrpt(&self.0, &domain, &mut reply),
            "sendmail" => render::sendmail(&self.0, &mut reply),
            "json" => return Ok(render::json(&self.0, &domain, at(now))),
            other => return Err(error::unknown("format of a reply", other)),
        }
        Ok(reply)
    }

    /// The decision in a sentence.
    #[must_use]
    pub fn explain(&self, now: f64) -> String {
        self.0.explain(at(now)).to_string()
    }
}

fn applied(applied: &Applied) -> Object {
    let source = match applied.source {
        Source::Live => "live",
        Source::Cached => "cached",
    };
    policy::members(Object::default(), &applied.policy)
        .with("id", applied.id.as_str())
        .with("source", source)
        .with_moment("fetchedAt", applied.fetched_at)
        .with_moment("expiresAt", applied.expires_at())
}

pub(crate) fn failure(failure: &Failure) -> Object {
    Object::default()
        .with("code", failure.kind.code())
        .with("message", failure.kind.to_string())
        .with("detail", &*failure.detail)
        .with("resultType", failure.kind.result_type().as_str())
        .with_moment("at", failure.at)
        .with_option("id", failure.id.as_ref().map(PolicyId::as_str))
}

const fn word_for(why: Why) -> &'static str {
    match why {
        Why::NoRecord => "no-record",
        Why::ModeNone => "mode-none",
        Why::Failed => "failed",
        Why::Deadline => "deadline",
    }
}

fn cert_outcome(word: &str) -> Result<CertOutcome, JsValue> {
    Ok(match word {
        "valid" => CertOutcome::Valid,
        "expired" => CertOutcome::Expired,
        "name-mismatch" => CertOutcome::NameMismatch,
        "untrusted" => CertOutcome::Untrusted,
        "invalid" => CertOutcome::Invalid,
        other => return Err(error::unknown("outcome of a certificate's check", other)),
    })
}

fn dane_outcome(word: &str) -> Result<DaneOutcome, JsValue> {
    Ok(match word {
        "none" => DaneOutcome::None,
        "insecure" => DaneOutcome::Insecure,
        "pass" => DaneOutcome::Pass,
        "fail" => DaneOutcome::Fail,
        "lookup-error" => DaneOutcome::LookupError,
        "unusable" => DaneOutcome::Unusable,
        other => return Err(error::unknown("outcome of DANE", other)),
    })
}
