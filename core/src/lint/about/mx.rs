//! The MX records.

use super::{About, Example, facts, mx};
use crate::lint::Lint;

const RIGHT: Example = mx("10 mx.example.com.");

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::MxDnsFailure,
        "Senders cannot deliver without the MX records: they keep the mail and try again. Look at the zone's name servers and at its DNSSEC signatures.",
        facts(r#""mx": {"failure": "servfail"}"#),
        RIGHT,
    ),
    About::new(
        Lint::MxNull,
        "An MX record with the host `.` says that the domain accepts no mail, and senders return it at once. There is nothing for MTA-STS to protect, and the policy can go.",
        mx("0 ."),
        RIGHT,
    ),
    About::new(
        Lint::MxAbsent,
        "Without an MX record senders deliver to the domain's own address. The policy and the certificate must then name the domain itself, and some senders take the lack for a mistake.",
        facts(r#""mx": {"hosts": []}"#),
        RIGHT,
    ),
    About::new(
        Lint::MxCname,
        "An MX record must name a host with an address, not an alias. Senders disagree on which of the two names the policy and the certificate must have, so that some do not deliver.",
        facts(
            r#""mx": {"hosts": [{"host": "mail.example.com.", "cname": "mx.provider.example"}]}"#,
        ),
        facts(r#""mx": {"hosts": [{"host": "mx.provider.example."}]}"#),
    ),
    About::new(
        Lint::MxAddress,
        "An MX record names a host. An address in it is read as a name that does not exist; many senders do not deliver, and no policy can allow it.",
        mx("10 192.0.2.25"),
        RIGHT,
    ),
    About::new(
        Lint::MxName,
        "What the MX record names is no host name. No pattern of a policy matches it and no certificate is valid for it, so that under a policy nothing is delivered there.",
        mx("10 mx..example.com."),
        RIGHT,
    ),
    About::new(
        Lint::MxNoAddress,
        "Senders pass over an MX host that has no address. If it is the only one, mail waits and is returned after some days.",
        facts(r#""mx": {"hosts": [{"host": "mx.example.com.", "has_address": false}]}"#),
        facts(r#""mx": {"hosts": [{"host": "mx.example.com.", "has_address": true}]}"#),
    ),
];
