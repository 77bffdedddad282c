//! Domain names in messages (RFC 1035 §3.1, §4.1.4).

use alloc::{format, string::String, vec::Vec};

use super::octets::Octets;

/// A domain name in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name {
    /// Each label behind its length; the root, which is the last label of all names, is left out.
    labels: Vec<u8>,
}

/// Longest name and longest label, in octets as in messages, without the root.
const MAX_NAME: usize = 254;
const MAX_LABEL: usize = 63;

impl Name {
    const ROOT: Self = Self { labels: Vec::new() };

    /// A name as text, with or without the root dot.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let mut name = Self::ROOT;
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.is_empty() {
            return Some(name);
        }
        for label in text.split('.') {
            let is_wildcard = label == "*";
            let is_plain = label.bytes().all(|octet| is_plain(octet) && octet != b'*');
            if !is_wildcard && (!is_plain || label.starts_with('-')) {
                return None;
            }
            name.push(label.as_bytes())?;
        }
        Some(name)
    }

    /// Reads a name, which may point to what stands before it.
    pub(super) fn read(octets: &mut Octets<'_>) -> Option<Self> {
        let mut name = Self::ROOT;
        let mut part = *octets;
        let mut start = part.at();
        let mut is_first = true;
        loop {
            let length = part.octet()?;
            if length == 0 {
                break;
            } else if usize::from(length) <= MAX_LABEL {
                name.push(part.take(length.into())?)?;
            } else {
                let pointer = u16::from_be_bytes([length, part.octet()?]);
                let target = usize::from(pointer & 0x3fff);
                // Each pointer leads further back than the one before, so there is an end.
                if length < 0xc0 || target >= start {
                    return None;
                }
                if is_first {
                    *octets = part;
                    is_first = false;
                }
                start = target;
                part = part.back_to(target);
            }
        }
        if is_first {
            *octets = part;
        }
        Some(name)
    }

    fn push(&mut self, label: &[u8]) -> Option<()> {
        let length = u8::try_from(label.len()).ok()?;
        self.labels.push(length);
        self.labels.extend(label.iter().map(u8::to_ascii_lowercase));
        (1..=MAX_LABEL).contains(&label.len()).then_some(())?;
        (self.labels.len() <= MAX_NAME).then_some(())
    }

    /// Adds the name to a message.
    pub(super) fn write(&self, message: &mut Vec<u8>) {
        message.extend_from_slice(&self.labels);
        message.push(0);
    }

    /// The name as text, without the root dot; octets that host names do not have are escaped
    /// (RFC 1035 §5.1).
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        let mut rest = self.labels.as_slice();
        while let Some((length, behind)) = rest.split_first() {
            let (label, behind) = behind.split_at_checked((*length).into()).unwrap_or_default();
            if !text.is_empty() {
                text.push('.');
            }
            for octet in label {
                if is_plain(*octet) {
                    text.push(char::from(*octet));
                } else if octet.is_ascii_graphic() {
                    text.extend(['\\', char::from(*octet)]);
                } else {
                    text.push_str(&format!("\\{octet:03}"));
                }
            }
            rest = behind;
        }
        text
    }
}

fn is_plain(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-_*".contains(&octet)
}
