//! `mtasts lint` and `mtasts explain` as they are called.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use snapbox::{
    cmd::{Command, cargo_bin},
    str,
};

fn mtasts(arguments: &[&str]) -> Command {
    // Nothing of the surroundings of the test decides how it goes.
    Command::new(cargo_bin!("mtasts")).env_clear().args(arguments)
}

/// `mtasts lint ARGUMENTS` in a folder where `mta-sts.txt` has this text.
fn lint(policy: &[u8], arguments: &[&str]) -> snapbox::cmd::OutputAssert {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mta-sts.txt"), policy).unwrap();
    mtasts(&["lint"]).args(arguments).current_dir(folder.path()).assert()
}

const POLICY: &[u8] = b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n";

#[test]
fn nothing_is_wrong_with_what_is_right() {
    lint(POLICY, &[
        "--policy",
        "mta-sts.txt",
        "--txt",
        "v=STSv1; id=20260101;",
        "--mx",
        "10 mx.example.com.",
        "--tlsrpt",
        "v=TLSRPTv1; rua=mailto:tls@example.com",
        "--fail-on",
        "info",
    ])
    .code(0)
    .stderr_eq("")
    .stdout_eq(str![[r#"
Senders that follow MTA-STS deliver mail for the domain to its MX hosts over verified TLS, or not at all, provided that their certificates are in order: it is protected.
not checked: http, certificate, smtp, dane (`mtasts check example.com --smtp` looks at them)
no findings

"#]]);
}

#[test]
fn places_are_underlined_and_mended() {
    let policy =
        b"version: STSv1\nmode: enforce\nmx: mail.example.com \nmax-age: 86400\nmax_age: 1d\n";
    lint(policy, &["--policy", "mta-sts.txt"]).code(1).stderr_eq("").stdout_eq(str![[r#"
warning[policy-key-typo]: `max-age` is ignored, since no field has this name: `86400`
 --> mta-sts.txt:4:1
  |
4 | max-age: 86400
  | ^^^^^^^
  |
  = help: Write `max_age`.
  = note: see RFC 8461 §3.2 and `mtasts explain policy-key-typo`
help: Write `max_age`
  |
4 - max-age: 86400
4 + max_age: 86400
  |

error[policy-max-age-invalid]: `max_age` is `1d`, which is no number of seconds of 1 to 10 digits
 --> mta-sts.txt:5:10
  |
5 | max_age: 1d
  |          ^^
  |
  = help: Write the time in seconds, in digits: `max_age: 86400`.
  = note: see RFC 8461 §3.2 and `mtasts explain policy-max-age-invalid`
help: Write `86400`
  |
5 - max_age: 1d
5 + max_age: 86400
  |

Senders deliver mail for the domain as without a policy (policy invalid: line 5, column 10: `max_age` is not 1 to 10 digits): it is not protected.
not checked: txt, http, certificate, mx, smtp, tlsrpt, dane (`mtasts check example.com --smtp` looks at them)
1 error, 1 warning

"#]]);
}

#[test]
fn records_are_named_after_their_options() {
    lint(b"", &["--txt", "v=STSv1; id=2026-01-01;", "--tlsrpt", "v=TLSRPTv1; rua=a@b.example"])
        .code(1)
        .stderr_eq("")
        .stdout_eq(str![[r#"
error[txt-id-character]: the `id` `2026-01-01` has `-`, where only letters and digits are allowed
 --> --txt:1:13
  |
1 | v=STSv1; id=2026-01-01;
  |             ^^^^^^^^^^
  |
  = help: Without those characters it reads `id=20260101`.
  = note: see RFC 8461 §3.1 and `mtasts explain txt-id-character`
help: Keep letters and digits only
  |
1 - v=STSv1; id=2026-01-01;
1 + v=STSv1; id=20260101;
  |

error[tlsrpt-rua-bare-address]: `a@b.example` is a mail address without `mailto:`
 --> --tlsrpt:1:17
  |
1 | v=TLSRPTv1; rua=a@b.example
  |                 ^^^^^^^^^^^
  |
  = help: Reports go to URIs: write `mailto:` before the address.
  = note: see RFC 8460 §3 and `mtasts explain tlsrpt-rua-bare-address`
help: Write `mailto:` before it
  |
1 | v=TLSRPTv1; rua=mailto:a@b.example
  |                 +++++++

Senders deliver mail for the domain as without a policy (the `id` at octet 9 of the TXT record is not 1 to 32 letters and digits): it is not protected.
not checked: policy, http, certificate, mx, smtp, dane (`mtasts check example.com --smtp` looks at them)
2 errors

"#]]);
}

#[test]
fn a_policy_can_come_over_standard_input() {
    mtasts(&["lint", "--policy", "-"]).stdin(POLICY).assert().code(0);
    let output = mtasts(&["lint", "--policy", "-"]).stdin("x").assert().code(1);
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    assert!(text.contains(" --> standard input"), "{text}");
}

#[test]
fn github_gets_one_command_for_each_finding() {
    let policy = b"version: STSv1\nmode: enforce\nmx: 100%, mx.example.com\nmax_age: 1209600\n";
    lint(policy, &["--policy", "mta-sts.txt", "--format", "github", "--mx", "mx.example.net"])
        .code(1)
        .stderr_eq("")
        .stdout_eq(str![[r#"
::error file=mta-sts.txt,line=3,col=5,title=mtasts policy-mx-none-valid::no `mx` holds a host name or wildcard; of the first, a character does not occur in host names%0AEach `mx` names one host, `mx: mail.example.com`, or the hosts one label below a domain, `mx: *.example.com`.
::warning file=mta-sts.txt,line=3,col=5,title=mtasts policy-mx-several-hosts::`100%25, mx.example.com` is no host name: each host has an `mx` line of its own%0AWrite one `mx:` line for each host.

"#]]);
}

#[test]
fn json_is_that_of_every_language() {
    let output = lint(POLICY, &["--policy", "mta-sts.txt", "--mx", "mx.evil.example", "--json"]);
    let output = output.code(1).get_output().stdout.clone();
    let report: serde_json::Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(report["schema_version"], 1);
    let codes: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert!(codes.iter().any(|code| **code == "policy-mx-not-covered"), "{codes:?}");
    let input = r#"{"policy":"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n","mx":{"hosts":[{"host":"mx.evil.example"}]}}"#;
    let same = mtasts_core::lint::json::check(input).unwrap();
    let same: serde_json::Value = serde_json::from_str(&same).unwrap();
    assert_eq!(report["findings"], same["findings"]);
}

#[test]
fn what_counts_as_a_failure_can_be_chosen() {
    let policy = [POLICY, b"\n"].concat();
    for (fail_on, code) in [("error", 0), ("warning", 1), ("info", 1)] {
        lint(&policy, &["--policy", "mta-sts.txt", "--fail-on", fail_on]).code(code);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_no_finding() {
    lint(POLICY, &["--policy", "nowhere.txt"]).code(3).stdout_eq("").stderr_eq(str![[r#"
error: cannot read nowhere.txt
  caused by: No such file or directory (os error 2)

"#]]);
    lint(&vec![b'x'; (16 << 20) + 1], &["--policy", "mta-sts.txt"]).code(3).stdout_eq("");
    lint(POLICY, &[]).code(2);
    lint(POLICY, &["--mx", "mx.example.com"]).code(2);
}

#[test]
fn anything_can_be_pasted() {
    let mut hostile: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"\0".repeat(1000),
        (0..=255).collect(),
        b"mx: \xff\xfe\n".repeat(50_000),
        "mx: \u{202e}\u{1f600}\x1b[31m*.\n".repeat(10_000).into_bytes(),
        [b"version: ".to_vec(), vec![b'a'; 1 << 20]].concat(),
        b"\n".repeat(1 << 20),
    ];
    hostile.push(hostile.concat());
    for policy in hostile {
        let output = lint(&policy, &["--policy", "mta-sts.txt", "--color", "never"]).code(1);
        let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
        let raw = text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(raw, None, "{:.2000}", text.escape_debug());
        assert!(text.len() < 1 << 20, "{} bytes", text.len());
    }
}

#[test]
fn findings_are_explained() {
    mtasts(&["explain", "txt-id-character"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
txt-id-character (error): `id` with other characters than letters and digits
RFC 8461 §3.1, https://www.rfc-editor.org/rfc/rfc8461#section-3.1

An `id` consists of letters and digits only. Hyphens, colons and dots, as in
dates and UUIDs, make the record invalid, and senders ignore it.

Wrong:

  DNS:
    _mta-sts.example.com. IN TXT "v=STSv1; id=2026-11-01;"

error[txt-id-character]: the `id` `2026-11-01` has `-`, where only letters and digits are allowed
 --> _mta-sts.example.com:1:13
  |
1 | v=STSv1; id=2026-11-01;
  |             ^^^^^^^^^^
  |
  = help: Without those characters it reads `id=20261101`.
  = note: see RFC 8461 §3.1 and `mtasts explain txt-id-character`
help: Keep letters and digits only
  |
1 - v=STSv1; id=2026-11-01;
1 + v=STSv1; id=20261101;
  |

Right:

  DNS:
    _mta-sts.example.com. IN TXT "v=STSv1; id=20261101;"

"#]]);
}

#[test]
fn every_code_is_listed_and_explained() {
    let output = mtasts(&["explain", "--list"]).assert().code(0);
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    assert_eq!(text.lines().count(), mtasts_core::lint::Lint::ALL.len());
    for line in text.lines() {
        let code = line.split(' ').next().unwrap();
        let lint = mtasts_core::lint::Lint::from_code(code).unwrap();
        let explained = mtasts_daemon::lint::explain(lint);
        assert!(explained.contains(lint.title()), "{explained}");
        // What is wrong in the example is said as `mtasts check` says it.
        let is_shown = explained.contains(&format!("`mtasts explain {}`", lint.code()));
        assert_eq!(is_shown, !lint.about().bad.parts().is_empty(), "{explained}");
    }
}

#[test]
fn a_code_that_is_none_is_a_mistake() {
    let output = mtasts(&["explain", "txt-id-charcter"]).assert().code(2).stdout_eq("");
    let error = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(error.contains("did you mean `txt-id-character`?"), "{error}");
    mtasts(&["explain"]).assert().code(2);
}
