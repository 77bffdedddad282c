//! An engine behind a face.

use mtasts_core::{DnsFailure, Fetched, TxtAnswer, UnixMillis};

use super::{
    Face,
    wire::{Members, Reply, Request},
    with_fetched, with_txt_answer,
};

/// A decision as a face gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::vectors) struct Ruling {
    /// `enforce`, `testing`, `none`, `no-policy` or `temp-fail`.
    pub(in crate::vectors) kind: String,
    /// The policy that governs or, in mode `none`, says that nothing does.
    pub(in crate::vectors) policy: Option<Governing>,
    /// When what went wrong last came to be known.
    pub(in crate::vectors) failure_at: Option<UnixMillis>,
    /// The TLSRPT result type that the state of discovery calls for.
    pub(in crate::vectors) report: Option<String>,
}

/// The policy behind a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::vectors) struct Governing {
    pub(in crate::vectors) is_cached: bool,
    pub(in crate::vectors) id: String,
    pub(in crate::vectors) fetched_at: UnixMillis,
    pub(in crate::vectors) expires_at: UnixMillis,
    pub(in crate::vectors) mx: Vec<String>,
}

/// A policy as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::vectors) struct Kept {
    pub(in crate::vectors) id: String,
    pub(in crate::vectors) fetched_at: UnixMillis,
    pub(in crate::vectors) last_used: UnixMillis,
    /// The policy file.
    pub(in crate::vectors) text: String,
}

/// What an engine asks for or answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::vectors) enum Task {
    QueryTxt { request: u32, name: String },
    FetchPolicy { request: u32, host: String },
    Load { request: u32, domain: String },
    Store { request: u32, domain: String, policy: Kept },
    Remove { domain: String },
    Answer { ruling: Ruling, bounce: Option<String> },
    Alert,
}

impl Ruling {
    /// The decision for a next hop that is no Policy Domain.
    pub(in crate::vectors) fn no_domain() -> Self {
        Self { kind: "no-policy".into(), policy: None, failure_at: None, report: None }
    }

    fn read(members: &Members) -> Result<Self, String> {
        let policy =
            members.maybe_text("id")?.map(|id| Governing::read(members, id)).transpose()?;
        Ok(Self {
            kind: members.word("decision")?.to_owned(),
            policy,
            failure_at: members.maybe_number("failure_at")?.map(UnixMillis),
            report: members.maybe_word("result"),
        })
    }
}

impl Governing {
    fn read(members: &Members, id: String) -> Result<Self, String> {
        Ok(Self {
            is_cached: match members.word("source")? {
                "live" => false,
                "cached" => true,
                other => return Err(format!("`{other}` is no source")),
            },
            id,
            fetched_at: UnixMillis(members.number("fetched_at")?),
            expires_at: UnixMillis(members.number("expires_at")?),
            mx: members.texts("mx")?,
        })
    }
}

impl Task {
    fn read(members: &Members) -> Result<Self, String> {
        let request = || members.number("request");
        let domain = || members.text("domain");
        Ok(match members.word("kind")? {
            "query-txt" => Self::QueryTxt { request: request()?, name: members.text("name")? },
            "fetch-policy" => {
                let path = members.text("path")?;
                if path != mtasts_core::WELL_KNOWN_PATH {
                    return Err(format!("the policy is fetched from `{path}`"));
                }
                Self::FetchPolicy { request: request()?, host: members.text("host")? }
            }
            "load" => Self::Load { request: request()?, domain: domain()? },
            "store" => Self::Store {
                request: request()?,
                domain: domain()?,
                policy: Kept {
                    id: members.text("id")?,
                    fetched_at: UnixMillis(members.number("fetched_at")?),
                    last_used: UnixMillis(members.number("last_used")?),
                    text: members.text("policy")?,
                },
            },
            "remove" => Self::Remove { domain: domain()? },
            "answer" => Self::Answer {
                ruling: Ruling::read(members)?,
                bounce: members.maybe_word("bounce"),
            },
            "alert" => Self::Alert,
            other => return Err(format!("`{other}` is nothing that an engine asks for")),
        })
    }
}

fn with_kept(request: Request, kept: &Kept) -> Request {
    let request = request.octets(kept.id.as_bytes()).word(kept.fetched_at.0);
    request.word(kept.last_used.0).octets(kept.text.as_bytes())
}

impl Face {
    /// Begins with an engine that knows nothing, for a caller that keeps policies.
    pub(in crate::vectors) fn new_engine(&mut self) -> Result<(), String> {
        self.done(&Request::new("engine").word("store=1"))
    }

    /// What is answered at once.
    pub(in crate::vectors) fn lookup(
        &mut self,
        domain: &str,
        now: UnixMillis,
    ) -> Result<Option<Ruling>, String> {
        self.at_once("lookup", domain, now)
    }

    /// What is remembered, without asking for it.
    pub(in crate::vectors) fn peek(
        &mut self,
        domain: &str,
        now: UnixMillis,
    ) -> Result<Option<Ruling>, String> {
        self.at_once("peek", domain, now)
    }

    fn at_once(
        &mut self,
        verb: &str,
        domain: &str,
        now: UnixMillis,
    ) -> Result<Option<Ruling>, String> {
        match self.ask(&Request::new(verb).octets(domain.as_bytes()).word(now.0))? {
            Reply::Ok(members) => Ok(Some(Ruling::read(&members)?)),
            Reply::None(_) => Ok(None),
            // Such a next hop has no policy, and that is known at once.
            Reply::Err(_) => Ok(Some(Ruling::no_domain())),
        }
    }

    pub(in crate::vectors) fn resolve(
        &mut self,
        lookup: u32,
        domain: &str,
        deadline: UnixMillis,
        now: UnixMillis,
    ) -> Result<(), String> {
        self.question("resolve", lookup, domain, deadline, now)
    }

    pub(in crate::vectors) fn recheck(
        &mut self,
        lookup: u32,
        domain: &str,
        deadline: UnixMillis,
        now: UnixMillis,
    ) -> Result<(), String> {
        self.question("recheck", lookup, domain, deadline, now)
    }

    fn question(
        &mut self,
        verb: &str,
        lookup: u32,
        domain: &str,
        deadline: UnixMillis,
        now: UnixMillis,
    ) -> Result<(), String> {
        let request = Request::new(verb).word(lookup).octets(domain.as_bytes());
        self.done(&request.word(deadline.0).word(now.0))
    }

    pub(in crate::vectors) fn txt_answer(
        &mut self,
        request: u32,
        answer: &Result<TxtAnswer, DnsFailure>,
        now: UnixMillis,
    ) -> Result<(), String> {
        let line = Request::new("txt_answer").word(request).word(now.0);
        self.done(&with_txt_answer(line, answer))
    }

    pub(in crate::vectors) fn fetch_answer(
        &mut self,
        request: u32,
        fetched: &Fetched,
        now: UnixMillis,
    ) -> Result<(), String> {
        let line = Request::new("fetch_answer").word(request).word(now.0);
        self.done(&with_fetched(line, fetched))
    }

    pub(in crate::vectors) fn loaded(
        &mut self,
        request: u32,
        kept: Option<&Kept>,
        now: UnixMillis,
    ) -> Result<(), String> {
        let line = Request::new("loaded").word(request).word(now.0);
        self.done(&match kept {
            Some(kept) => with_kept(line, kept),
            None => line.word('-'),
        })
    }

    pub(in crate::vectors) fn stored(
        &mut self,
        request: u32,
        now: UnixMillis,
    ) -> Result<(), String> {
        self.done(&Request::new("stored").word(request).word(now.0))
    }

    pub(in crate::vectors) fn restore(
        &mut self,
        domain: &str,
        kept: &Kept,
        now: UnixMillis,
    ) -> Result<(), String> {
        let line = Request::new("restore").octets(domain.as_bytes()).word(now.0);
        self.done(&with_kept(line, kept))
    }

    pub(in crate::vectors) fn timeout(&mut self, now: UnixMillis) -> Result<(), String> {
        self.done(&Request::new("timeout").word(now.0))
    }

    /// When the engine wants to be woken next.
    pub(in crate::vectors) fn next(&mut self) -> Result<Option<UnixMillis>, String> {
        let request = Request::new("next");
        Ok(match self.ask(&request)? {
            Reply::Ok(members) => {
                let reason = members.word("reason")?;
                if !["lookup-deadline", "request-deadline", "maintenance"].contains(&reason) {
                    return Err(format!("`{reason}` is no reason to be woken"));
                }
                Some(UnixMillis(members.number("at")?))
            }
            Reply::None(_) => None,
            Reply::Err(code) => return Err(super::refused(&request, &code)),
        })
    }

    /// What the engine asks for or answers next.
    pub(in crate::vectors) fn poll(&mut self) -> Result<Option<Task>, String> {
        let request = Request::new("poll");
        match self.ask(&request)? {
            Reply::Ok(members) => Ok(Some(Task::read(&members)?)),
            Reply::None(_) => Ok(None),
            Reply::Err(code) => Err(super::refused(&request, &code)),
        }
    }

    /// The verdict on an attempt under the last decision, and what is to be reported of it.
    pub(in crate::vectors) fn judge(
        &mut self,
        mx: &str,
        starttls: bool,
        cert: &str,
        dane: &str,
    ) -> Result<(String, Option<String>), String> {
        let request = Request::new("judge").octets(mx.as_bytes()).word(u8::from(starttls));
        let members = self.expect_ok(&request.word(cert).word(dane))?;
        Ok((members.word("verdict")?.to_owned(), members.maybe_word("report")))
    }

    fn done(&mut self, request: &Request) -> Result<(), String> {
        self.expect_ok(request).map(|_| ())
    }
}
