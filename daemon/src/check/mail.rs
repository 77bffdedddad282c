//! The MX hosts: their records, their TLS, their DANE.

use futures_util::future::join_all;
use mtasts_core::{
    CertOutcome, PolicyDomain, UnixMillis,
    dns::{Question, RecordType},
    lint::{DaneFacts, MxFacts, MxHost, SmtpFacts, TlsVersion, TlsaFacts},
};
use mtasts_net::smtp::{SmtpError, SmtpTrace};
use tokio::time::Instant;

use super::{Checker, Trace, policy_host::tls_version, records::unexplained};

/// Most MX hosts that are looked at. Senders try far fewer.
const MAX_HOSTS: usize = 32;

const MILLIS_A_DAY: i64 = 86_400_000;

impl Checker {
    /// The domain's MX hosts, and their DANE if the resolver can tell.
    pub(super) async fn mail(
        &self,
        domain: &PolicyDomain,
        deadline: Instant,
        trace: &mut Trace,
    ) -> (MxFacts, Option<DaneFacts>) {
        let answer = self.ask(domain.as_str(), RecordType::Mx, deadline).await;
        let (records, signed) = match answer {
            Ok(answer) => {
                let signed = answer.is_authentic;
                match answer.into_mx().map_err(unexplained) {
                    Ok(records) => (records, signed),
                    Err(error) => return (failed(error.failure, error.detail, trace), None),
                }
            }
            Err(error) => return (failed(error.failure, error.detail, trace), None),
        };
        let hosts = records.into_iter().map(|mx| {
            let host = if mx.is_null() { ".".into() } else { mx.host };
            MxHost { preference: Some(mx.preference), ..MxHost::new(host) }
        });
        let hosts: Vec<MxHost> = hosts.collect();
        let looked_at = hosts.iter().take(MAX_HOSTS).filter(|host| !host.is_null());
        let seen = join_all(looked_at.map(|host| self.host(host.clone(), deadline))).await;
        let dane = self.dane(&hosts, signed, deadline).await;
        let mut seen = seen.into_iter();
        let mut told = Vec::new();
        for host in hosts {
            let next = if host.is_null() { None } else { seen.next() };
            let (host, smtp) = next.unwrap_or((host, None));
            told.push(host);
            trace.smtp.push(smtp);
        }
        (MxFacts { hosts: told, failure: None }, dane)
    }

    async fn host(
        &self,
        mut host: MxHost,
        deadline: Instant,
    ) -> (MxHost, Option<Result<SmtpTrace, SmtpError>>) {
        let mut addresses = self.addresses(&host.host, deadline).await;
        host.cname = addresses.aliases.last().cloned();
        if !addresses.found.is_empty() || addresses.error.is_none() {
            host.has_address = Some(!addresses.found.is_empty());
        }
        let Some(smtp) = self.settings.smtp.as_ref().filter(|_| !addresses.found.is_empty()) else {
            return (host, None);
        };
        addresses.take_unroutable();
        let seen = smtp.probe(&host.host, &addresses.found, deadline).await;
        host.smtp = Some(facts(&seen, self.clock.now()));
        (host, Some(seen))
    }

    /// TLSA records mean something only if somebody validated them, who can be believed.
    async fn dane(&self, hosts: &[MxHost], signed: bool, deadline: Instant) -> Option<DaneFacts> {
        if !self.validates(deadline).await {
            return None;
        }
        let hosts = hosts.iter().take(MAX_HOSTS).filter(|host| !host.is_null());
        let lookups = hosts.map(|host| async move {
            let name = format!("_25._tcp.{}", host.host);
            let answer = self.ask(&name, RecordType::Tlsa, deadline).await.ok()?;
            let signed = answer.is_authentic;
            let records = answer.into_tlsa().ok()?;
            let usages = records.iter().map(|record| record.usage).collect();
            Some(TlsaFacts { host: host.host.clone(), signed, usages, outcome: None })
        });
        let tlsa = join_all(lookups).await.into_iter().flatten().collect();
        Some(DaneFacts { mx_signed: Some(signed), tlsa })
    }

    /// Whether the resolver says of the root, which is signed, that it has validated the answer.
    async fn validates(&self, deadline: Instant) -> bool {
        let ask = async {
            let Ok(question) = Question::new(".", RecordType::Txt) else { return false };
            let deadline = self.dns_deadline(deadline);
            let resolver = &self.settings.network.resolver;
            let answer = resolver.query(&question.with_dnssec(), deadline).await;
            answer.is_ok_and(|answer| answer.is_authentic)
        };
        *self.validates.get_or_init(|| ask).await
    }
}

fn failed(failure: mtasts_core::DnsFailure, detail: String, trace: &mut Trace) -> MxFacts {
    trace.dns_errors.push(detail);
    MxFacts { hosts: Vec::new(), failure: Some(failure) }
}

fn facts(seen: &Result<SmtpTrace, SmtpError>, now: UnixMillis) -> SmtpFacts {
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) => {
            return SmtpFacts { failure: Some(error.to_string()), ..SmtpFacts::default() };
        }
    };
    let Some(tls) = &seen.tls else {
        return SmtpFacts { starttls: seen.starttls, ..SmtpFacts::default() };
    };
    let certificate = tls.certificate.as_ref();
    let version = match &tls.session {
        Some(session) => tls_version(&session.version),
        None => tls.is_too_old.then_some(TlsVersion::Tls11),
    };
    SmtpFacts {
        failure: None,
        starttls: seen.starttls,
        certificate: Some(tls.outcome),
        names: certificate.map(|certificate| certificate.names.clone()),
        days_left: certificate
            .filter(|_| tls.outcome != CertOutcome::Expired)
            .and_then(|certificate| days(certificate.not_after?, now)),
        tls_version: version,
    }
}

/// Whole days from now until then.
pub(super) fn days(then: UnixMillis, now: UnixMillis) -> Option<i64> {
    let (then, now) = (i64::try_from(then.0).ok()?, i64::try_from(now.0).ok()?);
    then.checked_sub(now)?.checked_div_euclid(MILLIS_A_DAY)
}
