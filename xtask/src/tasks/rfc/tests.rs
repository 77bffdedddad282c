//! The specification against the text of the RFC.

use core::ops::Range;
use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use super::{SPEC, first_difference, spec::*};

/// The RFC is not part of the repository.
const RFC: &str = "../shared/rfc/rfc8461.txt";

/// A section of the RFC.
struct Section {
    number: String,
    title: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn spec() -> Spec {
    Spec::parse(&fs::read_to_string(root().join(SPEC)).unwrap()).unwrap()
}

/// The RFC's sections, or nothing and a line that says so.
fn rfc() -> Vec<Section> {
    if let Ok(text) = fs::read_to_string(root().join(RFC)) {
        return sections(&text);
    }
    // Past the test harness, which shows what failing tests print and nothing else.
    let line = format!("SKIPPED: {SPEC} compared with the text of RFC 8461: {RFC} is not there\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
    Vec::new()
}

/// The sections of an RFC, without what belongs to its pages.
fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().map(|line| line.trim_start_matches('\u{c}')) {
        let is_of_page = line.starts_with("Margolis, et al.") || line.starts_with("RFC 8461 ");
        if is_of_page {
            continue;
        }
        if let Some((number, title)) = heading(line) {
            let (number, title) = (number.into(), title.into());
            sections.push(Section { number, title, text: String::new() });
        } else if let Some(Section { text, .. }) = sections.last_mut() {
            // A hyphen at the end of a line is one of a word.
            let joins =
                text.strip_suffix('-').is_some_and(|text| text.ends_with(char::is_alphabetic));
            text.push_str(if joins { "" } else { " " });
            text.push_str(line.trim());
        }
    }
    for Section { text, .. } in &mut sections {
        *text = one_line(text);
    }
    sections
}

fn heading(line: &str) -> Option<(&str, &str)> {
    let (number, title) = line.split_once(".  ")?;
    let is_number =
        number.starts_with(|char: char| char.is_ascii_digit()) || number.starts_with("Appendix ");
    is_number.then_some((number, title))
}

/// Where the requirements of a section stand in its text, in the order of the specification.
fn requirements(spec: &Spec, Section { number, text, .. }: &Section) -> Vec<Range<usize>> {
    let own = spec.requirements.iter().filter(|requirement| requirement.section == *number);
    let place = |Requirement { line, text: quoted, .. }: &Requirement| {
        let start = text.find(quoted.as_str());
        let start = start.unwrap_or_else(|| panic!("{SPEC}:{line}: not in section {number}"));
        start..start.saturating_add(quoted.len())
    };
    own.map(place).collect()
}

#[test]
fn every_key_word_of_the_rfc_is_in_a_requirement() {
    let spec = spec();
    for section in rfc() {
        let Section { number, text, .. } = &section;
        // The definition of the key words, and the titles of other documents.
        if number == "1.1" || number.starts_with("11") {
            continue;
        }
        let listed = requirements(&spec, &section);
        for word in key_words(text) {
            let is_listed =
                listed.iter().any(|listed| listed.start <= word.start && word.end <= listed.end);
            let sentence = text.get(..word.end).unwrap().rsplit(". ").next().unwrap();
            assert!(is_listed, "section {number}: `{sentence} ...` is not in {SPEC}");
        }
    }
}

#[test]
fn requirements_are_quoted_exactly_and_in_order() {
    let (spec, sections) = (spec(), rfc());
    let mut found = Vec::new();
    for section in &sections {
        let places = requirements(&spec, section);
        assert!(places.is_sorted_by(|one, next| one.end <= next.start), "{}", section.number);
        found.extend(places.iter().map(|_| section.number.as_str()));
        if let Some(title) = spec.sections.get(&section.number) {
            assert_eq!(*title, section.title);
        }
    }
    if !sections.is_empty() {
        assert!(spec.requirements.iter().map(|own| own.section.as_str()).eq(found));
    }
}

#[test]
fn pages_are_put_together() {
    let page_break =
        "Margolis, et al.   Standards Track   [Page 1]\n\u{c}\nRFC 8461   MTA-STS   2018\n";
    let rfc = format!(
        "   1.  In the table of contents . . 1\n\n1.  One\n\n   Be non-\n   empty --\n{page_break}\n\
         \x20  and SHOULD go on.\n\n1.1.  Two\n\n   It MUST.\n"
    );
    let sections = sections(&rfc);
    let told: Vec<_> = sections.iter().map(|one| (&*one.number, &*one.title, &*one.text)).collect();
    assert_eq!(
        told,
        [("1", "One", "Be non-empty -- and SHOULD go on."), ("1.1", "Two", "It MUST.")]
    );
}

#[test]
fn the_first_line_that_differs_is_told() {
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
    assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
    assert_eq!(first_difference("a\nb", "a\nb\n"), Some(3));
}
