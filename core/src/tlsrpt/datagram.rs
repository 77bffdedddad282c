//! What an MTA tells a TLSRPT collector on its host.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use core::fmt::{self, Write as _};

use super::{FailureDetails, ReportedPolicy, TlsRptError, TlsRptRecord};
use crate::PolicyDomain;

/// One delivery attempt, as libtlsrpt sends it to a collector: a datagram of one JSON object,
/// written octet by octet as libtlsrpt writes it, for collectors compare texts.
///
/// It is for MTAs that do not report by themselves: where Postfix is built with libtlsrpt, a second
/// reporter would count everything twice. The caller sends it to the collector's Unix socket without
/// waiting, and does not mind when nobody listens there.
///
/// ```
/// use mtasts_core::{
///     Decision, PolicyDomain, Unprotected, Why,
///     tlsrpt::{Datagram, PolicyAttempt, ReportedPolicy},
/// };
///
/// let domain = PolicyDomain::from_lookup_key("example.com")?;
/// let decision = Decision::Opportunistic(Unprotected::new(Why::NoRecord));
/// let policy = ReportedPolicy::of(&decision, &domain);
///
/// let mut datagram = Datagram::new(&domain, &["v=TLSRPTv1;rua=mailto:r@example.com"])?;
/// datagram.push(&PolicyAttempt { policy, failures: Vec::new(), is_success: true });
/// assert_eq!(
///     datagram.finish().as_deref(),
///     Some(concat!(
///         r#"{"dpv": "1","d": "example.com","pr": "v=TLSRPTv1;rua=mailto:r@example.com","#,
///         r#""policies":[{"policy-type":9,"policy-domain": "example.com","t":0,"f":0}]}"#
///     ))
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    text: String,
    policies: usize,
}

/// What came of a delivery attempt under one of the policies that applied to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyAttempt {
    /// The policy.
    pub policy: ReportedPolicy,
    /// What failed.
    pub failures: Vec<FailureDetails>,
    /// Whether a TLS session was established as the policy demands, in the end.
    pub is_success: bool,
}

impl Datagram {
    /// Begins the datagram of an attempt to deliver mail for a domain, with the answer to the TXT
    /// query for its `_smtp._tls` name. Each record is given with its character-strings joined.
    ///
    /// # Errors
    ///
    /// When the records do not ask for reports: then nothing is to be sent.
    pub fn new<R: AsRef<[u8]>>(domain: &PolicyDomain, records: &[R]) -> Result<Self, TlsRptError> {
        let record = TlsRptRecord::selected_text(records)?;
        let mut text = String::from(r#"{"dpv": "1","d": "#);
        push_string(&mut text, domain.as_str());
        text.push_str(r#","pr": "#);
        push_string(&mut text, record);
        Ok(Self { text, policies: 0 })
    }

    /// Adds a policy that applied, and what came of it.
    pub fn push(&mut self, attempt: &PolicyAttempt) {
        let PolicyAttempt { policy, failures, is_success } = attempt;
        let text = &mut self.text;
        text.push_str(if self.policies == 0 { r#","policies":["# } else { "," });
        self.policies = self.policies.saturating_add(1);

        push(text, format_args!(r#"{{"policy-type":{}"#, policy.policy_type.number()));
        push_member(text, "policy-domain", &policy.domain);
        push_array(text, "policy-string", &policy.strings, |text, string| {
            push_string(text, string);
        });
        push_array(text, "mx-host", &policy.mx_hosts, |text, pattern| push_string(text, pattern));
        push_array(text, "failure-details", failures, push_failure);
        let total = failures.len();
        let failed = u8::from(!is_success);
        push(text, format_args!(r#","t":{total},"f":{failed}}}"#));
    }

    /// The datagram, unless it has no policy: a collector has no use for such a one.
    #[must_use]
    pub fn finish(self) -> Option<String> {
        let mut text = self.text;
        text.push_str("]}");
        (self.policies > 0).then_some(text)
    }
}

fn push_failure(text: &mut String, failure: &FailureDetails) {
    push(text, format_args!(r#"{{"c":{}"#, failure.result_type.number()));
    let address = |address: Option<core::net::IpAddr>| address.map(|address| address.to_string());
    let sending_mta_ip = address(failure.sending_mta_ip);
    let receiving_ip = address(failure.receiving_ip);
    for (name, value) in [
        ("s", &sending_mta_ip),
        ("n", &failure.receiving_mx_hostname),
        ("h", &failure.receiving_mx_helo),
        ("r", &receiving_ip),
        ("a", &failure.additional_information),
        ("f", &failure.failure_reason_code),
    ] {
        push_member(text, name, value.as_deref().unwrap_or_default());
    }
    text.push('}');
}

/// A member with its comma, unless it is empty. There is a space behind its colon; behind those of
/// arrays and numbers there is none.
fn push_member(text: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        push(text, format_args!(r#","{name}": "#));
        push_string(text, value);
    }
}

/// An array with its comma, unless it is empty.
fn push_array<T>(text: &mut String, name: &str, items: &[T], one: impl Fn(&mut String, &T)) {
    for (index, item) in items.iter().enumerate() {
        match index {
            0 => push(text, format_args!(r#","{name}":["#)),
            _ => text.push(','),
        }
        one(text, item);
    }
    if !items.is_empty() {
        text.push(']');
    }
}

/// A JSON string. DEL is escaped too, which JSON does not ask for.
fn push_string(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str(r#"\""#),
            '\\' => text.push_str(r"\\"),
            '\u{8}' => text.push_str(r"\b"),
            '\t' => text.push_str(r"\t"),
            '\n' => text.push_str(r"\n"),
            '\u{c}' => text.push_str(r"\f"),
            '\r' => text.push_str(r"\r"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                push(text, format_args!("\\u{:04x}", u32::from(character)))
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

fn push(text: &mut String, arguments: fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests;
