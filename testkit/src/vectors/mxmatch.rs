//! `mxmatch`: one mx pattern against one MX host name (RFC 8461 §4.1).

use super::{
    Case, Face, judge,
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
}
