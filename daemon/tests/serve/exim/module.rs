//! `libmtasts_exim.so`, called as Exim calls it, with whatever a configuration may pass.

use std::{
    ffi::OsStr,
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::LazyLock,
    thread,
};

use testkit::{
    answers::{DnsAnswer, Rcode},
    world::{World, enforce},
};

use crate::daemon::Daemon;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/exim");

/// Where the module is, built with the libmtasts of the target directory. Beside it is `call`.
pub(super) fn path() -> &'static Path {
    static MODULE: LazyLock<PathBuf> = LazyLock::new(build);
    &MODULE
}

fn build() -> PathBuf {
    let built = Path::new(env!("CARGO_BIN_EXE_mtasts")).parent().unwrap();
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "-p", "mtasts-ffi", "--target-dir"]);
    // As cargo builds these tests: its output is in a directory named after the profile.
    cargo.arg(built.parent().unwrap()).args(built.ends_with("release").then_some("--release"));
    run(cargo.current_dir(SOURCE));
    let directory = built.join("exim");
    fs::create_dir_all(&directory).unwrap();
    let mut make = Command::new("make");
    make.args(["--silent", "-C", SOURCE, "CFLAGS=-O2 -g -Werror"]);
    make.arg(format!("LIBMTASTS={}", built.join("libmtasts.a").display()));
    make.arg("MTASTS_CFLAGS=-I../../include");
    make.arg("MTASTS_LIBS=-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc");
    make.arg(format!("BUILD={}", directory.display()));
    run(&mut make);
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o"]);
    run(compiler.arg(directory.join("call")).arg(format!("{SOURCE}/tests/call.c")).arg("-ldl"));
    directory.join("libmtasts_exim.so")
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {output:?}");
    output
}

/// What a function returns to Exim: a number, and a text.
fn call<S: AsRef<OsStr>>(function: &str, arguments: &[S]) -> String {
    let module = path();
    let mut command = Command::new(module.with_file_name("call"));
    let output = run(command.arg(module).arg(function).args(arguments));
    String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
}

fn policy(arguments: &[&str]) -> String {
    call("mtasts_exim_policy", arguments)
}

fn mx(arguments: &[&str]) -> String {
    call("mtasts_exim_mx", arguments)
}

/// A daemon's address where every request is answered with this, twice, which is how often
/// [`call`] asks.
fn answering(reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for client in listener.incoming().take(2) {
            let mut client = client.unwrap();
            let mut request = [0; 100];
            assert_ne!(client.read(&mut request).unwrap(), 0);
            client.write_all(reply.as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn it_exports_nothing_else() {
    let output = run(Command::new("nm").args(["-D", "--defined-only"]).arg(path()));
    let table = String::from_utf8(output.stdout).unwrap();
    let names: Vec<_> = table.lines().filter_map(|line| line.rsplit(' ').next()).collect();
    assert_eq!(names, ["mtasts_exim_mx", "mtasts_exim_policy"]);
}

#[test]
fn decisions_are_what_a_configuration_can_read() {
    let world = World::start_blocking();
    let good = enforce(&["MX.good.test", "*.good.test"]);
    world.publish("good.test", "1", &good);
    world.publish("testing.test", "1", &good.replace("enforce", "testing"));
    world.publish("none.test", "1", &good.replace("enforce", "none"));
    let failed = DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None };
    world.set_dns("_mta-sts.failing.test", failed);
    let daemon = Daemon::start(&world, "[cache]\non_dns_failure = \"temp-fail\"");
    for (domain, expected) in [
        ("good.test", "0 mode=enforce mx=mx.good.test:*.good.test"),
        ("GOOD.test", "0 mode=enforce mx=mx.good.test:*.good.test"),
        ("testing.test", "0 mode=testing mx=mx.good.test:*.good.test"),
        ("none.test", "0 mode=none"),
        ("absent.test", "0 mode=no-policy"),
        ("[192.0.2.1]", "0 mode=no-policy"),
    ] {
        assert_eq!(policy(&[&daemon.address, domain]), expected, "{domain}");
        assert_eq!(policy(&[&daemon.address, domain, "10"]), expected, "{domain}");
    }
    let failing = policy(&[&daemon.address, "failing.test"]);
    assert!(failing.starts_with("1 MTA-STS: failing.test: "), "{failing}");
    assert!(failing.contains("SERVFAIL"), "{failing}");
}

#[test]
fn a_policy_of_any_length_is_passed_on() {
    let world = World::start_blocking();
    let hosts: Vec<_> = (0..2_000).map(|host| format!("h{host}.long.test")).collect();
    let hosts: Vec<_> = hosts.iter().map(String::as_str).collect();
    world.publish("long.test", "1", &enforce(&hosts));
    let daemon = Daemon::start(&world, "");
    let decision = policy(&[&daemon.address, "long.test"]);
    assert_eq!(decision, format!("0 mode=enforce mx={}", hosts.join(":")));
    let decision = decision.trim_start_matches("0 ");
    assert_eq!(mx(&[decision, "h1999.long.test"]), "0 ");
    assert_ne!(mx(&[decision, "h2000.long.test"]), "0 ");
}

/// What a policy says is no text that Exim would expand.
#[test]
fn patterns_that_would_mean_something_to_exim_are_left_out() {
    let world = World::start_blocking();
    let patterns =
        ["${run{/bin/id}}", "a:b", "a mode=none", "$h_to:", "\\N^.*$\\N", "*", "mx.good.test"];
    world.publish("odd.test", "1", &enforce(&patterns));
    let daemon = Daemon::start(&world, "");
    assert_eq!(policy(&[&daemon.address, "odd.test"]), "0 mode=enforce mx=mx.good.test");
}

#[test]
fn without_a_daemon_everything_is_deferred() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for address in [&*free, "/nonexistent/mtasts.sock", "/dev/null"] {
        let said = policy(&[address, "good.test"]);
        let expected = format!("1 MTA-STS: no decision for good.test: the daemon at {address}");
        assert!(said.starts_with(&expected), "{said}");
    }
    let said = policy(&["mtasts.sock", "good.test"]);
    assert!(said.starts_with("1 MTA-STS: no decision for good.test: "), "{said}");
}

#[test]
fn a_daemon_that_does_not_answer_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let said = policy(&[&address, "good.test", "1"]);
    assert!(said.starts_with("1 MTA-STS: no decision for good.test: "), "{said}");
}

#[test]
fn replies_that_make_no_sense_are_deferred() {
    for reply in [
        "",
        "9:NOTFOUND ",
        "12:OK mode=none,",
        "5:OK {},",
        "11:OK {\"a\": 1},",
        "10:TEMP later,",
        "8:PERM no,",
        "99999999:OK ",
        "HTTP/1.1 200 OK\r\n\r\n",
        "6:\u{7f}\u{1b}[2J,",
    ] {
        let said = policy(&[&answering(reply), "good.test"]);
        assert!(said.starts_with("1 MTA-STS: "), "{reply}: {said}");
    }
}

#[test]
fn other_arguments_than_it_takes_are_deferred() {
    let wants = "1 MTA-STS: mtasts_exim_policy wants the daemon's address, a domain and, if wanted, \
        a time limit in seconds";
    for arguments in [
        &[][..],
        &["127.0.0.1:8461"],
        &["", "good.test"],
        &["127.0.0.1:8461", ""],
        &["a", "b", "1", "d"],
    ] {
        assert_eq!(policy(arguments), wants, "{arguments:?}");
    }
    for limit in ["", "0", "-1", "1.5", "1s", "3601", "99999999999999999999"] {
        let said = policy(&["127.0.0.1:8461", "good.test", limit]);
        assert_eq!(said, "1 MTA-STS: the time limit is not a number of seconds from 1 to 3600");
    }
    let invalid = [OsStr::new("127.0.0.1:8461"), OsStr::from_bytes(b"\xff\xfe.test")];
    let said = call("mtasts_exim_policy", &invalid);
    assert!(said.starts_with("1 MTA-STS: no decision for "), "{said}");
    let long = format!("{}.test", "a".repeat(100_000));
    assert!(policy(&["/nonexistent/mtasts.sock", &long]).starts_with("1 MTA-STS: "));
    assert!(policy(&[&long, "good.test"]).starts_with("1 MTA-STS: "));
}

#[test]
fn hosts_are_let_through_only_by_a_decision() {
    let policy = "mode=enforce mx=mx.good.test:*.hosts.test";
    for (decision, host) in [
        (policy, "mx.good.test"),
        (policy, "MX.GOOD.TEST"),
        (policy, "a.hosts.test"),
        ("mode=testing mx=mx.good.test", "mx.other.test"),
        ("mode=none", "mx.other.test"),
        ("mode=no-policy", "mx.other.test"),
        ("mode=no-policy", "192.0.2.1"),
    ] {
        assert_eq!(mx(&[decision, host]), "0 ", "{decision} {host}");
    }
    for (decision, host) in [
        (policy, "mx.other.test"),
        (policy, "hosts.test"),
        (policy, "a.b.hosts.test"),
        (policy, ".hosts.test"),
        (policy, "*.hosts.test"),
        (policy, "192.0.2.1"),
        (policy, "mx.good.test:*.hosts.test"),
        ("mode=enforce mx=", "mx.good.test"),
        ("mode=enforce mx=:", "mx.good.test"),
        ("mode=enforce mx=*", "mx.good.test"),
    ] {
        let expected = format!("0 MTA-STS: the policy does not name the MX host {host}");
        assert_eq!(mx(&[decision, host]), expected, "{decision} {host}");
    }
    for decision in [
        "",
        " ",
        "mode",
        "mode=",
        "mode=Testing",
        "mode=nonesuch",
        "mode=temp-fail",
        "mode=enforce",
        "mode=enforcemx=mx.good.test",
        "xmode=none",
        "mode=\nnone",
        "mx=mode=none",
    ] {
        let said = mx(&[decision, "mx.good.test"]);
        assert!(said.starts_with("0 MTA-STS: "), "{decision}: {said}");
    }
    let wants = "0 MTA-STS: mtasts_exim_mx wants a decision and an MX host";
    for arguments in
        [&[][..], &["mode=none"], &["mode=none", ""], &["mode=none", "mx.good.test", "x"]]
    {
        assert_eq!(mx(arguments), wants, "{arguments:?}");
    }
}

/// Memory, where Valgrind is there to look at it.
#[test]
fn it_keeps_no_memory_and_uses_none_that_is_not_its_own() {
    let world = World::start_blocking();
    world.publish("good.test", "1", &enforce(&["mx.good.test"]));
    let daemon = Daemon::start(&world, "");
    let module = path();
    for (function, arguments) in [
        ("mtasts_exim_policy", [&*daemon.address, "good.test"]),
        ("mtasts_exim_policy", ["/nonexistent/mtasts.sock", "good.test"]),
        ("mtasts_exim_mx", ["mode=enforce mx=mx.good.test:*.hosts.test", "a.hosts.test"]),
    ] {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full"]);
        valgrind.args(["--errors-for-leak-kinds=definite", "--keep-debuginfo=yes"]);
        valgrind.arg(module.with_file_name("call")).arg(module).arg(function).args(arguments);
        if Command::new("valgrind").arg("--version").output().is_err() {
            return testkit::mta::skip("valgrind is not installed");
        }
        run(&mut valgrind);
    }
}
