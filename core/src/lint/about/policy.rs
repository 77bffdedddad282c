//! The policy's fields.

use super::{About, Example, facts, policy};
use crate::lint::Lint;

pub(super) const RIGHT_TEXT: &str =
    "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n";
pub(super) const RIGHT: Example = policy(RIGHT_TEXT);

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::PolicyEmpty,
        "Senders that fetch an empty policy treat the domain as one without a policy, or keep to an older one that they still hold. A template that was not filled in or an upload that was cut off are common causes.",
        facts(r#""policy": """#),
        RIGHT,
    ),
    About::new(
        Lint::PolicyVersionMissing,
        "Without `version: STSv1` senders do not take the text for a policy, and ignore it.",
        policy("mode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyVersionInvalid,
        "`STSv1` is the only version that there is, and it is compared letter by letter. Senders ignore policies with any other.",
        policy("version: STSv1.0\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyModeMissing,
        "The mode has no default. Senders ignore a policy without one, so that it protects nobody.",
        policy("version: STSv1\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyModeInvalid,
        "The modes are `enforce`, `testing` and `none`, in lower case. Senders ignore a policy with another word, also with `report`, which early drafts had.",
        policy("version: STSv1\nmode: report\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMaxAgeMissing,
        "`max_age` says how long senders remember the policy, and has no default. They ignore a policy without it.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMaxAgeInvalid,
        "`max_age` is a number of seconds in 1 to 10 digits. Units, signs and separators make it invalid, and senders ignore the whole policy.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 14d\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMaxAgeTooLarge,
        "The maximum is 31557600 seconds, a year. Some senders cut larger numbers down to it, and others ignore the whole policy, so that it does not protect everywhere.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 63072000\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxMissing,
        "In modes enforce and testing a policy must name the hosts that may receive the domain's mail. Without any it is invalid, and senders ignore it. Only mode none needs no `mx`.",
        policy("version: STSv1\nmode: enforce\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxNoneValid,
        "None of the `mx` lines holds a host name or a wildcard, so nothing could match. A policy under which no mail could be delivered is taken as invalid, and senders ignore it.",
        policy("version: STSv1\nmode: enforce\nmx: mail@example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMaxAgeZero,
        "The strength of MTA-STS is that senders remember the policy. With `max_age: 0` they forget it at once, and an attacker who makes the TXT record disappear makes the policy disappear as well.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 0\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMaxAgeShort,
        "Senders who write to the domain less often than once in that time have no policy in memory, and an attacker can keep them from fetching it. Write some weeks; a new id replaces the policy sooner when that is needed.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 3600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMaxAgeDays,
        "The RFC expects policies to live for weeks or more. A short life protects only senders who write every few days; it does not make changes faster, since a new id does that.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyTesting,
        "In mode testing senders deliver even where the policy is not met, and report it to the TLSRPT addresses. That is the way to begin; it protects nobody. When the reports show no failures for some weeks, change to `enforce` and change the id.",
        policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyNone,
        "Mode none tells senders who hold an earlier policy to forget it. It is the right way to remove MTA-STS, and protects nobody.",
        policy("version: STSv1\nmode: none\nmax_age: 86400\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyNoneLong,
        "A policy in mode none must stay published until it and all earlier ones have expired. A small `max_age`, of a day, makes the end come sooner.",
        policy("version: STSv1\nmode: none\nmax_age: 31557600\n"),
        policy("version: STSv1\nmode: none\nmax_age: 86400\n"),
    ),
    About::new(
        Lint::PolicyKeyCase,
        "Field names are written in lower case. Senders that follow the grammar take `MX` for an unknown field and ignore it, and what it names is not allowed.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nMX: mx2.example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyKeyTypo,
        "Senders ignore fields that they do not know. What a misspelled field says counts for nothing, and if it was needed the policy is invalid.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\nmxs: mx2.example.com\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyKeyUnknown,
        "Policies may have further fields, and senders ignore those that they do not know. If nothing of yours reads it, leave it out.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\ncontact: postmaster\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyKeyRepeated,
        "Only `mx` may be given more than once; of every other field senders take the first and ignore the rest. If the later one is meant, they act on the wrong value.",
        policy(
            "version: STSv1\nmode: testing\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyOrder,
        "The order of fields means nothing to senders. People, and tools that look at the first line only, expect the version there.",
        policy("mode: enforce\nversion: STSv1\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
];
