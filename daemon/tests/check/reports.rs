//! How findings are told.

use testkit::world::Reply;

use crate::domain::{DOMAIN, Domain, HOST, POLICY, report, stdout};

fn faulty() -> Domain {
    Domain::with(|d| d.set_policy(&POLICY.replace("mx: mx1.good.test", "mx: mx.good.test")))
}

#[test]
fn findings_show_the_place() {
    let output = faulty().check(&[DOMAIN]);
    let text = stdout(&output);
    for line in [
        "error[policy-mx-not-covered]: ",
        "note[policy-mx-unused]: ",
        " --> https://mta-sts.good.test/.well-known/mta-sts.txt:3:5",
        "3 | mx: mx.good.test",
        "  |     ^^^^^^^^^^^^",
        "`mtasts explain policy-mx-unused`",
        "10 mx1.good.test, in no pattern of the policy: senders do not deliver there",
        "good.test: 1 error, 1 note",
    ] {
        assert!(text.contains(line), "`{line}` is not in\n{text}");
    }
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_counts_as_a_failure_can_be_chosen() {
    let domain = Domain::with(|d| d.set_policy(&format!("{POLICY}\n")));
    for (fail_on, code) in [("error", 0), ("warning", 1), ("info", 1)] {
        let output = domain.check(&["--fail-on", fail_on, DOMAIN]);
        assert_eq!(output.status.code(), Some(code), "{fail_on}");
    }
}

#[test]
fn github_gets_commands() {
    let text = stdout(&faulty().check(&["--format", "github", DOMAIN]));
    let mut lines = text.lines();
    let first = lines.next().unwrap();
    assert!(
        first.starts_with("::notice title=mtasts policy-mx-unused::https://")
            || first.starts_with("::error title=mtasts policy-mx-not-covered::"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
}

#[test]
fn json_has_findings_and_facts() {
    let report = report(&faulty().check(&["--json", DOMAIN]));
    let finding = report["findings"].as_array().unwrap().iter();
    let finding = finding.clone().find(|finding| finding["code"] == "policy-mx-unused").unwrap();
    assert_eq!(finding["severity"], "info");
    assert_eq!(finding["place"]["part"], "policy");
    assert_eq!(finding["span"]["line"], 3);
    assert_eq!(report["verdict"]["mx"][0]["delivers"], false);
    assert_eq!(report["facts"]["policy"].as_str().unwrap().lines().count(), 5);
}

#[test]
fn the_certificate_of_a_host_that_is_refused_is_shown() {
    let domain = Domain::new();
    let site = testkit::world::Site::from(Reply::ok(POLICY));
    domain.world.set_https(HOST, site.certificate(testkit::world::Certificate::NameMismatch));
    let text = stdout(&domain.check(&[DOMAIN]));
    assert!(text.contains("  certificate for another.invalid, issued by testkit, "), "{text}");
    assert!(domain.world.requests(HOST).is_empty(), "nothing is sent to a host that is not known");
}
