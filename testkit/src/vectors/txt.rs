//! `txt`: an `_mta-sts` TXT RRset to a policy id (RFC 8461 §3.1).

use mtasts_core::StsRecord;

use super::{
    Case, judge,
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

    fn run(&self) -> Result<(), String> {
        let records = join(&self.strings)?;
        let selected = StsRecord::select(&records);
        let got = selected.as_ref().ok().map(|record| record.id.to_string());
        judge(&self.meta, &self.expect, &self.also_ok, &got)
            .map_err(|reason| self.meta.with_error(&reason, selected.err()))
    }
}
