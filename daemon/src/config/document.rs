//! The whole text: its syntax, its sections, and what is in none of them.

use core::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    listen::LISTEN,
    problem::Problem,
    section::{Key, Report, Section, UnknownKey},
    suggest::{listed, nearest},
    value::wrong_type,
};

/// A configuration while it is read.
#[derive(Debug)]
pub(super) struct Document<'t> {
    text: &'t str,
    root: DeTable<'t>,
    syntax: Vec<Problem>,
    sections: Vec<&'static str>,
    report: Report,
}

impl<'t> Document<'t> {
    pub(super) fn parse(text: &'t str) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let syntax = errors
            .iter()
            .map(|error| Problem::error(error.span().unwrap_or_default(), error.message()))
            .collect();
        let (sections, report) = (Vec::new(), Report::default());
        Self { text, root: root.into_inner(), syntax, sections, report }
    }

    /// Reads the section `[name]`; one that is absent is empty.
    pub(super) fn section<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Section<'_, 't>) -> T,
    ) -> T {
        self.sections.push(name);
        let value = self.root.remove(name);
        let place = value.as_ref().map_or(0..0, Spanned::span);
        let table = value.and_then(|value| self.table(name, value)).unwrap_or_default();
        self.read_table(name, place, table, read)
    }

    /// Reads each of the sections `[[name]]`; `None` if there is no such key.
    pub(super) fn sections<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&mut Section<'_, 't>) -> T,
    ) -> Option<Vec<T>> {
        self.sections.push(name);
        let value = self.root.remove(name)?;
        let place = value.span();
        let hint = format!("each is a section {} of its own", heading(name));
        let problem = wrong_type(&value, "a list of tables").help(&hint);
        let DeValue::Array(elements) = value.into_inner() else {
            self.report.problems.push(of_section(name, problem));
            return Some(Vec::new());
        };
        if elements.is_empty() {
            let problem = Problem::error(place, "must not be empty").help(hint);
            self.report.problems.push(of_section(name, problem));
        }
        let mut read_elements = Vec::new();
        for element in elements {
            let place = element.span();
            if let Some(table) = self.table(name, element) {
                read_elements.push(self.read_table(name, place, table, &read));
            }
        }
        Some(read_elements)
    }

    /// Adds a problem that more than one section has a part in.
    pub(super) fn report(&mut self, problem: Problem) {
        self.report.problems.push(problem);
    }

    /// Every key that was asked for.
    pub(super) fn known(&self) -> &[Key] {
        &self.report.known
    }

    /// Everything that is wrong, but for what only follows from bad syntax.
    pub(super) fn finish(mut self, known: impl FnOnce() -> Vec<Key>) -> Vec<Problem> {
        self.report.unknown.extend(self.root.into_iter().map(|(key, value)| UnknownKey {
            section: None,
            name: key.get_ref().clone().into_owned(),
            span: key.span(),
            is_table: matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_)),
        }));
        let mut problems = self.report.problems;
        if !self.report.unknown.is_empty() {
            let known = known();
            let explain = |unknown| unknown_key(unknown, &known, &self.sections);
            problems.extend(self.report.unknown.iter().map(explain));
        }
        let bad = BadLines::new(self.text, &self.syntax);
        problems.retain(|problem| !bad.explain(&problem.span));
        problems.extend(self.syntax);
        problems
    }

    fn table(&mut self, name: &'static str, value: Spanned<DeValue<'t>>) -> Option<DeTable<'t>> {
        let problem = wrong_type(&value, "a table");
        if let DeValue::Table(table) = value.into_inner() {
            return Some(table);
        }
        self.report.problems.push(of_section(name, problem));
        None
    }

    fn read_table<T>(
        &mut self,
        name: &'static str,
        place: Range<usize>,
        table: DeTable<'t>,
        read: impl FnOnce(&mut Section<'_, 't>) -> T,
    ) -> T {
        let mut section = Section::new(name, table, place, &mut self.report);
        let read = read(&mut section);
        section.finish();
        read
    }
}

fn of_section(name: &str, mut problem: Problem) -> Problem {
    problem.message = format!("`{name}` {}", problem.message);
    problem
}

fn unknown_key(unknown: &UnknownKey, known: &[Key], sections: &[&'static str]) -> Problem {
    let UnknownKey { name, span, .. } = unknown;
    let Some(section) = unknown.section else { return outside(unknown, known, sections) };
    let siblings: Vec<&str> =
        known.iter().filter(|key| key.section == section).map(|key| key.name).collect();
    let heading = heading(section);
    let problem = Problem::error(span.clone(), format!("unknown key `{name}` in {heading}"));
    if let Some(home) = homes(name, known) {
        problem.help(format!("`{name}` belongs in {home}"))
    } else if let Some(near) = nearest(name, siblings.iter().copied()) {
        problem.replace(format!("did you mean `{near}`?"), near)
    } else {
        problem.help(format!("the keys of {heading} are {}", listed(siblings)))
    }
}

/// The problem of something that is in no section: often a section misspelt.
fn outside(unknown: &UnknownKey, known: &[Key], sections: &[&'static str]) -> Problem {
    let UnknownKey { name, span, .. } = unknown;
    let kind = if unknown.is_table { "section" } else { "key" };
    let problem = Problem::error(span.clone(), format!("unknown {kind} `{name}`"));
    if let Some(home) = homes(name, known).filter(|_| !unknown.is_table) {
        problem.help(format!("`{name}` belongs in {home}"))
    } else if let Some(near) = nearest(name, sections.iter().copied()) {
        problem.replace(format!("did you mean `{near}`?"), near)
    } else {
        problem.help(format!("the sections are {}", listed(sections.iter().copied())))
    }
}

fn heading(section: &str) -> String {
    if section == LISTEN { format!("`[[{section}]]`") } else { format!("`[{section}]`") }
}

/// The sections that have a key of this name.
fn homes(name: &str, known: &[Key]) -> Option<String> {
    let homes = known.iter().filter(|key| key.name == name);
    let homes: Vec<String> = homes.map(|key| heading(key.section)).collect();
    (!homes.is_empty()).then(|| homes.join(" or "))
}

/// The lines that the parser could not read. What it made of them is a guess, so whatever else is
/// wrong there is better not mentioned.
struct BadLines {
    lines: Vec<Range<usize>>,
    /// Without a header that can be read, it is anybody's guess where the keys below it belong.
    all: bool,
}

impl BadLines {
    fn new(text: &str, syntax: &[Problem]) -> Self {
        let lines: Vec<Range<usize>> =
            syntax.iter().map(|problem| lines_around(text, &problem.span)).collect();
        let is_header = |line: &Range<usize>| {
            text.get(line.clone()).is_some_and(|line| line.trim_start().starts_with('['))
        };
        Self { all: lines.iter().any(is_header), lines }
    }

    fn explain(&self, span: &Range<usize>) -> bool {
        self.all || self.lines.iter().any(|bad| bad.start <= span.end && span.start <= bad.end)
    }
}

fn lines_around(text: &str, span: &Range<usize>) -> Range<usize> {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
    let rest = after.find('\n').unwrap_or(after.len());
    start..span.end.saturating_add(rest)
}
