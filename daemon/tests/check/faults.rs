//! Each fault is found, and no other.

use core::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use testkit::{
    answers::{CertSpec, DnsAnswer, HttpFail, Rcode},
    world::{
        Certificate, DnsFault, HandshakeFault, RecordType, Reply, ResponseCode, Script, Site,
        StartTls,
    },
};

use crate::domain::{DOMAIN, Domain, HOST, POLICY, TXT, codes, report};

type Fault = (&'static str, fn(&Domain), &'static [&'static str]);

/// Makes each change to a domain that is all right, and asserts what is found then.
fn assert_found(faults: &[Fault]) {
    let mut wrong = Vec::new();
    for (name, fault, expected) in faults {
        let domain = Domain::with(fault);
        let found = domain.codes();
        if found != *expected {
            wrong.push(format!("{name}: found {found:?} instead of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn set_txt(domain: &Domain, records: &[&[&str]]) {
    let record = |record: &&[&str]| record.iter().map(|string| (*string).into()).collect();
    let records = records.iter().map(record).collect();
    domain.world.set_dns(TXT, DnsAnswer::Txt { records, ttl: 60 });
}

fn site() -> Site {
    Reply::ok(POLICY).into()
}

fn set_site(domain: &Domain, site: impl Into<Site>) {
    domain.world.set_https(HOST, site);
}

#[test]
fn of_the_record() {
    assert_found(&[
        ("missing", |d| set_txt(d, &[]), &["txt-missing"]),
        ("of two", |d| set_txt(d, &[&["v=STSv1; id=1;"], &["v=STSv1; id=2;"]]), &["txt-several"]),
        ("quoted", |d| set_txt(d, &[&["\"v=STSv1; id=1;\""]]), &["txt-escaped-quotes"]),
        ("dashes", |d| set_txt(d, &[&["v=STSv1; id=2026-01-01;"]]), &["txt-id-character"]),
        ("no id", |d| set_txt(d, &[&["v=STSv1;"]]), &["txt-no-field"]),
        ("split", |d| set_txt(d, &[&["v=STSv1; ", "id=1;"]]), &["txt-split-strings"]),
        (
            "with another",
            |d| set_txt(d, &[&["v=STSv1; id=1;"], &["v=spf1 -all"]]),
            &["txt-unrelated"],
        ),
        (
            "fails",
            |d| d.world.set_dns(TXT, DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None }),
            &["txt-dns-failure"],
        ),
        (
            "delegated",
            |d| {
                d.world.set_dns("sts.provider.test", DnsAnswer::txt("v=STSv1; id=1;"));
                d.world.set_cname(TXT, "sts.provider.test");
            },
            &["txt-cname"],
        ),
        ("dangling", |d| d.world.set_cname(TXT, "nowhere.test"), &["txt-cname-dangling"]),
        (
            "kept for long",
            |d| {
                let records = vec![vec!["v=STSv1; id=1;".into()]];
                d.world.set_dns(TXT, DnsAnswer::Txt { records, ttl: 172_800 });
            },
            &["txt-ttl-long"],
        ),
    ]);
}

#[test]
fn of_the_policy_host() {
    assert_found(&[
        ("absent", |d| set_site(d, HttpFail::DnsNxdomain), &["http-no-address"]),
        ("lookup fails", |d| set_site(d, HttpFail::DnsServfail), &["http-dns"]),
        ("refuses", |d| set_site(d, HttpFail::Connect), &["http-connect"]),
        (
            "in another network",
            |d| d.world.set_address(HOST, vec![IpAddr::from([10, 0, 0, 1])]),
            &["http-private-address"],
        ),
        ("not found", |d| set_site(d, Reply::new(404)), &["http-status"]),
        ("moved", |d| set_site(d, Reply::redirect("https://www.good.test/")), &["http-redirect"]),
        (
            "a web page",
            |d| set_site(d, Reply::ok(POLICY).content_type(Some("text/html"))),
            &["http-media-type"],
        ),
        (
            "untyped",
            |d| set_site(d, Reply::ok(POLICY).content_type(None)),
            &["http-media-type-missing"],
        ),
        (
            "latin",
            |d| set_site(d, Reply::ok(POLICY).content_type(Some("text/plain; charset=latin1"))),
            &["http-charset"],
        ),
        ("too large", |d| set_site(d, Reply::of_length(70_000)), &["http-too-large"]),
        ("cut short", |d| set_site(d, Reply::ok(POLICY).incomplete()), &["http-truncated"]),
        ("no HTTP", |d| set_site(d, Script::garbage()), &["http-malformed"]),
        (
            "compressed",
            |d| set_site(d, Reply::ok(POLICY).encoded("gzip")),
            &["http-unasked-coding"],
        ),
        (
            "compressed in vain",
            |d| set_site(d, Reply::ok(POLICY).encoded("br")),
            &["http-content-coding"],
        ),
        (
            "cached",
            |d| set_site(d, Reply::ok(POLICY).field("Cache-Control", "max-age=86400")),
            &["http-cache-control"],
        ),
        (
            "a challenge",
            |d| set_site(d, Reply::new(403).content_type(Some("text/html")).body("<html>")),
            &["http-challenge", "http-status"],
        ),
        (
            "an alias",
            |d| {
                d.world.set_address("sts.provider.test", vec![IpAddr::from([127, 0, 0, 1])]);
                d.world.set_cname(HOST, "sts.provider.test");
            },
            &["http-cname"],
        ),
        (
            "one dead address",
            |d| {
                let addresses = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 250])];
                d.world.set_address(HOST, addresses.to_vec());
            },
            &["http-address-family"],
        ),
    ]);
}

#[test]
fn of_its_certificate() {
    fn set(domain: &Domain, certificate: Certificate) {
        set_site(domain, site().certificate(certificate));
    }
    assert_found(&[
        ("another name", |d| set(d, Certificate::NameMismatch), &["tls-name"]),
        ("expired", |d| set(d, Certificate::Expired), &["tls-expired"]),
        ("to come", |d| set(d, Certificate::NotYetValid), &["tls-not-yet-valid"]),
        ("of a stranger", |d| set(d, Certificate::Untrusted), &["tls-untrusted"]),
        ("of its own", |d| set(d, Certificate::SelfSigned), &["tls-untrusted"]),
        ("no names", |d| set(d, Certificate::CnOnly), &["tls-no-san"]),
        (
            "no session",
            |d| set_site(d, site().handshake_fault(HandshakeFault::Refused)),
            &["tls-handshake"],
        ),
        ("wildcard", |d| set(d, Certificate::Wildcard), &[]),
        (
            "another name beside",
            |d| {
                let spec = CertSpec { cn: Some("x".into()), ..CertSpec::dns(HOST) };
                set(d, Certificate::Custom(spec));
            },
            &[],
        ),
        ("tls 1.2", |d| set_site(d, site().tls12()), &[]),
    ]);
}

#[test]
fn of_the_policy() {
    assert_found(&[
        ("empty", |d| d.set_policy(""), &["policy-empty"]),
        ("html", |d| d.set_policy("<!DOCTYPE html><p>Hello"), &["policy-html"]),
        (
            "no version",
            |d| d.set_policy(&POLICY.replace("version: STSv1\n", "")),
            &["policy-version-missing"],
        ),
        ("mode", |d| d.set_policy(&POLICY.replace("enforce", "Enforce")), &["policy-mode-invalid"]),
        ("age", |d| d.set_policy(&POLICY.replace("1209600", "14d")), &["policy-max-age-invalid"]),
        ("short", |d| d.set_policy(&POLICY.replace("1209600", "3600")), &["policy-max-age-short"]),
        ("testing", |d| d.set_policy(&POLICY.replace("enforce", "testing")), &["policy-testing"]),
        ("mark", |d| d.set_policy(&format!("\u{feff}{POLICY}")), &["policy-byte-order-mark"]),
        ("blank", |d| d.set_policy(&format!("{POLICY}\n")), &["policy-blank-line"]),
        ("comment", |d| d.set_policy(&format!("{POLICY}# hello\n")), &["policy-comment"]),
        ("typo", |d| d.set_policy(&format!("{POLICY}max-age: 1\n")), &["policy-key-typo"]),
        (
            "primary not named",
            |d| d.set_policy(&POLICY.replace("mx: mx1.good.test\n", "")),
            &["policy-mx-not-covered"],
        ),
        (
            "backup not named",
            |d| d.set_policy(&POLICY.replace("mx: mx2.good.test\n", "")),
            &["policy-mx-backup-not-covered"],
        ),
        (
            "unused",
            |d| d.set_policy(&POLICY.replace("max_age", "mx: old.good.test\nmax_age")),
            &["policy-mx-unused"],
        ),
    ]);
}

#[test]
fn of_the_mx_records() {
    assert_found(&[
        (
            "alias",
            |d| {
                d.world.set_address("host.good.test", vec![IpAddr::from([127, 0, 0, 1])]);
                d.world.set_cname("mx1.good.test", "host.good.test");
            },
            &["mx-cname"],
        ),
        ("no address", |d| d.world.set_address("mx2.good.test", vec![]), &["mx-no-address"]),
        ("null", |d| d.world.set_mx(DOMAIN, vec![(0, ".".into())]), &["mx-null"]),
        (
            "fails",
            |d| {
                let fault = Some(DnsFault::Rcode(ResponseCode::ServFail));
                d.world.dns().set_type_fault(DOMAIN, RecordType::MX, fault);
            },
            &["mx-dns-failure"],
        ),
    ]);
}

#[test]
fn of_starttls() {
    fn set(domain: &Domain, certificate: Certificate) {
        domain.mx[0].set_starttls(&StartTls::Offered(certificate));
    }
    assert_found(&[
        ("absent", |d| d.mx[0].set_starttls(&StartTls::Absent), &["smtp-no-starttls"]),
        ("another name", |d| set(d, Certificate::NameMismatch), &["smtp-certificate-name"]),
        ("expired", |d| set(d, Certificate::Expired), &["smtp-certificate-expired"]),
        ("of a stranger", |d| set(d, Certificate::Untrusted), &["smtp-certificate-untrusted"]),
        ("to come", |d| set(d, Certificate::NotYetValid), &["smtp-certificate-invalid"]),
        (
            "nobody listens",
            |d| d.world.set_address("mx2.good.test", vec![IpAddr::from([127, 0, 0, 250])]),
            &["smtp-unreachable"],
        ),
        (
            "testing",
            |d| {
                d.set_policy(&POLICY.replace("enforce", "testing"));
                set(d, Certificate::Expired);
            },
            &["policy-testing", "smtp-would-fail"],
        ),
    ]);
}

#[test]
fn of_the_tlsrpt_record() {
    fn set(domain: &Domain, answer: DnsAnswer) {
        domain.world.set_dns("_smtp._tls.good.test", answer);
    }
    assert_found(&[
        (
            "missing",
            |d| set(d, DnsAnswer::Rcode { rcode: Rcode::Nxdomain, ttl: None }),
            &["tlsrpt-missing"],
        ),
        (
            "fails",
            |d| set(d, DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None }),
            &["tlsrpt-dns-failure"],
        ),
        (
            "bare",
            |d| set(d, DnsAnswer::txt("v=TLSRPTv1; rua=a@good.test")),
            &["tlsrpt-rua-bare-address"],
        ),
        (
            "limit",
            |d| set(d, DnsAnswer::txt("v=TLSRPTv1; rua=mailto:a@good.test!10m")),
            &["tlsrpt-rua-size-limit"],
        ),
    ]);
}

/// Publishes a TLSA record of a usage for an MX host.
fn set_tlsa(domain: &Domain, host: &str, usage: u8) {
    domain.world.dns().set_tlsa(&format!("_25._tcp.{host}"), &[(usage, 1, 1, &[0; 32])]);
}

#[test]
fn of_dane() {
    let signed = |domain: &Domain| domain.world.dns().set_authenticated(true);
    let both = |domain: &Domain| {
        for host in ["mx1.good.test", "mx2.good.test"] {
            set_tlsa(domain, host, 3);
        }
    };
    let found = |fault: &dyn Fn(&Domain)| Domain::with(fault).codes();
    assert_eq!(found(&signed), [""; 0]);
    assert_eq!(
        found(&|d| {
            signed(d);
            both(d)
        }),
        ["dane-present"]
    );
    assert_eq!(
        found(&|d| {
            signed(d);
            set_tlsa(d, "mx1.good.test", 3)
        }),
        ["dane-partial", "dane-present"]
    );
    assert_eq!(
        found(&|d| {
            signed(d);
            both(d);
            set_tlsa(d, "mx2.good.test", 1)
        }),
        ["dane-present", "dane-usage"]
    );
    assert_eq!(
        found(&|d| {
            signed(d);
            both(d);
            d.world.dns().set_name_authenticated(DOMAIN, false)
        }),
        ["dane-mx-unsigned"]
    );
    let unsigned = |d: &Domain| {
        signed(d);
        set_tlsa(d, "mx1.good.test", 3);
        d.world.dns().set_name_authenticated("_25._tcp.mx1.good.test", false);
    };
    assert_eq!(found(&unsigned), ["dane-unsigned"]);
    // Without a resolver that validates, nothing is claimed.
    assert_eq!(found(&both), [""; 0]);
}

#[test]
fn of_a_slow_host() {
    let domain = Domain::with(|d| {
        set_site(d, site().handshake_fault(HandshakeFault::Silent));
    });
    let output = domain.check(&["--json", "--timeout", "1s", DOMAIN]);
    let report = report(&output);
    assert_eq!(codes(&report), ["http-timeout"]);
    assert_eq!(output.status.code(), Some(1));
    let domain = Domain::with(|d| {
        set_site(d, Reply::ok(POLICY).drip(Duration::from_secs(60)));
    });
    let output = domain.check(&["--json", "--timeout", "1s", DOMAIN]);
    assert_eq!(codes(&crate::domain::report(&output)), ["http-timeout"]);
}

#[test]
fn of_no_address_family() {
    let domain = Domain::with(|d| {
        d.world.set_address(HOST, vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]);
    });
    let report = report(&domain.check(&["--json", DOMAIN]));
    assert_eq!(codes(&report), [""; 0]);
    for (index, address) in ["::1", "127.0.0.1"].into_iter().enumerate() {
        let seen = &report["facts"]["http"]["addresses"][index];
        assert_eq!((&seen["address"], &seen["same_body"]), (&address.into(), &true.into()));
    }
}
