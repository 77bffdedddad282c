//! Octets in JSON: a string stands for its UTF-8, and `{"hex": "…"}` for any octets.

use alloc::{string::String, vec::Vec};
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use crate::lint::TxtRecord;

/// Octets.
#[derive(Debug)]
pub(super) struct Octets(pub(super) Vec<u8>);

/// A TXT record: its text, or a list of its character-strings.
#[derive(Debug)]
pub(super) struct Record(pub(super) TxtRecord);

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OctetsVisitor)
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RecordVisitor)
    }
}

struct OctetsVisitor;

impl<'de> Visitor<'de> for OctetsVisitor {
    type Value = Octets;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or an object with the member `hex`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Octets, E> {
        Ok(Octets(text.as_bytes().to_vec()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Octets, E> {
        Ok(Octets(text.into_bytes()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Octets, A::Error> {
        let mut octets = None;
        while let Some(name) = map.next_key::<String>()? {
            if name != "hex" {
                return Err(A::Error::unknown_field(&name, &["hex"]));
            }
            let digits: String = map.next_value()?;
            let Some(value) = unhex(digits.as_bytes()) else {
                return Err(A::Error::custom("`hex` is not pairs of hexadecimal digits"));
            };
            octets = Some(Octets(value));
        }
        octets.ok_or_else(|| A::Error::missing_field("hex"))
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, an object with the member `hex`, or a list of those")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Record, E> {
        Ok(Record(TxtRecord { strings: [text.as_bytes().to_vec()].into() }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Record, A::Error> {
        let Octets(text) = OctetsVisitor.visit_map(map)?;
        Ok(Record(TxtRecord { strings: [text].into() }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Record, A::Error> {
        let mut strings = Vec::new();
        while let Some(Octets(text)) = list.next_element()? {
            strings.push(text);
        }
        Ok(Record(TxtRecord { strings }))
    }
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)?.checked_mul(16)?.saturating_add(digit(*low)?)),
        _ => None,
    });
    pairs.collect()
}
