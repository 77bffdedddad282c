//! A live domain, looked at from all sides: what `mtasts check` shows.
//!
//! A [`Checker`] collects facts into a [`Publication`], which core's linter judges. It uses the
//! daemon's resolver and the daemon's fetcher, so what it sees is what a sender sees.

use core::{net::IpAddr, time::Duration};

use mtasts_core::{
    PolicyDomain, UnixMillis,
    lint::{self, Publication, Report},
};
use mtasts_net::{
    Clock,
    dns::Resolver,
    https::Fetch,
    smtp::{SmtpError, SmtpProbe, SmtpTrace},
};
use tokio::{sync::OnceCell, time::Instant};

use crate::network::Network;

mod address;
mod json;
mod mail;
mod nagios;
mod policy_host;
mod progress;
mod records;
mod text;

pub use json::json;
pub use nagios::{Status, nagios};
pub use progress::{Line, Progress};
pub use text::text;

/// How to look at domains.
#[derive(Debug)]
pub struct Settings {
    /// Who is asked, and who fetches.
    pub network: Network,
    /// Resolvers whose TXT answers are compared with those of the network's, with their names.
    pub others: Vec<(String, Resolver)>,
    /// Looks at MX hosts, if that is wanted.
    pub smtp: Option<SmtpProbe>,
    /// Time allowed for a DNS question.
    pub dns_timeout: Duration,
    /// Time allowed for a domain.
    pub timeout: Duration,
    /// Largest policy that is read, in bytes.
    pub max_body: usize,
}

/// Looks at domains.
#[derive(Debug)]
pub struct Checker {
    settings: Settings,
    clock: Clock,
    /// Whether the resolver validates answers, and says so in a way that can be believed.
    validates: OnceCell<bool>,
}

/// What a domain publishes, and what is to be thought of it.
#[derive(Debug)]
pub struct Checked {
    /// The Policy Domain.
    pub domain: PolicyDomain,
    /// The facts.
    pub publication: Publication,
    /// What is wrong with them.
    pub report: Report,
    /// What happened on the way.
    pub trace: Trace,
    /// When it was looked at.
    pub at: UnixMillis,
}

/// What happened on the way, beyond what the linter wants to know.
#[derive(Debug, Default)]
pub struct Trace {
    /// The request to each address of the policy host.
    pub fetches: Vec<(IpAddr, Fetch)>,
    /// What each MX host showed, in the order of the MX records, if it was looked at.
    pub smtp: Vec<Option<Result<SmtpTrace, SmtpError>>>,
    /// The words of the resolver on queries that failed.
    pub dns_errors: Vec<String>,
    /// What is worth knowing and wrong with nothing.
    pub notes: Vec<String>,
    /// How long it all took.
    pub took: Duration,
}

/// A part of a check, for those who wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The TXT record, as several resolvers see it.
    Txt,
    /// The policy host and the policy.
    PolicyHost,
    /// The MX records and hosts, with SMTP and DANE.
    Mail,
    /// The TLSRPT record.
    TlsRpt,
}

impl Step {
    /// How many there are.
    pub const COUNT: u64 = 4;

    /// What is looked at.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Txt => "TXT record",
            Self::PolicyHost => "policy host",
            Self::Mail => "MX hosts",
            Self::TlsRpt => "TLSRPT record",
        }
    }
}

impl Checker {
    /// A checker.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, clock: Clock::new(), validates: OnceCell::new() }
    }

    /// Looks at a domain, and tells `done` of each step that has ended.
    pub async fn check(&self, domain: PolicyDomain, done: impl Fn(Step)) -> Checked {
        let start = Instant::now();
        let deadline = start.checked_add(self.settings.timeout).unwrap_or(start);
        let told = |step, trace: Trace| {
            done(step);
            trace
        };
        let (txt, host, mail, tlsrpt) = tokio::join!(
            async {
                let mut trace = Trace::default();
                let mut txt = self.records(&domain.txt_name(), deadline, &mut trace).await;
                txt.resolvers = self.other_answers(&domain.txt_name(), deadline).await;
                if txt.failure.is_none() && txt.records.is_empty() {
                    self.look_at_parent(&domain, deadline, &mut trace).await;
                }
                (txt, told(Step::Txt, trace))
            },
            async {
                let mut trace = Trace::default();
                let seen = self.policy_host(&domain.policy_host(), deadline, &mut trace).await;
                (seen, told(Step::PolicyHost, trace))
            },
            async {
                let mut trace = Trace::default();
                let seen = self.mail(&domain, deadline, &mut trace).await;
                (seen, told(Step::Mail, trace))
            },
            async {
                let mut trace = Trace::default();
                let tlsrpt = self.records(&domain.tlsrpt_name(), deadline, &mut trace).await;
                (tlsrpt, told(Step::TlsRpt, trace))
            },
        );
        let at = self.clock.now();
        let ((txt, txt_trace), ((mut http, policy), mut trace)) = (txt, host);
        let (((mx, dane), mail_trace), (tlsrpt, tlsrpt_trace)) = (mail, tlsrpt);
        // Without a record and without a policy there is no MTA-STS, and nothing wrong with the
        // host that does not serve it.
        if txt.failure.is_none() && txt.records.is_empty() && policy.is_none() {
            http = None;
        }
        for other in [txt_trace, mail_trace, tlsrpt_trace] {
            trace.add(other);
        }
        let publication = Publication {
            domain: Some(domain.clone()),
            txt: Some(txt),
            policy,
            http,
            mx: Some(mx),
            tlsrpt: Some(tlsrpt),
            dane,
            previous: None,
            now: Some(at),
        };
        let report = lint::check(&publication);
        trace.took = start.elapsed();
        Checked { domain, publication, report, trace, at }
    }

    /// The end of a DNS question that is asked now.
    fn dns_deadline(&self, deadline: Instant) -> Instant {
        let end = Instant::now().checked_add(self.settings.dns_timeout).unwrap_or(deadline);
        end.min(deadline)
    }
}

impl Trace {
    fn add(&mut self, other: Self) {
        self.fetches.extend(other.fetches);
        self.smtp.extend(other.smtp);
        self.notes.extend(other.notes);
        for error in other.dns_errors {
            if !self.dns_errors.contains(&error) {
                self.dns_errors.push(error);
            }
        }
    }
}
