//! I-JSON (RFC 7493), and its members by name.

use alloc::{
    borrow::ToOwned as _,
    string::{String, ToString as _},
    vec::Vec,
};
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::error::{Path, ReportError, ReportErrorKind};

/// A JSON value whose objects have no name twice.
#[derive(Debug)]
pub(super) enum Json {
    String(String),
    /// A whole number that is not negative.
    Count(u64),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
    /// What no member of a report is: `null`, `true`, `false` and other numbers.
    Other,
}

impl Json {
    pub(super) fn parse(text: &str) -> Result<Self, ReportError> {
        serde_json::from_str(text)
            .map_err(|error| Path::ROOT.error(ReportErrorKind::NoJson(error.to_string())))
    }
}

/// A value and where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'a> {
    value: &'a Json,
    path: Path<'a>,
}

impl<'a> Member<'a> {
    pub(super) const fn root(value: &'a Json) -> Self {
        Self { value, path: Path::ROOT }
    }

    /// A member of this object, if it is there.
    pub(super) fn optional(&self, name: &'static str) -> Result<Option<Member<'_>>, ReportError> {
        let Json::Object(members) = self.value else { return Err(self.is_no("an object")) };
        let value = members.iter().find(|(other, _)| other == name);
        Ok(value.map(|(_, value)| Member { value, path: self.path.member(name) }))
    }

    /// A member of this object.
    pub(super) fn required(&self, name: &'static str) -> Result<Member<'_>, ReportError> {
        let missing = || self.path.member(name).error(ReportErrorKind::Missing);
        self.optional(name)?.ok_or_else(missing)
    }

    pub(super) fn text(&self) -> Result<&'a str, ReportError> {
        match self.value {
            Json::String(text) => Ok(text),
            Json::Count(_) | Json::Array(_) | Json::Object(_) | Json::Other => {
                Err(self.is_no("a string"))
            }
        }
    }

    pub(super) fn count(&self) -> Result<u64, ReportError> {
        match self.value {
            Json::Count(count) => Ok(*count),
            Json::String(_) | Json::Array(_) | Json::Object(_) | Json::Other => {
                Err(self.is_no("a whole number, 0 or more"))
            }
        }
    }

    /// What is made of each item of this array.
    pub(super) fn items<T>(
        &self,
        read: impl Fn(&Member<'_>) -> Result<T, ReportError>,
    ) -> Result<Vec<T>, ReportError> {
        let Json::Array(items) = self.value else { return Err(self.is_no("an array")) };
        let items = items.iter().enumerate();
        items.map(|(index, value)| read(&Member { value, path: self.path.item(index) })).collect()
    }

    pub(super) const fn is_text(&self) -> bool {
        matches!(self.value, Json::String(_))
    }

    pub(super) fn error(&self, kind: ReportErrorKind) -> ReportError {
        self.path.error(kind)
    }

    fn is_no(&self, expected: &'static str) -> ReportError {
        self.error(ReportErrorKind::WrongType { expected })
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, count: u64) -> Result<Json, E> {
        Ok(Json::Count(count))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        checked(text).map(Json::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        while let Some(name) = access.next_key::<String>()? {
            let name = checked(&name)?;
            members.push((name, access.next_value()?));
        }
        // By name, so that a hostile object of many members takes no square of their number.
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        let twice = members.windows(2).find_map(|pair| match pair {
            [(one, _), (other, _)] if one == other => Some(one),
            _ => None,
        });
        match twice {
            Some(name) => Err(A::Error::custom(format_args!("`{name}` stands twice in an object"))),
            None => Ok(Json::Object(members)),
        }
    }
}

fn checked<E: Error>(text: &str) -> Result<String, E> {
    noncharacter(text).map_or_else(|| Ok(text.to_owned()), |problem| Err(E::custom(problem)))
}

/// The first noncharacter of a text, which I-JSON may not have (RFC 7493 §2.1).
pub(super) fn noncharacter(text: &str) -> Option<Noncharacter> {
    let mut codes = text.chars().map(u32::from);
    codes.find(|code| (0xfdd0..=0xfdef).contains(code) || code & 0xfffe == 0xfffe).map(Noncharacter)
}

/// A code point that is for nobody's text, and never will be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noncharacter(u32);

impl fmt::Display for Noncharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a string has the noncharacter U+{:04X}", self.0)
    }
}
