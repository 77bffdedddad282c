//! Requests and plans in JSON.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{Error, Field, Occasion, Plan, Request, Step, TxtForm, WebServer};
use crate::{Mode, UnixMillis, WELL_KNOWN_PATH};

/// Makes a plan of a request in JSON, and writes it in JSON.
///
/// The request is an object with `domain`, and if wanted `mx` (list), `mode` (`testing` unless it is
/// given), `max_age` (seconds), `id`, `now` (milliseconds since 1970-01-01 00:00 UTC, for the id)
/// and `rua` (list). The plan is as [`plan_json`] writes it.
///
/// # Errors
///
/// As [`Request::generate`], and when the text is not such an object.
pub fn json(request: &str) -> Result<String, Error> {
    let request: Members =
        serde_json::from_str(request).map_err(|error| Error::new(Field::Request, error))?;
    Request::try_from(request)?.generate().map(|plan| plan_json(&plan))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    domain: String,
    #[serde(default)]
    mx: Vec<String>,
    mode: Option<String>,
    max_age: Option<u64>,
    id: Option<String>,
    now: Option<u64>,
    #[serde(default)]
    rua: Vec<String>,
}

impl TryFrom<Members> for Request {
    type Error = Error;

    fn try_from(members: Members) -> Result<Self, Error> {
        let Members { domain, mx, mode, max_age, id, now, rua } = members;
        let mode = match mode.as_deref() {
            Some("enforce") => Mode::Enforce,
            None | Some("testing") => Mode::Testing,
            Some("none") => Mode::None,
            Some(_) => {
                return Err(Error::new(Field::Mode, "the modes are enforce, testing and none"));
            }
        };
        // What is too large for the type is too large for a policy, too.
        let max_age = max_age.map(|max_age| u32::try_from(max_age).unwrap_or(u32::MAX));
        Ok(Self { domain, mx, mode, max_age, id, now: now.map(UnixMillis), rua })
    }
}

/// The plan as a JSON object on one line.
///
/// Members: `schema_version` (1), `domain`, `id`, `txt` and `tlsrpt` (null without reports), each
/// with `name`, `ttl`, `value`, `zone` (a line of a zone file), `dig` and `provider`; `policy` with
/// `text`, `mode`, `max_age`, `host`, `path` and `url`; `servers` with `apache`, `nginx` and `caddy`;
/// `occasion` (`publish` or `withdraw`); and `steps` with `publish`, `change` and `withdraw`, lists of
/// `title`, `text` and `command` (or null).
#[must_use]
pub fn plan_json(plan: &Plan) -> String {
    let server = |server| plan.web_server(server);
    let written = Written {
        schema_version: 1,
        domain: plan.domain.as_str(),
        id: plan.id.as_str(),
        txt: Txt::new(&plan.txt),
        policy: PolicyFile {
            text: &plan.policy,
            mode: plan.mode.as_str(),
            max_age: plan.max_age,
            host: &plan.policy_host(),
            path: WELL_KNOWN_PATH,
            url: plan.policy_url(),
        },
        tlsrpt: plan.tlsrpt.as_ref().map(Txt::new),
        servers: Servers {
            apache: server(WebServer::Apache),
            nginx: server(WebServer::Nginx),
            caddy: server(WebServer::Caddy),
        },
        occasion: plan.occasion().code(),
        steps: Steps {
            publish: written(plan.steps(Occasion::Publish)),
            change: written(plan.steps(Occasion::Change)),
            withdraw: written(plan.steps(Occasion::Withdraw)),
        },
    };
    // Nothing in it can fail to be written: no maps, no floats.
    serde_json::to_string(&written).unwrap_or_default()
}

#[derive(Serialize)]
struct Written<'a> {
    schema_version: u32,
    domain: &'a str,
    id: &'a str,
    txt: Txt<'a>,
    policy: PolicyFile<'a>,
    tlsrpt: Option<Txt<'a>>,
    servers: Servers,
    occasion: &'static str,
    steps: Steps,
}

#[derive(Serialize)]
struct Txt<'a> {
    name: &'a str,
    ttl: u32,
    value: &'a str,
    zone: String,
    dig: String,
    provider: Provider<'a>,
}

#[derive(Serialize)]
struct Provider<'a> {
    name: &'static str,
    r#type: &'static str,
    value: &'a str,
    ttl: u32,
}

#[derive(Serialize)]
struct PolicyFile<'a> {
    text: &'a str,
    mode: &'static str,
    max_age: u32,
    host: &'a str,
    path: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Servers {
    apache: String,
    nginx: String,
    caddy: String,
}

#[derive(Serialize)]
struct Steps {
    publish: Vec<WrittenStep>,
    change: Vec<WrittenStep>,
    withdraw: Vec<WrittenStep>,
}

#[derive(Serialize)]
struct WrittenStep {
    title: String,
    text: String,
    command: Option<String>,
}

impl<'a> Txt<'a> {
    fn new(record: &'a TxtForm) -> Self {
        let form = record.provider_form();
        Self {
            name: &record.name,
            ttl: record.ttl,
            value: &record.text,
            zone: record.zone_line(),
            dig: record.dig_line(),
            provider: Provider {
                name: form.name,
                r#type: form.record_type,
                value: form.value,
                ttl: form.ttl,
            },
        }
    }
}

fn written(steps: Vec<Step>) -> Vec<WrittenStep> {
    let written =
        |Step { title, text, command }| WrittenStep { title: String::from(title), text, command };
    steps.into_iter().map(written).collect()
}
