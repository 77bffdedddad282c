//! A report for people: part by part, what was seen and what is wrong with it.

use core::{fmt::Write as _, time::Duration};

use mtasts_core::{
    CertOutcome, Policy,
    lint::{MxHost, Place, RecordSet, TxtRecord},
};
use mtasts_net::{
    https::{CertificateTrace, Fetch},
    smtp::{SmtpError, SmtpTrace},
};

use super::{Checked, mail::days};
use crate::{
    config::Profile,
    lint::{Count, Texts, annotate, visible},
    socketmap::render,
};

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";

/// Most names of a certificate, and most lines of a policy, that are shown.
const MAX_NAMES: usize = 4;
const MAX_LINES: usize = 20;
const MAX_COLUMNS: usize = 120;

/// The report as text, with ANSI styles.
#[must_use]
pub fn text(checked: &Checked, profile: Profile) -> String {
    let mut out = Text { text: String::new(), checked };
    out.line(0, &format!("{BOLD}{}{RESET}", checked.domain));
    out.line(2, &visible(&checked.report.verdict.sentence));
    out.text.push('\n');
    out.txt();
    out.policy_host();
    out.policy();
    out.mail();
    out.tlsrpt();
    out.dane();
    out.end(profile);
    out.text
}

struct Text<'a> {
    text: String,
    checked: &'a Checked,
}

impl Text<'_> {
    fn line(&mut self, indent: usize, line: &str) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.text, "{:indent$}{line}", "");
    }

    /// A heading, with the name of what is below it.
    fn part(&mut self, heading: &str, name: &str) {
        let space = if name.is_empty() { "" } else { "  " };
        self.line(0, &format!("{BOLD}{heading}{RESET}{space}{name}"));
    }

    /// The findings about a part, which it ends with.
    fn findings(&mut self, is_here: impl Fn(Place) -> bool) {
        let texts = Texts::of_domain(&self.checked.publication);
        let here = self.checked.report.findings.iter().filter(|finding| is_here(finding.place));
        let shown: Vec<String> = here.map(|finding| annotate(finding, &texts)).collect();
        self.text.push('\n');
        for finding in shown {
            self.text.push_str(&finding);
        }
    }

    fn txt(&mut self) {
        self.part("TXT record", &self.checked.domain.txt_name());
        if let Some(set) = &self.checked.publication.txt {
            self.records(set);
            for answer in &set.resolvers {
                let said = match &answer.records {
                    Ok(records) if *records == set.records => "the same".into(),
                    Ok(records) if records.is_empty() => "no record".into(),
                    Ok(records) => records.iter().map(quoted).collect::<Vec<_>>().join(", "),
                    Err(failure) => failure.to_string(),
                };
                self.line(2, &format!("{}: {said}", visible(&answer.resolver)));
            }
        }
        self.findings(|place| place.part() == "txt");
    }

    fn records(&mut self, set: &RecordSet) {
        if !set.cname.is_empty() {
            self.line(2, &format!("alias of {}", visible(&set.cname.join(" → "))));
        }
        if let Some(failure) = set.failure {
            self.line(2, &failure.to_string());
        } else if set.records.is_empty() {
            self.line(2, "no record");
        }
        let ttl = set.ttl.map_or_else(String::new, |ttl| format!("  {DIM}TTL {ttl} s{RESET}"));
        for record in &set.records {
            self.line(2, &format!("{}{ttl}", quoted(record)));
        }
    }

    fn policy_host(&mut self) {
        let Some(http) = &self.checked.publication.http else { return };
        self.part("Policy host", &self.checked.domain.policy_host());
        if !http.cname.is_empty() {
            self.line(2, &format!("alias of {}", visible(&http.cname.join(" → "))));
        }
        for (address, fetch) in &self.checked.trace.fetches {
            self.line(2, &format!("{address}: {}", fetched(fetch)));
        }
        let certificate = self.checked.trace.fetches.iter().find_map(|(_, fetch)| {
            let accepted = fetch.trace.tls.as_ref().map(|tls| &tls.certificate);
            accepted.or(fetch.trace.refused_certificate.as_ref())
        });
        if let Some(certificate) = certificate {
            self.line(2, &self.certificate(certificate));
        }
        self.findings(|place| matches!(place, Place::Http | Place::Certificate));
    }

    fn certificate(&self, certificate: &CertificateTrace) -> String {
        let mut said = match certificate.names.as_slice() {
            [] => "certificate for no DNS name".into(),
            names => {
                let shown = names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", ");
                let more = names.len().saturating_sub(MAX_NAMES);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("certificate for {shown}{more}")
            }
        };
        if let Some(issuer) = &certificate.issuer {
            let _ = write!(said, ", issued by {issuer}");
        }
        match certificate.not_after.and_then(|end| days(end, self.checked.at)) {
            Some(days) if days < 0 => said.push_str(", expired"),
            Some(days) => {
                let _ = write!(said, ", {days} days left");
            }
            None => {}
        }
        visible(&said)
    }

    fn policy(&mut self) {
        let Some(body) = &self.checked.publication.policy else { return };
        let read = Policy::parse(body).ok().map(|parsed| parsed.policy);
        let summary = read.map(|policy| {
            let age = policy.max_age().as_secs();
            format!("mode {}, kept for {}", policy.mode(), plain_duration(age))
        });
        self.part("Policy", &summary.unwrap_or_default());
        let text = String::from_utf8_lossy(body);
        let mut lines = text.lines();
        for line in lines.by_ref().take(MAX_LINES) {
            let line: String = line.chars().take(MAX_COLUMNS).collect();
            self.line(2, &format!("{DIM}|{RESET} {}", visible(&line)));
        }
        let more = lines.count();
        if more > 0 {
            self.line(2, &format!("{DIM}| and {more} more lines{RESET}"));
        }
        self.findings(|place| place == Place::Policy);
    }

    fn mail(&mut self) {
        self.part("MX hosts", "");
        if let Some(mx) = &self.checked.publication.mx {
            match (mx.failure, mx.hosts.as_slice()) {
                (Some(failure), _) => self.line(2, &failure.to_string()),
                (None, []) => self.line(2, "no MX record: mail goes to the domain itself"),
                (None, hosts) => {
                    for (index, host) in hosts.iter().enumerate() {
                        let seen = self.checked.trace.smtp.get(index).and_then(Option::as_ref);
                        self.host(host, seen);
                    }
                }
            }
        }
        self.findings(|place| place.part() == "mx");
    }

    fn host(&mut self, host: &MxHost, seen: Option<&Result<SmtpTrace, SmtpError>>) {
        let preference = host.preference.map_or_else(String::new, |value| format!("{value} "));
        let mut said = format!("{preference}{}", host.host);
        if host.is_null() {
            said.push_str(" (the domain accepts no mail)");
        }
        if let Some(target) = &host.cname {
            let _ = write!(said, ", alias of {target}");
        }
        let verdicts = &self.checked.report.verdict.mx;
        let verdict = verdicts.iter().find(|verdict| verdict.host == host.host);
        if let Some(verdict) = verdict {
            match (&verdict.pattern, verdict.delivers) {
                (Some(pattern), _) => {
                    let _ = write!(said, ", matches `{pattern}`");
                }
                (None, false) => said.push_str(", in no pattern of the policy"),
                (None, true) => {}
            }
            if !verdict.delivers {
                said.push_str(": senders do not deliver there");
            }
        }
        self.line(2, &visible(&said));
        match seen {
            None => {}
            Some(Err(error)) => self.line(4, &visible(&format!("no SMTP session: {error}"))),
            Some(Ok(seen)) => self.session(seen),
        }
    }

    fn session(&mut self, seen: &SmtpTrace) {
        let Some(tls) = &seen.tls else {
            return self.line(4, &format!("{}: no STARTTLS", seen.address));
        };
        let session = match &tls.session {
            Some(session) => format!("{} {}", session.version, session.cipher_suite),
            None => "no TLS session".into(),
        };
        let verdict = match tls.outcome {
            CertOutcome::Valid => "certificate valid".into(),
            CertOutcome::Expired
            | CertOutcome::NameMismatch
            | CertOutcome::Untrusted
            | CertOutcome::Invalid => visible(&tls.detail),
        };
        self.line(4, &format!("{}: STARTTLS, {session}, {verdict}", seen.address));
        if let Some(certificate) = &tls.certificate {
            self.line(4, &self.certificate(certificate));
        }
    }

    fn tlsrpt(&mut self) {
        self.part("TLSRPT record", &self.checked.domain.tlsrpt_name());
        if let Some(set) = &self.checked.publication.tlsrpt {
            self.records(set);
        }
        self.findings(|place| place.part() == "tlsrpt");
    }

    fn dane(&mut self) {
        let Some(dane) = &self.checked.publication.dane else { return };
        self.part("DANE", "");
        let signed = |signed| if signed { "signed" } else { "not signed" };
        if let Some(is_signed) = dane.mx_signed {
            self.line(2, &format!("MX records: {}", signed(is_signed)));
        }
        for facts in &dane.tlsa {
            let said = match facts.usages.as_slice() {
                [] => "no TLSA record".into(),
                usages => {
                    let list: Vec<_> = usages.iter().map(ToString::to_string).collect();
                    format!("TLSA with usage {}, {}", list.join(", "), signed(facts.signed))
                }
            };
            self.line(2, &format!("{}: {said}", visible(&facts.host)));
        }
        self.findings(|place| place == Place::Dane);
    }

    fn end(&mut self, profile: Profile) {
        let report = &self.checked.report;
        let mut words = self.checked.trace.notes.clone();
        words.extend(self.checked.trace.dns_errors.iter().map(|error| format!("DNS: {error}")));
        for note in words {
            self.line(0, &format!("{BOLD}note{RESET}: {}", visible(&note)));
        }
        for unchecked in &report.unchecked {
            let (message, command) = (unchecked.message, &unchecked.command);
            // What this very command does not find out, it finds out nowhere.
            let command = if command.contains("--smtp") {
                format!(" Run `{command}`.")
            } else if unchecked.subject == mtasts_core::lint::Subject::Dane {
                " That takes a resolver that validates DNSSEC, on this machine or over TLS.".into()
            } else {
                String::new()
            };
            self.line(0, &format!("{BOLD}not checked{RESET}: {message}{command}"));
        }
        if let Some(decision) = &report.verdict.decision {
            let mut reply = String::new();
            render(profile, decision, &self.checked.domain, || self.checked.at, &mut reply);
            let reply = reply.trim_end();
            self.line(0, &format!("{BOLD}reply{RESET} ({}): {reply}", profile.as_str()));
        }
        self.line(0, &format!("{BOLD}{}{RESET}: {}", self.checked.domain, Count(report)));
    }
}

fn quoted(record: &TxtRecord) -> String {
    let strings = record.strings.iter().map(|string| format!("\"{}\"", string.escape_ascii()));
    strings.collect::<Vec<_>>().join(" ")
}

fn fetched(fetch: &Fetch) -> String {
    let trace = &fetch.trace;
    let mut said = Vec::new();
    if let Some(tls) = &trace.tls {
        said.push(tls.version.clone());
    }
    match &fetch.outcome {
        Ok(response) => {
            said.push(format!("HTTP status {}", response.status));
            said.push(match &response.content_type {
                Some(content_type) => visible(content_type),
                None => "no media type".into(),
            });
            if !response.body.is_empty() {
                said.push(format!("{} bytes", response.body.len()));
            }
        }
        Err((failure, detail)) if detail.is_empty() => said.push(failure.to_string()),
        Err((failure, detail)) => said.push(format!("{failure} ({detail})")),
    }
    said.push(millis(trace.total));
    said.join(", ")
}

fn millis(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}

/// Seconds as people say them.
fn plain_duration(seconds: u64) -> String {
    for (unit, size) in [("day", 86_400), ("hour", 3600), ("minute", 60)] {
        if seconds >= size && seconds.is_multiple_of(size) {
            let number = seconds.checked_div(size).unwrap_or_default();
            return format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
        }
    }
    format!("{seconds} seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_the_largest_unit_that_fits() {
        for (seconds, said) in
            [(0, "0 seconds"), (90, "90 seconds"), (60, "1 minute"), (604_800, "7 days")]
        {
            assert_eq!(plain_duration(seconds), said);
        }
    }
}
