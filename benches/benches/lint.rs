//! The linter on what a domain publishes: record, policy and three MX hosts.

use core::hint::black_box;

use benches::policies;
use criterion::Criterion;
use mtasts_core::lint::{MxFacts, MxHost, Publication, RecordSet, check, json};

const HOSTS: [&str; 3] = [
    "smtp.provider.example.",
    "alt1.aspmx.l.provider.example.",
    "mx1.backup-mail.provider.example.",
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("lint");
    let right = publication(policies::RECORD, policies::LARGE);
    group.bench_function("right", |b| b.iter(|| check(black_box(&right))));
    // An invalid record, and a policy in which every line is wrong.
    let wrong = policies::LARGE.replace(": ", " : ").replace(".example", ".example.");
    let wrong = publication(b"v=STSv1; id=2026-11-01;", &wrong);
    group.bench_function("wrong", |b| b.iter(|| check(black_box(&wrong))));
    let input = serde_json::json!({
        "txt": {"records": [String::from_utf8_lossy(policies::RECORD)]},
        "policy": policies::LARGE,
        "mx": {"hosts": HOSTS.map(|host| serde_json::json!({"host": host}))},
    });
    let input = input.to_string();
    group.bench_function("json", |b| b.iter(|| json::check(black_box(&input))));
    group.finish();
    criterion.final_summary();
}

fn publication(record: &[u8], policy: &str) -> Publication {
    let hosts = HOSTS.into_iter().map(MxHost::new).collect();
    Publication {
        txt: Some(RecordSet::pasted([record])),
        policy: Some(policy.into()),
        mx: Some(MxFacts { hosts, failure: None }),
        ..Publication::default()
    }
}
