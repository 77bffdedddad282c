//! C compilers, and the programs that they make.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::library::{self, Memory};

/// A compiler and the language it is to take the program for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compiler {
    program: &'static str,
    standard: &'static str,
}

const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// One of each family that is there. Without any the test fails: a C library without a C compiler is
/// not tested.
pub(crate) fn compilers() -> Vec<Compiler> {
    // Debian's clang comes without the sanitizer's runtime.
    let programs: &[&str] = match Memory::wanted() {
        Memory::Address => &["gcc"],
        Memory::Unchecked | Memory::Valgrind => &["gcc", "clang"],
    };
    available(programs, "gnu11")
}

/// These compilers, as far as they are there, for a language.
pub(crate) fn available(programs: &[&'static str], standard: &'static str) -> Vec<Compiler> {
    let mut found = Vec::new();
    for &program in programs {
        if Command::new(program).arg("--version").output().is_ok() {
            found.push(Compiler { program, standard });
        } else {
            eprintln!("SKIPPED: {program} is not there");
        }
    }
    assert!(!found.is_empty(), "there is none of {programs:?}");
    found
}

impl Compiler {
    /// Compiles a program without linking it.
    pub(crate) fn check(self, source: &Path) {
        let mut command = self.command(source);
        command.args(["-fsyntax-only"]);
        run(&mut command);
    }

    /// Compiles a program of this directory and links it with the library.
    pub(crate) fn build(self, source: &Path, libraries: &[&str]) -> PathBuf {
        let directory = library::directory();
        let name = source.file_stem().unwrap().to_str().unwrap();
        let program = directory.join(format!("{name}-{}", self.program));
        let mut command = self.command(source);
        // Valgrind reads no later version.
        command
            .args(["-g", "-gdwarf-4", "-o"])
            .arg(&program)
            .arg("-L")
            .arg(directory)
            .arg("-lmtasts");
        // Cargo names other directories in LD_LIBRARY_PATH, in which there may be another build: with
        // the old tag, the program's own comes first.
        command.arg(format!("-Wl,--disable-new-dtags,-rpath,{}", directory.display()));
        command.args(libraries);
        if Memory::wanted() == Memory::Address {
            command.arg("-fsanitize=address");
        }
        run(&mut command);
        program
    }

    fn command(self, source: &Path) -> Command {
        let mut command = Command::new(self.program);
        command.arg(format!("-std={}", self.standard)).args(WARNINGS);
        command.arg("-I").arg(library::root().join("include")).arg(source);
        command
    }
}

/// A program to be run, its memory checked if that is wanted.
pub(crate) fn checked(program: &Path) -> Command {
    match Memory::wanted() {
        Memory::Unchecked => Command::new(program),
        Memory::Valgrind => {
            let mut command = Command::new("valgrind");
            command.args(["--quiet", "--error-exitcode=99", "--leak-check=full"]);
            command.args(["--errors-for-leak-kinds=definite,indirect,possible"]);
            // A child that is killed reports what the threads had that it does not have.
            command.args(["--child-silent-after-fork=yes"]);
            command.arg(format!(
                "--suppressions={}",
                library::root().join("ffi/tests/valgrind.supp").display()
            ));
            command.arg(program);
            command
        }
        Memory::Address => {
            let mut command = Command::new(program);
            command.env("ASAN_OPTIONS", "detect_leaks=1");
            command
        }
    }
}

/// Runs a command that has to succeed.
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}
