//! `txt`: an `_mta-sts` TXT RRset to a policy id (RFC 8461 §3.1).

use super::{
    Case, Face, Publication, judge,
    meta::{Meta, case, required},
};
use crate::answers::{Octets, join};

case! {
    /// One RRset.
    TxtCase {
        strings: Vec<Vec<Octets>>,
        #[serde(deserialize_with = "required")]
        expect: Option<String>,
        #[serde(default)]
        also_ok: Vec<Option<String>>,
    }
}

impl Case for TxtCase {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn run(&self, face: &mut Face) -> Result<(), String> {
        let selected = face.txt(&join(&self.strings)?)?;
        let got = selected.as_ref().ok().cloned();
        judge(&self.meta, &self.expect, &self.also_ok, &got)
            .map_err(|reason| self.meta.with_error(&reason, selected.err()))
    }

    fn publications(&self) -> Result<Vec<Publication>, String> {
        Publication::new("example.com").records("txt", &self.strings)
    }
}
