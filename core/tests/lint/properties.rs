//! What holds of the linter whatever it is given.

use mtasts_core::{
    Policy, RecordError, Span, StsRecord, TlsRptError, TlsRptRecord, TxtError,
    lint::{
        Finding, HttpFacts, MxFacts, MxHost, Place, Previous, Publication, RecordSet, Report,
        Severity, apply_fixes, check,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// Pieces of records and policies, right and wrong. Texts made of them come near to what is meant.
const PIECES: &[&str] = &[
    "v=STSv1",
    "v=stsv1",
    "v=TLSRPTv1",
    ";",
    ";",
    " ",
    "\t",
    "=",
    "id=1",
    "id=",
    "ID=2",
    "id=a-b",
    "rua=",
    "mailto:a@example.com",
    "https://example.com/",
    "a@example.com",
    "!10m",
    ",",
    "\"",
    "\\",
    "version: STSv1\n",
    "version",
    "mode: enforce\n",
    "mode: testing\n",
    "mode: none\n",
    "mode: off\n",
    "Mode: enforce\n",
    "max_age: 86400\n",
    "max_age: 1d\n",
    "max-age: 1\n",
    "max_age: 99999999999\n",
    "mx: mx.example.com\n",
    "mx: *.example.com\n",
    "mx: .example.com\n",
    "mx: a, b\n",
    "mx: *\n",
    "mx: bücher.example\n",
    "mx: 10 mx.example.com.\n",
    "mx: \"mx.example.com\"\n",
    "mx: 192.0.2.1\n",
    "mx:",
    "# note\n",
    "\n",
    "\r\n",
    "\r",
    ":",
    "\u{feff}",
    "\u{a0}",
    "<html>",
    "x: y\n",
    "ü",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..8),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn records() -> impl Strategy<Value = RecordSet> {
    vec(text(), 0..4).prop_map(RecordSet::pasted)
}

fn hosts() -> impl Strategy<Value = MxFacts> {
    let name = prop_oneof![
        select(vec!["mx.example.com", "a.b.example.com.", "example.com", ".", "", "192.0.2.1"])
            .prop_map(String::from),
        ".{0,40}",
    ];
    let host = (name, option::of(any::<u16>()), option::of(".{0,20}"), option::of(any::<bool>()));
    let host = host.prop_map(|(host, preference, cname, has_address)| MxHost {
        preference,
        cname,
        has_address,
        ..MxHost::new(host)
    });
    vec(host, 0..6).prop_map(|hosts| MxFacts { hosts, failure: None })
}

fn http() -> impl Strategy<Value = HttpFacts> {
    let name = select(vec!["content-type", "location", "cache-control", "content-encoding", "x"]);
    let headers = vec((name.prop_map(String::from), ".{0,40}"), 0..4);
    (option::of(any::<u16>()), option::of(headers), option::of(any::<u64>()), ".{0,20}").prop_map(
        |(status, headers, body_length, detail)| HttpFacts {
            status,
            headers,
            body_length,
            detail,
            ..HttpFacts::default()
        },
    )
}

fn publication() -> impl Strategy<Value = Publication> {
    let previous = (option::of(".{0,40}"), option::of(text())).prop_map(|(id, policy)| Previous {
        id,
        policy,
        ..Previous::default()
    });
    let parts = (
        option::of(records()),
        option::of(text()),
        option::of(http()),
        option::of(hosts()),
        option::of(records()),
        option::of(previous),
    );
    parts.prop_map(|(txt, policy, http, mx, tlsrpt, previous)| Publication {
        domain: mtasts_core::PolicyDomain::from_lookup_key("example.com").ok(),
        txt,
        policy,
        http,
        mx,
        tlsrpt,
        previous,
        ..Publication::default()
    })
}

/// The text that a place is in.
fn text_of(publication: &Publication, place: Place) -> Option<Vec<u8>> {
    let record = |set: &Option<RecordSet>, at: u32| {
        set.as_ref()?.records.get(usize::try_from(at).ok()?).map(|record| record.joined())
    };
    match place {
        Place::TxtRecord(at) => record(&publication.txt, at),
        Place::TlsRptRecord(at) => record(&publication.tlsrpt, at),
        Place::Policy => publication.policy.clone(),
        _ => None,
    }
}

fn holds(span: Span, text: &[u8], is_record: bool) -> Result<(), TestCaseError> {
    let range = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
    prop_assert!(range.start <= range.end && range.end <= text.len(), "{span:?}");
    if let Ok(text) = core::str::from_utf8(text) {
        prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
    }
    // A record is one line, whatever it holds.
    let before = if is_record { Vec::new() } else { text.get(..range.start).unwrap().to_vec() };
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    // A byte order mark, which cannot be seen, does not count.
    let mark = if before.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let last = before.iter().rposition(|byte| *byte == b'\n').map_or(mark, |at| at + 1);
    let column = range.start - last + 1;
    let place = (span.line, span.column);
    prop_assert_eq!((u32::try_from(line).unwrap(), u32::try_from(column).unwrap()), place);
    Ok(())
}

fn has_error(report: &Report, part: &str) -> bool {
    let is_error = |finding: &&Finding| finding.lint.severity() == Severity::Error;
    report.findings.iter().filter(is_error).any(|finding| finding.place.part() == part)
}

fn only_txt(records: RecordSet) -> Publication {
    Publication { txt: Some(records), ..Publication::default() }
}

fn only_policy(policy: Vec<u8>) -> Publication {
    Publication { policy: Some(policy), ..Publication::default() }
}

proptest! {
    #[test]
    fn places_are_in_the_texts(publication in publication()) {
        let report = check(&publication);
        prop_assert!(report.findings.len() <= 9 * 514, "{}", report.findings.len());
        for finding in &report.findings {
            if let Some(span) = finding.span {
                let text = text_of(&publication, finding.place).expect("a text");
                holds(span, &text, finding.place != Place::Policy)?;
            }
            for fix in &finding.fixes {
                let text = text_of(&publication, fix.place).expect("a text");
                for edit in &fix.edits {
                    holds(edit.span, &text, fix.place != Place::Policy)?;
                }
            }
        }
    }

    #[test]
    fn records_with_errors_are_those_that_senders_do_not_accept(records in records()) {
        let texts: Vec<_> = records.records.iter().map(|record| record.joined()).collect();
        let is_refused = match StsRecord::select(&texts) {
            // That the domain does not use MTA-STS is no fault.
            Err(RecordError::Txt(TxtError::NoRecord)) => false,
            outcome => outcome.is_err(),
        };
        prop_assert_eq!(has_error(&check(&only_txt(records)), "txt"), is_refused);
    }

    #[test]
    fn reporting_records_with_errors_are_those_that_senders_do_not_accept(records in records()) {
        let texts: Vec<_> = records.records.iter().map(|record| record.joined()).collect();
        let is_refused = match TlsRptRecord::select(&texts) {
            Err(TlsRptError::Txt(TxtError::NoRecord)) => false,
            outcome => outcome.is_err(),
        };
        let report = check(&Publication { tlsrpt: Some(records), ..Publication::default() });
        prop_assert_eq!(has_error(&report, "tlsrpt"), is_refused);
    }

    #[test]
    fn policies_with_errors_are_those_that_senders_do_not_accept(policy in text()) {
        let is_refused = Policy::parse(&policy).is_err();
        prop_assert_eq!(has_error(&check(&only_policy(policy)), "policy"), is_refused);
    }

    #[test]
    fn a_fix_removes_its_finding(policy in text()) {
        let findings = check(&only_policy(policy.clone())).findings;
        for finding in findings.iter().filter(|finding| finding.place == Place::Policy) {
            for fix in &finding.fixes {
                let fixed = fix.apply(&policy);
                let count = |findings: &[Finding]| {
                    findings.iter().filter(|other| other.lint == finding.lint).count()
                };
                let after = check(&only_policy(fixed.clone())).findings;
                // What a fix lays bare may be of the same kind, but not the same.
                let is_same = |other: &Finding| {
                    (other.lint, other.span, &other.message)
                        == (finding.lint, finding.span, &finding.message)
                };
                prop_assert!(
                    count(&after) < count(&findings) || !after.iter().any(is_same),
                    "{}: {}: {:?}", finding.lint, finding.message, String::from_utf8_lossy(&fixed)
                );
            }
        }
    }

    #[test]
    fn fixing_comes_to_an_end(policy in text(), record in text()) {
        let rounds = 64;
        let mut text = policy;
        let all_fixed = (0..rounds).any(|_| {
            let fixed = apply_fixes(&text, Place::Policy, &check(&only_policy(text.clone())).findings);
            core::mem::replace(&mut text, fixed.clone()) == fixed
        });
        prop_assert!(all_fixed, "{:?}", String::from_utf8_lossy(&text));
        let mut text = record;
        let all_fixed = (0..rounds).any(|_| {
            let place = Place::TxtRecord(0);
            let findings = check(&only_txt(RecordSet::pasted([&text]))).findings;
            let fixed = apply_fixes(&text, place, &findings);
            core::mem::replace(&mut text, fixed.clone()) == fixed
        });
        prop_assert!(all_fixed, "{:?}", String::from_utf8_lossy(&text));
    }
}
