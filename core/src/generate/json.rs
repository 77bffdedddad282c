//! Requests and plans in JSON.

use alloc::string::String;

use super::{Error, Field, Occasion, Plan, ProviderForm, Request, Step, TxtForm, WebServer};
use crate::{
    Mode, UnixMillis, WELL_KNOWN_PATH,
    json::{self, Reader, Write, Writer, members},
};

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
    let read = json::read(request, self::request);
    let request = read.unwrap_or_else(|error| Err(Error::new(Field::Request, error)))?;
    request.generate().map(|plan| plan_json(&plan))
}

/// A request; or what is wrong with a value in it, though it is of the right type.
fn request(json: &mut Reader<'_>) -> Result<Result<Request, Error>, json::Error> {
    let mut request = Request::default();
    let (mut domain, mut mode) = (None, None);
    members!(json {
        "domain" => domain = Some(json.string()?),
        "mx" => request.mx = json.list(Reader::string)?,
        "mode" => mode = json.optional(Reader::string)?,
        // What is too large for the type is too large for a policy, too.
        "max_age" => request.max_age = json
            .optional(Reader::number::<u64>)?
            .map(|max_age| u32::try_from(max_age).unwrap_or(u32::MAX)),
        "id" => request.id = json.optional(Reader::string)?,
        "now" => request.now = json.optional(Reader::number)?.map(UnixMillis),
        "rua" => request.rua = json.list(Reader::string)?,
    })?;
    request.domain = domain.ok_or_else(|| json.missing("domain"))?;
    request.mode = match mode.as_deref() {
        Some("enforce") => Mode::Enforce,
        None | Some("testing") => Mode::Testing,
        Some("none") => Mode::None,
        Some(_) => {
            return Ok(Err(Error::new(Field::Mode, "the modes are enforce, testing and none")));
        }
    };
    Ok(Ok(request))
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
    json::written(plan)
}

impl Write for Plan {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("schema_version", &1_u32),
            ("domain", &self.domain.as_str()),
            ("id", &self.id.as_str()),
            ("txt", &self.txt),
            ("policy", &PolicyFile(self)),
            ("tlsrpt", &self.tlsrpt),
            ("servers", &Servers(self)),
            ("occasion", &self.occasion().code()),
            ("steps", &Steps(self)),
        ]);
    }
}

impl Write for TxtForm {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("name", &self.name.as_str()),
            ("ttl", &self.ttl),
            ("value", &self.text),
            ("zone", &self.zone_line()),
            ("dig", &self.dig_line()),
            ("provider", &self.provider_form()),
        ]);
    }
}

impl Write for ProviderForm<'_> {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("name", &self.name),
            ("type", &self.record_type),
            ("value", &self.value),
            ("ttl", &self.ttl),
        ]);
    }
}

struct PolicyFile<'a>(&'a Plan);

impl Write for PolicyFile<'_> {
    fn write(&self, json: &mut Writer) {
        let Self(plan) = self;
        json.object(&[
            ("text", &plan.policy),
            ("mode", &plan.mode.as_str()),
            ("max_age", &plan.max_age),
            ("host", &plan.policy_host().as_str()),
            ("path", &WELL_KNOWN_PATH),
            ("url", &plan.policy_url()),
        ]);
    }
}

struct Servers<'a>(&'a Plan);

impl Write for Servers<'_> {
    fn write(&self, json: &mut Writer) {
        let [apache, nginx, caddy] = WebServer::ALL.map(|server| self.0.web_server(server));
        json.object(&[("apache", &apache), ("nginx", &nginx), ("caddy", &caddy)]);
    }
}

struct Steps<'a>(&'a Plan);

impl Write for Steps<'_> {
    fn write(&self, json: &mut Writer) {
        let [publish, change, withdraw] = Occasion::ALL.map(|occasion| self.0.steps(occasion));
        json.object(&[("publish", &publish), ("change", &change), ("withdraw", &withdraw)]);
    }
}

impl Write for Step {
    fn write(&self, json: &mut Writer) {
        json.object(&[("title", &&*self.title), ("text", &self.text), ("command", &self.command)]);
    }
}
