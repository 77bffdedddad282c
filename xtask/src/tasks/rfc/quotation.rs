//! Quotations of the RFC in comments.

use super::{Problems, place::Place, spec::one_line};

/// How a source names what it quotes, and how it quotes.
const TARGET: &str = "//=";
const QUOTE: &str = "//#";

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Quotation {
    pub(super) path: String,
    /// The line of its first comment.
    pub(super) line: usize,
    pub(super) section: String,
    pub(super) text: String,
    pub(super) is_test: bool,
    /// The code that it belongs to.
    pub(super) place: Place,
}

/// Finds the quotations in a source.
pub(super) fn find(path: &str, source: &str, url: &str, problems: &mut Problems) -> Vec<Quotation> {
    let lines: Vec<&str> = source.lines().collect();
    let mut found = Vec::new();
    let mut rest = lines.iter().enumerate().peekable();
    while let Some((index, line)) = rest.next() {
        let number = index.saturating_add(1);
        let mut problem = |what: &str| problems.push(format!("{path}:{number}: {what}"));
        let Some(target) = comment(line, TARGET) else {
            if comment(line, QUOTE).is_some() {
                problem("a quotation of nothing: begin with `//= URL#section-N`");
            }
            continue;
        };
        let mut continued = |mark| {
            let next = rest.next_if(|(_, line)| comment(line, mark).is_some());
            next.and_then(|(_, line)| comment(line, mark))
        };
        let kind = continued(TARGET);
        let mut text = String::new();
        while let Some(more) = continued(QUOTE) {
            text.push_str(more);
            text.push('\n');
        }
        let text = one_line(&text);
        let section = target.strip_prefix(url).and_then(|rest| rest.strip_prefix("#section-"));
        match (section, kind) {
            (None, _) => problem(&format!("unknown target: write `//= {url}#section-N`")),
            (_, Some(kind)) if kind != "type=test" => {
                problem("unknown kind: in a test write `//= type=test`, else nothing");
            }
            _ if text.is_empty() => problem("nothing is quoted: add lines with `//# `"),
            (Some(section), kind) => match Place::of(&lines, index) {
                Some(place) if kind.is_some() && !place.is_test => {
                    problem("no test follows: move it directly above `#[test]`, or drop the kind");
                }
                Some(place) => found.push(Quotation {
                    path: path.into(),
                    line: number,
                    section: section.into(),
                    text,
                    is_test: kind.is_some(),
                    place,
                }),
                None => problem("no code follows: move it above the code that it is about"),
            },
        }
    }
    found
}

/// What a comment of this kind says.
fn comment<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.trim_start().strip_prefix(mark).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://example.com/rfc1";

    /// The quotations in lines, and the problems with them.
    fn find(lines: &[&str]) -> (Vec<Quotation>, Problems) {
        let mut problems = Problems::new();
        (super::find("a.rs", &lines.join("\n"), URL, &mut problems), problems)
    }

    #[test]
    fn quotations_of_code_and_tests_are_found() {
        let (found, problems) = find(&[
            "fn code() {",
            "    //= https://example.com/rfc1#section-2.1",
            "    //# It MUST",
            "    //#  work.",
            "    //= https://example.com/rfc1#section-3",
            "    //# More.",
            "    work();",
            "}",
            "//= https://example.com/rfc1#section-2.1",
            "//= type=test",
            "//# It MUST work.",
            "#[test]",
            "fn it_works() {}",
        ]);
        assert_eq!(problems, [""; 0]);
        let found: Vec<_> = found
            .iter()
            .map(|found| {
                (found.line, &*found.section, &*found.text, found.is_test, found.place.line)
            })
            .collect();
        assert_eq!(
            found,
            [
                (2, "2.1", "It MUST work.", false, 7),
                (5, "3", "More.", false, 7),
                (9, "2.1", "It MUST work.", true, 13),
            ]
        );
    }

    #[test]
    fn malformed_quotations_say_what_to_do() {
        let target = "//= https://example.com/rfc1#section-2";
        for (lines, problem) in [
            (&["//# It MUST."][..], "a.rs:1: a quotation of nothing"),
            (
                &["//= https://example.com/rfc2#section-2", "//# x", "f();"],
                "a.rs:1: unknown target",
            ),
            (&[target, "//= type=tset", "//# x", "f();"], "a.rs:1: unknown kind"),
            (&["", target, "f();"], "a.rs:2: nothing is quoted"),
            (&[target, "//# x"], "a.rs:1: no code follows"),
            (&[target, "//= type=test", "//# x", "fn f() {}"], "a.rs:1: no test follows"),
        ] {
            let (found, problems) = find(lines);
            assert!(found.is_empty() && problems.len() == 1, "{lines:?} {problems:?}");
            assert!(problems[0].starts_with(problem), "{problems:?}");
        }
    }
}
