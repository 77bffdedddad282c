//! Domains to look up.

use mtasts_core::PolicyDomain;

/// A top-level domain that ISO 3166 leaves to its users, so that nobody's names are used.
const TOP: &str = ".zz";

const LETTERS: u32 = 26;

/// The domain of this number. Of ten, nine have 8 to 23 characters, which a `PolicyDomain` keeps in
/// place, and one has 24 to 40, which are on the heap.
#[must_use]
pub fn domain(number: u32) -> PolicyDomain {
    PolicyDomain::from_lookup_key(name(number)).expect("letters and a dot make a domain")
}

/// The name of the domain of this number.
#[must_use]
pub fn name(number: u32) -> String {
    let mut random = fastrand::Rng::with_seed(number.into());
    let length = if random.u8(..10) == 0 { random.usize(24..=40) } else { random.usize(8..=23) };
    let mut name = String::with_capacity(length);
    let mut rest = number;
    // Five letters are enough to tell 11 million domains apart.
    for _ in 0..5 {
        name.extend(char::from_digit(10 + rest % LETTERS, 10 + LETTERS));
        rest /= LETTERS;
    }
    while name.len() + TOP.len() < length {
        name.push(random.lowercase());
    }
    name.push_str(TOP);
    name
}

/// The numbers below `count`, each once, in an order that is random but always the same.
#[must_use]
pub fn shuffled(count: u32) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..count).collect();
    fastrand::Rng::with_seed(count.into()).shuffle(&mut numbers);
    numbers
}
