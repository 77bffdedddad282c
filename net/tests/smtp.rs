//! MX hosts looked at over real sockets on loopback, and what they can do to whoever looks.

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests, which may fail with them"
)]

use core::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use mtasts_core::CertOutcome;
use mtasts_net::{
    https::TrustStore,
    smtp::{SmtpError, SmtpProbe, SmtpTls, SmtpTrace},
};
use testkit::world::{Certificate, SmtpSink, StartTls, World};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    time::Instant,
};

const HOST: &str = "mx.example.com";
const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn sink(world: &World, starttls: &StartTls) -> SmtpSink {
    world.smtp_sink(SocketAddr::new(LOCALHOST, 0), HOST, starttls).unwrap()
}

fn prober(world: &World, port: u16) -> SmtpProbe {
    let roots = TrustStore::from_pem("the world's CA", world.ca_pem().as_bytes()).unwrap();
    SmtpProbe::new(roots, port, &["127.0.0.0/8".parse().unwrap()])
}

async fn probe(world: &World, addr: SocketAddr) -> Result<SmtpTrace, SmtpError> {
    let deadline = Instant::now() + Duration::from_secs(60);
    prober(world, addr.port()).probe(HOST, &[addr.ip()], deadline).await
}

/// What comes of STARTTLS with a certificate.
async fn starttls(certificate: Certificate) -> SmtpTls {
    let world = World::start().await;
    let sink = sink(&world, &StartTls::Offered(certificate));
    let trace = probe(&world, sink.addr()).await.unwrap();
    assert!(trace.starttls);
    assert!(sink.failed_handshakes().is_empty(), "the session is made with any certificate");
    assert!(sink.messages().is_empty());
    trace.tls.unwrap()
}

#[tokio::test]
async fn a_valid_certificate_is_seen() {
    let tls = starttls(Certificate::Valid).await;
    assert_eq!((tls.outcome, tls.detail.as_str()), (CertOutcome::Valid, ""));
    let session = tls.session.unwrap();
    assert_eq!(session.version, "TLSv1.3");
    assert_eq!(tls.certificate.as_ref(), Some(&session.certificate));
    assert_eq!(session.certificate.names, [HOST]);
    assert_eq!(session.certificate.issuer.as_deref(), Some("testkit"));
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-4.2
//= type=test
//# The certificate presented by the receiving MTA MUST not be expired and MUST chain to a root CA
//# that is trusted by the Sending MTA.
//= https://www.rfc-editor.org/rfc/rfc8461#section-4.2
//= type=test
//# The certificate MUST have a subject alternative name (SAN) [RFC5280] with a DNS-ID [RFC6125]
//# matching the hostname, per the rules given in [RFC6125].
#[tokio::test]
async fn bad_certificates_are_told_apart() {
    for (certificate, outcome, words) in [
        (Certificate::NameMismatch, CertOutcome::NameMismatch, "is for another.invalid, not for"),
        (Certificate::CnOnly, CertOutcome::NameMismatch, "is for no DNS name"),
        (Certificate::Expired, CertOutcome::Expired, "was valid until Fri, 01 Jan 2021"),
        (Certificate::NotYetValid, CertOutcome::Invalid, "will be valid from"),
        (Certificate::Untrusted, CertOutcome::Untrusted, "nobody that is trusted here"),
        (Certificate::SelfSigned, CertOutcome::Untrusted, "nobody that is trusted here"),
    ] {
        let tls = starttls(certificate).await;
        assert_eq!(tls.outcome, outcome, "{tls:?}");
        assert!(tls.detail.contains(words), "{tls:?}");
        assert!(tls.certificate.is_some() && tls.session.is_some(), "{tls:?}");
    }
}

#[tokio::test]
async fn a_host_without_starttls_is_left_politely() {
    let world = World::start().await;
    let sink = sink(&world, &StartTls::Absent);
    let trace = probe(&world, sink.addr()).await.unwrap();
    assert_eq!((trace.starttls, trace.tls), (false, None));
    assert_eq!(trace.greeting, format!("{HOST} ESMTP"));
}

#[tokio::test]
async fn the_next_address_is_tried() {
    let world = World::start().await;
    let sink = sink(&world, &StartTls::Absent);
    let prober = prober(&world, sink.addr().port());
    let dead = IpAddr::from([127, 0, 0, 250]);
    let deadline = Instant::now() + Duration::from_secs(60);
    let trace = prober.probe(HOST, &[dead, LOCALHOST], deadline).await.unwrap();
    assert_eq!(trace.address, sink.addr());
    let error = prober.probe(HOST, &[dead], deadline).await.unwrap_err().to_string();
    assert_eq!(error, format!("{dead}:{}: Connection refused (os error 111)", sink.addr().port()));
    let private = IpAddr::from([10, 0, 0, 1]);
    let error = prober.probe(HOST, &[private], deadline).await.unwrap_err().to_string();
    assert_eq!(error, "10.0.0.1: not on the public Internet, nor in `allow_networks`");
}

/// What comes of a server that greets with `greeting`, and then answers each line with the next of
/// `replies`. It closes when there is none left, if `closes`.
async fn scripted(
    greeting: &'static [u8],
    replies: &'static [&'static [u8]],
    closes: bool,
) -> (Result<SmtpTrace, String>, Vec<String>) {
    let world = World::start().await;
    let listener = TcpListener::bind((LOCALHOST, 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut said = Vec::new();
        // The client may leave at any time.
        let _ = stream.write_all(greeting).await;
        for reply in replies {
            let mut line = String::new();
            if stream.read_line(&mut line).await.is_err() {
                break;
            }
            said.push(line);
            let _ = stream.write_all(reply).await;
        }
        if !closes {
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        said
    });
    // Only the scripts that do not close take that long.
    let time = if closes { Duration::from_secs(60) } else { Duration::from_millis(300) };
    let prober = prober(&world, addr.port());
    let outcome = prober.probe(HOST, &[addr.ip()], Instant::now() + time).await;
    let prefix = format!("{addr}: ");
    let outcome = outcome.map_err(|error| error.to_string().replace(&prefix, ""));
    (outcome, server.await.unwrap())
}

#[tokio::test]
async fn a_session_goes_as_far_as_tls_and_no_further() {
    let (outcome, said) = scripted(
        b"220-mx.example.com\r\n220 welcome\r\n",
        &[b"250-mx.example.com\n250-SIZE\n250 STARTTLS\n", b"454 4.7.0 not now\r\n"],
        true,
    )
    .await;
    let trace = outcome.unwrap();
    assert_eq!(said, ["EHLO [127.0.0.1]\r\n", "STARTTLS\r\n"]);
    assert_eq!(trace.greeting, "mx.example.com");
    let tls = trace.tls.unwrap();
    assert_eq!(tls.outcome, CertOutcome::Invalid);
    assert_eq!(tls.detail, "STARTTLS was answered with `454 4.7.0 not now`");
}

#[tokio::test]
async fn a_server_that_knows_no_ehlo_has_no_starttls() {
    let replies: &[&[u8]] = &[b"502 5.5.1 what?\r\n", b"221 bye\r\n"];
    let (outcome, said) = scripted(b"220 old\r\n", replies, true).await;
    assert!(!outcome.unwrap().starttls);
    assert_eq!(said, ["EHLO [127.0.0.1]\r\n", "QUIT\r\n"]);
}

#[tokio::test]
async fn what_an_attacker_adds_to_the_reply_is_noticed() {
    let replies: &[&[u8]] =
        &[b"250-mx\r\n250 STARTTLS\r\n", b"220 go on\r\n250 mx.example.com\r\n"];
    let (outcome, _) = scripted(b"220 mx\r\n", replies, true).await;
    let tls = outcome.unwrap().tls.unwrap();
    assert_eq!(tls.detail, "more was sent after the reply to STARTTLS, outside TLS");
}

#[tokio::test]
async fn servers_that_are_none_are_described() {
    type Case = (&'static [u8], &'static [&'static [u8]], &'static str);
    const LONG: &[u8] = &[b'2'; 10_000];
    const CASES: &[Case] = &[
        (b"SSH-2.0-OpenSSH_9.2\r\n", &[], "no SMTP reply: `SSH-2.0-OpenSSH_9.2`"),
        (b"\x1b[2J\r\n", &[], "no SMTP reply: `\\u{1b}[2J`"),
        (b"554 5.7.1 go away\r\n", &[], "the server greets with `554 5.7.1 go away`"),
        (b"", &[], "the connection was closed while the greeting was awaited"),
        (b"220", &[], "the connection was closed while the greeting was awaited"),
        (LONG, &[], "a reply without end"),
        (b"220 mx\r\n", &[b"421 4.3.2 later\r\n"], "EHLO was answered with `421 4.3.2 later`"),
        (b"220 mx\r\n", &[b"250-a\r\n220 b\r\n"], "one reply with the codes 250 and 220"),
    ];
    for (greeting, replies, words) in CASES {
        let (outcome, _) = scripted(greeting, replies, true).await;
        let error = outcome.unwrap_err();
        assert!(error.contains(words), "`{words}` is not in `{error}`");
    }
}

#[tokio::test]
async fn silence_ends_with_the_time() {
    let (outcome, _) = scripted(b"", &[], false).await;
    assert_eq!(outcome.unwrap_err(), "no answer in time while the greeting was awaited");
    let (outcome, _) = scripted(b"220 mx\r\n", &[b"250-mx\r\n"], false).await;
    assert_eq!(outcome.unwrap_err(), "no answer in time while the reply to EHLO was awaited");
    let replies: &[&[u8]] = &[b"250-mx\r\n250 STARTTLS\r\n", b"220 go on\r\n"];
    let (outcome, _) = scripted(b"220 mx\r\n", replies, false).await;
    assert_eq!(outcome.unwrap().tls.unwrap().detail, "the TLS handshake did not end in time");
}
