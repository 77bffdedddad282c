//! What changed since the last check.

use super::{About, facts, policy::RIGHT_TEXT, txt};
use crate::lint::Lint;

const NEW_ID: &str = "v=STSv1; id=20261101;";
const TWO_HOSTS: &str =
    "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx2.example.com\nmax_age: 1209600\n";
const NONE: &str = "version: STSv1\nmode: none\nmax_age: 86400\n";
const TESTING: &str = "version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 1209600\n";

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::DriftIdUnchanged,
        "Senders who hold the earlier policy look for a new one when the id changes. Under the same id most keep to the old one until it expires, and mail to hosts that only the new one names fails meanwhile.",
        facts(r#""previous": {"id": "20261101", "policy": "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(RIGHT_TEXT),
        facts(r#""previous": {"id": "20260901", "policy": "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(RIGHT_TEXT),
    ),
    About::new(
        Lint::DriftPolicyUnchanged,
        "The id is new and the policy is not. If a change is under way in the wrong order, senders fetch the old policy under the new id and do not notice the new one. Publish the policy first, then the id.",
        facts(r#""previous": {"id": "20260901", "policy": "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(RIGHT_TEXT),
        facts(r#""previous": {"id": "20261101", "policy": "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(RIGHT_TEXT),
    ),
    About::new(
        Lint::DriftRemoved,
        "Senders keep to the policy that they hold until it expires, whether or not the record is still there. To remove MTA-STS, publish a policy in mode none under a new id, and keep both until earlier policies have expired.",
        facts(r#""txt": {"records": []}, "previous": {"id": "20260901", "policy": "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"}"#),
        facts(r#""previous": {"id": "20260901", "policy": "version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 1209600\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(NONE),
    ),
    About::new(
        Lint::DriftWeakened,
        "The policy was enforced and is not any more: senders that fetch the new one deliver without protection. If you did not change it, somebody else controls the policy host.",
        facts(r#""previous": {"id": "20260901", "policy": "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(TESTING),
        facts(r#""previous": {"id": "20260901", "policy": "version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 1209600\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(RIGHT_TEXT),
    ),
    About::new(
        Lint::DriftMxNotInPrevious,
        "Senders who hold the earlier policy do not deliver to the new host until they fetch the new policy, and under the same id they do not look for it. Publish a policy that names the host, under a new id, wait for the TTL, and only then change the MX record.",
        facts(r#""previous": {"id": "20261101", "policy": "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(TWO_HOSTS)
            .and_mx("10 mx.example.com.\n10 mx2.example.com."),
        facts(r#""previous": {"id": "20260901", "policy": "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"}"#)
            .and_txt(NEW_ID)
            .and_policy(TWO_HOSTS)
            .and_mx("10 mx.example.com.\n10 mx2.example.com."),
    ),
    About::new(
        Lint::DriftLongTesting,
        "Mode testing is for finding mistakes, and protects nobody. After 90 days the reports have shown what there is to see: mend what they tell, and change to `enforce`.",
        facts(r#""now": 1793491200, "previous": {"id": "20261101", "policy": "version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 1209600\n", "mode_since": 1777593600}"#)
            .and_txt(NEW_ID)
            .and_policy(TESTING),
        txt(NEW_ID).and_policy(RIGHT_TEXT),
    ),
];
