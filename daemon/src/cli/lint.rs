//! `mtasts lint`: what is wrong with records and policies that are not published yet, or kept in git.

use std::{
    fs,
    io::{self, Read as _, Write},
    path::PathBuf,
    process::ExitCode,
    time::SystemTime,
};

use anyhow::{Context as _, bail};
use clap::Args;
use mtasts_core::{
    PolicyDomain, UnixMillis,
    lint::{self, MxFacts, MxHost, Publication, RecordSet, Report},
};

use super::Global;
use crate::lint::{Count, FailOn, Format, TextName, Texts, annotate, github, visible};

const AFTER_HELP: &str = "\
Exit codes: 0 no finding as grave as --fail-on; 1 at least one; 2 a mistake on
the command line; 3 a file cannot be read.

Example: mtasts lint --policy mta-sts.txt --mx mx1.example.com --format github";

/// Check records and policies before they are published
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// A TXT record at `_mta-sts`, without quotation marks; may be repeated
    #[arg(long, value_name = "STRING", required_unless_present_any = ["policy", "tlsrpt"])]
    txt: Vec<String>,
    /// A policy file; `-` is standard input
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// An MX host, or preference and host; may be repeated
    #[arg(long, value_name = "HOST")]
    mx: Vec<String>,
    /// A TXT record at `_smtp._tls`; may be repeated
    #[arg(long, value_name = "STRING")]
    tlsrpt: Vec<String>,
    /// The mail domain
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,
    /// Print one JSON object; the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// The findings that count as a failure
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    fail_on: FailOn,
}

/// Largest policy file that is read, in bytes. Senders read a 256th of it.
const MAX_FILE: u64 = 16 << 20;

pub(super) fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitCode> {
    let publication = match arguments.publication() {
        Ok(publication) => publication,
        Err(error) => {
            global.report(error.as_ref());
            return Ok(ExitCode::from(3));
        }
    };
    let report = lint::check(&publication);
    arguments.tell(&publication, &report, global)?;
    let is_failure = arguments.fail_on.applies_to(&report);
    Ok(if is_failure { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl Arguments {
    fn publication(&self) -> anyhow::Result<Publication> {
        let domain = self.domain.as_ref().map(|domain| {
            PolicyDomain::from_lookup_key(domain)
                .with_context(|| format!("`{}` is no mail domain", domain.escape_debug()))
        });
        let records =
            |records: &[String]| (!records.is_empty()).then(|| RecordSet::pasted(records));
        let hosts = self.mx.iter().map(|text| mx_host(text)).collect::<Vec<_>>();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ok(Publication {
            domain: domain.transpose()?,
            txt: records(&self.txt),
            policy: self.policy.as_deref().map(read).transpose()?,
            mx: (!hosts.is_empty()).then_some(MxFacts { hosts, failure: None }),
            tlsrpt: records(&self.tlsrpt),
            now: Some(UnixMillis::from_secs(now.as_secs())),
            ..Publication::default()
        })
    }

    fn tell(
        &self,
        publication: &Publication,
        report: &Report,
        global: &Global,
    ) -> anyhow::Result<()> {
        let name = match &self.policy {
            Some(path) if path.as_os_str() != "-" => TextName::File(path.display().to_string()),
            _ => TextName::Other("standard input".into()),
        };
        let texts = Texts::of_arguments(publication, name);
        let mut out = global.stdout();
        match if self.json { Format::Json } else { self.format } {
            Format::Json => writeln!(out, "{}", lint::json::write(report))?,
            Format::Github => {
                for finding in &report.findings {
                    out.write_all(github(finding, &texts).as_bytes())?;
                }
            }
            Format::Human => {
                for finding in &report.findings {
                    out.write_all(annotate(finding, &texts).as_bytes())?;
                }
                writeln!(out, "{}", visible(&report.verdict.sentence))?;
                let unchecked: Vec<&str> =
                    report.unchecked.iter().map(|unchecked| unchecked.subject.code()).collect();
                if let Some(first) = report.unchecked.first() {
                    let (list, command) = (unchecked.join(", "), &first.command);
                    writeln!(out, "not checked: {list} (`{command} --smtp` looks at them)")?;
                }
                writeln!(out, "{}", Count(report))?;
            }
        }
        Ok(())
    }
}

/// A host as `HOST` or, as in a zone file or `dig`'s output, `PREFERENCE HOST`.
fn mx_host(text: &str) -> MxHost {
    let (preference, host) = match text.trim().split_once([' ', '\t']) {
        Some((preference, host)) => (preference.parse().ok(), host),
        None => (None, text.trim()),
    };
    let host = if preference.is_some() || !text.contains(' ') { host.trim() } else { text.trim() };
    MxHost { preference, ..MxHost::new(host) }
}

fn read(path: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    let most = MAX_FILE.saturating_add(1);
    let (name, outcome) = if path.as_os_str() == "-" {
        ("standard input".into(), io::stdin().lock().take(most).read_to_end(&mut text))
    } else {
        let file = fs::File::open(path);
        (path.display().to_string(), file.and_then(|file| file.take(most).read_to_end(&mut text)))
    };
    outcome.with_context(|| format!("cannot read {name}"))?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MAX_FILE) {
        bail!("{name} is no policy: it is larger than 16 MiB");
    }
    Ok(text)
}
