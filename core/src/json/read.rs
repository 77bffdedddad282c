//! JSON, read by whoever knows what should be there. Nothing is kept of a text but what is asked for,
//! and nothing is nested deeper than the reader's own calls, so that no text can exhaust memory or
//! stack.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use crate::lint::quoted;

/// Why a text is not the JSON that was wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Error {
    message: String,
    /// The line, counted from 1.
    pub(crate) line: usize,
    /// The octet in the line, counted from 1.
    pub(crate) column: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.message, self.line, self.column)
    }
}

const OUT_OF_RANGE: &str = "the number is out of its range";

/// A place in a JSON text, at which values are read.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    /// The next octet.
    at: usize,
    /// The first octet of the value or name at which the reader is, or which it has read.
    start: usize,
}

/// Reads the one value that a text consists of.
pub(crate) fn read<'a, T>(
    text: &'a str,
    value: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut json = Reader { text, at: 0, start: 0 };
    let value = value(&mut json)?;
    if json.peek().is_some() { Err(json.expected("the end of the text")) } else { Ok(value) }
}

/// Reads an object: `members!(json { "name" => expression that reads the value, … })`. A member that
/// has no such line, or is there twice, is an error.
macro_rules! members {
    ($json:ident { $($name:literal => $read:expr,)* }) => {
        $json.object(&[$($name),*], &mut |name, $json| {
            match name {
                $($name => $read,)*
                _ => {}
            }
            Ok(())
        })
    };
}
pub(crate) use members;

impl<'a> Reader<'a> {
    /// Reads an object with members of these names; see [`members`].
    pub(crate) fn object(
        &mut self,
        names: &[&str],
        member: &mut dyn FnMut(&str, &mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut seen: Vec<&str> = Vec::new();
        self.parts("an object", [b'{', b'}'], &mut |json| {
            let name = json.string_or("the name of a member")?;
            let Some(name) = names.iter().find(|known| **known == name) else {
                return Err(json.unknown("member", &name, names));
            };
            if seen.contains(name) {
                return Err(json.error(format!("a second `{name}`")));
            }
            seen.push(name);
            json.take(b':').ok_or_else(|| json.expected("a colon"))?;
            member(name, json)
        })
    }

    /// Reads a list.
    pub(crate) fn list<T>(
        &mut self,
        item: fn(&mut Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut list = Vec::new();
        self.parts("a list", [b'[', b']'], &mut |json| {
            list.push(item(json)?);
            Ok(())
        })?;
        Ok(list)
    }

    /// Reads what stands between two brackets, with commas in between.
    fn parts(
        &mut self,
        what: &str,
        [open, close]: [u8; 2],
        part: &mut dyn FnMut(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.take(open).ok_or_else(|| self.expected(what))?;
        if self.take(close).is_some() {
            return Ok(());
        }
        loop {
            part(self)?;
            if self.take(close).is_some() {
                return Ok(());
            }
            self.take(b',').ok_or_else(|| self.expected("a comma or the closing bracket"))?;
        }
    }

    /// Reads a value that may be `null`.
    pub(crate) fn optional<T>(
        &mut self,
        value: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if self.word("null") { Ok(None) } else { value(self).map(Some) }
    }

    /// Reads `true` or `false`.
    pub(crate) fn boolean(&mut self) -> Result<bool, Error> {
        let is_true = self.word("true");
        if is_true || self.word("false") {
            Ok(is_true)
        } else {
            Err(self.expected("`true` or `false`"))
        }
    }

    /// Reads a whole number, 0 or more, that the type can hold.
    pub(crate) fn number<T: TryFrom<u64>>(&mut self) -> Result<T, Error> {
        let (is_negative, number) = self.whole()?;
        let number = number.filter(|_| !is_negative).and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| self.error(OUT_OF_RANGE))
    }

    /// Reads a whole number that may be negative.
    pub(crate) fn integer(&mut self) -> Result<i64, Error> {
        let (is_negative, number) = self.whole()?;
        let number = number.and_then(|number| {
            if is_negative {
                0_i64.checked_sub_unsigned(number)
            } else {
                0_i64.checked_add_unsigned(number)
            }
        });
        number.ok_or_else(|| self.error(OUT_OF_RANGE))
    }

    /// Whether a whole number is negative, and its magnitude unless that is too large.
    fn whole(&mut self) -> Result<(bool, Option<u64>), Error> {
        self.peek();
        let rest = self.rest();
        let digits = rest.strip_prefix('-');
        let (is_negative, digits) = (digits.is_some(), digits.unwrap_or(rest));
        let end = digits.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
        let (digits, behind) = digits.split_at_checked(end).unwrap_or_default();
        let is_whole = !behind.starts_with(['.', 'e', 'E']);
        let has_leading_zero = digits.len() > 1 && digits.starts_with('0');
        if digits.is_empty() || has_leading_zero || !is_whole {
            return Err(self.expected("a whole number"));
        }
        let number = digits.parse().ok();
        self.at = self.text.len().saturating_sub(behind.len());
        Ok((is_negative, number))
    }

    /// Reads a string that is one of these words, and returns what the word stands for.
    pub(crate) fn choice<T: Copy>(&mut self, words: &[(&str, T)]) -> Result<T, Error> {
        let word = self.string()?;
        match words.iter().find(|(known, _)| *known == word) {
            Some((_, value)) => Ok(*value),
            None => {
                let words: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
                Err(self.unknown("word", &word, &words))
            }
        }
    }

    /// Reads a string.
    pub(crate) fn string(&mut self) -> Result<String, Error> {
        self.string_or("a string")
    }

    /// Reads a string, where `what` is expected.
    pub(crate) fn string_or(&mut self, what: &str) -> Result<String, Error> {
        self.take(b'"').ok_or_else(|| self.expected(what))?;
        let mut string = String::new();
        loop {
            let rest = self.rest();
            let end = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\');
            let (plain, behind) =
                rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or_default();
            string.push_str(plain);
            self.at = self.at.saturating_add(plain.len());
            let mark = behind.as_bytes().first().copied();
            if !matches!(mark, Some(b'"' | b'\\')) {
                self.start = self.at;
                return Err(self.expected("the string to go on without control characters"));
            }
            self.at = self.at.saturating_add(1);
            if mark == Some(b'"') {
                return Ok(string);
            }
            string.push(self.escape()?);
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<char, Error> {
        let start = self.at;
        let letter = self.rest().bytes().next().unwrap_or_default();
        self.at = start.saturating_add(1);
        let character = match letter {
            b'"' | b'\\' | b'/' => Some(char::from(letter)),
            b'b' => Some('\u{8}'),
            b'f' => Some('\u{c}'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'u' => self.utf16(),
            _ => None,
        };
        character.ok_or_else(|| {
            self.start = start;
            self.expected("an escape of JSON")
        })
    }

    /// A character as one or two UTF-16 units in hexadecimal digits.
    fn utf16(&mut self) -> Option<char> {
        let first = self.unit()?;
        let second = if matches!(first, 0xd800..=0xdbff) {
            let rest = self.rest().strip_prefix("\\u")?;
            self.at = self.text.len().saturating_sub(rest.len());
            Some(self.unit()?)
        } else {
            None
        };
        char::decode_utf16([first].into_iter().chain(second)).next()?.ok()
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4)?;
        // A sign is no digit.
        let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.at = self.at.saturating_add(4);
        if is_hexadecimal { u16::from_str_radix(digits, 16).ok() } else { None }
    }

    /// The first octet of the next value or sign.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let rest = self.rest().trim_start_matches([' ', '\t', '\n', '\r']);
        self.at = self.text.len().saturating_sub(rest.len());
        self.start = self.at;
        rest.bytes().next()
    }

    /// Takes a sign that is next.
    fn take(&mut self, sign: u8) -> Option<()> {
        (self.peek()? == sign).then(|| self.at = self.at.saturating_add(1))
    }

    /// Takes a literal that is next.
    fn word(&mut self, word: &str) -> bool {
        self.peek();
        let is_next = self.rest().starts_with(word);
        if is_next {
            self.at = self.at.saturating_add(word.len());
        }
        is_next
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn expected(&self, what: &str) -> Error {
        self.error(if self.start < self.text.len() {
            format!("expected {what}")
        } else {
            format!("the text ends, expected {what}")
        })
    }

    fn unknown(&self, what: &str, found: &str, known: &[&str]) -> Error {
        let mut message = format!("unknown {what} {}", quoted(found));
        for (index, known) in known.iter().enumerate() {
            message.push_str(if index == 0 { ", expected `" } else { ", `" });
            message.push_str(known);
            message.push('`');
        }
        self.error(message)
    }

    /// An object without a member that it needs.
    pub(crate) fn missing(&self, name: &str) -> Error {
        self.error(format!("missing member `{name}`"))
    }

    /// What is wrong with the value that was read last.
    pub(crate) fn error(&self, message: impl Into<String>) -> Error {
        let before = self.text.as_bytes().get(..self.start).unwrap_or_default();
        let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        Error {
            message: message.into(),
            line: before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1),
            column: line.len().saturating_add(1),
        }
    }
}
