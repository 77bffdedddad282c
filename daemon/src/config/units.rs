//! Numbers with units: `"90s"`, `"1h 30m"`, `"64 KiB"`.

use core::time::Duration;

/// Units of time, in milliseconds, ascending.
const TIME: [(&str, u64); 6] = [
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 604_800_000),
];

/// Units of size, in bytes. The decimal ones are left out: few mean them when they write them.
const SIZE: [(&str, u64); 3] = [("B", 1), ("KiB", 1024), ("MiB", 1_048_576)];

/// Why a text is not a number with a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UnitError {
    /// It is something else.
    Unreadable,
    /// A number stands alone.
    NoUnit(u64),
    /// There is no such unit.
    UnknownUnit(String),
    /// It is more than can be counted.
    TooLarge,
}

/// Reads a duration: whole numbers, each with a unit, biggest first or not.
pub(super) fn parse_duration(text: &str) -> Result<Duration, UnitError> {
    sum(text, &TIME).map(Duration::from_millis)
}

/// Reads a size in bytes.
pub(super) fn parse_size(text: &str) -> Result<u64, UnitError> {
    sum(text, &SIZE)
}

/// Writes a duration as one whole number in the largest unit that fits: `90s`, `5m`, `14d`.
pub(super) fn format_duration(duration: Duration) -> String {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    // Weeks are read but not written: `14d` is what people say.
    let units = TIME.iter().rev().filter(|(unit, _)| *unit != "w");
    let exact = units
        .filter_map(|(unit, size)| Some((unit, millis.checked_div(*size)?, size)))
        .find(|(_, number, size)| *number > 0 && number.saturating_mul(**size) == millis);
    match exact {
        Some((unit, number, _)) => format!("{number}{unit}"),
        None => "0s".to_owned(),
    }
}

fn sum(text: &str, units: &[(&str, u64)]) -> Result<u64, UnitError> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(UnitError::Unreadable);
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (digits, after) = split_while(rest, |c| c.is_ascii_digit());
        if digits.is_empty() {
            return Err(UnitError::Unreadable);
        }
        let number: u64 = digits.parse().map_err(|_| UnitError::TooLarge)?;
        let (unit, after) = split_while(after.trim_start(), char::is_alphabetic);
        if unit.is_empty() {
            let alone = after.is_empty() && total == 0;
            return Err(if alone { UnitError::NoUnit(number) } else { UnitError::Unreadable });
        }
        let (_, size) = units
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or_else(|| UnitError::UnknownUnit(unit.to_owned()))?;
        total = number
            .checked_mul(*size)
            .and_then(|part| total.checked_add(part))
            .ok_or(UnitError::TooLarge)?;
        rest = after.trim_start();
    }
    Ok(total)
}

fn split_while(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations() {
        let millis = |text: &str| parse_duration(text).unwrap().as_millis();
        assert_eq!(millis("500ms"), 500);
        assert_eq!(millis("90s"), 90_000);
        assert_eq!(millis("5m"), 300_000);
        assert_eq!(millis(" 1h 30m "), 5_400_000);
        assert_eq!(millis("1h30m"), 5_400_000);
        assert_eq!(millis("1 d"), 86_400_000);
        assert_eq!(millis("2w"), 14 * 86_400_000);
        assert_eq!(millis("0s"), 0);
    }

    #[test]
    fn refuses_other_texts() {
        assert_eq!(parse_duration("90"), Err(UnitError::NoUnit(90)));
        assert_eq!(parse_duration(""), Err(UnitError::Unreadable));
        assert_eq!(parse_duration("soon"), Err(UnitError::Unreadable));
        assert_eq!(parse_duration("1.5h"), Err(UnitError::Unreadable));
        assert_eq!(parse_duration("-5s"), Err(UnitError::Unreadable));
        assert_eq!(parse_duration("1h 30"), Err(UnitError::Unreadable));
        assert_eq!(parse_duration("5M"), Err(UnitError::UnknownUnit("M".into())));
        assert_eq!(parse_duration("5min"), Err(UnitError::UnknownUnit("min".into())));
        assert_eq!(parse_duration("99999999999999w"), Err(UnitError::TooLarge));
        assert_eq!(parse_duration("99999999999999999999s"), Err(UnitError::TooLarge));
    }

    #[test]
    fn reads_sizes() {
        assert_eq!(parse_size("64 KiB"), Ok(65_536));
        assert_eq!(parse_size("1MiB"), Ok(1_048_576));
        assert_eq!(parse_size("100B"), Ok(100));
        assert_eq!(parse_size("64 KB"), Err(UnitError::UnknownUnit("KB".into())));
    }

    #[test]
    fn writes_durations_as_one_number() {
        let written = |millis| format_duration(Duration::from_millis(millis));
        assert_eq!(written(0), "0s");
        assert_eq!(written(500), "500ms");
        assert_eq!(written(1500), "1500ms");
        assert_eq!(written(90_000), "90s");
        assert_eq!(written(5_400_000), "90m");
        assert_eq!(written(14 * 86_400_000), "14d");
    }
}
