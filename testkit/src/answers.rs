//! The answers of the flow language: what DNS says of a name, and what an HTTPS server says.
//!
//! The format is that of `vectors/README.md`. A member that the format does not know, and members
//! that contradict each other, are errors.

use core::net::IpAddr;
use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// Octets in JSON: a string stands for its UTF-8 octets, `{"b64": …}` for any.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Octets {
    /// The UTF-8 octets of the text.
    Text(String),
    /// Octets in base64.
    Base64(Base64),
}

/// The `{"b64": …}` form of [`Octets`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base64 {
    b64: String,
}

impl Octets {
    /// The octets themselves.
    ///
    /// # Errors
    ///
    /// When the text under `b64` is not base64.
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::Base64(Base64 { b64 }) => decode(b64),
        }
    }
}

impl From<&str> for Octets {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

fn decode(b64: &str) -> Result<Vec<u8>, String> {
    BASE64_STANDARD.decode(b64).map_err(|error| format!("`{b64}` is not base64: {error}"))
}

/// The octets of one TXT record's character-strings.
///
/// # Errors
///
/// When a string is not base64, or has more than the 255 octets that DNS allows.
pub fn character_strings(record: &[Octets]) -> Result<Vec<Vec<u8>>, String> {
    record
        .iter()
        .map(|string| match string.bytes()? {
            long if long.len() > 255 => Err(format!("a character-string of {} octets", long.len())),
            octets => Ok(octets),
        })
        .collect()
}

/// The records of a TXT answer, each joined from its character-strings.
///
/// # Errors
///
/// As [`character_strings`].
pub fn join(records: &[Vec<Octets>]) -> Result<Vec<Vec<u8>>, String> {
    records.iter().map(|record| Ok(character_strings(record)?.concat())).collect()
}

/// What DNS answers to a TXT query.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "DnsMembers")]
pub enum DnsAnswer {
    /// The TXT records, each a list of character-strings.
    Txt {
        /// The records.
        records: Vec<Vec<Octets>>,
        /// Time to live in seconds.
        ttl: u32,
    },
    /// The name is an alias.
    Cname {
        /// The canonical name.
        target: String,
        /// Time to live in seconds.
        ttl: u32,
    },
    /// No records, for the reason given.
    Rcode {
        /// The reason.
        rcode: Rcode,
        /// For how many seconds the absence may be kept.
        ttl: Option<u32>,
    },
    /// No reply at all.
    Timeout,
}

/// Why DNS has no records to give. `NODATA` is written as a code here, though it is none in DNS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the protocol's own")]
pub enum Rcode {
    Nxdomain,
    Nodata,
    Servfail,
    Refused,
}

impl DnsAnswer {
    /// One TXT record of one character-string, kept for a minute.
    pub fn txt(text: &str) -> Self {
        Self::Txt { records: vec![vec![text.into()]], ttl: 60 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DnsMembers {
    txt: Option<Vec<Vec<Octets>>>,
    cname: Option<String>,
    rcode: Option<Rcode>,
    timeout: Option<bool>,
    ttl: Option<u32>,
}

impl TryFrom<DnsMembers> for DnsAnswer {
    type Error = &'static str;

    fn try_from(members: DnsMembers) -> Result<Self, Self::Error> {
        let DnsMembers { txt, cname, rcode, timeout, ttl } = members;
        match (txt, cname, rcode, timeout, ttl) {
            (Some(records), None, None, None, Some(ttl)) => Ok(Self::Txt { records, ttl }),
            (None, Some(target), None, None, Some(ttl)) => Ok(Self::Cname { target, ttl }),
            (None, None, Some(rcode), None, ttl) => Ok(Self::Rcode { rcode, ttl }),
            (None, None, None, Some(true), None) => Ok(Self::Timeout),
            _ => Err("a DNS answer is `txt` or `cname` with `ttl`, `rcode`, or `timeout`"),
        }
    }
}

/// What an HTTPS server answers to a GET: everything but the body, or the failure.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "HeadMembers")]
pub struct HttpHead {
    /// The head of the response, or why there is none.
    pub response: Result<ResponseHead, HttpFail>,
    /// The Policy Host, where a case judges `tls`.
    pub host: Option<String>,
    /// The certificate that the host presents. Without it, one that is valid.
    pub tls: Option<CertSpec>,
}

/// The head of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead {
    /// The status code.
    pub status: u16,
    /// The `Content-Type` field, `None` where there is none.
    pub content_type: Option<String>,
    /// The `Location` field.
    pub location: Option<String>,
    /// The `Content-Encoding` field. The body is given decoded.
    pub content_encoding: Option<String>,
    /// Further fields.
    pub headers: BTreeMap<String, String>,
    /// Whether the response ends where its framing says.
    pub complete: bool,
}

impl ResponseHead {
    /// A head with a status and `Content-Type: text/plain`.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            content_type: Some("text/plain".into()),
            location: None,
            content_encoding: None,
            headers: BTreeMap::new(),
            complete: true,
        }
    }

    /// All header fields, those with members of their own first.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = [
            ("Content-Type", &self.content_type),
            ("Location", &self.location),
            ("Content-Encoding", &self.content_encoding),
        ];
        let named = named.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        named.chain(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HttpFail {
    /// The connection is refused.
    Connect,
    /// The server never answers.
    Timeout,
    /// The host does not exist.
    DnsNxdomain,
    /// The host cannot be looked up.
    DnsServfail,
    /// The TLS handshake fails.
    TlsHandshake,
    /// The certificate is for another name.
    TlsNameMismatch,
    /// The certificate is out of date.
    TlsExpired,
    /// The certificate's issuer is not trusted.
    TlsUntrusted,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadMembers {
    status: Option<u16>,
    #[serde(default, deserialize_with = "present")]
    content_type: Option<Option<String>>,
    location: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    content_encoding: Option<String>,
    complete: Option<bool>,
    fail: Option<HttpFail>,
    host: Option<String>,
    tls: Option<CertSpec>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// Tells `"content_type": null` from no `content_type`.
fn present<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(de).map(Some)
}

impl TryFrom<HeadMembers> for HttpHead {
    type Error = &'static str;

    fn try_from(members: HeadMembers) -> Result<Self, Self::Error> {
        let HeadMembers {
            status,
            content_type,
            location,
            headers,
            content_encoding,
            complete,
            fail,
            host,
            tls,
            _note,
        } = members;
        let bare = content_type.is_none()
            && location.is_none()
            && headers.is_empty()
            && content_encoding.is_none()
            && complete.is_none();
        let response = match (status, fail) {
            (Some(status), None) => Ok(ResponseHead {
                content_type: content_type.unwrap_or_else(|| Some("text/plain".into())),
                location,
                content_encoding,
                headers,
                complete: complete.unwrap_or(true),
                ..ResponseHead::new(status)
            }),
            (None, Some(fail)) if bare => Err(fail),
            (None, Some(_)) => return Err("an HTTP answer with `fail` has no response members"),
            _ => return Err("an HTTP answer has either `status` or `fail`"),
        };
        Ok(Self { response, host, tls })
    }
}

/// The members that give a response's body, which stand beside `http` in `policy.jsonl`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyMembers {
    /// The body as text.
    pub body: Option<String>,
    /// The body in base64.
    pub body_b64: Option<String>,
    /// The body as texts, each with how often it is repeated.
    pub body_gen: Option<Vec<(String, usize)>>,
}

impl BodyMembers {
    /// The octets of the body: none, where no member is given.
    ///
    /// # Errors
    ///
    /// When more than one member is given, or `body_b64` is not base64.
    pub fn octets(self) -> Result<Vec<u8>, String> {
        match (self.body, self.body_b64, self.body_gen) {
            (None, None, None) => Ok(Vec::new()),
            (Some(text), None, None) => Ok(text.into_bytes()),
            (None, Some(b64), None) => decode(&b64),
            (None, None, Some(pieces)) => Ok(pieces
                .iter()
                .flat_map(|(text, times)| text.repeat(*times).into_bytes())
                .collect()),
            _ => Err("only one of `body`, `body_b64` and `body_gen` may be given".into()),
        }
    }
}

/// What an HTTPS server answers to a GET.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct HttpAnswer {
    /// Everything but the body.
    pub head: HttpHead,
    /// The body, empty where there is no response.
    pub body: Vec<u8>,
}

impl HttpAnswer {
    /// A complete `text/plain` response.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let response = Ok(ResponseHead::new(status));
        Self { head: HttpHead { response, host: None, tls: None }, body: body.into() }
    }

    /// A 200 `text/plain` response, which is how a policy is published.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    /// No response.
    pub const fn fail(fail: HttpFail) -> Self {
        Self { head: HttpHead { response: Err(fail), host: None, tls: None }, body: Vec::new() }
    }
}

impl TryFrom<Map<String, Value>> for HttpAnswer {
    type Error = String;

    // `serde(flatten)` cannot be combined with `deny_unknown_fields`, so the members are sorted
    // into the two structs first.
    fn try_from(mut head: Map<String, Value>) -> Result<Self, Self::Error> {
        let body: Map<String, Value> = ["body", "body_b64", "body_gen"]
            .into_iter()
            .filter_map(|member| head.remove_entry(member))
            .collect();
        let has_body = !body.is_empty();
        let body: BodyMembers = read(body)?;
        let head: HttpHead = read(head)?;
        if has_body && head.response.is_err() {
            return Err("an HTTP answer with `fail` has no body".into());
        }
        Ok(Self { head, body: body.octets()? })
    }
}

fn read<T: for<'de> Deserialize<'de>>(members: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(members)).map_err(|error| error.to_string())
}

/// A certificate, as far as a judgement of it goes. By default it is trusted and in date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertSpec {
    /// The subject alternative names.
    pub san: Vec<San>,
    /// The common name of the subject.
    pub cn: Option<String>,
    /// Whether its time is over. It counts before `not_yet_valid`.
    #[serde(default)]
    pub expired: bool,
    /// Whether its time is to come.
    #[serde(default)]
    pub not_yet_valid: bool,
    /// Whether the issuer is one that the client trusts.
    #[serde(default = "yes")]
    pub trusted: bool,
}

const fn yes() -> bool {
    true
}

impl CertSpec {
    /// A trusted certificate in date, for one DNS name.
    pub fn dns(name: &str) -> Self {
        let san = vec![San::Dns(name.into())];
        Self { san, cn: None, expired: false, not_yet_valid: false, trusted: true }
    }
}

/// A subject alternative name, written `TYPE:value`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum San {
    /// `DNS:`: a DNS name, which may be a wildcard, or no host name at all.
    Dns(String),
    /// `IP:`: an address.
    Ip(IpAddr),
    /// `EMAIL:`: a mailbox.
    Email(String),
    /// `URI:`: a URI.
    Uri(String),
    /// `SRV:`: a service name (RFC 4985).
    Srv(String),
}

impl TryFrom<String> for San {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let value = |value: &str| value.to_owned();
        match text.split_once(':') {
            Some(("DNS", name)) => Ok(Self::Dns(value(name))),
            Some(("IP", address)) => {
                address.parse().map(Self::Ip).map_err(|error| format!("`{text}`: {error}"))
            }
            Some(("EMAIL", mailbox)) => Ok(Self::Email(value(mailbox))),
            Some(("URI", uri)) => Ok(Self::Uri(value(uri))),
            Some(("SRV", service)) => Ok(Self::Srv(value(service))),
            _ => Err(format!("`{text}` is not a name of type DNS, IP, EMAIL, URI or SRV")),
        }
    }
}
