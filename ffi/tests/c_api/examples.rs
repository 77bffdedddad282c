//! The examples in `bindings/c`, run as a reader would run them.

use std::{path::PathBuf, process::Command};

use testkit::answers::{HttpAnswer, HttpFail};

use crate::{
    compiler::{checked, compilers},
    library, network, socketmap,
};

fn example(name: &str) -> PathBuf {
    let source = library::root().join("bindings/c").join(name);
    let lines = std::fs::read_to_string(&source).unwrap().lines().count();
    assert!(lines < 200, "{name} has {lines} lines: it is to be read in a few minutes");
    source
}

/// What a program prints, and its exit code.
fn told(command: &mut Command) -> (String, Option<i32>) {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code())
}

#[test]
fn ask_tells_what_the_daemon_says() {
    let server = socketmap::Server::start();
    for compiler in compilers() {
        let program = compiler.build(&example("ask.c"), &[]);
        let ask = |arguments: &[&str]| told(checked(&program).args(arguments));
        let hosts = ["mx.enforce.example", "other.example"];
        assert_eq!(
            ask(&[&[server.tcp(), "enforce.example"], &hosts[..]].concat()),
            (
                "enforce.example: as the daemon says\n\
                 mx.enforce.example: named by the policy, needs a valid certificate\n\
                 other.example: refused\n"
                    .into(),
                Some(0)
            )
        );
        let (text, code) = ask(&[server.unix(), "temp.example"]);
        assert_eq!(
            (text.as_str(), code),
            ("temp.example: the daemon cannot say at the moment: later\n", Some(75))
        );
        let (text, code) = ask(&[&socketmap::nobody(), "enforce.example"]);
        assert!(text.contains("cannot be reached") && code == Some(75), "{text}");
    }
}

#[test]
fn resolve_finds_a_policy_by_itself() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("SKIPPED: resolve.c fetches policies with curl, which is not there");
        return;
    }
    for compiler in compilers() {
        let network = network::Network::start();
        let program = compiler.build(&example("resolve.c"), &[]);
        let [dns, port, ca, _] = network.arguments();
        let (server, dns_port) = dns.rsplit_once(':').unwrap();
        let connect_to = format!("::127.0.0.1:{port}");
        let resolve = |domain: &str| {
            let curl = ["--connect-to", &connect_to, "--cacert", &ca];
            told(checked(&program).args([server, dns_port, domain]).args(curl))
        };
        let (text, code) = resolve("good.test");
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("mode enforce under id 1, fetched now"), "{text}");
        assert!(text.ends_with("\nOK secure match=mx.good.test servername=hostname\n"), "{text}");

        let (text, code) = resolve("nothing.test");
        assert_eq!(
            (text.as_str(), code),
            ("deliver as without a policy: the domain has no MTA-STS record\nNOTFOUND \n", Some(0))
        );

        network.world().publish("expired.test", "1", &testkit::world::enforce(&["mx.good.test"]));
        let expired = HttpAnswer::fail(HttpFail::TlsExpired);
        network.world().set_https("mta-sts.expired.test", expired);
        let (text, _) = resolve("expired.test");
        assert!(text.contains("TLS: the certificate is unusable (curl ends with 60)"), "{text}");
    }
}
