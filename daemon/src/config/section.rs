//! Reading a table key by key, without stopping at the first mistake.

use core::{mem, ops::Range, time::Duration};
use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{problem::Problem, units::format_duration, value::wrong_type};

/// A table of the configuration while its keys are read.
///
/// What asks for a key also makes it known: what is left when the section is finished is unknown.
#[derive(Debug)]
pub(super) struct Section<'r, 't> {
    name: &'static str,
    table: DeTable<'t>,
    place: Range<usize>,
    places: BTreeMap<&'static str, Range<usize>>,
    refused: Vec<&'static str>,
    report: &'r mut Report,
}

/// What has been learnt about a document.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) problems: Vec<Problem>,
    pub(super) known: Vec<Key>,
    pub(super) unknown: Vec<UnknownKey>,
}

/// A key that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) section: &'static str,
    pub(super) name: &'static str,
}

/// A key that somebody wrote and that does not exist.
#[derive(Debug)]
pub(super) struct UnknownKey {
    /// `None` for what stands in no section, and for sections.
    pub(super) section: Option<&'static str>,
    pub(super) name: String,
    pub(super) span: Range<usize>,
    /// Whether it is a section.
    pub(super) is_table: bool,
}

impl<'r, 't> Section<'r, 't> {
    pub(super) const fn new(
        name: &'static str,
        table: DeTable<'t>,
        place: Range<usize>,
        report: &'r mut Report,
    ) -> Self {
        Self { name, table, place, places: BTreeMap::new(), refused: Vec::new(), report }
    }

    /// The value of a key, or `default` if it is absent or refused.
    pub(super) fn value<T>(
        &mut self,
        key: &'static str,
        default: T,
        read: impl Fn(&Spanned<DeValue<'_>>) -> Result<T, Problem>,
    ) -> T {
        self.optional(key, read).unwrap_or(default)
    }

    /// The value of a key, or `None` if it is absent or refused.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&Spanned<DeValue<'_>>) -> Result<T, Problem>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let accepted = self.accept(key, read(&value));
        if accepted.is_none() {
            self.refused.push(key);
        }
        accepted
    }

    /// The elements of a list, without those that are refused.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&Spanned<DeValue<'_>>) -> Result<T, Problem>,
    ) -> Vec<T> {
        let Some(value) = self.take(key) else { return Vec::new() };
        if let DeValue::Array(elements) = value.get_ref() {
            return elements.iter().filter_map(|element| self.accept(key, read(element))).collect();
        }
        let mut problem = wrong_type(&value, "a list");
        if let DeValue::String(text) = value.get_ref() {
            let element = toml::Value::String(text.clone().into_owned());
            problem = problem.replace("a list may have one element", format!("[{element}]"));
        }
        self.accept::<T>(key, Err(problem));
        Vec::new()
    }

    /// The values of all keys that are left, whatever their names, with the places of the names.
    pub(super) fn entries<T>(
        &mut self,
        read: impl Fn(&Spanned<DeValue<'_>>) -> Result<T, Problem>,
    ) -> Vec<(Spanned<String>, T)> {
        let mut entries = Vec::new();
        for (key, value) in mem::take(&mut self.table) {
            if let Some(value) = self.accept(key.get_ref(), read(&value)) {
                let name = Spanned::new(key.span(), key.get_ref().clone().into_owned());
                entries.push((name, value));
            }
        }
        entries
    }

    /// Whether the key is in the file.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.places.contains_key(key)
    }

    /// Where the value of the first of these keys that is in the file stands; else the section.
    pub(super) fn place(&self, keys: &[&'static str]) -> Range<usize> {
        let value = keys.iter().find_map(|key| self.places.get(key));
        value.unwrap_or(&self.place).clone()
    }

    /// Adds a problem that more than one value has a part in.
    pub(super) fn report(&mut self, problem: Problem) {
        self.report.problems.push(problem);
    }

    /// Warns of the value of a key. `what` is a predicate.
    pub(super) fn warn(&mut self, key: &'static str, what: &str, help: &str) {
        let message = format!("`{}.{key}` {what}", self.name);
        self.report(Problem::warning(self.place(&[key]), message).help(help));
    }

    /// Sees to it that one duration is no longer than another.
    pub(super) fn at_most(
        &mut self,
        (key, duration): (&'static str, Duration),
        (limiting, limit): (&'static str, Duration),
    ) {
        // In place of a value that was refused there is the default, which nobody wrote.
        if duration <= limit || self.refused.iter().any(|&other| other == key || other == limiting)
        {
            return;
        }
        let section = self.name;
        let (duration, limit) = (format_duration(duration), format_duration(limit));
        let message = format!(
            "`{section}.{key}` ({duration}) is longer than `{section}.{limiting}` ({limit})"
        );
        self.report(Problem::error(self.place(&[key, limiting]), message));
    }

    /// Takes what nobody has asked for as unknown.
    pub(super) fn finish(self) {
        let section = self.name;
        self.report.unknown.extend(self.table.into_iter().map(|(key, value)| UnknownKey {
            section: Some(section),
            name: key.get_ref().clone().into_owned(),
            span: key.span(),
            is_table: matches!(value.get_ref(), DeValue::Table(_)),
        }));
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'t>>> {
        self.report.known.push(Key { section: self.name, name: key });
        let value = self.table.remove(key)?;
        self.places.insert(key, value.span());
        Some(value)
    }

    fn accept<T>(&mut self, key: &str, result: Result<T, Problem>) -> Option<T> {
        let mut problem = match result {
            Ok(value) => return Some(value),
            Err(problem) => problem,
        };
        problem.message = format!("`{}.{key}` {}", self.name, problem.message);
        self.report.problems.push(problem);
        None
    }
}
