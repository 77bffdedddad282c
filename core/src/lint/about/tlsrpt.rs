//! The TXT record at `_smtp._tls`.

use super::{About, Example, facts, policy::RIGHT_TEXT, tlsrpt};
use crate::lint::Lint;

const RIGHT: Example = tlsrpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com");

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::TlsRptMissing,
        "Under an enforced policy mail may wait because of a mistake at your side, and senders tell you only if a TLSRPT record says where. Publish one before the policy, and read the reports before you change the mode to `enforce`.",
        facts(r#""tlsrpt": {"records": []}"#).and_policy(RIGHT_TEXT),
        RIGHT.and_policy(RIGHT_TEXT),
    ),
    About::new(
        Lint::TlsRptDnsFailure,
        "Senders that cannot look up the record send no reports. Look at the zone's name servers and at its DNSSEC signatures.",
        facts(r#""tlsrpt": {"failure": "servfail"}"#),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptNoRecord,
        "Senders take a record for TLSRPT only if it begins with `v=TLSRPTv1;`. Records of other kinds at this name are passed over, and no reports are sent.",
        tlsrpt("v=spf1 -all"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptSeveral,
        "With more than one record, senders must treat the domain as one without TLSRPT and send no reports. Several addresses belong into one record, with commas between them.",
        tlsrpt(
            "v=TLSRPTv1; rua=mailto:tlsrpt@example.com\nv=TLSRPTv1; rua=mailto:reports@example.com",
        ),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptVersion,
        "The version comes first and is compared letter by letter. Senders pass over a record that begins with anything else, and send no reports.",
        tlsrpt("v=tlsrptv1; rua=mailto:tlsrpt@example.com"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptEscapedQuotes,
        "Quotation marks and backslashes belong to the notation of zone files and of `dig`. In most DNS panels they become part of the record, which is malformed then; no reports are sent.",
        tlsrpt(r#""v=TLSRPTv1; rua=mailto:tlsrpt@example.com""#),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptFieldMalformed,
        "Every part between semicolons must be `name=value`. One malformed field makes the whole record malformed, and no reports are sent.",
        tlsrpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com; daily"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptFieldUnknown,
        "TLSRPT has the field `rua` only; `ruf`, `fo` and others are of DMARC. Senders ignore what they do not know.",
        tlsrpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com; ruf=mailto:tlsrpt@example.com"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptRuaMissing,
        "`rua` says where reports go. Without it the record is invalid, and none are sent.",
        tlsrpt("v=TLSRPTv1; ruf=mailto:tlsrpt@example.com"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptRuaBareAddress,
        "Reports go to URIs. A mail address without `mailto:` is none, which makes the record invalid; no reports are sent.",
        tlsrpt("v=TLSRPTv1; rua=tlsrpt@example.com"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptRuaSizeLimit,
        "DMARC writes limits on the size of reports after an exclamation mark; TLSRPT does not have them, and demands that an exclamation mark in a URI is written as `%21`. The record is invalid, and no reports are sent.",
        tlsrpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com!10m"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptRuaInvalid,
        "`rua` is a list of URIs with commas between them. What is none makes the record invalid, and no reports are sent.",
        tlsrpt("v=TLSRPTv1; rua=postmaster"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptRuaScheme,
        "Senders know two ways to deliver reports, `mailto:` and `https:`. None of the URIs is of either kind, so that no reports are sent.",
        tlsrpt("v=TLSRPTv1; rua=http://reports.example.com/tls"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptRuaUnusable,
        "Senders know two ways to deliver reports, `mailto:` and `https:`. They pass over this URI, and use the others.",
        tlsrpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com,http://reports.example.com/tls"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptRuaSeveral,
        "A sender may report to each of several URIs, or to the first that it can use. If you count on all of them, do not.",
        tlsrpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com,https://reports.example.com/tls"),
        RIGHT,
    ),
    About::new(
        Lint::TlsRptRuaRepeated,
        "The record has one `rua`, with commas between its URIs. Of two, some senders take the first alone, and others ignore the record.",
        tlsrpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com; rua=https://reports.example.com/tls"),
        RIGHT,
    ),
];
