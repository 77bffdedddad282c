//! The TXT record at `_mta-sts` as a whole, and how DNS delivers it.

use super::{About, Example, facts, txt};
use crate::lint::Lint;

pub(super) const RIGHT: Example = txt("v=STSv1; id=20261101;");

/// A record from DNS, with a TTL of an hour.
const FROM_DNS: Example = facts(r#""txt": {"records": ["v=STSv1; id=20261101;"], "ttl": 3600}"#);

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::TxtAbsent,
        "Senders look for a TXT record at `_mta-sts` first; without one they deliver as they always did, over TLS if the MX host offers it, to whatever host DNS names. An attacker on the way can then switch TLS off or redirect the mail. Nothing is broken: this only says that the domain does not use MTA-STS.",
        facts(r#""txt": {"records": []}"#),
        FROM_DNS,
    ),
    About::new(
        Lint::TxtMissing,
        "The policy alone does nothing: a sender that does not find the TXT record never asks for it. Publish the record, with an id, as the last step of switching MTA-STS on.",
        facts(r#""txt": {"records": []}"#).and_policy(super::policy::RIGHT_TEXT),
        RIGHT.and_policy(super::policy::RIGHT_TEXT),
    ),
    About::new(
        Lint::TxtNoStsRecord,
        "Senders take a record for MTA-STS only if it begins with `v=STSv1;`. Records of other kinds at this name are passed over, and the domain counts as one without MTA-STS. Often a wildcard TXT record answers here, or the record was entered under another name.",
        txt("v=spf1 include:_spf.example.com -all"),
        RIGHT,
    ),
    About::new(
        Lint::TxtUnrelated,
        "Senders pass over records that do not begin with `v=STSv1;`, but some tools expect a single record, and a larger answer may need DNS over TCP. Such records mostly come from a wildcard or a verification that was entered under the wrong name; remove them from `_mta-sts`.",
        txt("v=STSv1; id=20261101;\nv=spf1 -all"),
        RIGHT,
    ),
    About::new(
        Lint::TxtSeveral,
        "If more than one record begins with `v=STSv1;`, senders must treat the domain as one without MTA-STS, since they cannot know which is meant. This happens when a new id is added instead of replacing the old one. Remove all but the newest.",
        txt("v=STSv1; id=20260901;\nv=STSv1; id=20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtVersion,
        "The version says what kind of record this is, and must come first, exactly as `v=STSv1`. Senders ignore a record that begins with anything else.",
        txt("id=20261101; v=STSv1;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtVersionCase,
        "The version is compared letter by letter: `v=stsv1` is another version, and senders ignore the record. Write `v=STSv1`.",
        txt("v=stsv1; id=20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtVersionSpace,
        "The grammar allows white space before the semicolon, but the same RFC tells senders to look for records that begin with `v=STSv1;`. Those that do so literally do not find this one. Write the semicolon directly after the version.",
        txt("v=STSv1 ; id=20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtLeadingSpace,
        "The record must begin with its version. White space before it, mostly from copying, makes senders ignore the record.",
        txt(" v=STSv1; id=20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtTrailingSpace,
        "White space may stand beside semicolons only; after the last value it becomes part of that value, which is then malformed. Senders that follow the grammar ignore the record.",
        txt("v=STSv1; id=20261101 "),
        RIGHT,
    ),
    About::new(
        Lint::TxtEscapedQuotes,
        "Zone files and `dig` put quotation marks around TXT records. In most DNS panels the marks you type become part of the record, and then it does not begin with `v=STSv1` or its id is malformed. Enter the text without them.",
        txt(r#""v=STSv1; id=20261101;""#),
        RIGHT,
    ),
    About::new(
        Lint::TxtEscapedSemicolon,
        "Only some zone file editors want a semicolon written as `\\;`. Elsewhere the backslash becomes part of the record and makes it malformed, so that senders ignore it.",
        txt(r"v=STSv1\; id=20261101\;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtNonAscii,
        "The record consists of US-ASCII characters. Word processors and web pages put typographic quotation marks, no-break spaces and characters without width into text that is copied from them; they make the record malformed. Type it anew.",
        txt("v=STSv1;\u{a0}id=20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtNoField,
        "A record of the version alone does not say which policy it announces. Senders need the `id` to notice that the policy has changed, and ignore a record without one.",
        txt("v=STSv1"),
        RIGHT,
    ),
    About::new(
        Lint::TxtSplitStrings,
        "DNS keeps text in strings of at most 255 octets, and senders join the strings of a record without anything between them. That is correct here, but a record for MTA-STS needs one short string only, and tools that read the first string alone see half of it.",
        facts(r#""txt": {"records": [["v=STSv1; ", "id=20261101;"]], "ttl": 3600}"#),
        FROM_DNS,
    ),
    About::new(
        Lint::TxtTooLong,
        "One character-string of a TXT record holds 255 octets; a longer text must be split in the zone file, which is easily done wrong. A record for MTA-STS has a version and an id and needs no more than 50.",
        txt(concat!(
            "v=STSv1; id=20261101; note=0123456789012345678901234567890123456789012345678901234567890123456789",
            "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
            "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        )),
        RIGHT,
    ),
    About::new(
        Lint::TxtCname,
        "RFC 8461 allows a CNAME at `_mta-sts`: a provider then keeps the record, and changes the id whenever it changes the policy. Be sure that the policy host is delegated to the same provider, so that record and policy change together.",
        facts(
            r#""txt": {"records": ["v=STSv1; id=20261101;"], "cname": ["example-com.sts.provider.example"]}"#,
        ),
        FROM_DNS,
    ),
    About::new(
        Lint::TxtCnameDangling,
        "The alias leads to a name without a TXT record, so senders find no MTA-STS for the domain. The provider may not have set it up yet, or not any more; whoever can register what the alias points to could publish a record of their own.",
        facts(r#""txt": {"records": [], "cname": ["example-com.sts.provider.example"]}"#),
        facts(
            r#""txt": {"records": ["v=STSv1; id=20261101;"], "cname": ["example-com.sts.provider.example"]}"#,
        ),
    ),
    About::new(
        Lint::TxtTtlLong,
        "Senders learn that a policy has changed from the id, and resolvers hold the old id for the TTL. Until it has passed, mail to a new MX host fails at senders with the old policy. An hour or less is good.",
        facts(r#""txt": {"records": ["v=STSv1; id=20261101;"], "ttl": 604800}"#),
        FROM_DNS,
    ),
    About::new(
        Lint::TxtTtlShort,
        "Resolvers ask again every few seconds, and each question that is lost is one more chance that a sender finds no record. A TTL of some minutes to an hour serves changes as well.",
        facts(r#""txt": {"records": ["v=STSv1; id=20261101;"], "ttl": 5}"#),
        FROM_DNS,
    ),
    About::new(
        Lint::TxtDnsFailure,
        "A failing lookup is not the same as no record: senders that hold a policy keep to it, and others deliver without one. It is what an attacker would bring about as well. Look at the zone's name servers and at its DNSSEC signatures.",
        facts(r#""txt": {"failure": "servfail"}"#),
        FROM_DNS,
    ),
    About::new(
        Lint::TxtResolversDiffer,
        "Senders use different resolvers and now act on different records. After a change that is normal for as long as the TTL; if it lasts, the name servers of the zone do not agree, or one resolver cannot validate it.",
        facts(
            r#""txt": {"records": ["v=STSv1; id=20261101;"], "resolvers": [{"resolver": "192.0.2.53", "records": ["v=STSv1; id=20260901;"]}]}"#,
        ),
        facts(
            r#""txt": {"records": ["v=STSv1; id=20261101;"], "resolvers": [{"resolver": "192.0.2.53", "records": ["v=STSv1; id=20261101;"]}]}"#,
        ),
    ),
];
