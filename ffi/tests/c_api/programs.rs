//! The test programs in `ffi/tests/c`.

use std::path::PathBuf;

use crate::{
    compiler::{checked, compilers, run},
    library, network, socketmap,
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

#[test]
fn misuse_is_answered_with_codes() {
    programs("misuse.c", &[], &[]);
}

/// No function is forgotten.
#[test]
fn misuse_covers_every_function() {
    let text = std::fs::read_to_string(source("misuse.c")).unwrap();
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
            "misuse.c does not call {function}"
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

/// The faces of the engine are held to the same vectors: this one answers through the C ABI.
#[test]
fn the_driver_of_conformance_vectors_answers_line_by_line() {
    use std::{io::Write as _, process::Stdio};
    for compiler in compilers() {
        let program = compiler.build(&source("face.c"), &[]);
        let mut command = checked(&program);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // `v=STSv1; id=1`, a pattern and a host, and a lookup of an engine that knows nothing.
        input
            .write_all(b"face\ntxt x763d53545376313b2069643d31\ntxt\nmxmatch x2a2e61 x622e61\nengine store=0\nlookup x612e62 5\nquit\n")
            .unwrap();
        drop(input);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            format!(
                "ok name=c version={version}\nok id=x31\nnone record-missing\nok match=1\nok\nnone\n"
            )
        );
    }
}
