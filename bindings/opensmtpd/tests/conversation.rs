//! The program as smtpd(8) uses it: lines on its standard input and output, a daemon to ask, and a DNS
//! server with MX records.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a failed expectation is a failed test"
)]

use core::sync::atomic::{AtomicUsize, Ordering};
use std::{
    collections::HashMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use mtasts_client::{Decoder, Frame, push_netstring};
use mtasts_core::{
    Applied, Decision, Policy, PolicyDomain, PolicyId, Source, UnixMillis, Unprotected, Why, render,
};
use tempfile::TempDir;
use testkit::world::{DnsServer, RefusingPort};

const PROGRAM: &str = env!("CARGO_BIN_EXE_table-mtasts");

/// What smtpd says first.
const GREETING: &str = "config|smtpd-version|7.6.0-portable\nconfig|protocol|0.1\n\
    config|tablename|sts\nconfig|ready\n";

/// The map `json` of a daemon that has made up its mind.
#[derive(Clone, Debug)]
struct Daemon {
    address: String,
    decisions: Arc<Mutex<HashMap<String, Decision>>>,
    asked: Arc<AtomicUsize>,
}

impl Daemon {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let daemon = Self { address, decisions: Arc::default(), asked: Arc::default() };
        let serving = daemon.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                serving.serve(client.unwrap());
            }
        });
        daemon
    }

    fn serve(&self, mut client: TcpStream) {
        let (mut decoder, mut input) = (Decoder::new(1000), Vec::new());
        let request = loop {
            if let (Some(Frame::Request(request)), _) = decoder.decode(&input).unwrap() {
                break String::from_utf8(request.to_vec()).unwrap();
            }
            let mut buffer = [0; 1000];
            let length = client.read(&mut buffer).unwrap();
            assert_ne!(length, 0, "half a question");
            input.extend_from_slice(&buffer[..length]);
        };
        self.asked.fetch_add(1, Ordering::Relaxed);
        let key = request.strip_prefix("json ").unwrap();
        let reply = match PolicyDomain::from_lookup_key(key) {
            Err(_) => "NOTFOUND ".to_owned(),
            Ok(domain) => {
                let none = Decision::Opportunistic(Unprotected::new(Why::NoRecord));
                let decisions = self.decisions.lock().unwrap();
                let decision = decisions.get(domain.as_str()).unwrap_or(&none);
                format!("OK {}", render::json(decision, &domain, UnixMillis(0)))
            }
        };
        let mut output = Vec::new();
        push_netstring(&mut output, &reply);
        client.write_all(&output).unwrap();
    }

    fn decide(&self, domain: &str, decision: Decision) {
        self.decisions.lock().unwrap().insert(domain.to_owned(), decision);
    }
}

fn enforce(mx: &[&str]) -> Decision {
    let policy = Policy::parse(testkit::world::enforce(mx)).unwrap().policy;
    Decision::Enforce(Applied {
        policy: Arc::new(policy),
        id: PolicyId::parse("1").unwrap(),
        fetched_at: UnixMillis(0),
        source: Source::Cached,
        failure: None,
    })
}

/// The program at work.
struct Table {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    directory: TempDir,
    questions: u32,
}

impl Table {
    fn start(config: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("table.toml");
        fs::write(&file, config).unwrap();
        let mut child = Command::new(PROGRAM)
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let output = BufReader::new(output);
        let mut table = Self { child, input, output, directory, questions: 0 };
        table.say(GREETING);
        let registered = ["register|domain", "register|relayhost", "register|ready"];
        assert_eq!(registered.map(|_| table.hear()), registered);
        table
    }

    fn asking(daemon: &Daemon, dns: &DnsServer) -> Self {
        Self::start(&config(&daemon.address, dns))
    }

    fn say(&mut self, text: impl AsRef<[u8]>) {
        self.input.write_all(text.as_ref()).unwrap();
    }

    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert_eq!(line.pop(), Some('\n'), "{line}");
        line
    }

    /// The result of an operation: what stands after the id.
    fn ask(&mut self, operation: &str, service: &str, key: &str) -> String {
        self.questions += 1;
        let id = format!("{:08x}", self.questions);
        self.say(format!("table|0.1|1795448657.532065|sts|{operation}|{service}|{id}|{key}\n"));
        let reply = self.hear();
        let start = format!("{operation}-result|{id}|");
        reply.strip_prefix(&start).unwrap_or_else(|| panic!("{reply}")).to_owned()
    }

    fn check(&mut self, domain: &str) -> String {
        self.ask("check", "domain", domain)
    }

    fn relayhost(&mut self, domain: &str) -> String {
        self.ask("lookup", "relayhost", domain)
    }

    /// Ends as smtpd does, and returns what was said on standard error.
    fn finish(self) -> String {
        drop(self.input);
        let output = self.child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

fn config(daemon: &str, dns: &DnsServer) -> String {
    format!("daemon = \"{daemon}\"\ndns_servers = [\"{}\"]\n", dns.addr())
}

fn mx(records: &[(u16, &str)]) -> Vec<(u16, String)> {
    records.iter().map(|(preference, host)| (*preference, (*host).to_owned())).collect()
}

#[test]
fn enforced_domains_are_in_the_table_and_others_are_not() {
    let (daemon, dns) = (Daemon::start(), DnsServer::start());
    daemon.decide("good.test", enforce(&["mx.good.test"]));
    daemon.decide("late.test", Decision::TempFail(Unprotected::new(Why::Deadline)));
    dns.set_mx("late.test", mx(&[(10, "mx.late.test")]));
    let mut table = Table::asking(&daemon, &dns);
    assert_eq!(table.check("good.test"), "found");
    assert_eq!(table.ask("lookup", "domain", "good.test"), "found|good.test");
    for other in ["plain.test", "[127.0.0.1]", "", ".test", "a|b", "é|"] {
        assert_eq!(table.check(other), "not-found", "{other}");
    }
    let late = "error|no policy was known before the deadline";
    assert_eq!(table.check("late.test"), late);
    assert_eq!(table.relayhost("late.test"), format!("{late} (of late.test: mx.late.test)"));
}

#[test]
fn mail_goes_to_the_best_host_that_the_policy_names() {
    let (daemon, dns) = (Daemon::start(), DnsServer::start());
    daemon.decide("good.test", enforce(&["*.good.test"]));
    let records = [(30, "b.good.test"), (10, "forged.test"), (20, "A.good.test")];
    dns.set_mx("good.test", mx(&records));
    let mut table = Table::asking(&daemon, &dns);
    for _ in 0..3 {
        assert_eq!(table.check("good.test"), "found");
        assert_eq!(table.relayhost("good.test"), "found|smtp+tls://a.good.test:25");
    }
    assert_eq!(table.ask("check", "relayhost", "good.test"), "found");
}

#[test]
fn without_a_host_that_the_policy_names_mail_waits() {
    let (daemon, dns) = (Daemon::start(), DnsServer::start());
    for domain in ["good.test", "null.test", "nowhere.test", "implicit.test"] {
        daemon.decide(domain, enforce(&["mx.good.test"]));
    }
    dns.set_mx("good.test", mx(&[(10, "forged.test")]));
    dns.set_mx("null.test", mx(&[(0, ".")]));
    dns.set_address("implicit.test", vec![[127, 0, 0, 1].into()]);
    let mut table = Table::asking(&daemon, &dns);
    for (domain, reason) in [
        ("good.test", "the policy names none of the MX hosts (of good.test: forged.test)"),
        (
            "implicit.test",
            "the policy names none of the MX hosts (of implicit.test: implicit.test)",
        ),
        ("null.test", "null.test: the domain takes no mail: its MX record is null (RFC 7505)"),
        ("nowhere.test", "nowhere.test: the domain does not exist"),
        ("[127.0.0.1]", "no MX host: addresses have no policy"),
    ] {
        assert_eq!(table.relayhost(domain), format!("error|{reason}"));
    }
}

#[test]
fn a_daemon_that_is_down_is_an_error_and_asked_again() {
    let (port, dns) = (RefusingPort::reserve(), DnsServer::start());
    let mut table = Table::start(&config(&port.addr().to_string(), &dns));
    for _ in 0..2 {
        let error = table.check("good.test");
        assert!(error.starts_with("error|good.test: the daemon at 127.0.0.1:"), "{error}");
        assert!(error.contains("cannot be reached: Connection refused"), "{error}");
        assert!(table.relayhost("good.test").starts_with("error|"));
    }
    assert_eq!(table.finish(), "", "smtpd logs the answers");
}

#[test]
fn a_daemon_that_does_not_answer_is_not_waited_for() {
    let (listener, dns) = (TcpListener::bind("127.0.0.1:0").unwrap(), DnsServer::start());
    let address = listener.local_addr().unwrap().to_string();
    let config = format!("daemon_timeout = \"100ms\"\n{}", config(&address, &dns));
    let error = Table::start(&config).check("good.test");
    assert!(error.starts_with("error|good.test: the daemon at"), "{error}");
    assert!(error.contains("does not answer"), "{error}");
}

#[test]
fn questions_that_it_has_no_answer_to_are_errors_under_their_own_name() {
    let (daemon, dns) = (Daemon::start(), DnsServer::start());
    let mut table = Table::asking(&daemon, &dns);
    for (line, start) in [
        ("fetch|relayhost|1", "fetch-result|1|error|this table cannot be listed"),
        ("fetch|domain|2", "fetch-result|2|error|this table cannot be listed"),
        ("lookup|alias|3|root", "lookup-result|3|error|this table has no `alias`"),
        ("check|netaddr|4|192.0.2.1", "check-result|4|error|this table has no `netaddr`"),
        ("dump|domain|5|a", "dump-result|5|error|this operation is not known"),
    ] {
        table.say(format!("table|0.1|1.2|sts|{line}\n"));
        let reply = table.hear();
        assert!(reply.starts_with(start), "{reply}");
    }
    assert_eq!(daemon.asked.load(Ordering::Relaxed), 0);
}

#[test]
fn what_cannot_be_understood_is_logged_and_passed_over() {
    let (daemon, dns) = (Daemon::start(), DnsServer::start());
    let mut table = Table::asking(&daemon, &dns);
    table.say("\nnonsense\ntable|0.1|1.2|sts|check\ntable||||||||\n\0\x01\n");
    table.say(b"\xff\xfe\xfd|\xff\n");
    table.say(format!("table|{}\n", "x".repeat(200_000)));
    table.say(b"table|0.1|1.2|sts|check|domain|7|\xff\xfe.test\n");
    assert_eq!(table.hear(), "check-result|7|not-found");
    let long = "a.".repeat(100_000);
    assert_eq!(table.check(&long), "not-found");
    assert_eq!(daemon.asked.load(Ordering::Relaxed), 0, "no domains");
    assert_eq!(table.check("plain.test"), "not-found");
    assert!(table.finish().contains("cannot be understood: \"nonsense\""));
}

#[test]
fn the_configuration_is_read_anew_when_smtpd_says_so() {
    let (port, daemon, dns) = (RefusingPort::reserve(), Daemon::start(), DnsServer::start());
    let mut table = Table::start(&config(&port.addr().to_string(), &dns));
    let update = |table: &mut Table, text: &str| {
        fs::write(table.directory.path().join("table.toml"), text).unwrap();
        table.say("table|0.1|1.2|sts|update|9\n");
        table.hear()
    };
    assert_eq!(update(&mut table, &config(&daemon.address, &dns)), "update-result|9|ok");
    assert_eq!(table.check("plain.test"), "not-found");
    let reply = update(&mut table, "deamon = 1");
    assert!(reply.starts_with("update-result|9|error|"), "{reply}");
    assert!(reply.contains("unknown field `deamon`"), "{reply}");
    assert_eq!(table.check("plain.test"), "not-found", "by the configuration that was good");
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have ended without reading.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// The first message of OpenSMTPD 6.8 to a table: a header of imsg, the version of the protocol, and
/// the table's name in 2048 octets.
#[test]
fn an_older_opensmtpd_is_told_to_be_upgraded() {
    let mut open = Vec::new();
    for number in [2_u32, 2068, 0, 4242, 2] {
        open.extend(number.to_le_bytes());
    }
    open.extend(b"sts");
    open.resize(2068, 0);
    let output = run(&[], &open);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"", "nothing that could be taken for an answer");
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("before OpenSMTPD 7.6"), "{log}");
}

#[test]
fn the_command_line_helps() {
    let help = String::from_utf8(run(&["--help"], b"").stdout).unwrap();
    for words in ["OpenSMTPD 7.6 or later", "relay domain <sts> tls", "daemon_timeout = \"5s\""] {
        assert!(help.contains(words), "{help}");
    }
    let version = String::from_utf8(run(&["--version"], b"").stdout).unwrap();
    assert_eq!(version, concat!("table-mtasts ", env!("CARGO_PKG_VERSION"), "\n"));
    assert_eq!(run(&["--check"], b"").status.code(), Some(0));
    let output = run(&["--check", "/nonexistent.toml"], b"");
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("/nonexistent.toml cannot be read"), "{log}");
}
