//! DANE beside MTA-STS.

use super::{About, Example, facts};
use crate::lint::Lint;

const RIGHT: Example = facts(
    r#""dane": {"mx_signed": true, "tlsa": [{"host": "mx.example.com", "signed": true, "usages": [3], "outcome": "pass"}]}"#,
);
/// No TLSA records at all.
const WITHOUT: Example = facts(
    r#""dane": {"mx_signed": true, "tlsa": [{"host": "mx.example.com", "signed": true, "usages": []}]}"#,
);

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::DanePresent,
        "The domain uses DANE as well. Both protect, each with senders that know it; senders that know both must not let MTA-STS override a failing DANE. Keep TLSA records and policy in step.",
        RIGHT,
        WITHOUT,
    ),
    About::new(
        Lint::DaneUnsigned,
        "TLSA records count only if DNSSEC proves them. In an unsigned zone senders ignore them, so that they protect nothing.",
        facts(r#""dane": {"mx_signed": true, "tlsa": [{"host": "mx.example.com", "signed": false, "usages": [3]}]}"#),
        RIGHT,
    ),
    About::new(
        Lint::DaneMxUnsigned,
        "The MX records say which host to go to, and are not signed. An attacker who forges them leads senders to another host, where DANE does not help. MTA-STS still does; sign the domain's own zone to make DANE protect as well.",
        facts(r#""dane": {"mx_signed": false, "tlsa": [{"host": "mx.example.com", "signed": true, "usages": [3]}]}"#),
        RIGHT,
    ),
    About::new(
        Lint::DaneUsage,
        "SMTP uses TLSA records of usage 2 (DANE-TA) and 3 (DANE-EE). What senders do with 0 and 1 is undefined; most ignore them.",
        facts(r#""dane": {"mx_signed": true, "tlsa": [{"host": "mx.example.com", "signed": true, "usages": [1]}]}"#),
        RIGHT,
    ),
    About::new(
        Lint::DanePartial,
        "Some MX hosts have TLSA records, and others have not. An attacker keeps senders away from the protected ones, and they go to the rest. Publish TLSA records for every host.",
        facts(r#""dane": {"mx_signed": true, "tlsa": [{"host": "mx.example.com", "signed": true, "usages": [3]}, {"host": "mx2.example.com", "signed": true}]}"#)
            .and_mx("10 mx.example.com.\n20 mx2.example.com."),
        facts(r#""dane": {"mx_signed": true, "tlsa": [{"host": "mx.example.com", "signed": true, "usages": [3]}, {"host": "mx2.example.com", "signed": true, "usages": [3]}]}"#)
            .and_mx("10 mx.example.com.\n20 mx2.example.com."),
    ),
    About::new(
        Lint::DaneFailure,
        "Senders with DANE do not deliver to a host whose certificate matches no TLSA record, or whose records cannot be looked up, whatever the policy says. Publish the record of a new certificate before you use it, and remove the old one after the TTL.",
        facts(r#""dane": {"mx_signed": true, "tlsa": [{"host": "mx.example.com", "signed": true, "usages": [3], "outcome": "fail"}]}"#),
        RIGHT,
    ),
];
