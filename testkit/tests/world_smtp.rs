//! The SMTP server, as a client on a socket sees it.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail by a panic")]

use std::sync::Arc;

use rustls::pki_types::ServerName;
use testkit::world::{Certificate, Message, SmtpSink, StartTls, World};
use tokio::{
    io::{
        self, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
        BufReader,
    },
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

const NAME: &str = "mx.example.com";

/// A client's side of a conversation.
struct Client<S>(BufReader<S>);

impl Client<TcpStream> {
    async fn new(sink: &SmtpSink) -> Self {
        let stream = TcpStream::connect(sink.addr()).await.expect("connected");
        let mut client = Self(BufReader::new(stream));
        assert_eq!(client.reply().await, "220 mx.example.com ESMTP\r\n");
        client
    }

    async fn start_tls(mut self, world: &World) -> io::Result<Client<TlsStream<TcpStream>>> {
        assert_eq!(self.ask("STARTTLS").await, "220 2.0.0 go on\r\n");
        let connector = TlsConnector::from(Arc::new(world.ca().client_config()));
        let name = ServerName::try_from(NAME).expect("a host name");
        let stream = connector.connect(name, self.0.into_inner()).await?;
        Ok(Client(BufReader::new(stream)))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.expect("sent");
        self.0.flush().await.expect("sent");
    }

    /// One reply, of one line or more.
    async fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let start = reply.len();
            self.0.read_line(&mut reply).await.expect("received");
            if reply.as_bytes()[start..].get(3) != Some(&b'-') {
                return reply;
            }
        }
    }

    async fn ask(&mut self, command: &str) -> String {
        self.send(&format!("{command}\r\n")).await;
        self.reply().await
    }

    async fn codes(&mut self, count: usize) -> Vec<String> {
        let mut codes = Vec::new();
        for _ in 0..count {
            let mut reply = self.reply().await;
            reply.truncate(3);
            codes.push(reply);
        }
        codes
    }
}

fn sink(world: &World, starttls: &StartTls) -> SmtpSink {
    let any = "127.0.0.1:0".parse().expect("an address");
    world.smtp_sink(any, NAME, starttls).expect("a free port")
}

fn text(message: &Message) -> &str {
    core::str::from_utf8(&message.content).expect("UTF-8")
}

#[tokio::test]
async fn pipelined_messages_are_kept_without_their_stuffing() {
    let world = World::start().await;
    let sink = sink(&world, &StartTls::Absent);
    let mut client = Client::new(&sink).await;
    let hello = client.ask("EHLO client.example").await;
    assert!(hello.contains("250-PIPELINING\r\n") && !hello.contains("STARTTLS"), "{hello}");

    client
        .send(
            "MAIL FROM:<a@example.org> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<b@example.com>\r\n\
             rcpt to:<c@example.com> NOTIFY=NEVER\r\nDATA\r\n",
        )
        .await;
    assert_eq!(client.codes(4).await, ["250", "250", "250", "354"]);
    client
        .send(
            "Subject: é\r\n\r\n..\r\n...dots\r\n.\r.\nno end\r\n.\r\n\
             MAIL FROM:<>\r\nRCPT TO:<d@example.com>\r\nDATA\r\n",
        )
        .await;
    assert_eq!(client.codes(4).await, ["250", "250", "250", "354"]);
    client.send(".\r\nQUIT\r\n").await;
    assert_eq!(client.codes(2).await, ["250", "221"]);
    assert_eq!(client.0.read(&mut [0]).await.expect("closed"), 0);

    let messages = sink.wait_for_messages(2).await;
    let first = &messages[0];
    assert_eq!((first.client.as_str(), first.sender.as_str()), ("client.example", "a@example.org"));
    assert_eq!(first.recipients, ["b@example.com", "c@example.com"]);
    assert_eq!(text(first), "Subject: é\r\n\r\n.\r\n..dots\r\n\r.\nno end\r\n");
    assert_eq!(first.tls, None);
    assert_eq!((messages[1].sender.as_str(), text(&messages[1])), ("", ""));
    assert_eq!(sink.wait_for_message().await, *first);
}

#[tokio::test]
async fn messages_over_tls_say_so() {
    let world = World::start().await;
    let sink = sink(&world, &StartTls::Offered(Certificate::Valid));
    let mut client = Client::new(&sink).await;
    assert!(client.ask("EHLO client.example").await.contains("250-STARTTLS\r\n"));
    let mut client = client.start_tls(&world).await.expect("a good certificate");
    // The session begins anew.
    assert_eq!(client.ask("MAIL FROM:<a@example.org>").await, "503 5.5.1 not now\r\n");
    assert!(!client.ask("EHLO client.example").await.contains("STARTTLS"));
    assert_eq!(client.ask("STARTTLS").await, "502 5.5.1 no such command\r\n");
    client.send("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n").await;
    assert_eq!(client.codes(3).await, ["250", "250", "354"]);
    client.send("Subject: x\r\n.\r\n").await;
    let tls = sink.wait_for_message().await.tls.expect("TLS was used");
    assert_eq!((tls.version.as_str(), tls.sni.as_deref()), ("TLSv1_3", Some(NAME)));
}

#[tokio::test]
async fn bad_certificates_are_refused_by_the_client() {
    let world = World::start().await;
    let sink = sink(&world, &StartTls::Offered(Certificate::Valid));
    let bad = [Certificate::NameMismatch, Certificate::Untrusted, Certificate::Expired];
    for certificate in bad {
        sink.set_starttls(&StartTls::Offered(certificate));
        let client = Client::new(&sink).await;
        assert!(client.start_tls(&world).await.is_err());
    }
    let failed = sink.wait_for_failed_handshakes(3).await;
    assert!(failed[1].contains("UnknownCA"), "{failed:?}");
    assert!(failed[2].contains("CertificateExpired"), "{failed:?}");
    assert!(sink.messages().is_empty());
    assert_eq!(sink.sessions(), 3);
}

#[tokio::test]
async fn what_was_sent_before_tls_is_forgotten() {
    let world = World::start().await;
    let sink = sink(&world, &StartTls::Offered(Certificate::Valid));
    let mut client = Client::new(&sink).await;
    client.send("EHLO client.example\r\nSTARTTLS\r\nNOOP\r\n").await;
    assert_eq!(client.codes(2).await, ["250", "220"]);
    let connector = TlsConnector::from(Arc::new(world.ca().client_config()));
    let name = ServerName::try_from(NAME).expect("a host name");
    let stream = connector.connect(name, client.0.into_inner()).await.expect("TLS");
    let mut client = Client(BufReader::new(stream));
    assert_eq!(client.ask("RSET").await, "250 2.0.0 forgotten\r\n");
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let world = World::start().await;
    let sink = sink(&world, &StartTls::Absent);
    let mut client = Client::new(&sink).await;
    for (command, code) in [
        ("MAIL FROM:<a@example.org>", "503"),
        ("HELO client.example", "250"),
        ("RCPT TO:<b@example.com>", "503"),
        ("MAIL FROM a@example.org", "501"),
        ("MAIL FROM:<a@example.org>", "250"),
        ("MAIL FROM:<a@example.org>", "503"),
        ("DATA", "503"),
        ("RCPT TO:<>", "501"),
        ("NOOP", "250"),
        ("RSET", "250"),
        ("RCPT TO:<b@example.com>", "503"),
        ("STARTTLS", "502"),
        ("VRFY postmaster", "502"),
        ("QUIT", "221"),
    ] {
        assert!(client.ask(command).await.starts_with(code), "{command}");
    }
}
