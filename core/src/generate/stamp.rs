//! Ids made from the time.

use smol_str::{SmolStr, format_smolstr};

use crate::UnixMillis;

/// The time as a policy id: `20261128T120000Z`, in UTC. Ids made a second apart differ, and people
/// can read them.
#[must_use]
pub fn stamp(now: UnixMillis) -> SmolStr {
    // The year 9999 is the last one with four digits.
    let secs = now.as_secs().min(253_402_300_799);
    let (year, month, day) = date(secs / 86_400);
    let (hour, minute, second) = (secs / 3600 % 24, secs / 60 % 60, secs % 60);
    format_smolstr!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// Year, month and day of the Gregorian calendar, from days since 1970-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    let (mut year, mut day) = (1970_u64, days);
    // Four hundred years have the same number of days wherever they begin.
    year = year.saturating_add((day / 146_097).saturating_mul(400));
    day %= 146_097;
    while let Some(rest) = day.checked_sub(days_of(year)) {
        day = rest;
        year = year.saturating_add(1);
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        let Some(rest) = day.checked_sub(length) else { break };
        day = rest;
        month = u64::saturating_add(month, 1);
    }
    (year, month, day.saturating_add(1))
}

const fn days_of(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_is_gregorian() {
        for (secs, expected) in [
            (0, "19700101T000000Z"),
            (951_782_399, "20000228T235959Z"),
            (951_782_400, "20000229T000000Z"),
            (1_472_633_820, "20160831T085700Z"),
            (4_107_542_399, "21000228T235959Z"),
            (4_107_542_400, "21000301T000000Z"),
            (253_402_300_799, "99991231T235959Z"),
            (u64::MAX / 1000, "99991231T235959Z"),
        ] {
            assert_eq!(stamp(UnixMillis::from_secs(secs)), expected, "{secs}");
        }
    }
}
