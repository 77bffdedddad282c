use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

use super::*;
use crate::lint::{Finding, Report, Severity, check};

fn report(example: &Example, lint: Lint) -> Report {
    check(&example.publication().unwrap_or_else(|error| panic!("{lint}: {error}")))
}

/// Findings that come along, since what causes the lint causes them as well.
const COME_ALONG: &[(Lint, &[Lint])] = &[
    (Lint::PolicyMxNoneValid, &[Lint::PolicyMxMailbox]),
    (Lint::PolicyMxWildcardDepth, &[Lint::PolicyMxNotCovered]),
    (Lint::HttpChallenge, &[Lint::HttpStatus]),
    (Lint::TlsRptRuaScheme, &[Lint::TlsRptRuaUnusable]),
    (Lint::DriftMxNotInPrevious, &[Lint::DriftIdUnchanged]),
];

#[test]
fn every_lint_has_a_text_of_its_own() {
    let mut whys = BTreeSet::new();
    for &lint in Lint::ALL {
        let about = lint.about();
        assert_eq!(about.lint, lint, "{lint} has no text");
        assert!(about.why.ends_with('.') && about.why.len() > 60, "{lint}: {}", about.why);
        assert!(whys.insert(about.why), "{lint}: {}", about.why);
    }
}

#[test]
fn bad_examples_yield_their_lint_and_little_else() {
    let mut wrong = Vec::new();
    for &lint in Lint::ALL {
        if lint.about().bad.parts().is_empty() {
            assert!([Lint::PolicyTooLarge, Lint::MoreFindings].contains(&lint), "{lint}");
            continue;
        }
        let found = report(&lint.about().bad, lint).findings;
        let allowed = COME_ALONG.iter().find(|(known, _)| *known == lint);
        let allowed = allowed.map_or(&[][..], |(_, allowed)| allowed);
        if !found.iter().any(|finding| finding.lint == lint) {
            wrong.push(format!("{lint}: not found, but {}", codes(&found)));
        }
        for finding in found {
            let is_grave = finding.lint.severity() > Severity::Info;
            if finding.lint != lint && is_grave && !allowed.contains(&finding.lint) {
                wrong.push(format!("{lint}: {} as well: {}", finding.lint, finding.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_examples_are_good() {
    let mut wrong = Vec::new();
    for &lint in Lint::ALL {
        for finding in report(&lint.about().good, lint).findings {
            if finding.lint == lint || finding.lint.severity() > Severity::Info {
                wrong.push(format!("{lint}: {}: {}", finding.lint, finding.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn codes(findings: &[Finding]) -> String {
    let codes: Vec<&str> = findings.iter().map(|finding| finding.lint.code()).collect();
    codes.join(", ")
}

#[test]
fn parts_show_what_is_hidden() {
    let example = txt("v=STSv1; id=\"1\"").and_policy("\u{feff}version: STSv1\r\n");
    let parts = example.parts();
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    let record = "_mta-sts.example.com. IN TXT \"v=STSv1; id=\\\"1\\\"\"\n";
    assert_eq!(texts, [record, "\\u{feff}version: STSv1\\r\n"]);
}
