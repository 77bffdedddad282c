//! `--nagios`: one line, performance data, and exit codes of their own.

use std::process::Command;

use testkit::{
    answers::{DnsAnswer, HttpFail},
    world::{Certificate, StartTls},
};

use crate::domain::{DOMAIN, Domain, HOST, POLICY, TXT, stdout};

/// The line before the figures, and the exit code.
fn nagios(domain: &Domain, domains: &[&str]) -> (String, Option<i32>) {
    let output = domain.check(&[&["--nagios"], domains].concat());
    let text = stdout(&output);
    let (line, _) = text.split_once(" |").or_else(|| text.split_once('\n')).unwrap();
    (line.to_owned(), output.status.code())
}

#[test]
fn a_line_has_the_status_and_what_is_wrong() {
    let domain = Domain::new();
    let (line, code) = nagios(&domain, &[DOMAIN]);
    assert!(line.starts_with("MTASTS OK - good.test: "), "{line}");
    assert_eq!(code, Some(0));
    domain.set_policy(&POLICY.replace("1209600", "3600"));
    let warning = "MTASTS WARNING - good.test: policy-max-age-short";
    assert_eq!(nagios(&domain, &[DOMAIN]), (warning.into(), Some(1)));
    domain.mx[0].set_starttls(&StartTls::Offered(Certificate::Expired));
    domain.world.set_https(HOST, HttpFail::TlsExpired);
    let critical = "MTASTS CRITICAL - good.test: tls-expired";
    assert_eq!(nagios(&domain, &[DOMAIN]), (critical.into(), Some(2)));
    let absent = "MTASTS WARNING - plain.test: txt-absent, mx-absent";
    assert_eq!(nagios(&domain, &["plain.test"]), (absent.into(), Some(1)));
}

#[test]
fn figures_have_limits() {
    let text = stdout(&Domain::new().check(&["--nagios", DOMAIN]));
    let (_, figures) = text.trim_end().split_once(" | ").unwrap();
    let labels: Vec<(&str, &str)> = figures
        .split(" '")
        .map(|figure| figure.trim_matches('\'').split_once("'=").unwrap())
        .collect();
    let [policy, mx1, mx2, time] = labels.as_slice() else { panic!("{figures}") };
    for (figure, label) in [
        (policy, "good.test_certificate_days"),
        (mx1, "good.test_mx1.good.test_certificate_days"),
        (mx2, "good.test_mx2.good.test_certificate_days"),
    ] {
        assert_eq!(figure.0, label);
        let (days, limits) = figure.1.split_once(';').unwrap();
        assert!(days.parse::<u32>().unwrap() > 300_000, "until 2999: {days}");
        assert_eq!(limits, "14:;0:");
    }
    assert_eq!(time.0, "good.test_fetch_time");
    let (seconds, limits) = time.1.split_once("s;").unwrap();
    assert!(seconds.parse::<f64>().unwrap() < 60.0);
    assert_eq!(limits, "10;;0");
}

#[test]
fn several_domains_have_a_line_each() {
    let domain = Domain::new();
    domain.world.set_dns("_mta-sts.bad.test", DnsAnswer::txt("v=STSv1; id=-;"));
    domain.world.set_dns(TXT, DnsAnswer::txt("v=STSv1; id=1;"));
    let output = domain.check(&["--nagios", "plain.test", DOMAIN, "bad.test"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stdout(&output);
    let lines: Vec<&str> = text.lines().collect();
    let first = "MTASTS CRITICAL - 3 domains: 1 CRITICAL, 1 WARNING, 1 OK |";
    assert!(lines[0].starts_with(first), "{text}");
    assert_eq!(lines[1], "WARNING - plain.test: txt-absent, mx-absent");
    assert!(lines[2].starts_with("OK - good.test: "), "{text}");
    assert!(lines[3].starts_with("CRITICAL - bad.test: "), "{text}");
    assert_eq!(text.matches('|').count(), 1, "{text}");
}

#[test]
fn a_mistake_is_unknown_and_not_critical() {
    for arguments in [
        &["check", "--nagios"][..],
        &["check", "--nagios", "--resolver", "x", "a.test"],
        &["check", "--nagios", "--no-such-option", "a.test"],
        &["check", "--nagios", "--config", "/nonexistent", "a.test"],
        &["check", "--nagios", "[192.0.2.1]"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_mtasts")).args(arguments).output().unwrap();
        let text = stdout(&output);
        assert_eq!(output.status.code(), Some(3), "{text}");
        assert!(text.starts_with("MTASTS UNKNOWN - ") && text.lines().count() == 1, "{text}");
    }
    let mut help = Command::new(env!("CARGO_BIN_EXE_mtasts"));
    let status = help.args(["check", "--nagios", "--help"]).output().unwrap().status;
    assert_eq!(status.code(), Some(0));
}
