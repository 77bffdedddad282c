//! `mxmatch`: one mx pattern against one MX host name (RFC 8461 §4.1).

use mtasts_core::MxPattern;

use super::{
    Case, judge,
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

    fn run(&self) -> Result<(), String> {
        let got = MxPattern::parse(&self.pattern).is_ok_and(|pattern| pattern.matches(&self.host));
        judge(&self.meta, &self.matches, &self.also_ok, &got)
    }
}
