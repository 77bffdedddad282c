//! What the domains of the simulation publish, and how it changes.

use std::sync::Arc;

use fastrand::Rng;
use mtasts_core::{DnsFailure, FetchFailure, Fetched, Response, TlsFailure, TxtAnswer};

#[derive(Clone, Debug)]
pub(crate) struct Truth {
    txt: Txt,
    https: Https,
}

#[derive(Clone, Copy, Debug)]
enum Txt {
    Id(u8),
    Absent,
    Several,
    Malformed,
    Fails(DnsFailure),
}

#[derive(Clone, Copy, Debug)]
enum Https {
    Policy { mode: &'static str, max_age: u32, mx: u8 },
    Garbage,
    Status(u16),
    Fails(FetchFailure),
}

impl Truth {
    pub(crate) fn random(rng: &mut Rng) -> Self {
        Self { txt: Txt::random(rng), https: Https::random(rng) }
    }

    pub(crate) fn change(&mut self, rng: &mut Rng) {
        if rng.bool() {
            self.txt = Txt::random(rng);
        }
        if rng.bool() {
            self.https = Https::random(rng);
        }
    }

    pub(crate) fn txt(&self, rng: &mut Rng) -> Result<TxtAnswer, (DnsFailure, Arc<str>)> {
        let records: &[String] = match self.txt {
            Txt::Id(id) => &[format!("v=STSv1; id=id{id};")],
            Txt::Absent => &[],
            Txt::Several => &["v=STSv1; id=1".into(), "v=STSv1; id=2".into()],
            Txt::Malformed => &["v=STSv1; id=".into()],
            Txt::Fails(failure) => return Err((failure, Arc::default())),
        };
        let records = records.iter().map(|record| record.clone().into_bytes()).collect();
        Ok(TxtAnswer { records, ttl: rng.u32(0..5_000) })
    }

    pub(crate) fn https(&self) -> Fetched {
        let (status, body) = match self.https {
            Https::Policy { mode, max_age, mx } => (
                200,
                format!("version: STSv1\nmode: {mode}\nmx: mx{mx}.test\nmax_age: {max_age}\n"),
            ),
            Https::Garbage => (200, "<html>".into()),
            Https::Status(status) => (status, String::new()),
            Https::Fails(failure) => return Err((failure, "".into())),
        };
        let content_type = Some("text/plain".into());
        Ok(Response { status, content_type, body: body.into_bytes() })
    }
}

impl Txt {
    fn random(rng: &mut Rng) -> Self {
        match rng.u8(0..10) {
            0 => Self::Absent,
            1 => Self::Several,
            2 => Self::Malformed,
            3 => Self::Fails(DnsFailure::ServFail),
            4 => Self::Fails(DnsFailure::Timeout),
            _ => Self::Id(rng.u8(0..3)),
        }
    }
}

impl Https {
    fn random(rng: &mut Rng) -> Self {
        match rng.u8(0..10) {
            0 => Self::Garbage,
            1 => Self::Status(404),
            2 => Self::Fails(FetchFailure::Connect),
            3 => Self::Fails(FetchFailure::Tls(TlsFailure::Expired)),
            _ => {
                let modes = ["enforce", "enforce", "enforce", "testing", "none"];
                let ages = [0, 20, 1_000, 20_000, 86_400, 604_800, 31_557_600];
                Self::Policy {
                    mode: modes[rng.usize(0..modes.len())],
                    max_age: ages[rng.usize(0..ages.len())],
                    mx: rng.u8(0..2),
                }
            }
        }
    }
}
