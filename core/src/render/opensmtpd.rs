//! Results of a table of OpenSMTPD (smtpd-tables(7), protocol 0.1).

use alloc::string::String;
use core::fmt::Write as _;

use crate::{Decision, Unprotected};

/// Appends the result of `check domain`, which tells whether mail for the domain takes the action
/// that verifies: `found` for an enforced policy, `not-found` where nothing is demanded, or `error|`
/// and a reason.
pub fn opensmtpd_domain(decision: &Decision, result: &mut String) {
    match decision {
        Decision::Enforce(_) => result.push_str("found"),
        Decision::Testing(_) | Decision::Opportunistic(_) => result.push_str("not-found"),
        Decision::TempFail(unprotected) => error(unprotected, result),
    }
}

/// Appends the result of `lookup relayhost`: `found|smtp+tls://HOST:25` with one of the domain's MX
/// hosts, or `error|` and a reason. OpenSMTPD then speaks to that host alone, and only over TLS with
/// a certificate for its name.
///
/// `hosts` are the MX hosts, those to be tried first at the front. Those that an enforced policy does
/// not name are passed over; `turn` 0 gives the first of the others, 1 the second, and so on, round
/// and round. Where no policy is enforced any more, all take part: mail that was queued under one
/// finds its way to hosts with good certificates.
pub fn opensmtpd_relayhost<H: AsRef<str>>(
    decision: &Decision,
    hosts: &[H],
    turn: usize,
    result: &mut String,
) {
    let policy = match decision {
        Decision::Enforce(applied) => Some(&applied.policy),
        Decision::Testing(_) | Decision::Opportunistic(_) => None,
        Decision::TempFail(unprotected) => return error(unprotected, result),
    };
    let candidates = || {
        let hosts = hosts.iter().map(AsRef::as_ref).filter(|host| is_plain(host));
        hosts.filter(|host| policy.is_none_or(|policy| policy.matches(host)))
    };
    let turn = turn.checked_rem(candidates().count()).unwrap_or(0);
    match candidates().nth(turn) {
        Some(host) => {
            result.push_str("found|smtp+tls://");
            result.push_str(host);
            result.push_str(":25");
        }
        None if policy.is_some() => result.push_str("error|the policy names none of the MX hosts"),
        None => result.push_str("error|no MX host has a name that mail can be sent to"),
    }
}

fn error(unprotected: &Unprotected, result: &mut String) {
    result.push_str("error|");
    let _ = match &unprotected.failure {
        // Writing to a `String` cannot fail.
        Some(failure) => write!(result, "{}", failure.kind),
        None => write!(result, "no policy was known before the deadline"),
    };
}

/// Whether a host can stand in a URL as it is: DNS allows names of any octets.
fn is_plain(host: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !host.is_empty() && host.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;

    use super::*;
    use crate::{
        Applied, DnsFailure, Failure, FailureKind, Policy, PolicyId, Source, UnixMillis, Why,
    };

    const HOSTS: [&str; 4] = ["other.test", "mx1.test", "a.b.test", "mx2.test"];

    fn applied(mx: &str) -> Applied {
        let body = alloc::format!("version: STSv1\nmode: enforce\nmx: {mx}\nmax_age: 86400\n");
        Applied {
            policy: Arc::new(Policy::parse(&body).unwrap().policy),
            id: PolicyId::parse("1").unwrap(),
            fetched_at: UnixMillis(0),
            source: Source::Live,
            failure: None,
        }
    }

    fn temp_fail() -> Decision {
        Decision::TempFail(Unprotected::failed(Arc::new(Failure {
            kind: FailureKind::Dns(DnsFailure::ServFail),
            at: UnixMillis(0),
            id: None,
            detail: Arc::from("a\nb"),
        })))
    }

    fn domain(decision: &Decision) -> String {
        let mut result = String::new();
        opensmtpd_domain(decision, &mut result);
        result
    }

    fn relayhost(decision: &Decision, hosts: &[&str], turn: usize) -> String {
        let mut result = String::new();
        opensmtpd_relayhost(decision, hosts, turn, &mut result);
        result
    }

    #[test]
    fn only_enforced_domains_are_found() {
        assert_eq!(domain(&Decision::Enforce(applied("a.test"))), "found");
        assert_eq!(domain(&Decision::Testing(applied("a.test"))), "not-found");
        let none = Decision::Opportunistic(Unprotected::new(Why::NoRecord));
        assert_eq!(domain(&none), "not-found");
    }

    #[test]
    fn what_is_not_known_is_an_error_on_one_line() {
        let expected = "error|TXT query failed: the resolver answered SERVFAIL";
        assert_eq!(domain(&temp_fail()), expected);
        assert_eq!(relayhost(&temp_fail(), &HOSTS, 0), expected);
        let late = Decision::TempFail(Unprotected::new(Why::Deadline));
        assert_eq!(domain(&late), "error|no policy was known before the deadline");
    }

    #[test]
    fn hosts_of_the_policy_take_turns() {
        let decision = Decision::Enforce(applied("*.test"));
        for (turn, host) in
            [(0, "other"), (1, "mx1"), (2, "mx2"), (3, "other"), (usize::MAX, "other")]
        {
            let expected = alloc::format!("found|smtp+tls://{host}.test:25");
            assert_eq!(relayhost(&decision, &HOSTS, turn), expected, "{turn}");
        }
        let decision = Decision::Enforce(applied("mx2.test"));
        assert_eq!(relayhost(&decision, &HOSTS, 1), "found|smtp+tls://mx2.test:25");
    }

    #[test]
    fn hosts_outside_the_policy_are_never_named() {
        let expected = "error|the policy names none of the MX hosts";
        for hosts in [&HOSTS[..1], &[]] {
            assert_eq!(relayhost(&Decision::Enforce(applied("mx1.test")), hosts, 0), expected);
        }
    }

    #[test]
    fn without_a_policy_all_hosts_take_turns() {
        for decision in [
            Decision::Opportunistic(Unprotected::new(Why::ModeNone)),
            Decision::Testing(applied("mx1.test")),
        ] {
            assert_eq!(relayhost(&decision, &HOSTS, 0), "found|smtp+tls://other.test:25");
            assert_eq!(relayhost(&decision, &HOSTS, 5), "found|smtp+tls://mx1.test:25");
        }
    }

    #[test]
    fn names_that_would_break_the_protocol_are_passed_over() {
        let none = Decision::Opportunistic(Unprotected::new(Why::NoRecord));
        let hosts =
            ["", "a|b.test", "a\nb.test", "a b", "user@a.test", "a.test/x", "[::1]", "é.test"];
        let expected = "error|no MX host has a name that mail can be sent to";
        assert_eq!(relayhost(&none, &hosts, 0), expected);
    }
}
