//! The Rust API behind the protocol, in this process.

use core::{fmt::Write as _, str::SplitAsciiWhitespace};
use std::sync::Arc;

use mtasts_core::{
    AlertKind, Bounce, CachedPolicy, CertOutcome, Config, DaneOutcome, Decision, DnsFailure,
    Engine, FailureKind, FetchFailure, Input, LookupId, MxPattern, Output, Parsed, Policy,
    PolicyDomain, PolicyId, RecordError, RequestId, Response, Source, StsRecord, TlsOutcome,
    TlsRptError, TlsRptRecord, TxtAnswer, UnixMillis, Verdict, WakeReason, lint::json, read_policy,
};

use super::{
    Driver,
    wire::{push_octets, read_octets},
};

/// Requests answered by `mtasts-core` itself.
#[derive(Debug, Default)]
pub(super) struct Native {
    engine: Option<Engine>,
    /// The decision that was given last.
    last: Option<Decision>,
}

impl Driver for Native {
    fn ask(&mut self, request: &str) -> Result<String, String> {
        let mut tokens = Tokens(request.split_ascii_whitespace());
        let verb = tokens.word()?;
        let reply = match verb {
            "txt" => record(StsRecord::select(&tokens.rest()?), record_code, |record, line| {
                push(line, "id", record.id.as_str());
            }),
            "tlsrpt" => {
                record(TlsRptRecord::select(&tokens.rest()?), TlsRptError::code, |record, line| {
                    record.rua.iter().for_each(|uri| push(line, "rua", uri));
                })
            }
            "policy" => policy(Policy::parse(tokens.octets()?).map_err(FailureKind::Policy)),
            "response" => {
                let response = tokens.response()?;
                policy(read_policy(&response, tokens.number()?))
            }
            "mxmatch" => {
                let pattern = MxPattern::parse(tokens.text()?);
                let host = tokens.text()?;
                let matches = pattern.is_ok_and(|pattern| pattern.matches(&host));
                format!("ok match={}", u8::from(matches))
            }
            "lint" => match json::check(&tokens.text()?) {
                Ok(report) => {
                    let mut line = "ok".into();
                    push(&mut line, "findings", &report);
                    line
                }
                Err(_) => "err publication-invalid".into(),
            },
            "judge" => self.judge(&mut tokens)?,
            _ => self.engine(verb, &mut tokens)?,
        };
        tokens.end()?;
        Ok(reply)
    }
}

impl Native {
    fn engine(&mut self, verb: &str, tokens: &mut Tokens<'_>) -> Result<String, String> {
        if verb == "engine" {
            let store = match tokens.word()? {
                "store=1" => true,
                "store=0" => false,
                other => return Err(format!("`{other}` is no setting")),
            };
            self.engine = Some(Engine::new(Config { store, ..Config::default() }));
            return Ok("ok".into());
        }
        let engine = self.engine.as_mut().ok_or("there is no engine")?;
        match verb {
            "poll" => {
                return Ok(engine.poll_output().map_or_else(none, |out| self.output(out)));
            }
            "next" => return Ok(engine.poll_timeout().map_or_else(none, wake)),
            "timeout" => {
                engine.handle_timeout(tokens.time()?);
                return Ok("ok".into());
            }
            "lookup" | "peek" => {
                let (key, now) = (tokens.octets()?, tokens.time()?);
                let Ok(domain) = PolicyDomain::from_lookup_key(key) else {
                    return Ok("err domain".into());
                };
                let decision = match verb {
                    "peek" => engine.peek(&domain, now),
                    _ => engine.lookup(&domain, now),
                };
                return Ok(decision.map_or_else(none, |decision| {
                    let mut line = "ok".into();
                    self.ruling(decision, &mut line);
                    line
                }));
            }
            _ => {}
        }
        let (input, now) = input(verb, tokens)?;
        Ok(match engine.handle_input(input, now) {
            Ok(()) => "ok".into(),
            Err(error) => format!("err {}", error.code()),
        })
    }

    fn judge(&self, tokens: &mut Tokens<'_>) -> Result<String, String> {
        let decision = self.last.as_ref().ok_or("there is no decision")?;
        let mx = tokens.text()?;
        let starttls = tokens.word()? == "1";
        let cert = match tokens.word()? {
            "valid" => CertOutcome::Valid,
            "expired" => CertOutcome::Expired,
            "name-mismatch" => CertOutcome::NameMismatch,
            "untrusted" => CertOutcome::Untrusted,
            "invalid" => CertOutcome::Invalid,
            other => return Err(format!("`{other}` does not become of a certificate")),
        };
        let dane = match tokens.word()? {
            "none" => DaneOutcome::None,
            "insecure" => DaneOutcome::Insecure,
            "pass" => DaneOutcome::Pass,
            "fail" => DaneOutcome::Fail,
            "lookup-error" => DaneOutcome::LookupError,
            "unusable" => DaneOutcome::Unusable,
            other => return Err(format!("`{other}` does not come of DANE")),
        };
        let attempt = decision.judge(&mx, TlsOutcome { starttls, cert, dane });
        let verdict = match attempt.verdict {
            Verdict::Deliver => "deliver",
            Verdict::SkipMx => "skip-mx",
        };
        let report = attempt.report.map_or("-", |report| report.as_str());
        Ok(format!("ok verdict={verdict} report={report}"))
    }

    fn output(&mut self, output: Output) -> String {
        let mut line = String::from("ok kind=");
        match output {
            Output::QueryTxt { request, domain, name, deadline } => {
                line.push_str("query-txt");
                errand(&mut line, request, &domain);
                push(&mut line, "name", &name);
                push_word(&mut line, "deadline", deadline.0);
            }
            Output::FetchPolicy { request, domain, host, path, deadline, max_bytes } => {
                line.push_str("fetch-policy");
                errand(&mut line, request, &domain);
                push(&mut line, "host", &host);
                push(&mut line, "path", path);
                push_word(&mut line, "deadline", deadline.0);
                push_word(&mut line, "max_bytes", max_bytes);
            }
            Output::Load { request, domain } => {
                line.push_str("load");
                errand(&mut line, request, &domain);
            }
            Output::Store { request, domain, policy } => {
                line.push_str("store");
                errand(&mut line, request, &domain);
                push(&mut line, "id", policy.id.as_str());
                push_word(&mut line, "fetched_at", policy.fetched_at.0);
                push_word(&mut line, "last_used", policy.last_used.0);
                push(&mut line, "policy", &policy.policy.to_string());
            }
            Output::Remove { domain } => {
                line.push_str("remove");
                push(&mut line, "domain", domain.as_str());
            }
            Output::Answer { lookup: LookupId(lookup), decision, bounce } => {
                line.push_str("answer");
                push_word(&mut line, "lookup", lookup);
                let bounce = bounce.map_or("-", |bounce| match bounce {
                    Bounce::Allowed => "allowed",
                    Bounce::Forbidden => "forbidden",
                });
                push_word(&mut line, "bounce", bounce);
                self.ruling(decision, &mut line);
            }
            Output::Alert { domain, kind: AlertKind::RefreshFailed { .. } } => {
                line.push_str("alert");
                push(&mut line, "domain", domain.as_str());
            }
        }
        line
    }

    fn ruling(&mut self, decision: Decision, line: &mut String) {
        push_word(line, "decision", decision.kind());
        if let Some(applied) = decision.policy() {
            let source = match applied.source {
                Source::Live => "live",
                Source::Cached => "cached",
            };
            push_word(line, "source", source);
            push(line, "id", applied.id.as_str());
            push_word(line, "fetched_at", applied.fetched_at.0);
            push_word(line, "expires_at", applied.expires_at().0);
            applied.policy.mx().iter().for_each(|pattern| push(line, "mx", pattern.as_str()));
        }
        if let Some(failure) = decision.failure() {
            push_word(line, "failure", failure.kind.code());
            push_word(line, "failure_at", failure.at.0);
        }
        if let Some(result) = decision.discovery_result() {
            push_word(line, "result", result);
        }
        self.last = Some(decision);
    }
}

fn input(verb: &str, tokens: &mut Tokens<'_>) -> Result<(Input, UnixMillis), String> {
    Ok(match verb {
        "resolve" | "recheck" => {
            let lookup = LookupId(tokens.number()?);
            let domain = tokens.domain()?;
            let (deadline, now) = (tokens.time()?, tokens.time()?);
            let input = match verb {
                "recheck" => Input::Recheck { lookup, domain, deadline },
                _ => Input::Resolve { lookup, domain, deadline },
            };
            (input, now)
        }
        "cancel" => (Input::Cancel { lookup: LookupId(tokens.number()?) }, tokens.time()?),
        "txt_answer" => {
            let (request, now) = (RequestId(tokens.number()?), tokens.time()?);
            let answer = match tokens.word()? {
                "ok" => {
                    let ttl = tokens.number()?;
                    Ok(TxtAnswer { records: tokens.rest()?, ttl })
                }
                _ => Err((dns_failure(tokens.word()?)?, Arc::from(tokens.text()?))),
            };
            (Input::TxtAnswer { request, answer }, now)
        }
        "fetch_answer" => {
            let (request, now) = (RequestId(tokens.number()?), tokens.time()?);
            let answer = match tokens.word()? {
                "ok" => Ok(tokens.response()?),
                _ => Err((fetch_failure(tokens.word()?)?, Arc::from(tokens.text()?))),
            };
            (Input::FetchAnswer { request, answer }, now)
        }
        "loaded" => {
            let (request, now) = (RequestId(tokens.number()?), tokens.time()?);
            (Input::Loaded { request, policy: tokens.maybe_kept()? }, now)
        }
        "stored" => (Input::Stored { request: RequestId(tokens.number()?) }, tokens.time()?),
        "restore" => {
            let (domain, now) = (tokens.domain()?, tokens.time()?);
            let policy = tokens.maybe_kept()?.ok_or("nothing to restore")?;
            (Input::Restore { domain, policy }, now)
        }
        _ => return Err(format!("`{verb}` is no request")),
    })
}

/// The tokens of a request, one by one.
struct Tokens<'a>(SplitAsciiWhitespace<'a>);

impl<'a> Tokens<'a> {
    fn word(&mut self) -> Result<&'a str, String> {
        self.0.next().ok_or_else(|| "the request ends early".into())
    }

    fn number<N: core::str::FromStr>(&mut self) -> Result<N, String> {
        let word = self.word()?;
        word.parse().map_err(|_| format!("`{word}` is no number that fits"))
    }

    fn time(&mut self) -> Result<UnixMillis, String> {
        self.number().map(UnixMillis)
    }

    fn octets(&mut self) -> Result<Vec<u8>, String> {
        read_octets(self.word()?)
    }

    fn text(&mut self) -> Result<String, String> {
        String::from_utf8(self.octets()?).map_err(|error| error.to_string())
    }

    fn rest(&mut self) -> Result<Vec<Vec<u8>>, String> {
        self.0.by_ref().map(read_octets).collect()
    }

    fn domain(&mut self) -> Result<PolicyDomain, String> {
        PolicyDomain::from_lookup_key(self.octets()?).map_err(|error| error.to_string())
    }

    fn response(&mut self) -> Result<Response, String> {
        let status = self.number()?;
        let content_type = match self.word()? {
            "-" => None,
            octets => Some(String::from_utf8_lossy(&read_octets(octets)?).into_owned()),
        };
        Ok(Response { status, content_type, body: self.octets()? })
    }

    fn maybe_kept(&mut self) -> Result<Option<CachedPolicy>, String> {
        let id = match self.word()? {
            "-" => return Ok(None),
            id => PolicyId::parse(read_octets(id)?).ok_or("a kept policy has no valid id")?,
        };
        let (fetched_at, last_used) = (self.time()?, self.time()?);
        let policy = Policy::parse(self.octets()?).map_err(|error| error.to_string())?.policy;
        Ok(Some(CachedPolicy { policy: Arc::new(policy), id, fetched_at, last_used }))
    }

    fn end(mut self) -> Result<(), String> {
        self.0.next().map_or(Ok(()), |more| Err(format!("`{more}` is one token too many")))
    }
}

fn record<T, E>(
    read: Result<T, E>,
    code: impl FnOnce(E) -> &'static str,
    show: impl FnOnce(&T, &mut String),
) -> String {
    match read {
        Ok(record) => {
            let mut line = "ok".into();
            show(&record, &mut line);
            line
        }
        Err(error) => format!("none {}", code(error)),
    }
}

fn policy(read: Result<Parsed, FailureKind>) -> String {
    record(read, FailureKind::code, |Parsed { policy, deviations }, line| {
        push_word(line, "mode", policy.mode());
        push_word(line, "max_age", policy.max_age().as_secs());
        policy.mx().iter().for_each(|pattern| push(line, "mx", pattern.as_str()));
        push_word(line, "deviations", deviations.len());
    })
}

fn none() -> String {
    "none".into()
}

fn wake((at, reason): (UnixMillis, WakeReason)) -> String {
    let reason = match reason {
        WakeReason::LookupDeadline => "lookup-deadline",
        WakeReason::RequestDeadline => "request-deadline",
        WakeReason::Maintenance => "maintenance",
    };
    format!("ok at={} reason={reason}", at.0)
}

fn errand(line: &mut String, RequestId(request): RequestId, domain: &PolicyDomain) {
    push_word(line, "request", request);
    push(line, "domain", domain.as_str());
}

fn push_word(line: &mut String, key: &str, word: impl core::fmt::Display) {
    // Writing to a string does not fail.
    let _ = write!(line, " {key}={word}");
}

fn push(line: &mut String, key: &str, text: &str) {
    push_word(line, key, "");
    push_octets(line, text.as_bytes());
}

const fn record_code(error: RecordError) -> &'static str {
    FailureKind::Record(error).code()
}

fn dns_failure(code: &str) -> Result<DnsFailure, String> {
    DnsFailure::from_code(code).ok_or_else(|| format!("`{code}` is no failure of DNS"))
}

fn fetch_failure(code: &str) -> Result<FetchFailure, String> {
    FetchFailure::from_code(code).ok_or_else(|| format!("`{code}` is no failure of a fetch"))
}
