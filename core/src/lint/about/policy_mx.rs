//! The policy's MX patterns, for themselves and against the MX hosts.

use super::{
    About, Example, policy,
    policy::{RIGHT, RIGHT_TEXT},
};
use crate::lint::Lint;

/// A policy that names two hosts.
const TWO: &str =
    "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx2.example.com\nmax_age: 1209600\n";
const HOST: &str = "10 mx.example.com.";
const TWO_HOSTS: &str = "10 mx.example.com.\n20 mx2.example.com.";
const TESTING: &str =
    "version: STSv1\nmode: testing\nmx: mx.example.com\nmx: mx2.example.com\nmax_age: 1209600\n";
const WILDCARD: Example =
    policy("version: STSv1\nmode: enforce\nmx: *.mail.example.com\nmax_age: 1209600\n");

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::PolicyMxEmpty,
        "An `mx` without a value names no host. Strict senders ignore the whole policy because of it, and others ignore the line.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmx:\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxSeveralHosts,
        "Each host has an `mx` line of its own. A list on one line is no host name and matches none of the hosts in it.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx2.example.com, mx3.example.com\nmax_age: 1209600\n",
        ),
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx2.example.com\nmx: mx3.example.com\nmax_age: 1209600\n",
        ),
    ),
    About::new(
        Lint::PolicyMxPreference,
        "Preferences are in the MX records; the policy only names hosts. A line that was copied from a zone file with the number matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: 20 mx2.example.com\nmax_age: 1209600\n",
        ),
        policy(TWO),
    ),
    About::new(
        Lint::PolicyMxAddress,
        "Senders compare the names in MX records with the policy, and MX records have no addresses. An address in the policy matches nothing.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: 192.0.2.25\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxPort,
        "MX records have no ports; senders connect to port 25. A name with a port matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx2.example.com:25\nmax_age: 1209600\n",
        ),
        policy(TWO),
    ),
    About::new(
        Lint::PolicyMxUrl,
        "An `mx` is a host name or a wildcard, not a URL. With a scheme before it it matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: https://mx2.example.com\nmax_age: 1209600\n",
        ),
        policy(TWO),
    ),
    About::new(
        Lint::PolicyMxMailbox,
        "An `mx` names the host that receives mail, not a mailbox. An address with `@` matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: postmaster@example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxWildcardBare,
        "`*` alone matches no host: a wildcard stands for the left-most label of a name with a domain behind it. A policy for every host would protect nothing anyway.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: *\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxWildcardPosition,
        "`*` stands for exactly one label, and only as the whole left-most one, as in certificates. Elsewhere the pattern is malformed and matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx*.example.com\nmax_age: 1209600\n",
        ),
        WILDCARD,
    ),
    About::new(
        Lint::PolicyMxLeadingDot,
        "Early drafts wrote wildcards as `.example.com`; the RFC writes `*.example.com`. The old form is malformed and matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: .mail.example.com\nmax_age: 1209600\n",
        ),
        WILDCARD,
    ),
    About::new(
        Lint::PolicyMxEmptyLabel,
        "A host name has no empty label. With two dots in a row the pattern is malformed and matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx2..example.com\nmax_age: 1209600\n",
        ),
        policy(TWO),
    ),
    About::new(
        Lint::PolicyMxTrailingDot,
        "Zone files end absolute names with a dot, and policies do not. The grammar does not allow it: some senders take the name without the dot, others match nothing with it or ignore the whole policy.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com.\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxHyphen,
        "A label of a host name does not begin or end with a hyphen. The pattern is malformed and matches no host; probably a letter is missing.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx2-.example.com\nmax_age: 1209600\n",
        ),
        policy(TWO),
    ),
    About::new(
        Lint::PolicyMxUnderscore,
        "Host names have no underscores, so the grammar does not allow them here, and public authorities issue no certificates for such names. Rename the MX host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx_2.example.com\nmax_age: 1209600\n",
        ),
        policy(TWO),
    ),
    About::new(
        Lint::PolicyMxULabel,
        "The policy names hosts as DNS has them: an internationalised name as A-labels, which begin with `xn--`. In its own letters it matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx.bücher.example\nmax_age: 1209600\n",
        ),
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx.xn--bcher-kva.example\nmax_age: 1209600\n",
        ),
    ),
    About::new(
        Lint::PolicyMxCharacter,
        "Host names consist of letters, digits, hyphens and dots. With another character the pattern is malformed and matches no host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx2!example.com\nmax_age: 1209600\n",
        ),
        policy(TWO),
    ),
    About::new(
        Lint::PolicyMxTooLong,
        "In DNS a label has at most 63 characters and a name 253. A longer pattern can match nothing.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: a123456789012345678901234567890123456789012345678901234567890123456789.example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxRepeated,
        "A host that is named twice is allowed once. Senders do not mind; perhaps another host was meant.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: mx.example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxShadowed,
        "The wildcard allows this host already. One of the two can go: the wildcard, if the list of hosts is complete, or else the host.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.mail.example.com\nmx: *.mail.example.com\nmax_age: 1209600\n",
        ),
        WILDCARD,
    ),
    About::new(
        Lint::PolicyMxPublicSuffix,
        "Under a public suffix anybody can register a name and get a certificate for it. A policy with such a wildcard allows an attacker's host as well as your own, and protects nothing.",
        policy("version: STSv1\nmode: enforce\nmx: *.com\nmax_age: 1209600\n"),
        WILDCARD,
    ),
    About::new(
        Lint::PolicyMxOwnDomain,
        "The wildcard allows every host one label below the domain, the web server and the guest network among them. Whoever controls one of these names, and gets a certificate for it, can receive the domain's mail after forging DNS. Name the MX hosts, if they do not change often.",
        policy("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyMxNotCovered,
        "Under an enforced policy senders use only MX hosts that it names, so this host receives nothing from them. If no MX host is named, mail waits and is returned after some days. Publish a policy that names the host, change the id, and only then use the host.",
        policy(RIGHT_TEXT).and_mx("10 mx.example.com.\n10 mx2.example.com."),
        policy(TWO).and_mx("10 mx.example.com.\n10 mx2.example.com."),
    ),
    About::new(
        Lint::PolicyMxBackupNotCovered,
        "Better hosts are named, so mail arrives as long as they answer. When they are down, senders with the policy pass over this backup, and it is of no use. An attacker cannot use it either.",
        policy(RIGHT_TEXT).and_mx(TWO_HOSTS),
        policy(TWO).and_mx(TWO_HOSTS),
    ),
    About::new(
        Lint::PolicyMxNotCoveredTesting,
        "In mode testing senders deliver to the host and report the failure. With the same policy in mode enforce they would not deliver there: add the host before you change the mode.",
        policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 1209600\n")
            .and_mx(TWO_HOSTS),
        policy(TESTING).and_mx(TWO_HOSTS),
    ),
    About::new(
        Lint::PolicyMxWildcardDepth,
        "`*.` stands for exactly one label, as in certificates: `*.example.com` matches neither `example.com` nor `a.b.example.com`. Name the host, or a wildcard directly above it.",
        policy("version: STSv1\nmode: enforce\nmx: *.mail.example.com\nmax_age: 1209600\n")
            .and_mx("10 a.b.mail.example.com."),
        policy("version: STSv1\nmode: enforce\nmx: *.b.mail.example.com\nmax_age: 1209600\n")
            .and_mx("10 a.b.mail.example.com."),
    ),
    About::new(
        Lint::PolicyMxUnused,
        "The pattern matches none of today's MX hosts. That is right shortly before a new host is used and after an old one was removed; otherwise the policy allows more than it must, and perhaps the name is misspelled.",
        policy(TWO).and_mx(HOST),
        policy(RIGHT_TEXT).and_mx(HOST),
    ),
];
