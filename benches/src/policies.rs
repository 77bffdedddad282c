//! Policies as they are published.

/// A TXT record as most domains have it.
pub const RECORD: &[u8] = b"v=STSv1; id=20261101T000000;";

/// The policies that shared ones are taken from.
pub const PROVIDERS: u32 = 100;

/// What most domains publish: one mail exchanger.
pub const TYPICAL: &str = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\n";

/// What a large provider publishes: several names and patterns.
pub const LARGE: &str = "version: STSv1\n\
    mode: enforce\n\
    mx: smtp.provider.example\n\
    mx: aspmx.l.provider.example\n\
    mx: *.aspmx.l.provider.example\n\
    mx: *.backup-mail.provider.example\n\
    max_age: 86400\n";

/// The policy of one of [`PROVIDERS`] providers, which a domain of this number uses.
#[must_use]
pub fn shared(number: u32) -> String {
    let provider = number % PROVIDERS;
    format!(
        "version: STSv1\nmode: enforce\nmx: *.mx.provider-{provider}.example\nmax_age: 604800\n"
    )
}

/// The policy of a domain that has its own mail exchanger.
#[must_use]
pub fn distinct(domain: &str) -> String {
    format!("version: STSv1\nmode: enforce\nmx: mail.{domain}\nmax_age: 604800\n")
}
