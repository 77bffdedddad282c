//! `mtasts query`, on a loopback network.

use std::process::{Command, Output};

use serde_json::Value;
use testkit::{
    answers::{DnsAnswer, HttpAnswer, HttpFail, Rcode},
    world::{Reply, World, enforce},
};

use crate::daemon::{Daemon, write_config};

fn query(world: &World, arguments: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    write_config(directory.path(), world, "");
    Command::new(env!("CARGO_BIN_EXE_mtasts"))
        .args(["query", "--config"])
        .arg(directory.path().join("mtasts.toml"))
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn world() -> World {
    let world = World::start_blocking();
    let policy = enforce(&["mx.good.test", "*.good.test"]) + "\nnote: hello\n";
    world.publish("good.test", "20260101", &policy);
    world
}

#[test]
fn every_step_is_shown() {
    let world = world();
    let output = query(&world, &["good.test"]);
    let text = stdout(&output);
    for line in [
        "good.test",
        "  TXT _mta-sts.good.test (",
        r#"      "v=STSv1; id=20260101;" (TTL 60 s)"#,
        "      policy id 20260101",
        "  GET https://mta-sts.good.test/.well-known/mta-sts.txt (",
        "      addresses: 127.0.0.1",
        "      connected to 127.0.0.1:",
        "      TLSv1.3 TLS13_AES_",
        "      HTTP status 200, text/plain, ",
        "        | mode: enforce",
        "accepted although malformed: line ",
        "  enforce: verified TLS to the policy's MX hosts or nothing: mode enforce under id 20260101",
        "  reply (postfix): OK secure match=mx.good.test:.good.test servername=hostname",
    ] {
        assert!(text.contains(line), "`{line}` is not in\n{text}");
    }
    assert!(!text.contains('\x1b'), "styles without a terminal");
    assert_eq!(output.status.code(), Some(0));
    assert!(!world.requests("mta-sts.good.test").is_empty());
}

#[test]
fn the_reply_is_that_of_the_profile() {
    let world = world();
    let text = stdout(&query(&world, &["--profile", "postfix-tlsrpt", "good.test"]));
    assert!(text.contains("reply (postfix-tlsrpt): OK secure match="), "{text}");
    assert!(text.contains(" policy_type=sts policy_domain=good.test "), "{text}");
}

#[test]
fn mx_hosts_are_judged() {
    let world = world();
    let good = query(&world, &["good.test", "--mx", "a.good.test", "--mx", "MX.good.test."]);
    assert!(stdout(&good).contains("MX a.good.test: in the policy"));
    assert_eq!(good.status.code(), Some(0));
    let bad = query(&world, &["good.test", "--mx", "mx.evil.test"]);
    assert!(stdout(&bad).contains("MX mx.evil.test: not in the policy: mail must not be sent"));
    assert_eq!(bad.status.code(), Some(1));
}

#[test]
fn exit_codes_tell_whose_fault_it_is() {
    let world = world();
    world.publish("none.test", "1", "version: STSv1\nmode: none\nmax_age: 60\n");
    world.publish("broken.test", "1", "version: STSv1\n");
    world.publish("expired.test", "1", "");
    world.set_https("mta-sts.expired.test", HttpAnswer::fail(HttpFail::TlsExpired));
    world.publish("moved.test", "1", "");
    world.set_https("mta-sts.moved.test", Reply::redirect("https://elsewhere.test/"));
    world.set_dns(
        "_mta-sts.two.test",
        DnsAnswer::Txt {
            records: vec![vec!["v=STSv1; id=1".into()], vec!["v=STSv1; id=2".into()]],
            ttl: 60,
        },
    );
    world.set_dns("_mta-sts.fails.test", DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None });
    for (domain, code, words) in [
        ("none.test", 0, "none: deliver as without a policy"),
        ("absent.test", 0, "no-policy: deliver as without a policy: the domain has no MTA-STS"),
        ("broken.test", 1, "no policy: there is no `mode` field"),
        ("expired.test", 1, "failed: TLS: the certificate has expired"),
        ("moved.test", 1, "redirects are not followed"),
        ("two.test", 1, "more than one TXT record begins with `v=STSv1;`"),
        ("fails.test", 3, "failed: the resolver answered SERVFAIL"),
    ] {
        let output = query(&world, &[domain]);
        let text = stdout(&output);
        assert!(text.contains(words), "`{words}` is not in\n{text}");
        assert_eq!(output.status.code(), Some(code), "{text}");
    }
    assert_eq!(query(&world, &["[192.0.2.1]"]).status.code(), Some(1));
    assert_eq!(query(&world, &[]).status.code(), Some(2));
}

#[test]
fn json_has_all_of_it() {
    let world = world();
    let output = query(&world, &["--json", "--mx", "mx.evil.test", "good.test"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["domain"], "good.test");
    assert_eq!(report["txt"]["records"][0], "v=STSv1; id=20260101;");
    assert_eq!(report["fetch"]["response"]["status"], 200);
    assert_eq!(report["fetch"]["trace"]["tls"]["names"][0], "mta-sts.good.test");
    assert_eq!(report["fetch"]["deviations"][0]["message"], "blank line");
    assert_eq!(report["decision"]["decision"], "enforce");
    assert_eq!(report["decision"]["policy"]["mx"][1], "*.good.test");
    assert_eq!(report["mx"][0]["matches"], false);
    assert_eq!(report["reply"], "OK secure match=mx.good.test:.good.test servername=hostname");
}

#[test]
fn what_a_policy_says_does_not_reach_the_terminal_raw() {
    let world = World::start_blocking();
    world.publish("evil.test", "1", "version: STSv1\nx: \x1b[2J\x07\nmode: none\nmax_age: 1\n");
    let text = stdout(&query(&world, &["--color", "never", "evil.test"]));
    assert!(text.contains("| x: .[2J."), "{text}");
}

#[test]
fn a_running_daemon_can_be_asked() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    let server = ["--server", &daemon.address];
    let output = query(&world, &[&server[..], &["good.test"]].concat());
    assert_eq!(stdout(&output), "OK secure match=mx.good.test:.good.test servername=hostname\n");
    assert_eq!(output.status.code(), Some(0));
    let address = daemon.address.clone();
    drop(daemon.stop());
    let output = query(&world, &["--server", &address, "good.test"]);
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains(&format!("the daemon at {address} cannot be reached")), "{told}");
}
