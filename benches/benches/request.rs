//! What a socketmap request costs without its sockets, in parts.

use core::{cell::LazyCell, hint::black_box};

use benches::{
    daemon,
    domains::{domain, name, shuffled},
    engines::{Contents, NOW},
};
use criterion::Criterion;
use mtasts_core::PolicyDomain;
use mtasts_daemon::{
    config::{Maps, Profile},
    socketmap::{Decoder, Frame, Question, push_netstring, render},
};
use mtasts_net::driver::Driver;
use tokio::runtime::Runtime;

/// How many domains the driver remembers.
const DOMAINS: u32 = 10_000;

fn main() -> anyhow::Result<()> {
    let mut criterion = Criterion::default().configure_from_args();
    read(&mut criterion);
    let runtime = Runtime::new()?;
    let _context = runtime.enter();
    lookup(&mut criterion, &runtime);
    reply(&mut criterion);
    criterion.final_summary();
    Ok(())
}

/// From bytes to a domain.
fn read(criterion: &mut Criterion) {
    let names: Vec<String> = shuffled(DOMAINS).into_iter().map(name).collect();
    let mut names = names.iter().cycle();
    criterion.bench_function("request/domain", |b| {
        b.iter(|| names.next().map(|name| PolicyDomain::from_lookup_key(black_box(name))));
    });
    let maps = Maps::default();
    let mut decoder = Decoder::new(10_000);
    criterion.bench_function("request/netstring", |b| {
        b.iter(|| match decoder.decode(black_box(b"24:postfix mail.example.com,")) {
            Ok((Some(Frame::Request(request)), _)) => Question::parse(request, &maps).is_ok(),
            _ => false,
        });
    });
}

/// From a domain to a decision.
fn lookup(criterion: &mut Criterion, runtime: &Runtime) {
    let driver = LazyCell::new(|| runtime.block_on(warm_driver()));
    let domains: Vec<PolicyDomain> = shuffled(DOMAINS).into_iter().map(domain).collect();
    let mut domains = domains.iter().cycle();
    criterion.bench_function("request/driver", |b| {
        let driver = driver.as_ref().ok();
        b.iter(|| {
            driver.zip(domains.next()).map(|(driver, domain)| driver.lookup(black_box(domain)))
        });
    });
}

async fn warm_driver() -> anyhow::Result<Driver> {
    let config = daemon::config(&daemon::text(DOMAINS, benches::dns::serve()?))?;
    let driver = daemon::driver(&config, DOMAINS, Contents::Shared).await?;
    daemon::check_all(&driver, DOMAINS).await?;
    Ok(driver)
}

/// From a decision to bytes.
fn reply(criterion: &mut Criterion) {
    let domain = domain(0);
    let mut engine = benches::engines::engine(1, Contents::Shared);
    let decision = engine.lookup(&domain, NOW);
    let (mut reply, mut output) = (String::new(), Vec::new());
    criterion.bench_function("request/reply", |b| {
        b.iter(|| {
            reply.clear();
            output.clear();
            if let Some(decision) = black_box(&decision) {
                render(Profile::Postfix, decision, &domain, || NOW, &mut reply);
            }
            push_netstring(&mut output, &reply);
            black_box(output.len())
        });
    });
}
