//! Asking an engine for a domain that it remembers, and writing the reply.
//!
//! What the engine gives back is dropped within the time measured, as it is in a server.

use core::{
    cell::{LazyCell, RefCell},
    hint::black_box,
};

use benches::engines::{Asked, Contents, NOW};
use criterion::Criterion;
use mtasts_core::{Decision, PolicyDomain, render};

const COUNTS: [(u32, &str); 3] = [(1_000, "1k"), (100_000, "100k"), (1_000_000, "1M")];

/// Writes the reply for a domain.
type Render = fn(&Decision, &PolicyDomain, &mut String);

const POSTFIX: Render = |decision, _, reply| render::postfix(decision, reply);

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for contents in [Contents::Shared, Contents::Distinct, Contents::Absent] {
        for (count, shown) in COUNTS {
            bench(&mut criterion, contents, count, shown);
        }
    }
    criterion.final_summary();
}

fn bench(criterion: &mut Criterion, contents: Contents, count: u32, shown: &str) {
    // Made only if one of its benches is wanted, and once for all of them.
    let asked = LazyCell::new(|| RefCell::new(Asked::new(count, contents)));
    let id = |subject: &str| format!("{subject}/{}/{shown}", contents.as_str());

    criterion.bench_function(&id("lookup"), |b| {
        let mut asked = asked.borrow_mut();
        b.iter(|| {
            let (engine, domain) = asked.ask();
            engine.lookup(black_box(domain), NOW)
        });
    });
    for (subject, render) in [("postfix", POSTFIX), ("postfix-tlsrpt", render::postfix_tlsrpt)] {
        criterion.bench_function(&id(subject), |b| {
            let mut asked = asked.borrow_mut();
            let mut reply = String::new();
            b.iter(|| {
                let (engine, domain) = asked.ask();
                reply.clear();
                if let Some(decision) = engine.lookup(black_box(domain), NOW) {
                    render(&decision, domain, &mut reply);
                }
                black_box(reply.len())
            });
        });
    }
}
