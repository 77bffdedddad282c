//! `mtasts generate`: records, a policy and a web server's configuration, ready to publish.

use core::time::Duration;
use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::SystemTime,
};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use mtasts_core::{
    Mode, UnixMillis,
    generate::{Field, Plan, Request, WebServer, plan_json},
};

use super::Global;

const AFTER_HELP: &str = "\
Exit codes: 0 success, 1 what was asked for is no use or a file cannot be
written, 2 a mistake on the command line.

Example: mtasts generate example.com --mx mx1.example.com --mx mx2.example.com \\
  --rua tls-reports@example.com --out mta-sts/";

/// Make the records, the policy and the web server's configuration for a domain
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The mail domain
    domain: String,
    /// An MX host, or a pattern such as `*.mx.example.net`; may be repeated
    #[arg(long, value_name = "HOST")]
    mx: Vec<String>,
    /// The mode: begin with `testing`
    #[arg(long, value_enum, default_value = "testing")]
    mode: ModeName,
    /// How long senders keep the policy, in seconds or with a unit such as 14d
    #[arg(long, value_name = "DURATION", value_parser = super::duration)]
    max_age: Option<Duration>,
    /// The policy's id: 1 to 32 letters and digits, not that of the last policy. Made from the time
    /// unless it is given
    #[arg(long)]
    id: Option<String>,
    /// Where TLS reports go: a mail address, or a mailto: or https: URI; may be repeated
    #[arg(long, value_name = "URI")]
    rua: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Write files to this directory instead: mta-sts.txt, records.zone, apache.conf, nginx.conf,
    /// Caddyfile and STEPS.txt
    #[arg(long, value_name = "DIR", conflicts_with = "format")]
    out: Option<PathBuf>,
    /// Replace files that are there
    #[arg(long, requires = "out")]
    force: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeName {
    Enforce,
    Testing,
    None,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// All of it, with the steps in their order
    #[default]
    Human,
    /// One JSON object
    Json,
    /// The records as lines of a zone file
    Zone,
    /// The policy file alone
    Policy,
    /// A configuration of Apache httpd
    Apache,
    /// A configuration of nginx
    Nginx,
    /// A configuration of Caddy
    Caddy,
}

pub(super) fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitCode> {
    let plan = arguments.plan()?;
    let mut out = global.stdout();
    if let Some(directory) = &arguments.out {
        let files = write_files(directory, &plan, arguments.force)?;
        for file in files {
            writeln!(out, "{}", file.display())?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let text = match arguments.format {
        Format::Human => human(&plan),
        Format::Json => plan_json(&plan) + "\n",
        Format::Zone => zone(&plan),
        Format::Policy => plan.policy,
        Format::Apache => plan.web_server(WebServer::Apache),
        Format::Nginx => plan.web_server(WebServer::Nginx),
        Format::Caddy => plan.web_server(WebServer::Caddy),
    };
    out.write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn plan(&self) -> anyhow::Result<Plan> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let request = Request {
            domain: self.domain.clone(),
            mx: self.mx.clone(),
            mode: match self.mode {
                ModeName::Enforce => Mode::Enforce,
                ModeName::Testing => Mode::Testing,
                ModeName::None => Mode::None,
            },
            max_age: self
                .max_age
                .map(|max_age| u32::try_from(max_age.as_secs()).unwrap_or(u32::MAX)),
            id: self.id.clone(),
            now: Some(UnixMillis::from_secs(now.as_secs())),
            rua: self.rua.clone(),
        };
        request.generate().map_err(|error| {
            let given = |list: &[String], index: usize| {
                list.get(index).map_or_else(String::new, |text| format!(" {}", text.escape_debug()))
            };
            let option = match error.field {
                Field::Request => String::new(),
                Field::Domain => format!("`{}`: ", self.domain.escape_debug()),
                Field::MxHosts => "`--mx`: ".into(),
                Field::Mx(index) => format!("`--mx{}`: ", given(&self.mx, index)),
                Field::Mode => "`--mode`: ".into(),
                Field::MaxAge => "`--max-age`: ".into(),
                Field::Id => "`--id`: ".into(),
                Field::RuaList => "`--rua`: ".into(),
                Field::Rua(index) => format!("`--rua{}`: ", given(&self.rua, index)),
            };
            anyhow::anyhow!("{option}{}", error.message)
        })
    }
}

fn zone(plan: &Plan) -> String {
    let records = [Some(&plan.txt), plan.tlsrpt.as_ref()];
    records.into_iter().flatten().map(|record| record.zone_line() + "\n").collect()
}

fn human(plan: &Plan) -> String {
    const BOLD: &str = "\x1b[1m";
    const RESET: &str = "\x1b[0m";
    let indent = |text: &str| text.lines().map(|line| format!("  {line}\n")).collect::<String>();
    let form = plan.txt.provider_form();
    let mut text = format!(
        "{BOLD}DNS records{RESET}\n{}  In a provider's form: name {}, type {}, value {}\n\n\
         {BOLD}Policy file{RESET}  {}\n{}\n",
        indent(&zone(plan)),
        form.name,
        form.record_type,
        form.value,
        plan.policy_url(),
        indent(&plan.policy),
    );
    text.push_str(&format!("{BOLD}What to do, in this order{RESET}\n{}", steps(plan)));
    text.push_str(
        "\nFor a web server: --format apache, nginx or caddy. For all as files: --out DIR\n",
    );
    text
}

fn steps(plan: &Plan) -> String {
    let steps = plan.steps(plan.occasion());
    let written = (1..).zip(steps).map(|(number, step)| {
        let number: u32 = number;
        let command =
            step.command.map_or_else(String::new, |command| format!("     $ {command}\n"));
        format!("  {number}. {}. {}\n{command}", step.title, step.text)
    });
    written.collect()
}

fn write_files(directory: &Path, plan: &Plan, force: bool) -> anyhow::Result<Vec<PathBuf>> {
    let files = [
        ("mta-sts.txt", plan.policy.clone()),
        ("records.zone", zone(plan)),
        ("apache.conf", plan.web_server(WebServer::Apache)),
        ("nginx.conf", plan.web_server(WebServer::Nginx)),
        ("Caddyfile", plan.web_server(WebServer::Caddy)),
        ("STEPS.txt", steps(plan)),
    ];
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot make the directory {}", directory.display()))?;
    let mut written = Vec::new();
    for (name, text) in files {
        let path = directory.join(name);
        let mut options = OpenOptions::new();
        options.write(true);
        if force {
            options.create(true).truncate(true)
        } else {
            options.create_new(true)
        };
        let hint = if force { "" } else { " (--force replaces files)" };
        options
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("cannot write {}{hint}", path.display()))?;
        written.push(path);
    }
    Ok(written)
}
