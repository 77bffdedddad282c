//! Dates and times as reports write them (RFC 3339 §5.6).

use core::fmt;

use super::error::{Path, ReportError, ReportErrorKind};
use crate::UnixMillis;

/// A moment as text, in UTC: `2016-04-01T00:00:00Z`, with milliseconds if it has some.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateTime(pub(super) UnixMillis);

const FIRST_YEAR: u64 = 1970;
const LAST_YEAR: u64 = 9999;
const SECS_PER_DAY: u64 = 86_400;

/// Whether the moment has a year of four digits.
pub(super) fn check(moment: UnixMillis, path: &Path<'_>) -> Result<(), ReportError> {
    if days_of(moment) < days_before_year(LAST_YEAR.saturating_add(1)) {
        Ok(())
    } else {
        Err(path.error(ReportErrorKind::NoDateTime))
    }
}

/// The moment that a text tells, if it is one since 1970. What is finer than milliseconds is lost.
pub(super) fn parse(text: &str) -> Option<UnixMillis> {
    let mut text = Text(text.as_bytes());
    let year = text.number(4)?;
    text.literal(b"-")?;
    let month = text.number(2)?;
    text.literal(b"-")?;
    let day = text.number(2)?;
    text.literal(b"Tt")?;
    let hour = text.number(2).filter(|hour| *hour < 24)?;
    text.literal(b":")?;
    let minute = text.number(2).filter(|minute| *minute < 60)?;
    text.literal(b":")?;
    let second = text.number(2)?;
    let millis = text.fraction()?;
    let offset = text.offset()?;

    let in_month = days_in_month(year, month)?;
    if year < FIRST_YEAR || !(1..=in_month).contains(&day) {
        return None;
    }
    let months = (1..month).filter_map(|month| days_in_month(year, month));
    let days =
        days_before_year(year).checked_add(months.sum())?.checked_add(day)?.checked_sub(1)?;
    let minutes = days.checked_mul(24)?.checked_add(hour)?.checked_mul(60)?.checked_add(minute)?;
    let minutes = minutes.checked_add_signed(offset.checked_neg()?)?;
    // A leap second is the last of a day in UTC; here it is the same as the first of the next.
    let is_leap_second = second == 60 && minutes.checked_add(1)?.is_multiple_of(24 * 60);
    if second > 59 && !is_leap_second {
        return None;
    }
    let secs = minutes.checked_mul(60)?.checked_add(second)?;
    Some(UnixMillis(secs.checked_mul(1000)?.checked_add(millis)?))
}

/// What is left of a text.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    /// A number of exactly so many digits.
    fn number(&mut self, digits: usize) -> Option<u64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        number.iter().try_fold(0_u64, |number, digit| {
            let digit = char::from(*digit).to_digit(10)?;
            number.checked_mul(10)?.checked_add(digit.into())
        })
    }

    /// One of these characters.
    fn literal(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        allowed.contains(first).then_some(*first)
    }

    /// A fraction of a second in milliseconds, if there is one.
    fn fraction(&mut self) -> Option<u64> {
        let Some(rest) = self.0.strip_prefix(b".") else { return Some(0) };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = rest.split_at_checked(digits)?;
        self.0 = rest;
        let mut millis = [b'0'; 3];
        millis.iter_mut().zip(digits).for_each(|(place, digit)| *place = *digit);
        if digits.is_empty() { None } else { Text(&millis).number(3) }
    }

    /// `Z` or the offset from UTC in minutes, at the end.
    fn offset(&mut self) -> Option<i64> {
        let sign = self.literal(b"Zz+-")?;
        let minutes = match sign {
            b'Z' | b'z' => 0,
            _ => {
                let hours = self.number(2).filter(|hour| *hour < 24)?;
                self.literal(b":")?;
                let minutes = self.number(2).filter(|minute| *minute < 60)?;
                i64::try_from(hours.checked_mul(60)?.checked_add(minutes)?).ok()?
            }
        };
        let minutes = if sign == b'-' { minutes.checked_neg()? } else { minutes };
        self.0.is_empty().then_some(minutes)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = days_of(self.0);
        // Not later than the year in question, for no year has more than 366 days.
        let mut year = FIRST_YEAR.saturating_add(days / 366);
        while days_before_year(year.saturating_add(1)) <= days {
            year = year.saturating_add(1);
        }
        let mut day = days.saturating_sub(days_before_year(year));
        let mut month = 1_u64;
        while let Some(length) = days_in_month(year, month)
            && day >= length
        {
            day = day.saturating_sub(length);
            month = month.saturating_add(1);
        }
        let second = self.0.as_secs() % SECS_PER_DAY;
        write!(
            f,
            "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}",
            day.saturating_add(1),
            second / 3600,
            second / 60 % 60,
            second % 60
        )?;
        match self.0.0 % 1000 {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

const fn days_of(moment: UnixMillis) -> u64 {
    moment.as_secs() / SECS_PER_DAY
}

/// The days from 1970 to the beginning of a year.
const fn days_before_year(year: u64) -> u64 {
    const fn leap_years_before(year: u64) -> u64 {
        let last = year.saturating_sub(1);
        (last / 4).saturating_sub(last / 100).saturating_add(last / 400)
    }
    let leap_days = leap_years_before(year).saturating_sub(leap_years_before(FIRST_YEAR));
    year.saturating_sub(FIRST_YEAR).saturating_mul(365).saturating_add(leap_days)
}

const fn days_in_month(year: u64, month: u64) -> Option<u64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    Some(match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use proptest::prelude::*;

    use super::*;

    fn secs(text: &str) -> Option<u64> {
        parse(text).map(UnixMillis::as_secs)
    }

    #[test]
    fn known_moments_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2016-04-01T00:00:00Z", 1_459_468_800),
            ("2000-02-29t23:59:59z", 951_868_799),
            ("2016-04-01T02:00:00+02:00", 1_459_468_800),
            ("2016-03-31T18:30:00-05:30", 1_459_468_800),
            ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("2016-12-31T15:59:60-08:00", 1_483_228_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(secs(text), Some(expected), "{text}");
        }
        assert_eq!(parse("1970-01-01T00:00:01.5Z"), Some(UnixMillis(1500)));
        assert_eq!(parse("1970-01-01T00:00:01.99999Z"), Some(UnixMillis(1999)));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2016-04-01",
            "2016-04-01T00:00:00",
            "2016-04-01 00:00:00Z",
            "2016-04-01T00:00Z",
            "2016-04-01T24:00:00Z",
            "2016-04-01T00:60:00Z",
            "2016-04-01T00:00:60Z",
            "2016-04-01T00:00:00.Z",
            "2016-04-01T00:00:00Z ",
            "2016-04-01T00:00:00+0200",
            "2016-04-01T00:00:00+24:00",
            "2016-4-1T00:00:00Z",
            "+016-04-01T00:00:00Z",
            "2016-00-01T00:00:00Z",
            "2016-13-01T00:00:00Z",
            "2016-04-00T00:00:00Z",
            "2016-04-31T00:00:00Z",
            "2015-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:59:59+01:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(millis in 0_u64..253_402_300_800_000) {
            let text = DateTime(UnixMillis(millis)).to_string();
            prop_assert_eq!(parse(&text), Some(UnixMillis(millis)), "{}", text);
        }

        #[test]
        fn any_text_is_a_moment_or_none(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }
}
