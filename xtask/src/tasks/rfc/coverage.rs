//! Which requirement is quoted where, and what is missing.

use super::{
    Problems, SPEC,
    quotation::Quotation,
    spec::{Requirement, Spec, key_words},
};

#[derive(Debug)]
pub(super) struct Coverage<'a> {
    /// In the order of the specification.
    pub(super) requirements: Vec<Covered<'a>>,
}

/// A requirement and what quotes it.
#[derive(Debug)]
pub(super) struct Covered<'a> {
    pub(super) requirement: &'a Requirement,
    pub(super) code: Vec<Quotation>,
    pub(super) tests: Vec<Quotation>,
}

/// How far a requirement is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Held,
    InPart,
    Exception,
}

impl<'a> Coverage<'a> {
    /// Assigns each quotation to the requirement that it quotes.
    pub(super) fn new(spec: &'a Spec, quotations: Vec<Quotation>, problems: &mut Problems) -> Self {
        let covered = |requirement| Covered { requirement, code: Vec::new(), tests: Vec::new() };
        let mut requirements: Vec<_> = spec.requirements.iter().map(covered).collect();
        for quotation in quotations {
            let Quotation { path, line, section, text, .. } = &quotation;
            let mut quoted = requirements.iter_mut().filter(|covered| {
                covered.requirement.section == *section && covered.requirement.text.contains(text)
            });
            match (quoted.next(), quoted.next()) {
                (None, _) => problems.push(format!(
                    "{path}:{line}: no requirement of section {section} in {SPEC} has these words: \
                     correct them, or add the requirement"
                )),
                (Some(_), Some(_)) => problems.push(format!(
                    "{path}:{line}: these words are in several requirements: quote more of the one \
                     that is meant"
                )),
                (Some(covered), None) if quotation.is_test => covered.tests.push(quotation),
                (Some(covered), None) => covered.code.push(quotation),
            }
        }
        Self { requirements }
    }

    /// Looks for requirements that are not held, without an exception that says so.
    pub(super) fn check(&self, problems: &mut Problems) {
        for covered in &self.requirements {
            let Requirement { line, section, level, exception, .. } = covered.requirement;
            let or = if exception.is_none() { ", or say why not in `exception`" } else { "" };
            let mut missing = |what: &str, todo: &str| {
                let place = format!("{SPEC}:{line}: {level} of section {section}");
                problems.push(format!("{place} has no {what}: {todo}{or}"));
            };
            if covered.standing() == Standing::Exception {
                continue;
            }
            if !covered.is_covered_by(&covered.code) {
                missing("code", "quote it where it is held");
            }
            if !covered.is_covered_by(&covered.tests) {
                missing("test", "quote it above a test that proves it");
            }
        }
    }

    /// How many requirements stand so, of those that `select` selects.
    pub(super) fn count(&self, standing: Standing, select: impl Fn(&Requirement) -> bool) -> usize {
        let selected = self.requirements.iter().filter(|covered| select(covered.requirement));
        selected.filter(|covered| covered.standing() == standing).count()
    }
}

impl Covered<'_> {
    pub(super) const fn standing(&self) -> Standing {
        match (&self.requirement.exception, self.code.is_empty() && self.tests.is_empty()) {
            (None, _) => Standing::Held,
            (Some(_), false) => Standing::InPart,
            (Some(_), true) => Standing::Exception,
        }
    }

    /// Whether these quotations have all key words of the requirement between them. Of one that is
    /// held in part, any quotation will do.
    fn is_covered_by(&self, quotations: &[Quotation]) -> bool {
        let Requirement { text, exception, .. } = self.requirement;
        let quoted = quotations.iter().filter_map(|quotation| {
            let start = text.find(&quotation.text)?;
            Some(start..start.saturating_add(quotation.text.len()))
        });
        let quoted: Vec<_> = quoted.collect();
        !quoted.is_empty()
            && (exception.is_some()
                || key_words(text).iter().all(|word| {
                    quoted.iter().any(|quote| quote.start <= word.start && word.end <= quote.end)
                }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::rfc::quotation;

    const SPECIFICATION: &str = "url = 'u'\n[sections]\n1 = 't'\n[[requirement]]\nsection = '1'\n\
        level = 'MUST'\ntext = 'It MUST be this, and MUST be that.'\n";

    /// The problems with a requirement, quoted by code and a test.
    fn problems(specification: &str, code: &[&str], test: &[&str]) -> Vec<String> {
        let spec = Spec::parse(specification).unwrap();
        let mut source = String::new();
        for (quotes, kind, item) in
            [(code, "", "fn f() {}\n"), (test, "//= type=test\n", "#[test]\nfn t() {}\n")]
        {
            for quote in quotes {
                source += &format!("//= u#section-1\n{kind}//# {quote}\n");
            }
            source += item;
        }
        let mut problems = Problems::new();
        let quotations = quotation::find("a.rs", &source, "u", &mut problems);
        Coverage::new(&spec, quotations, &mut problems).check(&mut problems);
        problems
    }

    #[test]
    fn code_and_test_must_quote_every_key_word() {
        let all = "It MUST be this, and MUST be that.";
        let halves = ["It MUST be this", "and MUST be that."];
        assert!(problems(SPECIFICATION, &[all], &halves).is_empty());
        let lacking = problems(SPECIFICATION, &halves[..1], &[]);
        assert_eq!(lacking.len(), 2, "{lacking:?}");
        let place = "specs/rfc8461.toml:7: MUST of section 1";
        assert!(lacking[0].starts_with(&format!("{place} has no code")), "{lacking:?}");
        assert!(lacking[1].starts_with(&format!("{place} has no test")), "{lacking:?}");
    }

    #[test]
    fn an_exception_needs_no_quotation_but_a_part_needs_code_and_test() {
        let excepted = format!("{SPECIFICATION}exception = 'It is not ours.'");
        assert!(problems(&excepted, &[], &[]).is_empty());
        assert!(problems(&excepted, &["It MUST be this"], &["It MUST be this"]).is_empty());
        assert_eq!(problems(&excepted, &["It MUST be this"], &[]).len(), 1);
    }

    #[test]
    fn a_quotation_is_of_one_requirement() {
        let two = format!("{SPECIFICATION}exception = ''\n[[requirement]]\nsection = '1'\n")
            + "level = 'MUST'\ntext = 'It MUST be this.'\nexception = ''";
        let told = problems(&two, &["It MUST be this", "It SHOULD be this"], &[]);
        assert!(told[0].starts_with("a.rs:1: these words are in several"), "{told:?}");
        assert!(told[1].starts_with("a.rs:3: no requirement of section 1"), "{told:?}");
    }
}
