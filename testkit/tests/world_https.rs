//! The HTTPS server, as a client on a socket sees it.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail by a panic")]

use core::{net::IpAddr, time::Duration};
use std::{io::Read as _, sync::Arc, time::Instant};

use flate2::read::{GzDecoder, ZlibDecoder};
use hickory_proto::{
    op::{Message, MessageType, OpCode, Query},
    rr::{Name, Record},
};
use rustls::{
    AlertDescription, CertificateError, Error as TlsError, PeerIncompatible, pki_types::ServerName,
};
use testkit::{
    answers::{HttpAnswer, HttpFail},
    world::{
        Certificate, Gate, HandshakeFault, POLICY_PATH, RecordType, Reply, ResponseCode, Script,
        Site, World, enforce,
    },
};
use tokio::{
    io::{self, AsyncReadExt as _, AsyncWriteExt as _, ErrorKind},
    net::{TcpStream, UdpSocket},
    time,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

const HOST: &str = "mta-sts.example.com";

/// The addresses of a host, or why there are none.
async fn resolve(
    world: &World,
    host: &str,
    record_type: RecordType,
) -> Result<Vec<IpAddr>, ResponseCode> {
    let mut query = Message::new(1, MessageType::Query, OpCode::Query);
    let mut name = Name::from_ascii(host).expect("a domain name");
    name.set_fqdn(true);
    query.add_query(Query::query(name, record_type));
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    socket.connect(world.dns_addr()).await.expect("loopback");
    socket.send(&query.to_vec().expect("encodable")).await.expect("sent");
    let mut buffer = [0; 512];
    let length = socket.recv(&mut buffer).await.expect("received");
    let reply = Message::from_vec(&buffer[..length]).expect("a DNS message");
    let address = |record: &Record| record.data.ip_addr();
    let code = reply.metadata.response_code;
    let found = code == ResponseCode::NoError;
    if found { Ok(reply.answers.iter().filter_map(address).collect()) } else { Err(code) }
}

async fn connect_tcp(world: &World, host: &str) -> io::Result<TcpStream> {
    let mut addresses = resolve(world, host, RecordType::A).await.expect("the host is found");
    addresses.extend(resolve(world, host, RecordType::AAAA).await.expect("the host is found"));
    let stream = TcpStream::connect((addresses[0], world.https_port())).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn connect(world: &World, host: &str) -> io::Result<TlsStream<TcpStream>> {
    let connector = TlsConnector::from(Arc::new(world.ca().client_config()));
    let name = ServerName::try_from(host.to_owned()).expect("a host name");
    connector.connect(name, connect_tcp(world, host).await?).await
}

fn request(host: &str, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: test\r\n\r\n")
}

/// What came of a request: the octets, and how they ended.
struct Got {
    octets: Vec<u8>,
    end: io::Result<usize>,
}

impl Got {
    fn head(&self) -> &str {
        let text = core::str::from_utf8(&self.octets).unwrap_or_default();
        text.split_once("\r\n\r\n").map_or(text, |(head, _)| head)
    }

    fn body(&self) -> &[u8] {
        let end = self.octets.windows(4).position(|octets| octets == b"\r\n\r\n");
        let (_head, rest) = self.octets.split_at(end.expect("a head"));
        &rest[4..]
    }
}

async fn get(world: &World, host: &str) -> Got {
    let mut stream = connect(world, host).await.expect("a connection");
    stream.write_all(request(host, POLICY_PATH).as_bytes()).await.expect("sent");
    let mut octets = Vec::new();
    let end = stream.read_to_end(&mut octets).await;
    Got { octets, end }
}

/// The error of a failed handshake.
async fn tls_error(world: &World) -> TlsError {
    let error = connect(world, HOST).await.expect_err("the handshake fails");
    let inner = error.get_ref().and_then(|error| error.downcast_ref::<TlsError>());
    inner.cloned().expect("an error of TLS")
}

async fn is_pending<T>(future: impl Future<Output = T>) -> bool {
    time::timeout(Duration::from_millis(30), future).await.is_err()
}

#[tokio::test]
async fn a_published_policy_is_found() {
    let world = World::start().await;
    let policy = enforce(&["mail.example.com", "*.example.net"]);
    world.publish("example.com", "20240101", &policy);
    let got = get(&world, HOST).await;
    assert!(got.end.is_ok());
    assert_eq!(
        got.head(),
        format!(
            "HTTP/1.1 200 \r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close",
            policy.len()
        )
    );
    assert_eq!(got.body(), policy.as_bytes());
    assert!(policy.contains("mx: mail.example.com\r\nmx: *.example.net\r\n"));
}

#[tokio::test]
async fn requests_are_kept() {
    let world = World::start().await;
    world.publish("example.com", "1", &enforce(&["mail.example.com"]));
    get(&world, HOST).await;
    let requests = world.wait_for_requests("MTA-STS.example.com.", 1).await;
    let request = &requests[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", POLICY_PATH));
    assert_eq!((request.version.as_str(), request.sni.as_str()), ("HTTP/1.1", HOST));
    assert_eq!(request.header("user-agent"), Some("test"));
    assert_eq!((world.connections(HOST), world.requests("other.example.com").len()), (1, 0));
}

#[tokio::test]
async fn other_paths_and_hosts_have_no_policy() {
    let world = World::start().await;
    world.set_https(HOST, HttpAnswer::ok("policy"));
    let mut stream = connect(&world, HOST).await.expect("a connection");
    stream.write_all(request(HOST, "/other.txt").as_bytes()).await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("received");
    assert!(text.starts_with("HTTP/1.1 404 "), "{text}");

    world.set_address("other.example.com", vec!["127.0.0.1".parse().expect("an address")]);
    let error = connect(&world, "other.example.com").await.expect_err("nothing is served there");
    assert!(error.to_string().contains("UnrecognisedName"), "{error}");
    assert_eq!(world.connections("other.example.com"), 1);

    // A client that knows the server by address sends no SNI.
    let connector = TlsConnector::from(Arc::new(world.ca().client_config()));
    let name = ServerName::try_from("127.0.0.1").expect("an address");
    let stream = connect_tcp(&world, HOST).await.expect("connected");
    let error = connector.connect(name, stream).await.expect_err("no host is named");
    assert!(error.to_string().contains("UnrecognisedName"), "{error}");
}

#[tokio::test]
async fn both_address_families_are_served() {
    let world = World::start().await;
    world.set_https(HOST, HttpAnswer::ok("policy"));
    assert_eq!(resolve(&world, HOST, RecordType::AAAA).await, Ok(Vec::new()));
    let v6: IpAddr = "::1".parse().expect("an address");
    world.set_address(HOST, vec![v6]);
    world.set_https(HOST, HttpAnswer::ok("another policy"));
    assert_eq!(resolve(&world, HOST, RecordType::A).await, Ok(Vec::new()));
    assert_eq!(resolve(&world, HOST, RecordType::AAAA).await, Ok(vec![v6]));
    assert_eq!(get(&world, HOST).await.body(), b"another policy");
}

#[tokio::test]
async fn hosts_that_cannot_be_reached() {
    let world = World::start().await;
    world.set_https(HOST, HttpFail::DnsNxdomain);
    assert_eq!(resolve(&world, HOST, RecordType::A).await, Err(ResponseCode::NXDomain));
    world.set_https(HOST, HttpFail::DnsServfail);
    assert_eq!(resolve(&world, HOST, RecordType::A).await, Err(ResponseCode::ServFail));
    world.set_https(HOST, HttpFail::Connect);
    let refused = connect_tcp(&world, HOST).await.expect_err("nobody listens");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    world.set_https(HOST, HttpAnswer::ok("policy"));
    assert_eq!(get(&world, HOST).await.body(), b"policy");
}

#[tokio::test]
async fn a_policy_host_may_be_an_alias() {
    let world = World::start().await;
    world.set_https(HOST, Reply::ok("policy"));
    world.set_cname(HOST, "sts.provider.example");
    assert_eq!(resolve(&world, HOST, RecordType::A).await, Err(ResponseCode::NXDomain));
    world.set_address("sts.provider.example", vec!["127.0.0.1".parse().expect("an address")]);
    assert_eq!(get(&world, HOST).await.body(), b"policy");
}

#[tokio::test]
async fn certificates_are_what_they_say() {
    let world = World::start().await;
    let site = |certificate| Site::from(Reply::ok("policy")).certificate(certificate);
    for certificate in [Certificate::Valid, Certificate::Wildcard] {
        world.set_https(HOST, site(certificate));
        assert_eq!(get(&world, HOST).await.body(), b"policy");
    }
    let mut errors = Vec::new();
    for certificate in [
        Certificate::CnOnly,
        Certificate::NameMismatch,
        Certificate::Expired,
        Certificate::NotYetValid,
        Certificate::Untrusted,
        Certificate::SelfSigned,
    ] {
        world.set_https(HOST, site(certificate));
        let TlsError::InvalidCertificate(error) = tls_error(&world).await else {
            panic!("the certificate is no good");
        };
        errors.push(error);
    }
    use CertificateError as E;
    assert!(matches!(errors[0], E::NotValidForNameContext { .. }), "{:?}", errors[0]);
    assert!(matches!(errors[1], E::NotValidForNameContext { .. }), "{:?}", errors[1]);
    assert!(matches!(errors[2], E::ExpiredContext { .. }), "{:?}", errors[2]);
    assert!(matches!(errors[3], E::NotValidYetContext { .. }), "{:?}", errors[3]);
    assert_eq!(errors[4..], [E::UnknownIssuer, E::UnknownIssuer]);
    assert_eq!(world.requests(HOST).len(), 2);
    assert_eq!(world.connections(HOST), 8);
}

#[tokio::test]
async fn certificates_can_be_specified() {
    let world = World::start().await;
    let answer = |certificate: &str| -> HttpAnswer {
        let json = format!(r#"{{"status": 200, "body": "policy", "tls": {certificate}}}"#);
        serde_json::from_str(&json).expect("an answer")
    };
    for good in [
        r#"{"san": ["DNS:MTA-STS.EXAMPLE.COM"]}"#,
        r#"{"san": ["DNS:www.example.com", "DNS:mta-sts.example.com"]}"#,
        r#"{"san": ["DNS:mta-sts.example.com"], "cn": "other"}"#,
    ] {
        world.set_https(HOST, answer(good));
        assert_eq!(get(&world, HOST).await.body(), b"policy", "{good}");
    }
    for bad in [
        r#"{"san": ["IP:127.0.0.1"]}"#,
        r#"{"san": ["URI:https://mta-sts.example.com/"]}"#,
        r#"{"san": ["EMAIL:postmaster@mta-sts.example.com"]}"#,
        r#"{"san": ["SRV:_https.mta-sts.example.com"]}"#,
        r#"{"san": ["DNS:mta-sts.example.com\u0000.evil.example"]}"#,
        r#"{"san": ["DNS:mta-sts.example.com"], "trusted": false}"#,
    ] {
        world.set_https(HOST, answer(bad));
        assert!(matches!(tls_error(&world).await, TlsError::InvalidCertificate(_)), "{bad}");
    }
}

#[tokio::test]
async fn handshakes_that_fail() {
    let world = World::start().await;
    world.set_https(HOST, HttpFail::TlsHandshake);
    let refused = tls_error(&world).await;
    assert_eq!(refused, TlsError::AlertReceived(AlertDescription::HandshakeFailure));
    let site = |fault| Site::from(Reply::ok("policy")).handshake_fault(fault);

    world.set_https(HOST, site(HandshakeFault::Tls11));
    let old = TlsError::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13);
    assert_eq!(tls_error(&world).await, old);

    world.set_https(HOST, site(HandshakeFault::Reset));
    let reset = connect(&world, HOST).await.expect_err("the connection is reset");
    assert_eq!(reset.kind(), ErrorKind::ConnectionReset);

    world.set_https(HOST, HttpFail::Timeout);
    let mut waiting = Box::pin(connect(&world, HOST));
    assert!(is_pending(&mut waiting).await);
    world.wait_for_connections(HOST, 4).await;
    assert!(world.requests(HOST).is_empty());
}

#[tokio::test]
async fn failures_of_the_flow_language_are_real() {
    let world = World::start().await;
    for (fail, error) in [
        (HttpFail::TlsNameMismatch, "NotValidForName"),
        (HttpFail::TlsExpired, "Expired"),
        (HttpFail::TlsUntrusted, "UnknownIssuer"),
    ] {
        world.set_https(HOST, HttpAnswer::fail(fail));
        assert!(format!("{:?}", tls_error(&world).await).contains(error), "{error}");
    }
}

#[tokio::test]
async fn answers_of_the_flow_language_are_sent_as_written() {
    let world = World::start().await;
    let set = |json: &str| {
        let answer: HttpAnswer = serde_json::from_str(json).expect("an answer");
        world.set_https(HOST, answer);
    };
    set(r#"{"status": 302, "content_type": null, "location": "https://x.example/",
            "headers": {"ETag": "\"x\""}, "note": "moved", "host": "mta-sts.example.com"}"#);
    assert_eq!(
        get(&world, HOST).await.head(),
        "HTTP/1.1 302 \r\nLocation: https://x.example/\r\nETag: \"x\"\r\n\
         Content-Length: 0\r\nConnection: close"
    );
    set(r#"{"status": 200, "content_type": "", "body_gen": [["ab", 3], ["c", 1]]}"#);
    let got = get(&world, HOST).await;
    assert!(got.head().contains("Content-Type: \r\n"));
    assert_eq!(got.body(), b"abababc");
    set(r#"{"status": 200, "body_b64": "/wA=", "complete": false}"#);
    let got = get(&world, HOST).await;
    assert!(
        got.octets.starts_with(b"HTTP/1.1 200 \r\nContent-Type: text/plain\r\nContent-Length: 102")
    );
    assert_eq!((got.body(), got.end.is_ok()), (b"\xff\0".as_slice(), true));
    set(r#"{"status": 204, "body": "policy"}"#);
    assert_eq!(
        get(&world, HOST).await.octets,
        b"HTTP/1.1 204 \r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    );
    for coding in ["identity", "gzip", "deflate", "br"] {
        set(&format!(r#"{{"status": 200, "content_encoding": "{coding}", "body": "policy"}}"#));
        let got = get(&world, HOST).await;
        let mut decoder: Box<dyn std::io::Read> = match coding {
            "gzip" => Box::new(GzDecoder::new(got.body())),
            "deflate" => Box::new(ZlibDecoder::new(got.body())),
            _ => Box::new(got.body()),
        };
        let mut body = Vec::new();
        decoder.read_to_end(&mut body).expect("decodable");
        assert_eq!(body, b"policy", "{coding}");
        let field = format!("Content-Encoding: {coding}\r\n");
        assert!(got.octets.windows(field.len()).any(|octets| octets == field.as_bytes()));
    }
}

#[tokio::test]
async fn bodies_are_framed_as_told() {
    let world = World::start().await;
    world.set_https(HOST, Reply::ok("policy").chunked());
    let got = get(&world, HOST).await;
    assert!(got.head().contains("Transfer-Encoding: chunked"));
    assert_eq!(got.body(), b"6\r\npolicy\r\n0\r\n\r\n");

    world.set_https(HOST, Reply::ok("policy").chunked().incomplete());
    assert_eq!(get(&world, HOST).await.body(), b"6\r\npolicy\r\n");

    world.set_https(HOST, Reply::ok("policy").until_close());
    let got = get(&world, HOST).await;
    assert!(!got.head().contains("Content-Length"));
    assert_eq!((got.body(), got.end.is_ok()), (b"policy".as_slice(), true));

    world.set_https(HOST, Reply::ok("policy").until_close().incomplete());
    let got = get(&world, HOST).await;
    assert_eq!(got.body(), b"policy");
    assert_eq!(got.end.expect_err("TLS was not closed").kind(), ErrorKind::UnexpectedEof);

    world.set_https(HOST, Reply::of_length(65_537));
    let got = get(&world, HOST).await;
    assert!(got.head().contains("Content-Length: 65537"));
    assert_eq!(got.body().len(), 65_537);
}

#[tokio::test]
async fn responses_that_are_no_good() {
    let world = World::start().await;
    world.set_https(HOST, Script::garbage());
    assert!(!get(&world, HOST).await.octets.starts_with(b"HTTP"));

    world.set_https(HOST, Script::new());
    let got = get(&world, HOST).await;
    assert!(got.octets.is_empty() && got.end.is_ok());

    world.set_https(HOST, Reply::ok("second").preceded_by(Reply::ok("first")));
    let got = get(&world, HOST).await;
    assert!(got.body().starts_with(b"firstHTTP/1.1 200 ") && got.body().ends_with(b"second"));

    let hints = Reply::new(103).field("Link", "</style.css>");
    world.set_https(HOST, Reply::ok("policy").preceded_by(hints));
    let got = get(&world, HOST).await;
    assert_eq!(got.head(), "HTTP/1.1 103 \r\nLink: </style.css>");
    assert!(got.body().starts_with(b"HTTP/1.1 200 "));

    world.set_https(HOST, Reply::ok("policy").field("X-Padding", "x".repeat(100_000)));
    assert!(get(&world, HOST).await.head().len() > 100_000);

    world.set_https(HOST, Reply::redirect("https://x.example/").content_type(Some("text/html")));
    let got = get(&world, HOST).await;
    assert!(got.head().contains("Location: https://x.example/\r\nContent-Type: text/html\r\n"));
}

#[tokio::test]
async fn connections_are_reset_before_and_after_the_head() {
    let world = World::start().await;
    world.set_https(HOST, Script::new().reset());
    let got = get(&world, HOST).await;
    assert!(got.octets.is_empty());
    assert_eq!(got.end.expect_err("reset").kind(), ErrorKind::ConnectionReset);

    world.set_https(HOST, Reply::ok("policy").reset_after_head());
    let got = get(&world, HOST).await;
    assert!(got.octets.ends_with(b"Connection: close\r\n\r\n"));
    assert_eq!(got.end.expect_err("reset").kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn responses_that_take_long() {
    let world = World::start().await;
    let ask = async || {
        let mut stream = connect(&world, HOST).await.expect("a connection");
        stream.write_all(request(HOST, POLICY_PATH).as_bytes()).await.expect("sent");
        stream
    };
    world.set_https(HOST, Reply::ok("mx: a.example\n").endless());
    let mut stream = ask().await;
    let mut much = vec![0; 1 << 20];
    stream.read_exact(&mut much).await.expect("there is no end");
    drop(stream);

    let pause = Duration::from_millis(5);
    world.set_https(HOST, Reply::ok("abc").drip(pause));
    let (start, mut text) = (Instant::now(), String::new());
    ask().await.read_to_string(&mut text).await.expect("received");
    assert!(text.ends_with("\r\n\r\nabc") && start.elapsed() >= pause * 3);

    world.set_https(HOST, Reply::new(200).body("abc").drip(Duration::from_secs(3600)));
    let mut stream = ask().await;
    let mut first = *b"HTTP/1.1 200 \r\nContent-Length: 3\r\nConnection: close\r\n\r\n?";
    stream.read_exact(&mut first).await.expect("an octet comes at once");
    assert!(first.ends_with(b"a"));
    assert!(is_pending(stream.read_u8()).await);

    let gate = Gate::new();
    world.set_https(HOST, Reply::ok("policy").held(&gate));
    let mut stream = ask().await;
    gate.wait_for(1).await;
    let mut text = String::new();
    assert!(is_pending(stream.read_u8()).await);
    gate.open();
    stream.read_to_string(&mut text).await.expect("received");
    assert!(text.ends_with("policy"));

    let stalled = Script::new().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").hang();
    world.set_https(HOST, stalled);
    let mut stream = ask().await;
    let mut head = [0; 38];
    stream.read_exact(&mut head).await.expect("the head comes");
    assert!(is_pending(stream.read_u8()).await);
}

#[test]
fn a_test_may_block() {
    let world = World::start_blocking();
    let directory = std::env::temp_dir().join(format!("testkit-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let file = world.write_ca(&directory).expect("written");
    assert_eq!(std::fs::read_to_string(file).expect("readable"), world.ca_pem());
    std::fs::remove_dir_all(directory).expect("removed");

    world.set_https(HOST, Reply::ok("policy"));
    let port = world.https_port();
    let config = Arc::new(world.ca().client_config());
    let name = ServerName::try_from(HOST).expect("a host name");
    let client = rustls::ClientConnection::new(config, name).expect("a client");
    let tcp = std::net::TcpStream::connect(("127.0.0.1", port)).expect("connected");
    let mut stream = rustls::StreamOwned::new(client, tcp);
    std::io::Write::write_all(&mut stream, request(HOST, POLICY_PATH).as_bytes()).expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("received");
    assert!(text.ends_with("policy"));

    drop(world);
    let refused = std::net::TcpStream::connect(("127.0.0.1", port)).expect_err("nobody listens");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
}
