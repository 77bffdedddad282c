//! `policy`: a policy body, and the HTTP response around it, to a policy (RFC 8461 §3.2, §3.3).

use mtasts_core::Config;
use serde::Deserialize;
use serde_json::Map;

use super::{
    Case, Face, Publication,
    face::{PolicyRead, Read},
    judge,
    meta::{Meta, case, required},
    response,
};
use crate::answers::{BodyMembers, HttpAnswer, HttpHead};

case! {
    /// One body or response.
    PolicyCase {
        body: Option<String>,
        body_b64: Option<String>,
        body_gen: Option<Vec<(String, usize)>>,
        http: Option<HttpHead>,
        #[serde(deserialize_with = "required")]
        expect: Option<Fields>,
        #[serde(default)]
        also_ok: Vec<Option<Fields>>,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    version: String,
    mode: String,
    mx: Vec<String>,
    max_age: u64,
}

impl From<PolicyRead> for Fields {
    fn from(PolicyRead { mode, mx, max_age, .. }: PolicyRead) -> Self {
        Self { version: "STSv1".into(), mode, mx, max_age }
    }
}

impl Case for PolicyCase {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn run(&self, face: &mut Face) -> Result<(), String> {
        let (expect, also_ok) = (self.expect.as_ref().map(comparable), self.comparable_also_ok());
        let read = self.read(face)?;
        let got = read.as_ref().ok().cloned().map(Fields::from);
        judge(&self.meta, &expect, &also_ok, &got)
            .map_err(|reason| self.meta.with_error(&reason, read.err()))
    }

    /// The answer, and an MX host that some of the policies name.
    fn publications(&self) -> Result<Vec<Publication>, String> {
        let publication = Publication::new("example.com").answered(&self.answer()?, None)?;
        Ok(vec![publication.mx_host("mail.example.com", Map::new())])
    }
}

impl PolicyCase {
    /// What a sender makes of it.
    fn read(&self, face: &mut Face) -> Result<Read<PolicyRead>, String> {
        face.response(&response::fetched(&self.answer()?, None)?, Config::default().max_body)
    }

    /// What the policy host answers: a case without `http` is a 200 `text/plain` response.
    fn answer(&self) -> Result<HttpAnswer, String> {
        let body = BodyMembers {
            body: self.body.clone(),
            body_b64: self.body_b64.clone(),
            body_gen: self.body_gen.clone(),
        };
        let is_given = self.body.is_some() || self.body_b64.is_some() || self.body_gen.is_some();
        let mut answer = HttpAnswer::ok(body.octets()?);
        match &self.http {
            Some(head) => answer.head = head.clone(),
            None if is_given => {}
            None => return Err("a case without `http` needs a body".into()),
        }
        Ok(answer)
    }

    fn comparable_also_ok(&self) -> Vec<Option<Fields>> {
        self.also_ok.iter().map(|fields| fields.as_ref().map(comparable)).collect()
    }
}

/// The fields as they are compared.
pub(super) fn comparable(fields: &Fields) -> Fields {
    Fields { mx: comparable_patterns(&fields.mx), ..fields.clone() }
}

/// Patterns in lower case, without later duplicates: how the format says they are compared.
pub(super) fn comparable_patterns(patterns: &[String]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for pattern in patterns {
        let pattern = pattern.to_ascii_lowercase();
        if !known.contains(&pattern) {
            known.push(pattern);
        }
    }
    known
}
