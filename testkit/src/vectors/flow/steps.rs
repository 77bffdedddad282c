//! The steps of a scenario, as they are written.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::answers::{DnsAnswer, HttpAnswer};

#[derive(Debug, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub(super) struct Step {
    /// Seconds since the scenario began.
    pub(super) t: u64,
    pub(super) op: Op,
    pub(super) needs_dns_check: bool,
    pub(super) expect: Expect,
}

// `serde(flatten)` cannot be combined with `deny_unknown_fields`, so the members are parted first.
impl TryFrom<Map<String, Value>> for Step {
    type Error = serde_json::Error;

    fn try_from(mut members: Map<String, Value>) -> Result<Self, Self::Error> {
        let common = ["t", "needs_dns_check", "route", "note", "expect"];
        let common: Map<String, Value> =
            common.into_iter().filter_map(|member| members.remove_entry(member)).collect();
        let Common { t, needs_dns_check, expect, .. } = serde_json::from_value(common.into())?;
        Ok(Self { t, op: serde_json::from_value(members.into())?, needs_dns_check, expect })
    }
}

/// The members that every step may have.
#[derive(Deserialize)]
struct Common {
    t: u64,
    #[serde(default)]
    needs_dns_check: bool,
    /// Informative: how the sender came by the next hop.
    #[serde(rename = "route")]
    _route: Option<Value>,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(default)]
    expect: Expect,
}

/// What happens in a step.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Op {
    Dns {
        name: String,
        answer: DnsAnswer,
    },
    Https {
        host: String,
        answer: HttpAnswer,
    },
    Lookup {
        domain: String,
        #[serde(default = "once")]
        times: u32,
    },
    Tick {
        domain: Option<String>,
    },
    Attempt {
        domain: String,
        mx: String,
        starttls: bool,
        cert: Cert,
        #[serde(default)]
        dane: Dane,
    },
    BeforeBounce {
        domain: String,
    },
    Restart {
        domain: Option<String>,
    },
}

/// What must have come of a step. Members that are absent are not compared.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    pub(super) decision: Option<DecisionExpect>,
    pub(super) verdict: Option<String>,
    pub(super) bounce: Option<String>,
    /// Further right outcomes: decisions, verdicts or words on bouncing.
    #[serde(default)]
    pub(super) also_ok: Vec<Outcome>,
    #[serde(default)]
    pub(super) dns: BTreeMap<String, Obligation>,
    #[serde(default)]
    pub(super) https: BTreeMap<String, Obligation>,
    pub(super) max_https: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    pub(super) cache: Option<Option<CacheExpect>>,
    pub(super) report: Option<Vec<String>>,
    pub(super) report_any: Option<Vec<String>>,
    pub(super) alert: Option<Obligation>,
    pub(super) request: Option<RequestExpect>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Outcome {
    Word(String),
    Decision(DecisionExpect),
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionExpect {
    pub(super) kind: String,
    pub(super) id: Option<String>,
    pub(super) mx: Option<Vec<String>>,
    pub(super) max_age: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Obligation {
    Must,
    Should,
    May,
    ShouldNot,
    MustNot,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CacheExpect {
    pub(super) id: Option<String>,
    /// Seconds since the scenario began.
    pub(super) expires: Option<i64>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestExpect {
    pub(super) forbidden_headers: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Cert {
    Valid,
    Expired,
    NameMismatch,
    Untrusted,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Dane {
    #[default]
    None,
    Insecure,
    Pass,
    Fail,
    LookupError,
    Unusable,
}

impl Op {
    /// The next hop that the step names.
    pub(super) fn domain(&self) -> Option<&str> {
        match self {
            Self::Lookup { domain, .. }
            | Self::Attempt { domain, .. }
            | Self::BeforeBounce { domain } => Some(domain),
            Self::Tick { domain } | Self::Restart { domain } => domain.as_deref(),
            Self::Dns { .. } | Self::Https { .. } => None,
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Dns { .. } => "dns",
            Self::Https { .. } => "https",
            Self::Lookup { .. } => "lookup",
            Self::Tick { .. } => "tick",
            Self::Attempt { .. } => "attempt",
            Self::BeforeBounce { .. } => "before-bounce",
            Self::Restart { .. } => "restart",
        }
    }
}

impl Cert {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::NameMismatch => "name-mismatch",
            Self::Untrusted => "untrusted",
        }
    }
}

impl Dane {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Insecure => "insecure",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::LookupError => "lookup-error",
            Self::Unusable => "unusable",
        }
    }
}

/// Tells `"cache": null` from no `cache`.
fn present<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Option<CacheExpect>>, D::Error> {
    Option::deserialize(de).map(Some)
}

const fn once() -> u32 {
    1
}
