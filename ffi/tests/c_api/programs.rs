//! The test programs in `ffi/tests/c`.

use std::path::PathBuf;

use testkit::vectors::{Face, Report, run_file};

use crate::{
    compiler::{checked, compilers, run},
    library::{self, Memory},
    network, socketmap,
};

fn source(name: &str) -> PathBuf {
    library::root().join("ffi/tests/c").join(name)
}

/// Runs a program with arguments, once for each compiler.
fn programs(name: &str, libraries: &[&str], arguments: &[String]) {
    for compiler in compilers() {
        let program = compiler.build(&source(name), libraries);
        run(checked(&program).args(arguments));
    }
}

#[test]
fn what_needs_no_engine() {
    programs("pure.c", &[], &[]);
}

#[test]
fn an_engine_on_a_clock_of_its_own() {
    programs("engine.c", &[], &[]);
}

const MISUSE: [&str; 4] =
    ["misuse_arguments.c", "misuse_engine.c", "misuse_values.c", "misuse_blocking.c"];

#[test]
fn misuse_is_answered_with_codes() {
    for program in MISUSE {
        programs(program, &[], &[]);
    }
}

/// No function is forgotten.
#[test]
fn misuse_covers_every_function() {
    let texts = MISUSE.map(|program| std::fs::read_to_string(source(program)).unwrap());
    let text = texts.concat();
    // These take a number and cannot be misused.
    let harmless = [
        "mtasts_version",
        "mtasts_error_name",
        "mtasts_error_message",
        "mtasts_error_is_no_domain",
        "mtasts_diagnostic_name",
        "mtasts_result_name",
    ];
    for function in crate::header::functions() {
        assert!(
            harmless.contains(&function.as_str()) || text.contains(&format!("{function}(")),
            "none of {MISUSE:?} calls {function}"
        );
    }
}

#[test]
fn the_client_against_servers_that_behave_and_do_not() {
    let server = socketmap::Server::start();
    let nobody = socketmap::nobody();
    programs("client.c", &[], &[server.tcp().to_owned(), nobody.clone()]);
    programs("client.c", &[], &[server.unix().to_owned(), nobody]);
}

#[test]
fn the_resolver_in_threads_and_after_forks() {
    for compiler in compilers() {
        let network = network::Network::start();
        let program = compiler.build(&source("resolver.c"), &["-pthread"]);
        run(checked(&program).args(network.arguments()));
    }
}

/// All conformance vectors, through the C ABI: `face.c` answers what the judge of all faces asks.
#[test]
fn every_vector_through_the_abi() {
    // Both compilers make the same calls, and checking the memory of each takes minutes.
    let programs = if Memory::wanted() == Memory::Unchecked { 2 } else { 1 };
    for compiler in compilers().into_iter().take(programs) {
        let driver = checked(&compiler.build(&source("face.c"), &[]));
        let mut face = Face::start(driver).unwrap();
        let files = std::fs::read_dir(library::root().join("vectors")).unwrap();
        let mut total = Report::default();
        for file in files.map(|file| file.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "jsonl") {
                total.add(run_file(&mut face, &file).unwrap());
            }
        }
        assert!(total.failed.is_empty(), "{total}");
        assert!(total.passed > 500, "{total}");
    }
}
