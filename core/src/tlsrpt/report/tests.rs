use alloc::{format, string::ToString as _, vec};

use proptest::prelude::*;

use super::*;
use crate::{
    ResultType,
    tlsrpt::{PolicyType, ReportedPolicy},
};

/// The example of RFC 8460, appendix B, with its URI in one piece.
const EXAMPLE: &str = r#"{
  "organization-name": "Company-X",
  "date-range": {
    "start-datetime": "2016-04-01T00:00:00Z",
    "end-datetime": "2016-04-01T23:59:59Z"
  },
  "contact-info": "sts-reporting@company-x.example",
  "report-id": "5065427c-23d3-47ca-b6e0-946ea0e8c4be",
  "policies": [{
    "policy": {
      "policy-type": "sts",
      "policy-string": ["version: STSv1", "mode: testing",
        "mx: *.mail.company-y.example", "max_age: 86400"],
      "policy-domain": "company-y.example",
      "mx-host": "*.mail.company-y.example"
    },
    "summary": {
      "total-successful-session-count": 5326,
      "total-failure-session-count": 303
    },
    "failure-details": [{
      "result-type": "certificate-expired",
      "sending-mta-ip": "2001:db8:abcd:0012::1",
      "receiving-mx-hostname": "mx1.mail.company-y.example",
      "failed-session-count": 100
    }, {
      "result-type": "starttls-not-supported",
      "sending-mta-ip": "2001:db8:abcd:0013::1",
      "receiving-mx-hostname": "mx2.mail.company-y.example",
      "receiving-ip": "203.0.113.56",
      "failed-session-count": 200,
      "additional-information": "https://reports.company-x.example/report_info?id=5065427c-23d3#StarttlsNotSupported"
    }, {
      "result-type": "validation-failure",
      "sending-mta-ip": "198.51.100.62",
      "receiving-ip": "203.0.113.58",
      "receiving-mx-hostname": "mx-backup.mail.company-y.example",
      "failed-session-count": 3,
      "failure-reason-code": "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED"
    }]
  }]
}"#;

/// What is wrong with the example once a part of it is another one.
fn error(part: &str, other: &str) -> String {
    assert!(EXAMPLE.contains(part), "{part}");
    Report::from_json(&EXAMPLE.replacen(part, other, 1)).unwrap_err().to_string()
}

#[test]
fn the_example_of_the_rfc_is_read() {
    let report = Report::from_json(EXAMPLE).unwrap();
    assert_eq!(report.start, UnixMillis::from_secs(1_459_468_800));
    assert_eq!(report.end, UnixMillis::from_secs(1_459_555_199));
    let [result] = report.policies.as_slice() else { panic!("{report:?}") };
    assert_eq!(result.policy.policy_type, PolicyType::Sts);
    assert_eq!(result.policy.mx_hosts, ["*.mail.company-y.example"]);
    assert_eq!((result.successful_sessions, result.failed_sessions), (5326, 303));
    let failures = result.failures.iter();
    let failures: Vec<_> =
        failures.map(|failure| (failure.details.result_type, failure.sessions)).collect();
    assert_eq!(
        failures,
        [
            (ResultType::CertificateExpired, 100),
            (ResultType::StarttlsNotSupported, 200),
            (ResultType::ValidationFailure, 3),
        ]
    );
}

#[test]
fn a_report_is_written_in_the_order_of_the_rfc() {
    let details = FailureDetails {
        sending_mta_ip: Some([192, 0, 2, 1].into()),
        receiving_mx_hostname: Some("mx.example.com".into()),
        receiving_mx_helo: Some("helo".into()),
        receiving_ip: Some("2001:DB8:0::1".parse().unwrap()),
        additional_information: Some("https://example.net/".into()),
        failure_reason_code: Some("\"é".into()),
        ..FailureDetails::new(ResultType::DaneRequired)
    };
    let policy = ReportedPolicy {
        policy_type: PolicyType::Tlsa,
        strings: vec!["3 1 1 0AFF".into()],
        domain: "example.com".into(),
        mx_hosts: vec![],
    };
    let report = Report {
        organization_name: "Example".into(),
        start: UnixMillis::from_secs(0),
        end: UnixMillis(86_399_999),
        contact_info: "r@example.net".into(),
        report_id: "1".into(),
        policies: vec![PolicyResult {
            policy,
            successful_sessions: 1,
            failed_sessions: 2,
            failures: vec![SessionFailures { details, sessions: 2 }],
        }],
    };
    let json = report.to_json().unwrap();
    assert_eq!(
        json,
        r#"{"organization-name":"Example","date-range":{"start-datetime":"1970-01-01T00:00:00Z","end-datetime":"1970-01-01T23:59:59.999Z"},"contact-info":"r@example.net","report-id":"1","policies":[{"policy":{"policy-type":"tlsa","policy-string":["3 1 1 0AFF"],"policy-domain":"example.com"},"summary":{"total-successful-session-count":1,"total-failure-session-count":2},"failure-details":[{"result-type":"dane-required","sending-mta-ip":"192.0.2.1","receiving-mx-hostname":"mx.example.com","receiving-mx-helo":"helo","receiving-ip":"2001:db8::1","failed-session-count":2,"additional-information":"https://example.net/","failure-reason-code":"\"é"}]}]}"#
    );
    assert_eq!(Report::from_json(&json), Ok(report));
}

#[test]
fn what_was_read_is_written_and_read_again() {
    let report = Report::from_json(EXAMPLE).unwrap();
    assert_eq!(Report::from_json(&report.to_json().unwrap()), Ok(report));
}

#[test]
fn a_missing_member_is_named() {
    for (member, path) in [
        ("organization-name", "organization-name"),
        ("date-range", "date-range"),
        ("end-datetime", "date-range.end-datetime"),
        ("contact-info", "contact-info"),
        ("report-id", "report-id"),
        ("policies", "policies"),
        ("policy", "policies[0].policy"),
        ("policy-type", "policies[0].policy.policy-type"),
        ("policy-domain", "policies[0].policy.policy-domain"),
        ("summary", "policies[0].summary"),
        ("total-failure-session-count", "policies[0].summary.total-failure-session-count"),
        ("result-type", "policies[0].failure-details[0].result-type"),
        ("failed-session-count", "policies[0].failure-details[0].failed-session-count"),
    ] {
        let name = format!("\"{member}\":");
        assert_eq!(error(&name, "\"x\":"), format!("`{path}` is missing"));
    }
}

#[test]
fn other_members_may_be_missing_or_unknown() {
    for member in ["policy-string", "mx-host", "failure-details", "sending-mta-ip"] {
        let other = EXAMPLE.replacen(&format!("\"{member}\":"), "\"x\":", 1);
        assert!(Report::from_json(&other).is_ok(), "{member}");
    }
}

#[test]
fn a_wrong_value_is_named() {
    let no_date = "is no date and time such as `2016-04-01T00:00:00Z`, from 1970 to 9999";
    let no_type = "is none of `tlsa`, `sts` and `no-policy-found`";
    let no_a_label = "has characters other than ASCII, and so is no A-label";
    for (part, other, member, problem) in [
        ("\"Company-X\"", "1", "organization-name", "is not a string"),
        ("\"Company-X\"", "\"\"", "organization-name", "is empty"),
        ("2016-04-01T00", "2016-04-02T00", "date-range", "ends before it begins"),
        ("2016-04-01T23:59:59Z", "2016-04-01", "date-range.end-datetime", no_date),
        ("sts-reporting@", "mailto:sts@", "contact-info", "is no mail address"),
    ] {
        assert_eq!(error(part, other), format!("`{member}` {problem}"));
    }
    for (part, other, member, problem) in [
        ("\"sts\"", "\"mta-sts\"", "policy.policy-type", no_type),
        (
            "\"company-y.example\"",
            "\"bücher.example\"",
            "policy.policy-domain",
            "is no domain name of A-labels",
        ),
        (
            "\"*.mail.company-y.example\"\n",
            "[\"a\", \"*.bücher.example\"]\n",
            "policy.mx-host[1]",
            no_a_label,
        ),
        (
            "5326",
            "-1",
            "summary.total-successful-session-count",
            "is not a whole number, 0 or more",
        ),
        (
            "303",
            "9007199254740992",
            "summary.total-failure-session-count",
            "is more than 9007199254740991",
        ),
        (
            "certificate-expired",
            "expired",
            "failure-details[0].result-type",
            "is no result type of RFC 8460, section 4.3",
        ),
        ("203.0.113.56", "203.0.113", "failure-details[1].receiving-ip", "is no IP address"),
        ("https://", "https:// ", "failure-details[1].additional-information", "is no URI"),
    ] {
        assert_eq!(error(part, other), format!("`policies[0].{member}` {problem}"));
    }
}

#[test]
fn what_is_no_i_json_is_refused() {
    assert_eq!(
        error("\"contact-info\"", "\"report-id\""),
        "the report is no I-JSON: `report-id` stands twice in an object at line 42 column 1"
    );
    let noncharacter = error("Company-X", "\u{fdd0}");
    let expected = "the report is no I-JSON: a string has the noncharacter U+FDD0 at line 2";
    assert!(noncharacter.starts_with(expected), "{noncharacter}");
    for text in ["", "{", "{}x", "\u{feff}{}", r#"{"a":"\ud800"}"#] {
        let error = Report::from_json(text).unwrap_err();
        assert!(matches!(error.kind, ReportErrorKind::NoJson(_)), "{text:?}: {error}");
    }
    let error = Report::from_json("[]").unwrap_err().to_string();
    assert_eq!(error, "the report is not an object");
}

#[test]
fn what_would_not_be_read_is_not_written() {
    let report = Report::from_json(EXAMPLE).unwrap();
    let written = |change: fn(&mut Report)| {
        let mut report = report.clone();
        change(&mut report);
        report.to_json().unwrap_err().to_string()
    };
    assert_eq!(written(|report| report.contact_info.clear()), "`contact-info` is no mail address");
    assert_eq!(
        written(|report| report.end = UnixMillis::MAX),
        "`date-range.end-datetime` is no date and time such as `2016-04-01T00:00:00Z`, from 1970 to \
         9999"
    );
    assert_eq!(
        written(|report| report.report_id.push('\u{ffff}')),
        "the report is no I-JSON: a string has the noncharacter U+FFFF"
    );
}

#[test]
fn mail_addresses_follow_the_grammar() {
    for good in ["a@b.example", "a.b+c@b", "\"a b\\\"@\"@b.example", "a@[192.0.2.1]"] {
        assert!(is_mail_address(good), "{good}");
    }
    for bad in ["", "a", "@b", "a@", "a..b@c", "a b@c", "\"a\"b\"@c", "<a@b>", "a@b c", "a@bü"] {
        assert!(!is_mail_address(bad), "{bad}");
    }
}

proptest! {
    #[test]
    fn any_change_of_an_octet_is_a_report_or_an_error(at in 0..EXAMPLE.len(), octet: u8) {
        let mut octets = EXAMPLE.as_bytes().to_vec();
        octets[at] = octet;
        if let Ok(text) = core::str::from_utf8(&octets)
            && let Ok(report) = Report::from_json(text)
        {
            let json = report.to_json().unwrap();
            prop_assert_eq!(Report::from_json(&json), Ok(report));
        }
    }
}
