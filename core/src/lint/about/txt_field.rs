//! The fields of the TXT record.

use super::{About, txt, txt::RIGHT};
use crate::lint::Lint;

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::TxtEmptyField,
        "Between two semicolons the grammar wants a field. Senders that follow it ignore the whole record, so one semicolon too many switches MTA-STS off.",
        txt("v=STSv1;; id=20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtFieldMalformed,
        "Every part between semicolons must be `name=value`. One malformed field makes the whole record malformed, and senders ignore it.",
        txt("v=STSv1; id:20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtSpaceAroundEquals,
        "The grammar allows white space beside semicolons, not beside equals signs. Senders that follow it ignore the whole record.",
        txt("v=STSv1; id = 20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtComma,
        "Fields are separated by semicolons. With a comma the version reads `v=STSv1, id=…`, which no sender knows, and the record is ignored.",
        txt("v=STSv1, id=20261101"),
        RIGHT,
    ),
    About::new(
        Lint::TxtIdMissing,
        "Senders fetch a policy again when the `id` changes, so a record without one is invalid and ignored. Any value of letters and digits will do, if it changes with each change of the policy; a date is easy to remember.",
        txt("v=STSv1; version=20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtIdEmpty,
        "An `id` has 1 to 32 letters and digits. An empty one makes the record invalid, and senders ignore it.",
        txt("v=STSv1; id=;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtIdTooLong,
        "An `id` has at most 32 characters; with a longer one the record is invalid, and senders ignore it. Hashes in hexadecimal are often longer: a date and time is enough.",
        txt("v=STSv1; id=20261101000000000000000000000000000;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtIdCharacter,
        "An `id` consists of letters and digits only. Hyphens, colons and dots, as in dates and UUIDs, make the record invalid, and senders ignore it.",
        txt("v=STSv1; id=2026-11-01;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtIdRepeated,
        "Senders take the first of several values. If the second is the one that you change, they never notice that the policy is new.",
        txt("v=STSv1; id=20260901; id=20261101;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtFieldTypo,
        "Senders ignore fields that they do not know, so a misspelled `id` counts for nothing. Names are compared letter by letter, in lower case.",
        txt("v=STSv1; id=20261101; ID=20261102;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtPolicyField,
        "`mode`, `mx` and `max_age` are fields of the policy, which senders fetch over HTTPS. In the TXT record they are unknown and ignored, so nobody acts on what they say.",
        txt("v=STSv1; id=20261101; mode=enforce;"),
        RIGHT,
    ),
    About::new(
        Lint::TxtFieldUnknown,
        "The grammar allows fields for later versions, and senders ignore those that they do not know. If it is not meant for a tool of your own, leave it out.",
        txt("v=STSv1; id=20261101; note=1;"),
        RIGHT,
    ),
];
