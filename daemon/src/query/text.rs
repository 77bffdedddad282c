//! A report for people.

use core::{fmt::Write as _, time::Duration};

use mtasts_core::{Decision, Mode, Response};
use mtasts_net::https::{FetchTrace, Phase, TlsTrace};

use super::{FetchStep, Report, TxtStep};
use crate::{config::Profile, socketmap::render};

/// Longest body that is shown, in lines and in characters of a line.
const LINES: usize = 40;
const COLUMNS: usize = 160;

const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";

/// The report as text, with ANSI styles: what was asked, what came, and what follows for the MTA.
#[must_use]
pub fn text(report: &Report, profile: Profile, mx: &[String]) -> String {
    let mut out = Text(String::new());
    out.title(&format!("{}", report.domain));
    if let Some(txt) = &report.txt {
        out.txt(txt);
    }
    if let Some(fetch) = &report.fetch {
        out.fetch(fetch);
    }
    out.decision(report, profile, mx);
    out.0
}

struct Text(String);

impl Text {
    fn title(&mut self, title: &str) {
        self.line(0, &format!("{BOLD}{title}{RESET}"));
    }

    fn line(&mut self, indent: usize, line: &str) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.0, "{:indent$}{line}", "");
    }

    fn txt(&mut self, step: &TxtStep) {
        self.line(2, &format!("{BOLD}TXT{RESET} {} ({})", step.name, millis(step.took)));
        match &step.answer {
            Err(error) => self.line(6, &format!("failed: {error}")),
            Ok(answer) if answer.records.is_empty() => {
                self.line(6, &format!("no record (TTL {} s)", answer.ttl));
            }
            Ok(answer) => {
                for record in &answer.records {
                    self.line(6, &format!("\"{}\" (TTL {} s)", record.escape_ascii(), answer.ttl));
                }
            }
        }
        match &step.record {
            Some(Ok(record)) => self.line(6, &format!("policy id {}", record.id)),
            Some(Err(error)) => self.line(6, &format!("no MTA-STS record: {error}")),
            None => {}
        }
    }

    fn fetch(&mut self, step: &FetchStep) {
        let took = millis(step.trace.total);
        self.line(2, &format!("{BOLD}GET{RESET} {} ({took})", step.url));
        self.trace(&step.trace);
        match &step.outcome {
            Err((failure, detail)) if detail.is_empty() => {
                self.line(6, &format!("failed: {failure}"))
            }
            Err((failure, detail)) => self.line(6, &format!("failed: {failure} ({detail})")),
            Ok(response) => self.response(response),
        }
        match &step.reading {
            Some(Ok(deviations)) => {
                for deviation in deviations {
                    self.line(6, &format!("accepted although malformed: {deviation}"));
                }
            }
            Some(Err(error)) => self.line(6, &format!("no policy: {error}")),
            None => {}
        }
    }

    fn trace(&mut self, trace: &FetchTrace) {
        let list = |addresses: &[core::net::IpAddr]| {
            addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        if !trace.addresses.is_empty() {
            self.line(6, &format!("addresses: {}", list(&trace.addresses)));
        }
        if !trace.refused.is_empty() {
            self.line(
                6,
                &format!("refused (see `https.allow_networks`): {}", list(&trace.refused)),
            );
        }
        if let Some(address) = trace.address {
            self.line(6, &format!("connected to {address}"));
        }
        if let Some(TlsTrace { version, cipher_suite, certificate }) = &trace.tls {
            let names = certificate.names.join(", ");
            self.line(6, &format!("{version} {cipher_suite}, certificate for {names}"));
        }
        let phases = [
            (Phase::Addresses, "addresses"),
            (Phase::Connect, "connect"),
            (Phase::Tls, "TLS"),
            (Phase::Response, "response"),
            (Phase::Body, "body"),
        ];
        let times = phases.iter().filter_map(|(phase, name)| {
            Some(format!("{name} {}", millis(trace.duration(*phase)?)))
        });
        self.line(6, &times.collect::<Vec<_>>().join(", "));
    }

    fn response(&mut self, response: &Response) {
        let content_type = response.content_type.as_deref().unwrap_or("no media type");
        let length = response.body.len();
        self.line(6, &format!("HTTP status {}, {content_type}, {length} bytes", response.status));
        let lines = response.body.split_inclusive(|byte| *byte == b'\n');
        for line in lines.clone().take(LINES) {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let shown = String::from_utf8_lossy(line);
            let shown: String = shown.chars().map(visible).take(COLUMNS).collect();
            self.line(8, &format!("| {shown}"));
        }
        let more = lines.count().saturating_sub(LINES);
        if more > 0 {
            self.line(8, &format!("| and {more} more lines"));
        }
    }

    fn decision(&mut self, report: &Report, profile: Profile, mx: &[String]) {
        let explanation = report.decision.explain(report.at);
        self.line(2, &format!("{BOLD}{}{RESET}: {explanation}", report.decision.kind()));
        if let Some(result) = report.decision.discovery_result() {
            self.line(6, &format!("reported through TLSRPT as {result}"));
        }
        for host in mx {
            let verdict = verdict(&report.decision, host);
            self.line(2, &format!("{BOLD}MX{RESET} {host}: {verdict}"));
        }
        let mut reply = String::new();
        render(profile, &report.decision, &report.domain, || report.at, &mut reply);
        self.line(2, &format!("{BOLD}reply{RESET} ({}): {reply}", profile.as_str()));
    }
}

fn verdict(decision: &Decision, host: &str) -> &'static str {
    let Some(policy) = decision.policy().map(|applied| &applied.policy) else {
        return "no policy says anything about it";
    };
    match (policy.mode(), policy.matches(host)) {
        (Mode::None, _) => "the policy demands nothing",
        (_, true) => "in the policy",
        (Mode::Enforce, false) => "not in the policy: mail must not be sent there",
        (Mode::Testing, false) => "not in the policy: reported, but mail is sent there",
    }
}

/// What a terminal would act on is shown as a dot.
fn visible(c: char) -> char {
    if c.is_control() { '.' } else { c }
}

fn millis(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}
