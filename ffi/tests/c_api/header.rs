//! The header: what it declares, and the languages that can read it.

use std::fs;

use crate::{
    compiler::available,
    library::{self, Memory},
};

fn text() -> String {
    fs::read_to_string(library::root().join("include/mtasts.h")).unwrap()
}

/// The functions that the header declares.
pub(crate) fn functions() -> Vec<String> {
    let text = text();
    let declarations = text.lines().filter(|line| !line.starts_with([' ', '/', '#']));
    let names = declarations.filter_map(|line| {
        let (before, _) = line.split_once('(')?;
        let name = before.rsplit([' ', '*']).next()?;
        name.starts_with("mtasts_").then(|| name.to_owned())
    });
    let names: Vec<_> = names.collect();
    assert!(names.len() > 100, "{names:?}");
    names
}

#[test]
fn it_is_c99_c11_and_cpp17() {
    if Memory::wanted() != Memory::Unchecked {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let program = "#define MTASTS_FEATURE_LINT\n#define MTASTS_FEATURE_NET\n#include <mtasts.h>\nint main(void) { return mtasts_version() == 0; }\n";
    for (compilers, name, standards) in [
        (["gcc", "clang"], "a.c", ["c99", "c11"]),
        (["g++", "clang++"], "a.cc", ["c++17", "c++20"]),
    ] {
        let source = directory.path().join(name);
        fs::write(&source, program).unwrap();
        for standard in standards {
            available(&compilers, standard).iter().for_each(|compiler| compiler.check(&source));
        }
    }
}

/// The codes that the header defines are those that the library has words for, and their numbers are
/// what they were when they were first published.
#[test]
fn codes_and_names_belong_together() {
    let text = text();
    let defined: Vec<(String, i32)> = text
        .lines()
        .filter_map(|line| {
            let (name, number) = line.strip_prefix("#define MTASTS_ERR_")?.split_once(' ')?;
            Some((name.to_owned(), number.parse().unwrap()))
        })
        .collect();
    let listed = fs::read_to_string(library::root().join("ffi/tests/codes.txt")).unwrap();
    let mut is = String::new();
    for (name, number) in &defined {
        is.push_str(&format!("{number} {}\n", name.to_ascii_lowercase().replace('_', "-")));
    }
    assert_eq!(is, listed, "ffi/tests/codes.txt lists the codes: numbers are never reused");

    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("codes.c");
    let mut program = String::from("#include <mtasts.h>\n#include <stdio.h>\nint main(void)\n{\n");
    for (name, _) in &defined {
        program.push_str(&format!(
            "    printf(\"%d %s\\n\", MTASTS_ERR_{name}, mtasts_error_name(MTASTS_ERR_{name}));\n"
        ));
    }
    program.push_str("    return 0;\n}\n");
    fs::write(&source, program).unwrap();
    for compiler in crate::compiler::compilers() {
        let program = compiler.build(&source, &[]);
        let output = crate::compiler::run(&mut crate::compiler::checked(&program));
        let spoken = String::from_utf8(output.stdout).unwrap();
        for (line, (name, number)) in spoken.lines().zip(&defined) {
            let word = line.strip_prefix(&format!("{number} ")).unwrap();
            assert!(is_word_of(name, word), "{name} is called {word}");
        }
        assert_eq!(spoken.lines().count(), defined.len());
    }
}

/// A few names in C are shorter than the word.
fn is_word_of(name: &str, word: &str) -> bool {
    let kebab = name.to_ascii_lowercase().replace('_', "-");
    let shorter = [("null", "null-pointer"), ("buffer", "buffer-too-small")];
    word == kebab || shorter.contains(&(kebab.as_str(), word))
}
