//! A domain that has everything right, and the command that looks at it.

use core::net::{Ipv4Addr, SocketAddr};
use std::{
    fs,
    process::{Command, Output},
};

use serde_json::Value;
use testkit::{
    answers::DnsAnswer,
    world::{Certificate, DnsServer, Reply, SmtpSink, StartTls, World},
};

/// The domain.
pub(crate) const DOMAIN: &str = "good.test";
/// Its policy host.
pub(crate) const HOST: &str = "mta-sts.good.test";
/// Where its record is.
pub(crate) const TXT: &str = "_mta-sts.good.test";
/// Its policy.
pub(crate) const POLICY: &str =
    "version: STSv1\nmode: enforce\nmx: mx1.good.test\nmx: mx2.good.test\nmax_age: 1209600\n";

/// A World with the domain in it.
pub(crate) struct Domain {
    pub(crate) world: World,
    /// The MX hosts, on one port of two addresses.
    pub(crate) mx: [SmtpSink; 2],
}

impl Domain {
    pub(crate) fn new() -> Self {
        let world = World::start_blocking();
        world.publish(DOMAIN, "20260101", POLICY);
        world.set_dns("_smtp._tls.good.test", DnsAnswer::txt("v=TLSRPTv1; rua=mailto:t@good.test"));
        let hosts = [(10, "mx1.good.test".to_owned()), (20, "mx2.good.test".to_owned())];
        world.set_mx(DOMAIN, hosts.to_vec());
        let mx = mail_servers(&world);
        Self { world, mx }
    }

    /// Makes one change, which is the fault.
    pub(crate) fn with(fault: impl FnOnce(&Self)) -> Self {
        let domain = Self::new();
        fault(&domain);
        domain
    }

    /// Publishes another policy.
    pub(crate) fn set_policy(&self, policy: &str) {
        self.world.set_https(HOST, Reply::ok(policy));
    }

    /// `mtasts check ARGUMENTS`, with SMTP.
    pub(crate) fn check(&self, arguments: &[&str]) -> Output {
        self.check_through(&self.world.dns_addr().to_string(), arguments)
    }

    /// As [`check`](Self::check), with another resolver in the configuration.
    pub(crate) fn check_through(&self, resolver: &str, arguments: &[&str]) -> Output {
        let directory = tempfile::tempdir().unwrap();
        let ca = self.world.write_ca(directory.path()).unwrap();
        let config = format!(
            "[dns]\nservers = [\"{resolver}\"]\n\
             [https]\nport = {}\nca_file = \"{}\"\nallow_networks = [\"127.0.0.0/8\", \"::1/128\"]\n",
            self.world.https_port(),
            ca.display(),
        );
        let file = directory.path().join("mtasts.toml");
        fs::write(&file, config).unwrap();
        Command::new(env!("CARGO_BIN_EXE_mtasts"))
            .env_clear()
            .args(["check", "--smtp", "--smtp-port", &self.mx[0].addr().port().to_string()])
            .arg("--config")
            .arg(file)
            .args(arguments)
            .output()
            .unwrap()
    }

    /// The codes of all findings about the domain, in order and without repetitions.
    pub(crate) fn codes(&self) -> Vec<String> {
        codes(&report(&self.check(&["--json", DOMAIN])))
    }
}

/// The report on the only domain.
pub(crate) fn report(output: &Output) -> Value {
    let parsed: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!(parsed["schema_version"], 1);
    parsed["domains"][0].clone()
}

pub(crate) fn codes(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let mut codes: Vec<String> =
        findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A DNS server beside the World's, which knows another record.
pub(crate) fn another_resolver(record: &str) -> DnsServer {
    let server = DnsServer::start();
    server.set(TXT, DnsAnswer::txt(record));
    server
}

fn mail_servers(world: &World) -> [SmtpSink; 2] {
    let starttls = StartTls::Offered(Certificate::Valid);
    // The port that the first one is given may be in use where the second one is to listen.
    loop {
        let at = |address: Ipv4Addr, port| SocketAddr::new(address.into(), port);
        let first = at(Ipv4Addr::new(127, 0, 0, 1), 0);
        let first = world.smtp_sink(first, "mx1.good.test", &starttls).unwrap();
        let second = at(Ipv4Addr::new(127, 0, 0, 2), first.addr().port());
        let Ok(second) = world.smtp_sink(second, "mx2.good.test", &starttls) else { continue };
        world.set_address("mx1.good.test", vec![first.addr().ip()]);
        world.set_address("mx2.good.test", vec![second.addr().ip()]);
        return [first, second];
    }
}
