//! MTA-STS for OpenSMTPD.
fn main() {}
