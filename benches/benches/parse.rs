//! Reading what domains publish: TXT records, policies, MX patterns.

use core::hint::black_box;

use benches::policies;
use criterion::{Criterion, Throughput};
use mtasts_core::{MxPattern, Policy, StsRecord};

/// The largest policy that is read (RFC 8461 §3.3).
const LARGEST: usize = 65_536;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    record(&mut criterion);
    policy(&mut criterion);
    largest_policies(&mut criterion);
    mx(&mut criterion);
    criterion.final_summary();
}

fn record(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("record");
    group.bench_function("one", |b| {
        b.iter(|| StsRecord::select(black_box(&[policies::RECORD])));
    });
    let records: [&[u8]; 4] = [
        b"v=spf1 include:_spf.example.com -all",
        b"google-site-verification=0123456789abcdefghijklmnopqrstuvwxyz-_01234567",
        policies::RECORD,
        b"MS=ms01234567",
    ];
    group.bench_function("among-others", |b| b.iter(|| StsRecord::select(black_box(&records))));
    group.finish();
}

fn policy(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("policy");
    for (name, text) in [("4-lines", policies::TYPICAL), ("7-lines", policies::LARGE)] {
        group.bench_function(name, |b| b.iter(|| Policy::parse(black_box(text))));
    }
    group.finish();
}

/// Policies of 64 KiB, each full of something else that takes time.
fn largest_policies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("policy-64KiB");
    group.throughput(Throughput::Bytes(u64::try_from(LARGEST).unwrap_or(u64::MAX)));
    let number = |line: usize| line.to_string();
    for (name, text) in [
        ("mx", filled(|line| format!("mx:{}", number(line)))),
        ("mx-long", filled(|line| format!("mx:{}{}", "a.".repeat(100), number(line)))),
        ("mx-repeated", filled(|_| "mx:a".to_owned())),
        ("mx-invalid", filled(|line| format!("mx:*{}", number(line)))),
        ("extensions", filled(|line| format!("a:{}", number(line)))),
        ("blank-lines", filled(|_| String::new())),
        ("carriage-returns", filled(|_| "\r".repeat(60_000))),
    ] {
        group.bench_function(name, |b| b.iter(|| Policy::parse(black_box(&text))));
    }
    group.finish();
}

/// A valid policy of [`LARGEST`] bytes, with as many such lines as fit.
fn filled(line: impl Fn(usize) -> String) -> String {
    let mut policy = policies::TYPICAL.to_owned();
    for number in 0.. {
        let next = line(number);
        if policy.len().saturating_add(next.len()) >= LARGEST {
            break;
        }
        policy.push_str(&next);
        policy.push('\n');
    }
    policy
}

fn mx(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mx");
    let host = "mx7.backup-mail.provider.example";
    for (name, pattern) in [("literal", host), ("wildcard", "*.backup-mail.provider.example")] {
        let pattern = MxPattern::parse(pattern);
        group.bench_function(name, |b| {
            b.iter(|| black_box(&pattern).as_ref().is_ok_and(|mx| mx.matches(black_box(host))));
        });
    }
    let patterns: String = (0..10).map(|number| format!("mx: mx{number}.example.com\n")).collect();
    let policy = Policy::parse(format!("{}{patterns}", policies::TYPICAL)).map(|read| read.policy);
    group.bench_function("policy-of-11-last", |b| {
        b.iter(|| {
            black_box(&policy).as_ref().is_ok_and(|policy| policy.matches("mx9.example.com"))
        });
    });
    group.bench_function("policy-of-11-none", |b| {
        b.iter(|| {
            black_box(&policy).as_ref().is_ok_and(|policy| policy.matches("other.example.com"))
        });
    });
    group.finish();
}
