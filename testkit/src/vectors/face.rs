//! The faces of the engine: Rust, C, Python and JavaScript answer the same requests, and one judge
//! judges them all. `vectors/FACES.md` describes the protocol.

use std::{fmt, process::Command};

use mtasts_core::{DnsFailure, FailureKind, Fetched, TxtAnswer};

mod child;
mod engine;
mod rust;
mod wire;

pub(super) use engine::{Governing, Kept, Ruling, Task};
use wire::{Members, Reply, Request};

/// Something that answers requests, one line each.
trait Driver: fmt::Debug {
    /// The reply to a request. `Err` when the driver itself is broken.
    fn ask(&mut self, request: &str) -> Result<String, String>;
}

/// One face, whatever it is written in.
#[derive(Debug)]
pub struct Face {
    driver: Box<dyn Driver>,
    is_rust: bool,
}

/// A policy as a face reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyRead {
    pub(super) mode: String,
    pub(super) max_age: u64,
    pub(super) mx: Vec<String>,
    pub(super) deviations: usize,
}

/// What a face makes of a text: the thing, or the code of the reason why it is none.
pub(super) type Read<T> = Result<T, String>;

impl Face {
    /// The Rust API, in this process.
    #[must_use]
    pub fn rust() -> Self {
        Self { driver: Box::new(rust::Native::default()), is_rust: true }
    }

    /// A driver in a process of its own.
    ///
    /// # Errors
    ///
    /// When it cannot be started, or does not speak the protocol.
    pub fn start(command: Command) -> Result<Self, String> {
        let driver = Box::new(child::Process::start(command)?);
        let mut face = Self { driver, is_rust: false };
        face.expect_ok(&Request::new("face"))?.word("name")?;
        Ok(face)
    }

    /// Whether this is the Rust API, beside which `mtasts-net` judges certificates.
    pub(super) const fn is_rust(&self) -> bool {
        self.is_rust
    }

    pub(super) fn txt(&mut self, records: &[Vec<u8>]) -> Result<Read<String>, String> {
        self.read(&Request::new("txt").many(records), |members| members.text("id"))
    }

    pub(super) fn tlsrpt(&mut self, records: &[Vec<u8>]) -> Result<Read<Vec<String>>, String> {
        self.read(&Request::new("tlsrpt").many(records), |members| members.texts("rua"))
    }

    pub(super) fn policy(&mut self, body: &[u8]) -> Result<Read<PolicyRead>, String> {
        self.read(&Request::new("policy").octets(body), PolicyRead::read)
    }

    pub(super) fn response(
        &mut self,
        fetched: &Fetched,
        max_bytes: usize,
    ) -> Result<Read<PolicyRead>, String> {
        match fetched {
            Ok(response) => {
                let request = Request::new("response").word(response.status);
                let request =
                    request.maybe_octets(response.content_type.as_deref().map(str::as_bytes));
                self.read(&request.octets(&response.body).word(max_bytes), PolicyRead::read)
            }
            // There is nothing to be read.
            Err((failure, _)) => Ok(Err(FailureKind::Fetch(*failure).code().to_owned())),
        }
    }

    pub(super) fn mxmatch(&mut self, pattern: &str, host: &str) -> Result<bool, String> {
        let request = Request::new("mxmatch").octets(pattern.as_bytes()).octets(host.as_bytes());
        match self.expect_ok(&request)?.word("match")? {
            "0" => Ok(false),
            "1" => Ok(true),
            other => Err(format!("`{other}` is no match")),
        }
    }

    /// What the linter finds, as JSON.
    ///
    /// # Errors
    ///
    /// When the input is refused, or the driver is broken.
    pub fn lint(&mut self, input: &str) -> Result<String, String> {
        self.expect_ok(&Request::new("lint").octets(input.as_bytes()))?.text("findings")
    }

    fn read<T>(
        &mut self,
        request: &Request,
        read: impl FnOnce(&Members) -> Result<T, String>,
    ) -> Result<Read<T>, String> {
        match self.ask(request)? {
            Reply::Ok(members) => Ok(Ok(read(&members)?)),
            Reply::None(code) => Ok(Err(code)),
            Reply::Err(code) => Err(refused(request, &code)),
        }
    }

    fn expect_ok(&mut self, request: &Request) -> Result<Members, String> {
        match self.ask(request)? {
            Reply::Ok(members) => Ok(members),
            Reply::None(code) | Reply::Err(code) => Err(refused(request, &code)),
        }
    }

    fn ask(&mut self, request: &Request) -> Result<Reply, String> {
        Reply::read(&self.driver.ask(request.line())?)
    }
}

fn refused(request: &Request, code: &str) -> String {
    let start: String = request.line().chars().take(200).collect();
    format!("`{start}` was refused: {code}")
}

impl PolicyRead {
    fn read(members: &Members) -> Result<Self, String> {
        Ok(Self {
            mode: members.word("mode")?.to_owned(),
            max_age: members.number("max_age")?,
            mx: members.texts("mx")?,
            deviations: members.number("deviations")?,
        })
    }
}

/// The word for a query that failed.
fn dns_code(failure: DnsFailure) -> &'static str {
    FailureKind::Dns(failure).code()
}

/// The answer to a TXT query, as requests write it.
fn with_txt_answer(request: Request, answer: &Result<TxtAnswer, DnsFailure>) -> Request {
    match answer {
        Ok(TxtAnswer { records, ttl }) => request.word("ok").word(ttl).many(records),
        Err(failure) => request.word("fail").word(dns_code(*failure)).octets(b""),
    }
}

/// What a fetch brought, as requests write it.
fn with_fetched(request: Request, fetched: &Fetched) -> Request {
    match fetched {
        Ok(response) => request
            .word("ok")
            .word(response.status)
            .maybe_octets(response.content_type.as_deref().map(str::as_bytes))
            .octets(&response.body),
        Err((failure, detail)) => {
            request.word("fail").word(FailureKind::Fetch(*failure).code()).octets(detail.as_bytes())
        }
    }
}
