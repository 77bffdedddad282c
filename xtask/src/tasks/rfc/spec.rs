//! What the RFC requires, and what is said of it here.

use core::{fmt, ops::Range};
use std::collections::BTreeMap;

use anyhow::ensure;
use serde::Deserialize;
use toml::Spanned;

/// The key words of BCP 14. `MUST NOT` and the like begin with one of them.
const KEY_WORDS: [&str; 7] =
    ["MUST", "SHALL", "SHOULD", "REQUIRED", "RECOMMENDED", "MAY", "OPTIONAL"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    url: String,
    sections: BTreeMap<String, String>,
    requirement: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    section: String,
    level: Level,
    text: Spanned<String>,
    exception: Option<String>,
    note: Option<String>,
}

#[derive(Debug)]
pub(super) struct Spec {
    /// Where the RFC is, without a section.
    pub(super) url: String,
    /// The titles of the sections that require something.
    pub(super) sections: BTreeMap<String, String>,
    /// In the order of the RFC.
    pub(super) requirements: Vec<Requirement>,
}

#[derive(Debug)]
pub(super) struct Requirement {
    /// Where the text begins in the specification.
    pub(super) line: usize,
    pub(super) section: String,
    pub(super) level: Level,
    /// The words of the RFC.
    pub(super) text: String,
    /// Why it is not held, or only in part.
    pub(super) exception: Option<String>,
    pub(super) note: Option<String>,
}

/// The strongest key word of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Level {
    #[serde(rename = "MUST")]
    Must,
    #[serde(rename = "MUST NOT")]
    MustNot,
    #[serde(rename = "SHALL")]
    Shall,
    #[serde(rename = "SHOULD")]
    Should,
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    #[serde(rename = "MAY")]
    May,
    /// There is none, but it decides what a sender does.
    #[serde(rename = "rule")]
    Rule,
}

impl Spec {
    /// Reads a specification.
    ///
    /// # Errors
    ///
    /// When it is malformed or contradicts itself.
    pub(super) fn parse(source: &str) -> anyhow::Result<Self> {
        let File { url, sections, requirement } = toml::from_str(source)?;
        let mut requirements: Vec<Requirement> = Vec::new();
        for Entry { section, level, text, exception, note } in requirement {
            let line = line_of(source, text.span().start);
            let text = one_line(text.as_ref());
            ensure!(sections.contains_key(&section), "line {line}: section {section} has no title");
            let is_rule = level == Level::Rule;
            let fits =
                if is_rule { key_words(&text).is_empty() } else { text.contains(level.as_str()) };
            ensure!(fits, "line {line}: the text does not have the level {level}");
            let twice = requirements.iter().any(|other| other.text == text);
            ensure!(!twice, "line {line}: the requirement is there twice");
            let (exception, note) =
                (exception.as_deref().map(one_line), note.as_deref().map(one_line));
            requirements.push(Requirement { line, section, level, text, exception, note });
        }
        Ok(Self { url, sections, requirements })
    }
}

impl Level {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Shall => "SHALL",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
            Self::Rule => "rule",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text with single spaces for all of its white space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the key words stand in a text.
pub(super) fn key_words(text: &str) -> Vec<Range<usize>> {
    let stands_alone = |range: &Range<usize>| {
        let before = text.get(..range.start).and_then(|text| text.chars().next_back());
        let after = text.get(range.end..).and_then(|text| text.chars().next());
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    };
    let found = KEY_WORDS.into_iter().flat_map(|word| {
        text.match_indices(word).map(|(start, word)| start..start.saturating_add(word.len()))
    });
    let mut found: Vec<_> = found.filter(stands_alone).collect();
    found.sort_unstable_by_key(|range| range.start);
    found
}

fn line_of(source: &str, offset: usize) -> usize {
    source.get(..offset).unwrap_or_default().matches('\n').count().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_words_stand_alone_and_in_capitals() {
        let text = "It MUST NOT, and MAY; a MUSTER must (SHOULD).";
        let words: Vec<_> =
            key_words(text).into_iter().map(|range| text.get(range).unwrap()).collect();
        assert_eq!(words, ["MUST", "MAY", "SHOULD"]);
    }

    #[test]
    fn a_specification_is_consistent() {
        let spec = |section: &str, level: &str, text: &str| {
            let entry = format!("section = '{section}'\nlevel = '{level}'\ntext = '{text}'");
            Spec::parse(&format!("url = 'u'\n[sections]\n1 = 't'\n[[requirement]]\n{entry}"))
                .map(|spec| spec.requirements[0].line)
                .map_err(|error| error.to_string())
        };
        assert_eq!(spec("1", "MUST", "It MUST."), Ok(7));
        assert_eq!(spec("2", "MUST", "It MUST."), Err("line 7: section 2 has no title".into()));
        let other = "line 7: the text does not have the level ";
        assert_eq!(spec("1", "SHOULD", "It MUST."), Err(format!("{other}SHOULD")));
        assert_eq!(spec("1", "rule", "It MUST."), Err(format!("{other}rule")));
        assert!(spec("1", "must", "It must.").is_err());
    }
}
