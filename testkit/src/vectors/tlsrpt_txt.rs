//! `tlsrpt_txt`: an `_smtp._tls` TXT RRset to report URIs (RFC 8460 §3).

use serde::Deserialize;

use super::{
    Case, Face, Publication, judge,
    meta::{Meta, case, required},
};
use crate::answers::{Octets, join};

case! {
    /// One RRset.
    TlsRptCase {
        strings: Vec<Vec<Octets>>,
        #[serde(deserialize_with = "required")]
        expect: Option<Uris>,
        #[serde(default)]
        also_ok: Vec<Option<Uris>>,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Uris {
    rua: Vec<String>,
}

impl Case for TlsRptCase {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn run(&self, face: &mut Face) -> Result<(), String> {
        let selected = face.tlsrpt(&join(&self.strings)?)?;
        let got = selected.as_ref().ok().map(|rua| Uris { rua: rua.clone() });
        judge(&self.meta, &self.expect, &self.also_ok, &got)
            .map_err(|reason| self.meta.with_error(&reason, selected.err()))
    }

    fn publications(&self) -> Result<Vec<Publication>, String> {
        Publication::new("example.com").records("tlsrpt", &self.strings)
    }
}
