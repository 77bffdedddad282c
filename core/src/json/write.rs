//! JSON, written on one line.

use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

/// What can be written as a JSON value.
pub(crate) trait Write {
    /// Writes it.
    fn write(&self, json: &mut Writer);
}

/// A JSON text in the making.
#[derive(Debug)]
pub(crate) struct Writer(String);

/// The value as a JSON text.
pub(crate) fn written(value: &dyn Write) -> String {
    let mut json = Writer(String::new());
    value.write(&mut json);
    json.0
}

impl Writer {
    /// Writes an object with these members, in their order.
    pub(crate) fn object(&mut self, members: &[(&str, &dyn Write)]) {
        let mut before = '{';
        for (name, value) in members {
            self.0.push(before);
            before = ',';
            name.write(self);
            self.0.push(':');
            value.write(self);
        }
        self.0.push('}');
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, json: &mut Writer) {
        json.0.push('[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                json.0.push(',');
            }
            item.write(json);
        }
        json.0.push(']');
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self, json: &mut Writer) {
        match self {
            Some(value) => value.write(json),
            None => json.0.push_str("null"),
        }
    }
}

impl Write for bool {
    fn write(&self, json: &mut Writer) {
        json.0.push_str(if *self { "true" } else { "false" });
    }
}

impl Write for u64 {
    fn write(&self, json: &mut Writer) {
        // Writing to a `String` cannot fail.
        let _ = write!(json.0, "{self}");
    }
}

impl Write for u32 {
    fn write(&self, json: &mut Writer) {
        u64::from(*self).write(json);
    }
}

impl Write for String {
    fn write(&self, json: &mut Writer) {
        self.as_str().write(json);
    }
}

impl Write for &str {
    fn write(&self, Writer(json): &mut Writer) {
        json.push('"');
        for character in self.chars() {
            let escape = match character {
                '"' | '\\' => character,
                '\u{8}' => 'b',
                '\t' => 't',
                '\n' => 'n',
                '\u{c}' => 'f',
                '\r' => 'r',
                '\0'..='\u{1f}' => {
                    let _ = write!(json, "\\u{:04x}", u32::from(character));
                    continue;
                }
                _ => {
                    json.push(character);
                    continue;
                }
            };
            json.push('\\');
            json.push(escape);
        }
        json.push('"');
    }
}
