//! How the policy's text is written.

use super::{About, TOO_LONG_TO_SHOW, facts, policy, policy::RIGHT};
use crate::lint::Lint;

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::PolicyHtml,
        "A web page at the policy's address is no policy, and senders ignore it. Mostly a web server or an application answers every path with its own page; exempt `/.well-known/mta-sts.txt` from that.",
        policy("<!DOCTYPE html>\n<html><head><title>Example</title></head></html>\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyTxtRecord,
        "The TXT record and the policy are two things: the record in DNS says that there is a policy, and the policy says what senders must do. The record served in the policy's place is no policy, and senders ignore it.",
        policy("v=STSv1; id=20261101;\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyUtf16,
        "Policies are US-ASCII, or UTF-8 in extension fields. Some editors and shells on Windows save text as UTF-16, in which senders find no field at all.",
        facts(
            r#""policy": {"hex": "fffe760065007200730069006f006e003a002000530054005300760031000a00"}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyOneLine,
        "Each field has a line of its own. When a form, a shell or a template drops the line breaks, all that follows becomes part of the first value, and the policy is invalid.",
        policy("version: STSv1 mode: enforce mx: mx.example.com max_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyCrLineEndings,
        "Lines end with LF or CRLF. A carriage return alone ends no line, so that senders see one long line and ignore the policy.",
        policy("version: STSv1\rmode: enforce\rmx: mx.example.com\rmax_age: 1209600\r"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyTooLarge,
        "Senders stop reading at 64 KiB and ignore the policy, so that nobody can fill their memory. Wildcards name many hosts of one domain in one line.",
        TOO_LONG_TO_SHOW,
        RIGHT,
    ),
    About::new(
        Lint::PolicyValueQuoted,
        "Quotation marks are no part of the syntax: they become part of the host name, which then matches no host. Senders may ignore that line or the whole policy.",
        policy(
            "version: STSv1\nmode: enforce\nmx: \"mx.example.com\"\nmx: mx2.example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyValuePunctuation,
        "A line of a policy ends without a semicolon or comma. With one, the host name matches no host, and senders may ignore the whole policy.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com;\nmx: mx2.example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyKeyMalformed,
        "A field name has 1 to 32 letters, digits, hyphens, underscores and dots. Strict senders ignore the whole policy because of one that has not, and others ignore the line.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\nour note: first try\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyValueEmpty,
        "A field without a value is not allowed by the grammar. Strict senders ignore the whole policy because of it.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\nnote:\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyControlCharacter,
        "Control characters are not allowed in values. They cannot be seen in an editor, and strict senders ignore the whole policy because of one.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\nnote: a\u{7}b\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyInvalidUtf8,
        "Values are US-ASCII, and UTF-8 in fields that the RFC does not define. Text in Latin-1 or another charset is not valid UTF-8; strict senders ignore the whole policy because of it.",
        facts(
            r#""policy": {"hex": "76657273696f6e3a2053545376310a6d6f64653a20656e666f7263650a6d783a206d782e6578616d706c652e636f6d0a6d61785f6167653a20313230393630300a6e6f74653a20fc0a"}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyNoColon,
        "Every line is `name: value`. Strict senders ignore the whole policy because of a line that is not, and others ignore the line.",
        policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\nEND\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyEqualsSign,
        "The TXT record has equals signs; the policy has colons. A line with an equals sign is no field, so what it says counts for nothing.",
        policy(
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx=mx2.example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyComment,
        "Policies have no comments. Strict senders ignore the whole policy because of one, and others ignore the line; keep notes where the policy is kept, not in it.",
        policy(
            "# changed in November\nversion: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n",
        ),
        RIGHT,
    ),
    About::new(
        Lint::PolicyByteOrderMark,
        "Some editors begin UTF-8 files with a byte order mark, which cannot be seen. To strict senders it is part of the first field's name, so that the policy has no version and is ignored.",
        policy("\u{feff}version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyBlankLine,
        "The grammar has no blank lines. Most senders pass over them, and strict ones ignore the whole policy.",
        policy("version: STSv1\nmode: enforce\n\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyLeadingSpace,
        "Lines begin with the field's name. An indented policy, as from a template, is read by most senders and ignored by strict ones.",
        policy("version: STSv1\nmode: enforce\n  mx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicySpaceBeforeColon,
        "The colon follows the field's name directly. Most senders allow white space there, and strict ones ignore the whole policy.",
        policy("version: STSv1\nmode : enforce\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
    About::new(
        Lint::PolicyCarriageReturn,
        "A line ends with LF or CRLF. One carriage return more, which a second conversion of line ends leaves, becomes part of the value for strict senders.",
        policy("version: STSv1\r\r\nmode: enforce\r\nmx: mx.example.com\r\nmax_age: 1209600\r\n"),
        policy("version: STSv1\r\nmode: enforce\r\nmx: mx.example.com\r\nmax_age: 1209600\r\n"),
    ),
    About::new(
        Lint::PolicyMixedLineEndings,
        "Both LF and CRLF are allowed, also side by side. Mixed ends are a sign that the file was put together or edited on different systems; look whether it says what you mean.",
        policy("version: STSv1\r\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"),
        RIGHT,
    ),
];
