//! Requests, as they came in.

use tokio::io::{self, AsyncRead, AsyncReadExt as _};

use super::POLICY_PATH;

/// How long the head of a request may be.
const LONGEST_HEAD: usize = 64 * 1024;

/// How many header fields a request may have.
const MOST_FIELDS: usize = 100;

/// A request, as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, with the query if there is one.
    pub path: String,
    /// The protocol version: `HTTP/1.0` or `HTTP/1.1`.
    pub version: String,
    /// The header fields in their order, names as they were spelt.
    pub headers: Vec<(String, String)>,
    /// The host that the client named in SNI, in lower case.
    pub sni: String,
}

impl Request {
    /// The value of the first header field of this name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let field = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.as_str())
    }

    pub(super) fn is_for_policy(&self) -> bool {
        self.method == "GET" && self.path == POLICY_PATH
    }

    /// Reads the head of a request.
    pub(super) async fn read(
        stream: &mut (impl AsyncRead + Unpin),
        sni: String,
    ) -> io::Result<Self> {
        let mut head = Vec::new();
        while head.len() < LONGEST_HEAD {
            if stream.read_buf(&mut head).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
            let mut request = httparse::Request::new(&mut fields);
            if request.parse(&head).map_err(io::Error::other)?.is_complete() {
                return Ok(Self::new(&request, sni));
            }
        }
        Err(io::Error::other("the head of the request is too long"))
    }

    fn new(request: &httparse::Request<'_, '_>, sni: String) -> Self {
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        let field = |field: &httparse::Header<'_>| (field.name.to_owned(), text(field.value));
        Self {
            method: request.method.unwrap_or_default().to_owned(),
            path: request.path.unwrap_or_default().to_owned(),
            version: format!("HTTP/1.{}", request.version.unwrap_or_default()),
            headers: request.headers.iter().map(field).collect(),
            sni,
        }
    }
}
