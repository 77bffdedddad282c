//! Readers of values: each checks the type and the range, and says what is wrong as a predicate
//! ("must be between 1 and 9") to which [`Section`](super::section::Section) adds the key.

use core::{fmt::Display, net::IpAddr, ops::RangeInclusive, time::Duration};
use std::path::PathBuf;

use ipnet::IpNet;
use serde::Serializer;
use toml::{Spanned, de::DeValue};

use super::{
    problem::Problem,
    suggest::{listed, nearest},
    units::{UnitError, format_duration, parse_duration, parse_size},
};

pub(super) const fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

pub(super) const fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

pub(super) const fn minutes(number: u64) -> Duration {
    seconds(number.saturating_mul(60))
}

pub(super) const fn hours(number: u64) -> Duration {
    minutes(number.saturating_mul(60))
}

pub(super) const fn days(number: u64) -> Duration {
    hours(number.saturating_mul(24))
}

/// A setting with a few named values.
pub(super) trait Choice: Copy + 'static {
    /// Every value, in the order in which to name them.
    const ALL: &'static [Self];

    /// The name.
    fn as_str(self) -> &'static str;
}

/// Reads a duration, such as `"90s"`.
pub(super) fn duration(
    range: RangeInclusive<Duration>,
) -> impl Fn(&Spanned<DeValue<'_>>) -> Result<Duration, Problem> {
    move |value| {
        let duration = match value.get_ref() {
            DeValue::String(text) => {
                parse_duration(text).map_err(|error| not_a_duration(value, &error))?
            }
            DeValue::Integer(number) => {
                return Err(unitless(value, number.as_str()).label("a plain number"));
            }
            DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => return Err(wrong_type(value, "a duration such as \"90s\"")),
        };
        within(value, duration, &range, |duration| format_duration(*duration))
    }
}

fn not_a_duration(value: &Spanned<DeValue<'_>>, error: &UnitError) -> Problem {
    match error {
        UnitError::NoUnit(number) => unitless(value, number),
        UnitError::UnknownUnit(unit) => {
            Problem::error(value.span(), format!("has the unknown unit `{unit}`"))
                .help("the units are `ms`, `s`, `m`, `h`, `d` and `w`")
        }
        UnitError::TooLarge => Problem::error(value.span(), "is longer than can be counted"),
        UnitError::Unreadable => {
            Problem::error(value.span(), "is not a duration such as \"90s\" or \"1h 30m\"")
        }
    }
}

fn unitless(value: &Spanned<DeValue<'_>>, number: impl Display) -> Problem {
    Problem::error(value.span(), "needs a unit")
        .replace("if seconds are meant", format!("\"{number}s\""))
}

/// Reads a whole number.
pub(super) fn integer<T>(
    range: RangeInclusive<T>,
) -> impl Fn(&Spanned<DeValue<'_>>) -> Result<T, Problem>
where
    T: TryFrom<u64> + PartialOrd + Display,
{
    move |value| {
        let DeValue::Integer(number) = value.get_ref() else {
            return Err(not_an_integer(value, "a whole number"));
        };
        let number = u64::from_str_radix(number.as_str(), number.radix()).ok();
        match number.and_then(|number| T::try_from(number).ok()) {
            Some(number) => within(value, number, &range, T::to_string),
            None => Err(out_of_range(value, &range, T::to_string)),
        }
    }
}

/// Reads a number of bytes, or a size such as `"64 KiB"`.
pub(super) fn size(
    range: RangeInclusive<usize>,
) -> impl Fn(&Spanned<DeValue<'_>>) -> Result<usize, Problem> {
    let bytes = integer(range.clone());
    move |value| {
        let takes = "a number of bytes, or a size such as \"64 KiB\"";
        let DeValue::String(text) = value.get_ref() else {
            let is_number = matches!(value.get_ref(), DeValue::Integer(_));
            return if is_number { bytes(value) } else { Err(wrong_type(value, takes)) };
        };
        let size = parse_size(text).map_err(|error| match error {
            UnitError::UnknownUnit(unit) => {
                Problem::error(value.span(), format!("has the unknown unit `{unit}`"))
                    .help("the units are `B`, `KiB` (1024 bytes) and `MiB`")
            }
            UnitError::NoUnit(_) => not_an_integer(value, takes),
            UnitError::TooLarge | UnitError::Unreadable => {
                Problem::error(value.span(), "is not a size such as 65536 or \"64 KiB\"")
            }
        })?;
        match usize::try_from(size) {
            Ok(size) => within(value, size, &range, usize::to_string),
            Err(_) => Err(out_of_range(value, &range, usize::to_string)),
        }
    }
}

/// Reads one of a few names.
pub(super) fn choice<T: Choice>(value: &Spanned<DeValue<'_>>) -> Result<T, Problem> {
    let names = || T::ALL.iter().map(|choice| choice.as_str());
    let text = string(value, "a string")?;
    let found = T::ALL.iter().copied().find(|choice| choice.as_str() == text);
    found.ok_or_else(|| {
        let problem = Problem::error(value.span(), format!("cannot be `{text}`"))
            .help(format!("the choices are {}", listed(names())));
        match nearest(text, names()) {
            Some(name) => problem.replace(format!("did you mean `{name}`?"), format!("\"{name}\"")),
            None => problem,
        }
    })
}

/// Reads the absolute path of a file.
pub(super) fn path(value: &Spanned<DeValue<'_>>) -> Result<PathBuf, Problem> {
    let text = string(value, "a path")?;
    if text.contains('\0') {
        return Err(Problem::error(value.span(), "contains a NUL character"));
    }
    let path = PathBuf::from(text);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err(Problem::error(value.span(), "must be an absolute path")
            .help("a daemon has no working directory to rely on"))
    }
}

/// Reads a network such as `10.0.0.0/8`, or an address.
pub(super) fn network(value: &Spanned<DeValue<'_>>) -> Result<IpNet, Problem> {
    let text = string(value, "networks such as \"10.0.0.0/8\"")?;
    let parsed = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let Ok(network) = parsed else {
        return Err(Problem::error(value.span(), format!("cannot contain `{text}`"))
            .label("not a network such as \"10.0.0.0/8\" or \"fd00::/8\""));
    };
    let truncated = network.trunc();
    if network == truncated {
        Ok(network)
    } else {
        Err(Problem::error(value.span(), format!("cannot contain `{text}`"))
            .label("an address within a network, not a network")
            .replace("if the whole network is meant", format!("\"{truncated}\"")))
    }
}

/// The text of a string that is not empty.
pub(super) fn string<'v>(value: &'v Spanned<DeValue<'_>>, takes: &str) -> Result<&'v str, Problem> {
    let DeValue::String(text) = value.get_ref() else { return Err(wrong_type(value, takes)) };
    if text.is_empty() {
        return Err(Problem::error(value.span(), "must not be empty"));
    }
    Ok(text)
}

/// The problem of a value of another type than the key takes.
pub(super) fn wrong_type(value: &Spanned<DeValue<'_>>, takes: &str) -> Problem {
    let found = match value.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Problem::error(value.span(), format!("takes {takes}, not {found}"))
}

/// As [`wrong_type`]; for a number in quotes also without the quotes.
fn not_an_integer(value: &Spanned<DeValue<'_>>, takes: &str) -> Problem {
    let problem = wrong_type(value, takes);
    if let DeValue::String(text) = value.get_ref()
        && text.trim().parse::<u64>().is_ok()
    {
        return problem.replace("without the quotes", text.trim());
    }
    problem
}

fn within<T: PartialOrd>(
    value: &Spanned<DeValue<'_>>,
    found: T,
    range: &RangeInclusive<T>,
    shown: impl Fn(&T) -> String,
) -> Result<T, Problem> {
    if range.contains(&found) { Ok(found) } else { Err(out_of_range(value, range, shown)) }
}

fn out_of_range<T>(
    value: &Spanned<DeValue<'_>>,
    range: &RangeInclusive<T>,
    shown: impl Fn(&T) -> String,
) -> Problem {
    let (least, most) = (shown(range.start()), shown(range.end()));
    Problem::error(value.span(), format!("must be between {least} and {most}"))
}

/// Serializes a duration as [`duration`] reads it.
pub(super) fn write_duration<S: Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format_duration(*duration))
}

/// As [`write_duration`], if there is one.
pub(super) fn write_optional_duration<S: Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match duration {
        Some(duration) => write_duration(duration, serializer),
        None => serializer.serialize_none(),
    }
}

/// Serializes a choice by its name.
pub(super) fn write_choice<S: Serializer, T: Choice>(
    choice: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(choice.as_str())
}
