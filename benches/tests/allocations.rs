//! What a cached domain costs in memory allocations: nothing.

use allocation_counter::measure;
use benches::{
    domains::domain,
    engines::{Contents, NOW, engine},
};
use mtasts_core::{Engine, PolicyDomain, render};

const COUNT: u32 = 200;

/// Engines with all that can be remembered of a domain, and the domains. Some of their names, and of
/// the MX hosts in their policies, are longer than what is kept in place.
fn engines() -> impl Iterator<Item = (Engine, Vec<PolicyDomain>)> {
    let contents = [Contents::Shared, Contents::Distinct, Contents::Absent];
    contents.into_iter().map(|contents| (engine(COUNT, contents), (0..COUNT).map(domain).collect()))
}

#[test]
fn allocations_are_noticed() {
    assert_eq!(measure(|| drop(Box::new(1))).count_total, 1);
    assert!(measure(|| "a".repeat(24).push('b')).count_total > 1);
}

#[test]
fn a_lookup_allocates_nothing() {
    for (mut engine, domains) in engines() {
        let looked_up = measure(|| {
            for domain in &domains {
                engine.lookup(domain, NOW).unwrap();
            }
        });
        assert_eq!(looked_up.count_total, 0);
    }
}

#[test]
fn a_reply_into_a_string_with_room_allocates_nothing() {
    for (mut engine, domains) in engines() {
        let mut reply = String::with_capacity(1_000);
        let rendered = measure(|| {
            for domain in &domains {
                let decision = engine.lookup(domain, NOW).unwrap();
                for render in [render::postfix, render::sendmail] {
                    reply.clear();
                    render(&decision, &mut reply);
                }
                reply.clear();
                render::postfix_tlsrpt(&decision, domain, &mut reply);
            }
        });
        assert_eq!(rendered.count_total, 0);
    }
}
