//! The page that shows what is held, and where.

use core::fmt::{self, Write as _};

use super::{
    coverage::{Coverage, Covered, Standing},
    quotation::Quotation,
    spec::{Level, Requirement, Spec},
};

const INTRODUCTION: &str = "\
# RFC 8461, requirement by requirement

This page lists what [RFC 8461](https://www.rfc-editor.org/rfc/rfc8461) (MTA-STS) requires, which code
holds it, and which tests prove that it does. It is written by `cargo xtask rfc --write` from
[specs/rfc8461.toml](../specs/rfc8461.toml), which has every sentence with a key word of BCP 14
(MUST, SHOULD, MAY), and from comments in the sources that quote these sentences. `cargo xtask lint`
fails when a requirement has neither code and test nor a reason, when a quotation does not have the
words of the RFC, and when this page is not what the sources say.

- **Level** is the strongest key word of the sentence. A *rule* has none, but decides what a sender
  does.
- **Held** means that code and a test quote the requirement, every key word of it. Where it is a duty
  of those who publish a policy, the code is what refuses a policy without it.
- **In part** means that the requirement is for the MTA, or for somebody else as well: code and test
  hold what is done here, and the reason says what is not.
- **Exception** means that nothing here holds the requirement, and the reason says why.

A test that is named here is not all that there is: whole scenarios are in the conformance vectors,
and the simulation in [core/tests/simulation](../core/tests/simulation) checks the engine at every
step. The quotations are from RFC 8461, copyright 2018 IETF Trust and the persons identified as its
authors.
";

/// Which levels are counted together.
const GROUPS: [(&str, &[Level]); 4] = [
    ("MUST, MUST NOT, SHALL", &[Level::Must, Level::MustNot, Level::Shall]),
    ("SHOULD, SHOULD NOT", &[Level::Should, Level::ShouldNot]),
    ("MAY", &[Level::May]),
    ("rule", &[Level::Rule]),
];

pub(super) fn render(spec: &Spec, coverage: &Coverage<'_>) -> String {
    let mut page = String::from(INTRODUCTION);
    // Writing to a `String` cannot fail.
    let _ = write(&mut page, spec, coverage);
    page
}

fn write(page: &mut String, spec: &Spec, coverage: &Coverage<'_>) -> fmt::Result {
    write_score(page, coverage)?;
    let mut section = "";
    for covered in &coverage.requirements {
        let Requirement { section: own, .. } = covered.requirement;
        if own != section {
            section = own;
            let title = spec.sections.get(section).map_or("", String::as_str);
            let url = &spec.url;
            write!(page, "\n## [{section}]({url}#section-{section}) {title}\n\n")?;
            page.push_str("| Level | Requirement | Code | Tests |\n|---|---|---|---|\n");
        }
        write_row(page, covered)?;
    }
    Ok(())
}

fn write_score(page: &mut String, coverage: &Coverage<'_>) -> fmt::Result {
    let standings = [Standing::Held, Standing::InPart, Standing::Exception];
    let [held, part, exceptions] = standings.map(|standing| coverage.count(standing, |_| true));
    write!(
        page,
        "\n**Of {} requirements, {held} are held by code and test, and {part} in part; {exceptions} \
         are exceptions.**\n\n",
        coverage.requirements.len()
    )?;
    page.push_str("| Level | Held | In part | Exceptions |\n|---|---|---|---|\n");
    for (name, levels) in GROUPS {
        let [held, part, exceptions] = standings
            .map(|standing| coverage.count(standing, |entry| levels.contains(&entry.level)));
        writeln!(page, "| {name} | {held} | {part} | {exceptions} |")?;
    }
    Ok(())
}

fn write_row(page: &mut String, covered: &Covered<'_>) -> fmt::Result {
    let Requirement { level, text, exception, note, .. } = covered.requirement;
    write!(page, "| {level} | {}", verbatim(text))?;
    let remark = match covered.standing() {
        Standing::Held => "Note",
        Standing::InPart => "In part",
        Standing::Exception => "Exception",
    };
    for reason in [exception, note].into_iter().flatten() {
        write!(page, "<br>**{remark}:** {}", cell(reason))?;
    }
    page.push_str(" | ");
    write_list(page, &covered.code, |Quotation { path, place, .. }| {
        format!("[{path}](../{path}) `{}`", place.name)
    });
    page.push_str(" | ");
    write_list(page, &covered.tests, |Quotation { path, place, .. }| {
        format!("[`{}`](../{path})", place.name)
    });
    page.push_str(" |\n");
    Ok(())
}

fn write_list(page: &mut String, quotations: &[Quotation], show: impl Fn(&Quotation) -> String) {
    let shown: Vec<String> = quotations.iter().map(show).collect();
    page.push_str(if shown.is_empty() { "none" } else { "" });
    page.push_str(&shown.join("<br>"));
}

/// Text that Markdown shows as it is.
fn verbatim(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        if "*_<[]\\`|".contains(char) {
            shown.push('\\');
        }
        shown.push(char);
    }
    shown
}

/// Markdown that does not end the cell of a table.
fn cell(markdown: &str) -> String {
    markdown.replace('|', "\\|")
}
