//! One SMTP session (RFC 5321, RFC 3207).

use tokio::io::{
    self, AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader,
};

use super::{Message, Tls};
use crate::world::log::Log;

/// The state of a session.
pub(super) struct Session<'a> {
    name: &'a str,
    messages: &'a Log<Message>,
    offers_tls: bool,
    tls: Option<Tls>,
    client: Option<String>,
    sender: Option<String>,
    recipients: Vec<String>,
}

/// How a conversation ended.
pub(super) enum End<S> {
    /// The client has left.
    Quit,
    /// The client goes on in TLS.
    StartTls(S),
}

/// What follows a command.
enum Next {
    Reply(String),
    Content,
    StartTls,
    Quit,
}

impl<'a> Session<'a> {
    pub(super) const fn new(name: &'a str, messages: &'a Log<Message>, offers_tls: bool) -> Self {
        Self {
            name,
            messages,
            offers_tls,
            tls: None,
            client: None,
            sender: None,
            recipients: Vec::new(),
        }
    }

    /// Greets the client, and talks to it.
    pub(super) async fn greet<S>(&mut self, mut stream: S) -> io::Result<End<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        stream.write_all(format!("220 {} ESMTP\r\n", self.name).as_bytes()).await?;
        self.talk(stream).await
    }

    /// Talks to the client within TLS, where it begins anew.
    pub(super) async fn secured<S>(&mut self, stream: S, tls: Tls) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.tls = Some(tls);
        self.client = None;
        self.reset();
        self.talk(stream).await.map(|_| ())
    }

    async fn talk<S>(&mut self, stream: S) -> io::Result<End<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut stream = BufReader::new(stream);
        loop {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line).await? == 0 {
                return Ok(End::Quit);
            }
            let reply = match self.command(String::from_utf8_lossy(&line).trim_end()) {
                Next::Reply(reply) => reply,
                Next::Content => {
                    stream.write_all(b"354 go on\r\n").await?;
                    stream.flush().await?;
                    let content = read_content(&mut stream).await?;
                    self.keep(content);
                    "250 2.0.0 kept\r\n".into()
                }
                Next::StartTls => {
                    stream.write_all(b"220 2.0.0 go on\r\n").await?;
                    stream.flush().await?;
                    // What the client sent already is lost with the buffer: it came outside TLS.
                    return Ok(End::StartTls(stream.into_inner()));
                }
                Next::Quit => {
                    stream.write_all(b"221 2.0.0 bye\r\n").await?;
                    stream.shutdown().await?;
                    return Ok(End::Quit);
                }
            };
            stream.write_all(reply.as_bytes()).await?;
            stream.flush().await?;
        }
    }

    fn command(&mut self, line: &str) -> Next {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        let reply = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.hello(argument);
                return Next::Reply(self.extensions());
            }
            "HELO" => {
                self.hello(argument);
                "250 hello"
            }
            "STARTTLS" if self.offers_tls && self.tls.is_none() => return Next::StartTls,
            "MAIL" if self.client.is_none() || self.sender.is_some() => "503 5.5.1 not now",
            "MAIL" => match path(argument, "FROM:") {
                Some(sender) => {
                    self.sender = Some(sender);
                    "250 2.1.0 sender kept"
                }
                None => "501 5.5.4 no sender",
            },
            "RCPT" if self.sender.is_none() => "503 5.5.1 not now",
            "RCPT" => match path(argument, "TO:").filter(|recipient| !recipient.is_empty()) {
                Some(recipient) => {
                    self.recipients.push(recipient);
                    "250 2.1.5 recipient kept"
                }
                None => "501 5.5.4 no recipient",
            },
            "DATA" if self.recipients.is_empty() => "503 5.5.1 not now",
            "DATA" => return Next::Content,
            "RSET" => {
                self.reset();
                "250 2.0.0 forgotten"
            }
            "NOOP" => "250 2.0.0 well",
            "QUIT" => return Next::Quit,
            _ => "502 5.5.1 no such command",
        };
        Next::Reply(format!("{reply}\r\n"))
    }

    fn hello(&mut self, client: &str) {
        self.client = Some(client.to_owned());
        self.reset();
    }

    fn extensions(&self) -> String {
        let tls = (self.offers_tls && self.tls.is_none()).then_some("STARTTLS");
        let others = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
        let mut lines: String = [self.name]
            .into_iter()
            .chain(tls)
            .chain(others)
            .fold(String::new(), |lines, word| lines + "250-" + word + "\r\n");
        lines.push_str("250 SIZE\r\n");
        lines
    }

    fn keep(&mut self, content: Vec<u8>) {
        self.messages.push(Message {
            client: self.client.clone().unwrap_or_default(),
            sender: self.sender.take().unwrap_or_default(),
            recipients: core::mem::take(&mut self.recipients),
            content,
            tls: self.tls.clone(),
        });
    }

    fn reset(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }
}

/// The path in `FROM:<path> parameters`.
fn path(argument: &str, keyword: &str) -> Option<String> {
    let (start, rest) = argument.split_at_checked(keyword.len())?;
    let rest = rest.trim_start().strip_prefix('<')?;
    let (path, _parameters) = rest.split_once('>')?;
    start.eq_ignore_ascii_case(keyword).then(|| path.to_owned())
}

/// Reads a message up to the line with a single dot, and takes the stuffed dots away.
async fn read_content(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let mut line = Vec::new();
        // Only CRLF ends a line: a lone LF is part of one.
        while !line.ends_with(b"\r\n") {
            if stream.read_until(b'\n', &mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if line == b".\r\n" {
            return Ok(content);
        }
        content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
