//! `mxmatch`: one mx pattern against one MX host name (RFC 8461 §4.1).

use serde_json::Map;

use super::{
    Case, Face, Publication, judge,
    meta::{Meta, case},
};

case! {
    /// One pattern and one host.
    MxMatchCase {
        pattern: String,
        host: String,
        #[serde(rename = "match")]
        matches: bool,
        #[serde(default)]
        also_ok: Vec<bool>,
    }
}

impl Case for MxMatchCase {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn run(&self, face: &mut Face) -> Result<(), String> {
        let got = face.mxmatch(&self.pattern, &self.host)?;
        judge(&self.meta, &self.matches, &self.also_ok, &got)
    }

    /// A policy with the pattern, and the host as the MX host.
    fn publications(&self) -> Result<Vec<Publication>, String> {
        let policy =
            format!("version: STSv1\nmode: enforce\nmx: {}\nmax_age: 604800\n", self.pattern);
        let publication = Publication::new("example.com").policy(policy.as_bytes());
        Ok(vec![publication.mx_host(&self.host, Map::new())])
    }
}
