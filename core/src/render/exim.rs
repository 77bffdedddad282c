//! Decisions for Exim, whose configuration takes them apart with `${extract{mode}{…}}`.

use alloc::string::String;

use crate::{Decision, Mode, MxPattern};

/// Appends the decision as Exim keeps it in a router's `address_data`: `mode=enforce mx=…`,
/// `mode=testing mx=…`, `mode=none`, `mode=no-policy` or `mode=temp-fail`. The patterns that a host
/// can match are an Exim list, with colons between them.
///
/// Patterns consist of letters, digits, `-`, `_`, `.` and `*`, so nothing in them has a meaning to
/// Exim. An enforced policy whose patterns match no host ends with `mx=`: an empty list, which no
/// host is in.
pub fn exim(decision: &Decision, text: &mut String) {
    text.push_str("mode=");
    text.push_str(decision.kind());
    let Some(applied) = decision.policy().filter(|applied| applied.policy.mode() != Mode::None)
    else {
        return;
    };
    text.push_str(" mx=");
    let patterns = applied.policy.mx().iter().filter(|pattern| pattern.can_match());
    for (index, pattern) in patterns.map(MxPattern::as_str).enumerate() {
        if index > 0 {
            text.push(':');
        }
        text.push_str(pattern);
    }
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;

    use super::*;
    use crate::{Applied, Policy, PolicyId, Source, UnixMillis, Unprotected, Why};

    fn applied(mode: &str, mx: &str) -> Applied {
        let body = alloc::format!("version: STSv1\nmode: {mode}\n{mx}max_age: 86400\n");
        Applied {
            policy: Arc::new(Policy::parse(&body).unwrap().policy),
            id: PolicyId::parse("1").unwrap(),
            fetched_at: UnixMillis(0),
            source: Source::Live,
            failure: None,
        }
    }

    fn text(decision: &Decision) -> String {
        let mut text = String::new();
        exim(decision, &mut text);
        text
    }

    #[test]
    fn patterns_are_a_list() {
        let policy = applied("enforce", "mx: MX.example.com\nmx: *.example.net\n");
        assert_eq!(
            text(&Decision::Enforce(policy)),
            "mode=enforce mx=mx.example.com:*.example.net"
        );
        let policy = applied("testing", "mx: mx.example.com\n");
        assert_eq!(text(&Decision::Testing(policy)), "mode=testing mx=mx.example.com");
    }

    #[test]
    fn what_exim_would_expand_is_left_out() {
        let mx = "mx: ${run{/bin/id}}\nmx: a:b\nmx: 192.0.2.1\nmx: a mode=none\nmx: ok.test\n";
        assert_eq!(text(&Decision::Enforce(applied("enforce", mx))), "mode=enforce mx=ok.test");
        let policy = applied("enforce", "mx: 192.0.2.1\n");
        assert_eq!(text(&Decision::Enforce(policy)), "mode=enforce mx=");
    }

    #[test]
    fn without_a_policy_there_is_no_list() {
        let mut none = Unprotected::new(Why::ModeNone);
        none.none = Some(applied("none", "mx: mx.example.com\n"));
        assert_eq!(text(&Decision::Opportunistic(none)), "mode=none");
        let absent = Unprotected::new(Why::NoRecord);
        assert_eq!(text(&Decision::Opportunistic(absent)), "mode=no-policy");
        let unknown = Unprotected::new(Why::Deadline);
        assert_eq!(text(&Decision::TempFail(unknown)), "mode=temp-fail");
    }
}
