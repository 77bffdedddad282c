//! Responses, as HTTP has them and as it does not.

use core::time::Duration;
use std::io::Write as _;

use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};

use super::Script;
use crate::world::{enforce, gate::Gate};

/// A response, to be varied: complete and well-formed unless a method says otherwise.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
    framing: Framing,
    end: End,
    drip: Option<Duration>,
    gate: Option<Gate>,
    before: Script,
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Length,
    Chunked,
    UntilClose,
}

/// Where a response really ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Where the framing says.
    Framed,
    /// Before the framing says so.
    Early,
    /// Never.
    Never,
    /// After the head, with a reset of the connection.
    ResetAfterHead,
}

impl Reply {
    /// A response with neither body nor header fields, except those that frame the body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            fields: Vec::new(),
            body: Vec::new(),
            framing: Framing::Length,
            end: End::Framed,
            drip: None,
            gate: None,
            before: Script::new(),
        }
    }

    /// A 200 `text/plain` response.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200).field("Content-Type", "text/plain").body(body)
    }

    /// A 200 `text/plain` response with a body of exactly so many octets, which is a policy but
    /// for its length: the last line, of an unknown field, fills it up.
    pub fn of_length(length: usize) -> Self {
        let mut body = enforce(&["mail.example.com"]).into_bytes();
        body.extend_from_slice(b"filler: x");
        assert!(length >= body.len(), "a policy has at least {} octets", body.len());
        body.resize(length, b'x');
        Self::ok(body)
    }

    /// A 302 response.
    pub fn redirect(location: &str) -> Self {
        Self::new(302).field("Location", location)
    }

    /// Adds a header field. It may be of any length.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Replaces the `Content-Type` field, or with `None` removes it.
    #[must_use]
    pub fn content_type(mut self, value: Option<&str>) -> Self {
        self.fields.retain(|(name, _)| !name.eq_ignore_ascii_case("Content-Type"));
        match value {
            Some(value) => self.field("Content-Type", value),
            None => self,
        }
    }

    /// Replaces the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Says that the body is in this content coding, and for gzip and deflate puts it into it. Call
    /// it after the body is set.
    ///
    /// Deflate is the zlib format, as in RFC 9110 §8.4.1.2.
    #[must_use]
    pub fn encoded(mut self, coding: &str) -> Self {
        let level = Compression::default();
        let body = &self.body;
        let encoded = match coding.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => {
                let mut encoder = GzEncoder::new(Vec::new(), level);
                Some(encoder.write_all(body).and_then(|()| encoder.finish()))
            }
            "deflate" => {
                let mut encoder = ZlibEncoder::new(Vec::new(), level);
                Some(encoder.write_all(body).and_then(|()| encoder.finish()))
            }
            _ => None,
        };
        if let Some(encoded) = encoded {
            self.body = encoded.expect("memory can be written");
        }
        self.field("Content-Encoding", coding)
    }

    /// Sends the body in chunks, of up to 512 octets.
    #[must_use]
    pub const fn chunked(mut self) -> Self {
        self.framing = Framing::Chunked;
        self
    }

    /// Tells the end of the body by closing the connection.
    #[must_use]
    pub const fn until_close(mut self) -> Self {
        self.framing = Framing::UntilClose;
        self
    }

    /// Ends before the framing says so: `Content-Length` promises more than is sent, or the last
    /// chunk is missing, or TLS is not closed.
    #[must_use]
    pub const fn incomplete(mut self) -> Self {
        self.end = End::Early;
        self
    }

    /// Sends the body, which must not be empty, again and again in chunks until the client leaves.
    #[must_use]
    pub const fn endless(mut self) -> Self {
        self.end = End::Never;
        self.chunked()
    }

    /// Sends the body octet by octet, with a pause after each.
    #[must_use]
    pub const fn drip(mut self, pause: Duration) -> Self {
        self.drip = Some(pause);
        self
    }

    /// Sends nothing of this response until the gate is open.
    #[must_use]
    pub fn held(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// Sends another response before this one: an interim one such as 103, or a second final one.
    #[must_use]
    pub fn preceded_by(mut self, other: Self) -> Self {
        self.before = other.into();
        self
    }

    /// Resets the connection when the head has been sent.
    #[must_use]
    pub const fn reset_after_head(mut self) -> Self {
        self.end = End::ResetAfterHead;
        self
    }

    /// Whether responses of this status have no body, and nothing to frame one (RFC 9112 §6.3).
    const fn is_bodiless(&self) -> bool {
        matches!(self.status, 100..=199 | 204 | 304)
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} \r\n", self.status);
        let mut add = |name: &str, value: &str| {
            head.extend([name, ": ", value, "\r\n"]);
        };
        for (name, value) in &self.fields {
            add(name, value);
        }
        match self.framing {
            _ if self.is_bodiless() => {}
            Framing::Length => {
                let missing = if self.end == End::Early { 100 } else { 0 };
                add("Content-Length", &self.body.len().saturating_add(missing).to_string());
            }
            Framing::Chunked => add("Transfer-Encoding", "chunked"),
            Framing::UntilClose => {}
        }
        if !matches!(self.status, 100..=199) {
            add("Connection", "close");
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    fn framed_body(&self) -> Vec<u8> {
        match self.framing {
            Framing::Length | Framing::UntilClose => self.body.clone(),
            Framing::Chunked => {
                let chunk = |chunk: &[u8]| {
                    [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat()
                };
                self.body.chunks(512).flat_map(chunk).collect()
            }
        }
    }
}

impl From<Reply> for Script {
    fn from(reply: Reply) -> Self {
        let mut script = match &reply.gate {
            Some(gate) => Self::new().wait(gate),
            None => Self::new(),
        };
        script = script.send(reply.head());
        if !reply.is_bodiless() {
            let body = reply.framed_body();
            script = match (reply.end, reply.drip) {
                (End::ResetAfterHead, _) => script,
                (End::Never, _) => script.repeat(body),
                (End::Framed | End::Early, Some(pause)) => script.drip(body, pause),
                (End::Framed | End::Early, None) => script.send(body),
            };
        }
        script = match (reply.end, reply.framing) {
            (End::ResetAfterHead, _) => script.reset(),
            (End::Framed, Framing::Chunked) => script.send(b"0\r\n\r\n"),
            (End::Early, Framing::UntilClose) => script.cut(),
            _ => script,
        };
        script.after(reply.before)
    }
}
