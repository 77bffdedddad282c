//! A TXT record in the forms in which people enter and see it.

use alloc::{format, string::String};

use smol_str::{SmolStr, format_smolstr};

use super::TTL;
use crate::PolicyDomain;

/// A TXT record to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxtForm {
    /// The full name, without the root dot.
    pub name: SmolStr,
    /// The name below the Policy Domain.
    pub label: &'static str,
    /// TTL in seconds.
    pub ttl: u32,
    /// The text, without quotation marks: US-ASCII.
    pub text: String,
}

/// What to enter in the form of a DNS provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderForm<'a> {
    /// The name, below the Policy Domain. Where the zone is that of a parent domain, the labels
    /// between the two follow.
    pub name: &'static str,
    /// The type: `TXT`.
    pub record_type: &'static str,
    /// The value, without quotation marks: the provider adds them.
    pub value: &'a str,
    /// The TTL in seconds.
    pub ttl: u32,
}

/// Longest character-string (RFC 1035 §3.3).
const MAX_STRING: usize = 255;

impl TxtForm {
    pub(super) fn new(domain: &PolicyDomain, label: &'static str, text: String) -> Self {
        Self { name: format_smolstr!("{label}.{domain}"), label, ttl: TTL, text }
    }

    /// The line of a zone file (RFC 1035 §5.1).
    #[must_use]
    pub fn zone_line(&self) -> String {
        format!("{}. {} IN TXT {}", self.name, self.ttl, self.strings())
    }

    /// The line that `dig` prints in its answer section.
    #[must_use]
    pub fn dig_line(&self) -> String {
        format!("{}.\t{}\tIN\tTXT\t{}", self.name, self.ttl, self.strings())
    }

    /// What to enter in the form of a DNS provider.
    #[must_use]
    pub fn provider_form(&self) -> ProviderForm<'_> {
        ProviderForm { name: self.label, record_type: "TXT", value: &self.text, ttl: self.ttl }
    }

    /// The text as character-strings in quotation marks, as many as it takes.
    fn strings(&self) -> String {
        let mut strings = String::with_capacity(self.text.len().saturating_add(2));
        strings.push('"');
        for (index, character) in self.text.chars().enumerate() {
            if index > 0 && index.is_multiple_of(MAX_STRING) {
                strings.push_str("\" \"");
            }
            if matches!(character, '"' | '\\') {
                strings.push('\\');
            }
            strings.push(character);
        }
        strings.push('"');
        strings
    }
}
