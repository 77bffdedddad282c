//! MTA-STS for a domain, ready to publish: the records, the policy, the web server's configuration,
//! and the order of the steps.
//!
//! ```
//! use mtasts_core::{Mode, UnixMillis, generate::Request};
//!
//! let request = Request {
//!     domain: "example.com".into(),
//!     mx: vec!["mx1.example.com".into(), "mx2.example.com".into()],
//!     mode: Mode::Testing,
//!     now: Some(UnixMillis::from_secs(1_796_000_000)),
//!     rua: vec!["tls-reports@example.com".into()],
//!     ..Request::default()
//! };
//! let plan = request.generate()?;
//! assert_eq!(
//!     plan.txt.zone_line(),
//!     "_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=20261130T005320Z;\""
//! );
//! assert_eq!(
//!     plan.policy,
//!     "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 604800\n"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};

use smol_str::SmolStr;

use crate::{
    MAX_MAX_AGE, Mode, MxPattern, PolicyDomain, PolicyId, TlsRptRecord, UnixMillis,
    WELL_KNOWN_PATH, name::to_host_name,
};

mod error;
#[cfg(feature = "json")]
mod json;
mod record;
mod servers;
mod stamp;
mod steps;

pub use error::{Error, Field};
#[cfg(feature = "json")]
pub use json::{json, plan_json};
pub use record::{ProviderForm, TxtForm};
pub use servers::WebServer;
pub use stamp::stamp;
pub use steps::{Occasion, Step};

/// TTL of the records, in seconds: a change reaches senders within the hour (RFC 8461 §8.1).
pub const TTL: u32 = 3600;

const DAY: u32 = 86_400;
const WEEK: u32 = 604_800;
/// Most MX patterns and most URIs: more than any domain has, and not enough to fill the memory.
const MAX_ITEMS: usize = 100;

/// What a policy is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The mail domain. U-labels are converted.
    pub domain: String,
    /// The MX hosts, or patterns such as `*.mx.example.net`, at least one but in mode `none`. A dot
    /// at the end is dropped, U-labels are converted, and what is there twice is taken once.
    pub mx: Vec<String>,
    /// The mode.
    pub mode: Mode,
    /// How long senders keep the policy: 86400 to 31557600 seconds, in mode `none` at most 604800.
    /// `None`: [`default_max_age`].
    pub max_age: Option<u32>,
    /// The policy's id: 1 to 32 letters and digits, and another one than last time. `None`: made
    /// from `now`.
    pub id: Option<String>,
    /// The time, for the id.
    pub now: Option<UnixMillis>,
    /// Where TLS reports go: `mailto:` and `https:` URIs or mail addresses. None: no TLSRPT record.
    pub rua: Vec<String>,
}

/// Everything that a domain publishes for MTA-STS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The Policy Domain.
    pub domain: PolicyDomain,
    /// The id that the TXT record announces.
    pub id: PolicyId,
    /// The `_mta-sts` record.
    pub txt: TxtForm,
    /// The text of the policy file.
    pub policy: String,
    /// The policy's mode.
    pub mode: Mode,
    /// How long senders keep the policy, in seconds.
    pub max_age: u32,
    /// The `_smtp._tls` record, if reports are wanted.
    pub tlsrpt: Option<TxtForm>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            domain: String::new(),
            mx: Vec::new(),
            // Nobody's mail waits for a mistake in a policy that is new.
            mode: Mode::Testing,
            max_age: None,
            id: None,
            now: None,
            rua: Vec::new(),
        }
    }
}

/// How long senders keep a policy of this mode if nothing else is wanted, in seconds: two weeks of
/// `enforce` (RFC 8461 §10.2 is for long), a week of `testing`, a day of `none` (§8.3).
#[must_use]
pub const fn default_max_age(mode: Mode) -> u32 {
    match mode {
        Mode::Enforce => 2 * WEEK,
        Mode::Testing => WEEK,
        Mode::None => DAY,
    }
}

impl Request {
    /// Makes what is to be published. The linter finds no error and no warning in it.
    ///
    /// # Errors
    ///
    /// When something in the request is no use; says which field, and what is wrong with it.
    pub fn generate(&self) -> Result<Plan, Error> {
        let domain = self.domain()?;
        let mx = self.patterns()?;
        let max_age = self.max_age()?;
        let id = self.id()?;
        let tlsrpt = self.tlsrpt(&domain)?;
        let mut policy = format!("version: STSv1\nmode: {}\n", self.mode);
        for pattern in &mx {
            policy.extend(["mx: ", pattern.as_str(), "\n"]);
        }
        policy.extend(["max_age: ", &max_age.to_string(), "\n"]);
        let txt = TxtForm::new(&domain, "_mta-sts", format!("v=STSv1; id={id};"));
        Ok(Plan { domain, id, txt, policy, mode: self.mode, max_age, tlsrpt })
    }

    fn domain(&self) -> Result<PolicyDomain, Error> {
        let text = self.domain.trim_ascii();
        if text.contains(['[', ':', '/', '@']) {
            let message = "only the name of the mail domain belongs here, such as `example.com`";
            return Err(Error::new(Field::Domain, message));
        }
        PolicyDomain::from_lookup_key(text).map_err(|error| Error::new(Field::Domain, error))
    }

    fn patterns(&self) -> Result<Vec<MxPattern>, Error> {
        let mut patterns = Vec::new();
        if self.mx.is_empty() && self.mode != Mode::None {
            let message = "name the domain's MX hosts: without one the policy is invalid";
            return Err(Error::new(Field::MxHosts, message));
        }
        if self.mx.len() > MAX_ITEMS {
            let message = format!("more than {MAX_ITEMS} MX hosts: use a pattern for them");
            return Err(Error::new(Field::MxHosts, message));
        }
        for (index, text) in self.mx.iter().enumerate() {
            let pattern = pattern(text).map_err(|message| Error::new(Field::Mx(index), message))?;
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        let wildcards: Vec<_> = patterns
            .iter()
            .filter(|pattern| pattern.wildcard_suffix().is_some())
            .cloned()
            .collect();
        patterns.retain(|pattern| {
            let covers = |wildcard: &MxPattern| wildcard.matches(pattern.as_str());
            pattern.wildcard_suffix().is_some() || !wildcards.iter().any(covers)
        });
        Ok(patterns)
    }

    fn max_age(&self) -> Result<u32, Error> {
        let max_age = self.max_age.unwrap_or_else(|| default_max_age(self.mode));
        let message = match self.mode {
            _ if max_age < DAY => {
                "below 86400 (a day): senders would forget the policy before they need it"
            }
            Mode::Enforce | Mode::Testing if max_age > MAX_MAX_AGE => {
                "above 31557600 (a year), the largest there is"
            }
            Mode::None if max_age > WEEK => {
                "above 604800 (a week) in mode `none`: the policy is only there to end the one \
                 before it"
            }
            Mode::Enforce | Mode::Testing | Mode::None => return Ok(max_age),
        };
        Err(Error::new(Field::MaxAge, message))
    }

    fn id(&self) -> Result<PolicyId, Error> {
        let id = match (&self.id, self.now) {
            (Some(id), _) => SmolStr::new(id),
            (None, Some(now)) => stamp(now),
            (None, None) => {
                return Err(Error::new(Field::Id, "neither an id nor the time to make one of"));
            }
        };
        let message = "an id is 1 to 32 letters and digits, such as 20261128T120000Z";
        PolicyId::parse(&id).ok_or_else(|| Error::new(Field::Id, message))
    }

    fn tlsrpt(&self, domain: &PolicyDomain) -> Result<Option<TxtForm>, Error> {
        if self.rua.len() > MAX_ITEMS {
            let message = format!("more than {MAX_ITEMS} places for reports");
            return Err(Error::new(Field::RuaList, message));
        }
        let mut uris: Vec<String> = Vec::new();
        for (index, text) in self.rua.iter().enumerate() {
            let uri = report_uri(text).map_err(|message| Error::new(Field::Rua(index), message))?;
            if !uris.contains(&uri) {
                uris.push(uri);
            }
        }
        if uris.is_empty() {
            return Ok(None);
        }
        let text = format!("v=TLSRPTv1; rua={};", uris.join(","));
        Ok(Some(TxtForm::new(domain, "_smtp._tls", text)))
    }
}

/// An MX pattern of a host as people write it.
fn pattern(text: &str) -> Result<MxPattern, String> {
    let text = text.trim_ascii();
    if text == "." {
        return Err("the null MX says that the domain accepts no mail: it needs no policy".into());
    }
    let (wildcard, host) = text.strip_prefix("*.").map_or(("", text), |host| ("*.", host));
    if host.contains(|c: char| c.is_ascii_whitespace()) {
        return Err("one host each, without the preference".into());
    }
    if host.contains('*') {
        return Err("`*` stands for the whole left-most label: `*.example.com`".into());
    }
    let host = to_host_name(host.as_bytes()).map_err(|error| error.to_string())?;
    if !wildcard.is_empty() && !host.contains('.') {
        return Err(
            "the wildcard is over a whole top-level domain: anybody can have a host there".into()
        );
    }
    let pattern =
        MxPattern::parse(format!("{wildcard}{host}")).map_err(|error| error.to_string())?;
    if pattern.can_match() { Ok(pattern) } else { Err("no host has such a name".into()) }
}

/// The URI of a place for reports, of which a mail address is one.
fn report_uri(text: &str) -> Result<String, String> {
    let text = text.trim_ascii();
    let uri = if text.contains(':') { text.into() } else { format!("mailto:{text}") };
    let record = TlsRptRecord::select(&[format!("v=TLSRPTv1; rua={uri};")]);
    match record {
        Ok(record) if record.rua.len() == 1 && record.rua.iter().all(|read| *read == uri) => {
            Ok(uri)
        }
        Ok(_) => Err("one URI each; `,` `;` and `!` in it are written %2C, %3B and %21".into()),
        Err(_) => Err("not a mail address, `mailto:` URI or `https:` URI; in it, `,` `;` and `!` \
                       are written %2C, %3B and %21"
            .into()),
    }
}

impl Plan {
    /// The host that serves the policy.
    #[must_use]
    pub fn policy_host(&self) -> SmolStr {
        self.domain.policy_host()
    }

    /// Where the policy is to be found.
    #[must_use]
    pub fn policy_url(&self) -> String {
        format!("https://{}{WELL_KNOWN_PATH}", self.policy_host())
    }

    /// What there is to do, in order.
    #[must_use]
    pub fn steps(&self, occasion: Occasion) -> Vec<Step> {
        steps::steps(self, occasion)
    }

    /// What there is to do now: withdraw the policy in mode `none`, else publish it.
    #[must_use]
    pub fn occasion(&self) -> Occasion {
        if self.mode == Mode::None { Occasion::Withdraw } else { Occasion::Publish }
    }

    /// The configuration of a web server that serves the policy file as
    /// `/var/www/POLICY_HOST/.well-known/mta-sts.txt`, and nothing else.
    #[must_use]
    pub fn web_server(&self, server: WebServer) -> String {
        servers::configuration(server, &self.policy_host())
    }
}

#[cfg(test)]
mod tests;
