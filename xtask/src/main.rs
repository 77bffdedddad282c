//! `cargo xtask TASK`: what is done with this repository, one file per task.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "tasks talk to whoever runs them")]

use clap::{Parser, Subcommand};
use xshell::Shell;

mod tasks {
    pub(crate) mod bare;
    pub(crate) mod demo;
    pub(crate) mod dependencies;
    pub(crate) mod exim;
    pub(crate) mod header;
    pub(crate) mod install;
    pub(crate) mod js;
    pub(crate) mod library;
    pub(crate) mod lint;
    pub(crate) mod lints;
    pub(crate) mod python;
    pub(crate) mod rfc;
    pub(crate) mod test;
    pub(crate) mod validator;
    pub(crate) mod vectors;
    pub(crate) mod wasm;
}
mod debian;
mod tools;

use tasks::{
    bare, demo, dependencies, header, install, js, library, lint, lints, python, rfc, test,
    validator, vectors, wasm,
};

/// Tasks of this repository
///
/// Environment: with CI=true nothing is skipped; what a task needs and cannot
/// install is an error then.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", verbatim_doc_comment)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Everything that CI checks: `lint`, then `test`
    Ci,
    /// All tests, after installing what they need where that is possible (Debian, as root)
    Test,
    /// Formatting, clippy, documentation, dependencies, licences, core without std, RFC coverage
    Lint,
    /// Run conformance vectors; the start of a file's name tells its kind
    Vectors(vectors::Arguments),
    /// Show the daemon at work on a loopback network
    Demo(demo::Arguments),
    /// Build the npm package in bindings/js, and say how large its WebAssembly module is
    Wasm(wasm::Arguments),
    /// Build the validator's web page in bindings/validator/dist, and say how large it is
    Validator(validator::Arguments),
    /// Compile core for a target that has no operating system
    Bare,
    /// Compare core's dependencies with the list in core/dependencies.txt
    Dependencies(dependencies::Arguments),
    /// Build libmtasts and install it for C programs
    Install(install::Arguments),
    /// Check libmtasts: memory in its tests, and what is installed
    Library,
    /// Build and test the npm package, in Node and in Chromium
    Js,
    /// Build, check and test the Python package
    Python,
    /// Compare include/mtasts.h with what ffi/ exports
    Header(header::Arguments),
    /// Write docs/lints.md from the table of lints
    Lints(lints::Arguments),
    /// Write docs/rfc8461.md from the quotations in code and tests
    Rfc(rfc::Arguments),
}

fn main() -> anyhow::Result<()> {
    let Arguments { task } = Arguments::parse();
    let shell = Shell::new()?;
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    shell.change_dir(root);
    match task {
        Task::Ci => {
            lint::run(&shell)?;
            test::run(&shell)
        }
        Task::Test => test::run(&shell),
        Task::Lint => lint::run(&shell),
        Task::Vectors(arguments) => vectors::run(&shell, &arguments),
        Task::Demo(arguments) => demo::run(&shell, &arguments),
        Task::Wasm(arguments) => wasm::run(&shell, &arguments),
        Task::Validator(arguments) => validator::run(&shell, &arguments),
        Task::Bare => bare::run(&shell),
        Task::Dependencies(arguments) => dependencies::run(&shell, &arguments),
        Task::Install(arguments) => install::run(&shell, &arguments),
        Task::Library => library::run(&shell),
        Task::Js => js::test(&shell),
        Task::Python => python::run(&shell),
        Task::Header(arguments) => header::run(&shell, &arguments),
        Task::Lints(arguments) => lints::run(&shell, &arguments),
        Task::Rfc(arguments) => rfc::run(&shell, &arguments),
    }
}
