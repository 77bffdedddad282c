//! `real_world`: published policies and records with their quirks. `parsed` is what a strict reader
//! makes of them, `lenient` what one that accepts harmless deviations makes of the rest.

use serde::Deserialize;
use serde_json::Value;

use super::{
    Case, Face, Publication, judge,
    meta::{Meta, case},
    policy::{Fields, comparable},
};
use crate::answers::{BodyMembers, Octets, join};

case! {
    /// One publication.
    RealWorldCase {
        kind: Kind,
        domain: Option<String>,
        body: Option<String>,
        body_b64: Option<String>,
        strings: Option<Vec<Vec<Octets>>>,
        parsed: Value,
        /// Absent where both readers agree.
        lenient: Option<Value>,
        quirks: Vec<String>,
        source: Value,
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Policy,
    Txt,
    Tlsrpt,
}

impl Case for RealWorldCase {
    /// Publications are told apart by their sources.
    const NAMED: bool = false;

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn run(&self, face: &mut Face) -> Result<(), String> {
        let result = match self.kind {
            Kind::Policy => self.run_policy(face),
            Kind::Txt => {
                let id = face.txt(&self.records()?)?;
                self.compare(id.ok().map(Value::from))
            }
            Kind::Tlsrpt => {
                let rua = face.tlsrpt(&self.records()?)?;
                self.compare(rua.ok().map(|rua| serde_json::json!({ "rua": rua })))
            }
        };
        result.map_err(|reason| {
            let Self { domain, quirks, source, .. } = self;
            let error = self.meta.error.as_deref().unwrap_or("none");
            format!("{reason}\nof {domain:?}, {quirks:?}, error {error}, {source}")
        })
    }

    fn publications(&self) -> Result<Vec<Publication>, String> {
        let publication = Publication::new(self.domain.as_deref().unwrap_or_default());
        match self.kind {
            Kind::Policy => Ok(vec![publication.policy(&self.body()?)]),
            Kind::Txt => publication.records("txt", self.strings()?),
            Kind::Tlsrpt => publication.records("tlsrpt", self.strings()?),
        }
    }
}

impl RealWorldCase {
    fn run_policy(&self, face: &mut Face) -> Result<(), String> {
        let read = face.policy(&self.body()?)?.ok();
        let strict = read.clone().filter(|read| read.deviations == 0);
        judge(&self.meta, &published(&self.parsed)?, &[], &strict.map(Fields::from))?;
        let lenient = self.lenient.as_ref().unwrap_or(&self.parsed);
        judge(&self.meta, &published(lenient)?, &[], &read.map(Fields::from))
    }

    fn body(&self) -> Result<Vec<u8>, String> {
        let (body, body_b64) = (self.body.clone(), self.body_b64.clone());
        BodyMembers { body, body_b64, body_gen: None }.octets()
    }

    fn strings(&self) -> Result<&[Vec<Octets>], String> {
        Ok(self.strings.as_deref().ok_or("a record without `strings`")?)
    }

    fn records(&self) -> Result<Vec<Vec<u8>>, String> {
        join(self.strings()?)
    }

    /// There is one reader of records: it may be either.
    fn compare(&self, got: Option<Value>) -> Result<(), String> {
        judge(&self.meta, &self.parsed, self.lenient.as_slice(), &got.unwrap_or_default())
    }
}

fn published(fields: &Value) -> Result<Option<Fields>, String> {
    let fields: Option<Fields> =
        serde_json::from_value(fields.clone()).map_err(|error| error.to_string())?;
    Ok(fields.as_ref().map(comparable))
}
