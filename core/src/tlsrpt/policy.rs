//! The policy that a delivery attempt was made under, as reports name it.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString as _},
    vec::Vec,
};
use core::fmt;

use crate::{Decision, Policy, PolicyDomain};

/// The kind of policy that was applied (RFC 8460 §4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyType {
    /// `tlsa`: DANE.
    Tlsa,
    /// `sts`: MTA-STS.
    Sts,
    /// `no-policy-found`: neither could be found.
    NoPolicyFound,
}

/// The policy that delivery attempts were made under (RFC 8460 §4.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReportedPolicy {
    /// Its kind.
    pub policy_type: PolicyType,
    /// The policy: a line of the policy file each, or a TLSA record each ([RFC 8460 §4.5]). Empty
    /// if there is none.
    ///
    /// [RFC 8460 §4.5]: https://www.rfc-editor.org/rfc/rfc8460#section-4.5
    pub strings: Vec<String>,
    /// The Policy Domain, as A-labels.
    pub domain: String,
    /// The MX patterns, as A-labels. Empty without an MTA-STS policy.
    pub mx_hosts: Vec<String>,
}

impl PolicyType {
    const ALL: [Self; 3] = [Self::Tlsa, Self::Sts, Self::NoPolicyFound];

    /// The name as RFC 8460 §4.4 writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tlsa => "tlsa",
            Self::Sts => "sts",
            Self::NoPolicyFound => "no-policy-found",
        }
    }

    /// The number that stands for it in a [`Datagram`](super::Datagram), as libtlsrpt assigns them.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Tlsa => 1,
            Self::Sts => 2,
            Self::NoPolicyFound => 9,
        }
    }

    /// The kind of policy of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy_type| policy_type.as_str() == name)
    }

    /// The kind of policy of this number.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|policy_type| policy_type.number() == number)
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ReportedPolicy {
    /// What a decision's policy is called in reports: an MTA-STS policy that is enforced or tested,
    /// or none. Reports say nothing of policies in mode `none`.
    #[must_use]
    pub fn of(decision: &Decision, domain: &PolicyDomain) -> Self {
        match decision {
            Decision::Enforce(applied) | Decision::Testing(applied) => {
                Self::sts(&applied.policy, domain)
            }
            Decision::Opportunistic(_) | Decision::TempFail(_) => Self {
                policy_type: PolicyType::NoPolicyFound,
                strings: Vec::new(),
                domain: domain.as_str().to_owned(),
                mx_hosts: Vec::new(),
            },
        }
    }

    /// An MTA-STS policy.
    #[must_use]
    pub fn sts(policy: &Policy, domain: &PolicyDomain) -> Self {
        Self {
            policy_type: PolicyType::Sts,
            strings: policy.to_string().lines().map(ToOwned::to_owned).collect(),
            domain: domain.as_str().to_owned(),
            mx_hosts: policy.mx().iter().map(|pattern| pattern.as_str().to_owned()).collect(),
        }
    }
}
