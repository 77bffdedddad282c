//! The DNS server, as a client on a socket sees it.

#![expect(clippy::expect_used, reason = "a test may fail by a panic")]

use core::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use hickory_proto::{
    op::{Edns, Message, MessageType, OpCode, Query},
    rr::{
        Name, Record,
        rdata::{
            TLSA,
            tlsa::{CertUsage, Matching, Selector},
        },
    },
};
use testkit::{
    answers::DnsAnswer,
    world::{DnsFault, DnsServer, Gate, RData, RecordType, RefusingPort, ResponseCode, Transport},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, ErrorKind},
    net::{TcpStream, UdpSocket},
    time,
};

const NAME: &str = "_mta-sts.example.com";

fn query(name: &str, record_type: RecordType) -> Message {
    let mut query = Message::new(4711, MessageType::Query, OpCode::Query);
    query.metadata.recursion_desired = true;
    let mut name = Name::from_ascii(name).expect("a domain name");
    name.set_fqdn(true);
    query.add_query(Query::query(name, record_type));
    query
}

/// A client's socket.
struct Client(UdpSocket);

impl Client {
    async fn new(server: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
        socket.connect(server).await.expect("loopback");
        Self(socket)
    }

    async fn send(&self, query: &Message) {
        self.0.send(&query.to_vec().expect("encodable")).await.expect("sent");
    }

    async fn receive_octets(&self) -> Vec<u8> {
        let mut buffer = vec![0; 65_535];
        let length = self.0.recv(&mut buffer).await.expect("received");
        buffer.truncate(length);
        buffer
    }

    async fn receive(&self) -> Message {
        Message::from_vec(&self.receive_octets().await).expect("a DNS message")
    }

    async fn hears_nothing(&self) -> bool {
        time::timeout(Duration::from_millis(30), self.receive_octets()).await.is_err()
    }
}

async fn ask(server: &DnsServer, query: &Message) -> Message {
    let client = Client::new(server.addr()).await;
    client.send(query).await;
    client.receive().await
}

async fn txt(server: &DnsServer, name: &str) -> Message {
    ask(server, &query(name, RecordType::TXT)).await
}

async fn send_tcp(stream: &mut TcpStream, query: &Message) {
    let octets = query.to_vec().expect("encodable");
    stream.write_u16(u16::try_from(octets.len()).expect("short")).await.expect("written");
    stream.write_all(&octets).await.expect("written");
}

async fn receive_tcp(stream: &mut TcpStream) -> Message {
    let length = stream.read_u16().await.expect("a length");
    let mut octets = vec![0; usize::from(length)];
    stream.read_exact(&mut octets).await.expect("a message");
    Message::from_vec(&octets).expect("a DNS message")
}

async fn ask_tcp(server: &DnsServer, query: &Message) -> Message {
    let mut stream = TcpStream::connect(server.addr()).await.expect("connected");
    send_tcp(&mut stream, query).await;
    receive_tcp(&mut stream).await
}

/// The records as `owner ttl data`.
fn shown(records: &[Record]) -> Vec<String> {
    records.iter().map(|record| format!("{} {} {}", record.name, record.ttl, record.data)).collect()
}

fn answer(json: &str) -> DnsAnswer {
    serde_json::from_str(json).expect("an answer")
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[tokio::test]
async fn txt_records_keep_their_octets() {
    let server = DnsServer::start();
    server.set(NAME, answer(r#"{"txt": [["v=STSv1; ", {"b64": "/wA="}], ["é"]], "ttl": 7}"#));
    let reply = txt(&server, NAME).await;
    let strings = |record: &Record| {
        let RData::TXT(txt) = &record.data else { panic!("{record} is no TXT record") };
        txt.txt_data.iter().map(|string| string.to_vec()).collect()
    };
    let records: Vec<Vec<Vec<u8>>> = reply.answers.iter().map(strings).collect();
    assert_eq!(records[0], [b"v=STSv1; ".to_vec(), b"\xff\x00".to_vec()]);
    assert_eq!(records[1], ["é".as_bytes().to_vec()]);
    assert_eq!(reply.answers[0].ttl, 7);
    assert!(reply.metadata.recursion_available && reply.metadata.recursion_desired);
}

#[tokio::test]
async fn unknown_names_do_not_exist_and_empty_ones_have_no_data() {
    let server = DnsServer::start();
    server.set("_mta-sts.mail.example.com", DnsAnswer::txt("v=STSv1; id=1;"));
    for (name, code) in [
        ("nothing.example.com", ResponseCode::NXDomain),
        ("mail.example.com", ResponseCode::NoError),
        ("example.com", ResponseCode::NoError),
        ("ail.example.com", ResponseCode::NXDomain),
    ] {
        let reply = txt(&server, name).await;
        assert_eq!(reply.metadata.response_code, code, "{name}");
        assert!(reply.answers.is_empty());
        let soa = "example.com. 60 ns.invalid. ns.invalid. 1 3600 600 86400 60";
        assert_eq!(shown(&reply.authorities), [soa], "{name}");
    }
    let reply = ask(&server, &query("_mta-sts.mail.example.com", RecordType::MX)).await;
    assert_eq!(reply.metadata.response_code, ResponseCode::NoError);
}

#[tokio::test]
async fn codes_are_given_as_set() {
    let server = DnsServer::start();
    for (json, code, ttl) in [
        (r#"{"rcode": "NXDOMAIN", "ttl": 9}"#, ResponseCode::NXDomain, Some(9)),
        (r#"{"rcode": "NODATA"}"#, ResponseCode::NoError, Some(60)),
        (r#"{"rcode": "SERVFAIL"}"#, ResponseCode::ServFail, None),
        (r#"{"rcode": "REFUSED"}"#, ResponseCode::Refused, None),
    ] {
        server.set(NAME, answer(json));
        let reply = txt(&server, NAME).await;
        assert_eq!(reply.metadata.response_code, code);
        assert_eq!(reply.authorities.first().map(|soa| soa.ttl), ttl);
    }
}

#[tokio::test]
async fn aliases_are_followed_in_order() {
    let server = DnsServer::start();
    server.set(NAME, answer(r#"{"cname": "a.example.net", "ttl": 5}"#));
    server.set_cname("a.example.net", "B.example.net");
    server.set("b.example.net", DnsAnswer::txt("v=STSv1; id=1;"));
    let reply = txt(&server, NAME).await;
    assert_eq!(
        shown(&reply.answers),
        [
            "_mta-sts.example.com. 5 a.example.net.",
            "a.example.net. 60 B.example.net.",
            "B.example.net. 60 v=STSv1; id=1;",
        ]
    );

    server.set("b.example.net", answer(r#"{"rcode": "NXDOMAIN"}"#));
    let dangling = txt(&server, NAME).await;
    assert_eq!(dangling.metadata.response_code, ResponseCode::NXDomain);
    assert_eq!(dangling.answers.len(), 2);

    server.set_cname("b.example.net", NAME);
    let circle = txt(&server, NAME).await;
    assert_eq!(circle.metadata.response_code, ResponseCode::ServFail);

    server.set(NAME, DnsAnswer::txt("no alias any more"));
    assert_eq!(txt(&server, NAME).await.answers.len(), 1);
}

#[tokio::test]
async fn names_compare_without_case_and_are_echoed_with_it() {
    let server = DnsServer::start();
    server.set("_MTA-STS.Example.com", DnsAnswer::txt("v=STSv1; id=1;"));
    let client = Client::new(server.addr()).await;
    client.send(&query("_mTa-StS.eXaMpLe.CoM", RecordType::TXT)).await;
    let octets = client.receive_octets().await;
    assert_eq!(&octets[12..34], b"\x08_mTa-StS\x07eXaMpLe\x03CoM\0");
    let reply = Message::from_vec(&octets).expect("a DNS message");
    assert_eq!(reply.answers[0].name.to_ascii(), "_mTa-StS.eXaMpLe.CoM.");
    assert_eq!(server.queries("_MTA-STS.EXAMPLE.COM."), 1);
    assert_eq!(server.query_log()[0].name, "_mTa-StS.eXaMpLe.CoM");
}

#[tokio::test]
async fn records_of_any_type_can_be_set() {
    let server = DnsServer::start();
    server.set_address("mail.example.com", vec![ip("192.0.2.1"), ip("192.0.2.2")]);
    server.set_address("six.example.com", vec![ip("2001:db8::1")]);
    server.set_mx("example.com", vec![(20, "b.example.com".into()), (10, "a.example.com".into())]);
    let tlsa = TLSA::new(CertUsage::DaneEe, Selector::Spki, Matching::Sha256, vec![0xab; 32]);
    let port = "_25._tcp.mail.example.com";
    server.set_records(port, RecordType::TLSA, vec![RData::TLSA(tlsa)]);

    let counts = [
        ("mail.example.com", RecordType::A, 2),
        ("mail.example.com", RecordType::AAAA, 0),
        ("six.example.com", RecordType::A, 0),
        ("six.example.com", RecordType::AAAA, 1),
        ("example.com", RecordType::MX, 2),
        (port, RecordType::TLSA, 1),
    ];
    for (name, record_type, count) in counts {
        let reply = ask(&server, &query(name, record_type)).await;
        assert_eq!(reply.metadata.response_code, ResponseCode::NoError, "{name}");
        assert_eq!(reply.answers.len(), count, "{name} {record_type}");
    }
    server.set_records("empty.example.org", RecordType::MX, Vec::new());
    let reply = txt(&server, "empty.example.org").await;
    assert_eq!(reply.metadata.response_code, ResponseCode::NoError);

    let mx = ask(&server, &query("example.com", RecordType::MX)).await;
    assert_eq!(shown(&mx.answers)[0], "example.com. 60 20 b.example.com.");
}

#[tokio::test]
async fn authenticated_data_is_told_to_those_who_ask() {
    let server = DnsServer::start();
    server.set_cname(NAME, "a.example.net");
    server.set("a.example.net", DnsAnswer::txt("v=STSv1; id=1;"));
    let plain = query(NAME, RecordType::TXT);
    let mut ad = plain.clone();
    ad.metadata.authentic_data = true;
    let mut dnssec = plain.clone();
    dnssec.set_edns(Edns::new()).edns.as_mut().expect("set").set_dnssec_ok(true);

    assert!(!ask(&server, &ad).await.metadata.authentic_data);
    server.set_authenticated(true);
    assert!(ask(&server, &ad).await.metadata.authentic_data);
    assert!(ask(&server, &dnssec).await.metadata.authentic_data);
    assert!(!ask(&server, &plain).await.metadata.authentic_data);
    server.set_name_authenticated("a.example.net", false);
    assert!(!ask(&server, &ad).await.metadata.authentic_data);

    let log = server.query_log();
    assert!(log[0].authentic_data && !log[0].dnssec_ok && log[2].dnssec_ok);
    assert_eq!((log[0].id, log[0].transport), (4711, Transport::Udp));
}

#[tokio::test]
async fn large_replies_are_truncated_over_udp() {
    let server = DnsServer::start();
    let strings = vec![vec!["x".repeat(250).as_str().into()]; 4];
    server.set(NAME, DnsAnswer::Txt { records: strings, ttl: 60 });
    let plain = query(NAME, RecordType::TXT);
    let reply = ask(&server, &plain).await;
    assert!(reply.metadata.truncation && reply.answers.is_empty());

    let mut edns = plain.clone();
    edns.set_edns(Edns::new()).edns.as_mut().expect("set").set_max_payload(1232);
    let reply = ask(&server, &edns).await;
    assert!(!reply.metadata.truncation);
    assert_eq!(reply.answers.len(), 4);
    assert_eq!(ask_tcp(&server, &plain).await.answers.len(), 4);
}

#[tokio::test]
async fn a_stream_carries_several_queries() {
    let server = DnsServer::start();
    server.set(NAME, DnsAnswer::txt("v=STSv1; id=1;"));
    let mut stream = TcpStream::connect(server.addr()).await.expect("connected");
    send_tcp(&mut stream, &query(NAME, RecordType::TXT)).await;
    send_tcp(&mut stream, &query("other.example.com", RecordType::A)).await;
    assert_eq!(receive_tcp(&mut stream).await.answers.len(), 1);
    assert_eq!(receive_tcp(&mut stream).await.metadata.response_code, ResponseCode::NXDomain);
    assert_eq!(server.query_log()[1].transport, Transport::Tcp);
}

#[tokio::test]
async fn silence_can_end() {
    let server = DnsServer::start();
    let client = Client::new(server.addr()).await;
    server.set(NAME, answer(r#"{"timeout": true}"#));
    client.send(&query(NAME, RecordType::TXT)).await;
    server.wait_for_queries(NAME, 1).await;
    server.set(NAME, DnsAnswer::txt("v=STSv1; id=1;"));
    server.set_fault(NAME, Some(DnsFault::Silent));
    client.send(&query(NAME, RecordType::TXT)).await;
    server.wait_for_queries(NAME, 2).await;
    server.set_fault(NAME, None);
    client.send(&query(NAME, RecordType::TXT)).await;
    assert_eq!(client.receive().await.answers.len(), 1);
    assert!(client.hears_nothing().await);
    assert_eq!(server.queries(NAME), 3);
}

#[tokio::test]
async fn faults_are_what_they_say() {
    let server = DnsServer::start();
    server.set(NAME, DnsAnswer::txt("v=STSv1; id=1;"));
    let query = query(NAME, RecordType::TXT);

    server.set_fault(NAME, Some(DnsFault::Rcode(ResponseCode::NotImp)));
    assert_eq!(ask(&server, &query).await.metadata.response_code, ResponseCode::NotImp);

    server.set_fault(NAME, Some(DnsFault::Truncated));
    let truncated = ask(&server, &query).await;
    assert!(truncated.metadata.truncation && truncated.answers.is_empty());
    assert_eq!(ask_tcp(&server, &query).await.answers.len(), 1);

    server.set_fault(NAME, Some(DnsFault::WrongQuestion));
    let other = ask(&server, &query).await;
    assert_eq!(other.queries[0].name.to_ascii(), "another.invalid.");
    assert_eq!((other.metadata.id, other.answers.len()), (4711, 1));

    let client = Client::new(server.addr()).await;
    server.set_fault(NAME, Some(DnsFault::WrongIdFirst));
    client.send(&query).await;
    assert_ne!(client.receive().await.metadata.id, 4711);
    assert_eq!(client.receive().await.metadata.id, 4711);

    server.set_fault(NAME, Some(DnsFault::Garbage));
    client.send(&query).await;
    assert!(Message::from_vec(&client.receive_octets().await).is_err());
}

#[tokio::test]
async fn faults_have_a_reach() {
    let server = DnsServer::start();
    let refused = |fault| Some(DnsFault::Rcode(fault));
    server.set_server_fault(refused(ResponseCode::Refused));
    server.set_fault("a.example.com", refused(ResponseCode::ServFail));
    server.set_type_fault("a.example.com", RecordType::AAAA, refused(ResponseCode::NotImp));
    for (name, record_type, code) in [
        ("b.example.com", RecordType::A, ResponseCode::Refused),
        ("a.example.com", RecordType::A, ResponseCode::ServFail),
        ("a.example.com", RecordType::AAAA, ResponseCode::NotImp),
    ] {
        let reply = ask(&server, &query(name, record_type)).await;
        assert_eq!(reply.metadata.response_code, code, "{name} {record_type}");
    }
}

#[tokio::test]
async fn a_held_reply_says_what_is_true_when_it_is_let_go() {
    let server = DnsServer::start();
    let gate = Gate::new();
    server.set_fault(NAME, Some(DnsFault::Held(gate.clone())));
    let client = Client::new(server.addr()).await;
    client.send(&query(NAME, RecordType::TXT)).await;
    gate.wait_for(1).await;
    assert!(client.hears_nothing().await);
    server.set(NAME, DnsAnswer::txt("v=STSv1; id=2;"));
    gate.open();
    assert_eq!(shown(&client.receive().await.answers), ["_mta-sts.example.com. 60 v=STSv1; id=2;"]);
}

#[tokio::test]
async fn dead_servers_are_silent_or_refuse() {
    let silent = DnsServer::start_silent();
    let client = Client::new(silent.addr()).await;
    client.send(&query(NAME, RecordType::TXT)).await;
    silent.wait_for_queries(NAME, 1).await;
    assert!(client.hears_nothing().await);

    let refusing = RefusingPort::reserve();
    let client = Client::new(refusing.addr()).await;
    client.send(&query(NAME, RecordType::TXT)).await;
    let refused = client.0.recv(&mut [0]).await.expect_err("nobody is there");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    let refused = TcpStream::connect(refusing.addr()).await.expect_err("nobody is there");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_dropped_server_is_gone() {
    let server = DnsServer::start();
    let (addr, clone) = (server.addr(), server.clone());
    drop(server);
    TcpStream::connect(addr).await.expect("a clone is left");
    drop(clone);
    let refused = TcpStream::connect(addr).await.expect_err("nobody is there");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
}
