use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use proptest::prelude::*;

use super::*;

const GOOD: &str = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\n";

fn parse(body: &str) -> Policy {
    Policy::parse(body).unwrap().policy
}

/// The deviations as `line:column what`.
fn deviations(body: &str) -> Vec<String> {
    Policy::parse(body).unwrap().deviations.iter().map(ToString::to_string).collect()
}

fn error(body: &str) -> String {
    Policy::parse(body).unwrap_err().to_string()
}

#[test]
fn a_strict_policy_has_no_deviations() {
    let body = "version: STSv1\r\nmode: enforce \t\r\nmx:mail.example.com\r\nmx: *.example.net\n\
                max_age: 604800\nx.y-z_1: a  b: c";
    let parsed = Policy::parse(body).unwrap();
    assert_eq!(parsed.deviations, []);
    let policy = parsed.policy;
    assert_eq!(policy.mode(), Mode::Enforce);
    assert_eq!(policy.max_age(), Duration::from_secs(604_800));
    assert!(policy.mx().iter().map(MxPattern::as_str).eq(["mail.example.com", "*.example.net"]));
    assert_eq!(policy.extensions()[0].name, "x.y-z_1");
    assert_eq!(policy.extensions()[0].value, "a  b: c");
}

#[test]
fn harmless_deviations_are_told_with_their_place() {
    let ok = "version: STSv1\nmode: none\n";
    for (body, told) in [
        ("\u{feff}version: STSv1\nmode: none\nmax_age: 1", "line 1, column 1: byte order mark"),
        ("\nversion: STSv1\nmode: none\nmax_age: 1", "line 1, column 1: blank line"),
        ("version: STSv1\nmode: none\r\r\nmax_age: 1", "line 2, column 11: carriage return"),
        ("version: STSv1\nmode: none\nmax_age: 1\r", "line 3, column 11: carriage return"),
        ("version: STSv1\n\t mode: none\nmax_age: 1", "line 2, column 1: white space before the f"),
        ("version: STSv1\nmode : none\nmax_age: 1", "line 2, column 5: white space before the c"),
        (&format!("{ok}max_age: 1\nhello"), "line 4, column 1: no colon"),
        (&format!("{ok}max_age: 1\n# x: y"), "line 4, column 1: malformed field name"),
        (&format!("{ok}max_age: 1\nx:"), "line 4, column 1: malformed or empty value"),
        (&format!("{ok}max_age: 1\nx: a\tb"), "line 4, column 1: malformed or empty value"),
        (&format!("{ok}max_age: 1\nmode:"), "line 4, column 1: malformed or empty value"),
        (&format!("{ok}max_age: 1\nmx: a.b."), "line 4, column 5: dot at the end"),
        (&format!("{ok}max_age: 1\nmx: a_b.c"), "line 4, column 5: underscore"),
        (&format!("{ok}max_age: 1\nmx: *"), "line 4, column 5: invalid MX pattern"),
    ] {
        let all = deviations(body);
        assert_eq!(all.len(), 1, "{body:?} {all:?}");
        assert!(all[0].starts_with(told), "{body:?} {all:?}");
    }
}

#[test]
fn spans_are_offsets_in_the_body() {
    let body = "\u{feff}version: STSv1\nmode: none\nmax_age: 1\nmx: a_b.c\n";
    let parsed = Policy::parse(body).unwrap();
    let span = parsed.deviations[1].span;
    let offset = |at: u32| usize::try_from(at).unwrap();
    assert_eq!(&body.as_bytes()[offset(span.start)..offset(span.end)], b"a_b.c");
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
//= type=test
//# Max lifetime of the policy (plaintext non-negative integer seconds, maximum value of 31557600).
#[test]
fn errors_name_line_and_column() {
    for (body, told) in [
        ("", "the policy is empty"),
        ("\n  \r\n", "the policy is empty"),
        ("<html>", "there is no `version` field"),
        ("version: STSv2\nmode: bogus", "line 1, column 10: `version` is not `STSv1`"),
        ("version: STSv1\n mode: Enforce", "line 2, column 8: `mode` is not"),
        ("version: STSv1\nmode: none", "there is no `max_age` field"),
        ("version: STSv1\nmode: none\nmax_age: +1", "line 3, column 10: `max_age` is not 1 to"),
        ("version: STSv1\nmode: none\nmax_age: 31557601", "line 3, column 10: `max_age` is more"),
        ("version: STSv1\nmode: testing\nmax_age: 1", "there is no `mx` field"),
        ("version: STSv1\nmode: testing\nmax_age: 1\nmx: *", "line 4, column 5: no `mx` field is"),
    ] {
        let error = error(body);
        assert!(error.starts_with(told), "{body:?} {error}");
    }
}

/// docs/peers.md, PMSR defect 3: last duplicate key wins.
//= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
//= type=test
//# If any non-repeated field -- i.e., all fields excepting "mx" -- is duplicated, all entries
//# except for the first SHALL be ignored.
#[test]
fn pmsr_3_the_first_of_two_fields_counts() {
    let policy = parse(&format!("{GOOD}mode: none\nmax_age: 1\nversion: STSv2\n"));
    assert_eq!(policy, parse(GOOD));
    assert!(error("version: STSv1\nmode: bogus\nmode: none\nmax_age: 1").contains("`mode` is not"));
}

/// docs/peers.md, tlspol defect 7: one blank line or one bad mx voids the policy.
#[test]
fn tlspol_7_a_blank_line_or_a_bad_mx_does_not_void_a_policy() {
    assert_eq!(parse(&format!("{GOOD}\n")), parse(GOOD));
    assert_eq!(parse(&format!("{GOOD}mx: *\nmx: m servername=evil\n")), parse(GOOD));
}

#[test]
fn only_lf_ends_a_line() {
    for separator in ["\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\0"] {
        let body = GOOD.replace("enforce", &format!("enforce{separator}mode: none"));
        assert!(error(&body).contains("`mode` is not"), "{separator:?}");
        let body = format!("x: y{separator}mode: none\n{GOOD}");
        assert_eq!(parse(&body).mode(), Mode::Enforce, "{separator:?}");
    }
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
//= type=test
//# If a policy specifies more than one MX, each MX MUST have its own "mx:" key, and each MX
//# key/value pair MUST be on its own line in the policy file.
#[test]
fn each_mx_line_names_one_pattern() {
    let body = GOOD.replace("mail.example.com", "a.example.com\nmx: *.b.example.com");
    assert!(
        parse(&body).mx().iter().map(MxPattern::as_str).eq(["a.example.com", "*.b.example.com"])
    );
    for several in ["a.example.com b.example.com", "a.example.com, b.example.com", "a.b mx: c.d"] {
        let error = error(&GOOD.replace("mail.example.com", several));
        assert!(error.starts_with("line 3, column 5: no `mx` field is valid"), "{error}");
    }
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
//= type=test
//# Parsers MUST accept TXT records and policy files that are syntactically valid (i.e., valid
//# key/value pairs separated by semicolons for TXT records), possibly containing additional
//# key/value pairs not specified in this document, in which case unknown fields SHALL be ignored.
#[test]
fn unknown_fields_are_ignored() {
    let policy = parse(&format!("x: y\n{GOOD}MODE: none\nmx-2: b.example.com\nx: é: z"));
    let known = parse(GOOD);
    assert_eq!((policy.mode(), policy.max_age()), (known.mode(), known.max_age()));
    assert_eq!(policy.mx(), known.mx());
}

#[test]
fn repeated_patterns_count_once_whatever_their_case() {
    let policy = parse(&format!("{GOOD}mx: MAIL.example.com.\nmx: b.example.com\n"));
    assert!(policy.mx().iter().map(MxPattern::as_str).eq(["mail.example.com", "b.example.com"]));
}

#[test]
fn thousands_of_lines_are_read_in_bounded_space() {
    let parsed = Policy::parse(format!("{GOOD}{}", "\n".repeat(65_000))).unwrap();
    assert_eq!(parsed.deviations.len(), 256);
}

proptest! {
    #[test]
    fn any_octets_are_a_policy_or_an_error(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Policy::parse(body);
    }

    #[test]
    fn a_printed_policy_reads_as_itself(
        mode in prop_oneof![Just("enforce"), Just("testing"), Just("none")],
        max_age in 0..=MAX_MAX_AGE,
        mx in prop::collection::vec("(\\*\\.)?[a-zA-Z0-9]{1,9}(\\.[a-z0-9_-]*[a-z0-9]){1,3}\\.?", 1..5),
        lines in prop::collection::vec("[ -~\u{a0}-\u{2ff}]{0,20}", 0..5),
    ) {
        let mx: String = mx.iter().map(|mx| format!("mx: {mx}\n")).collect();
        let lines = lines.join("\n");
        let body = format!("version: STSv1\nmode: {mode}\nmax_age: {max_age}\n{mx}{lines}");
        if let Ok(Parsed { policy, .. }) = Policy::parse(&body) {
            let again = Policy::parse(policy.to_string()).unwrap();
            prop_assert_eq!(again.policy, policy);
        }
    }
}
