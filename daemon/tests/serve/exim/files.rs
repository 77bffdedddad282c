//! What operators put into Exim's configuration, and what they read about it.

pub(super) const MODULE: &str = include_str!("../../../../bindings/exim/module.conf");
pub(super) const READSOCKET: &str = include_str!("../../../../bindings/exim/readsocket.conf");
pub(super) const ROUTER: &str = include_str!("../../../../bindings/exim/router.conf");
pub(super) const TRANSPORT: &str = include_str!("../../../../bindings/exim/transport.conf");
/// The guide. It shows why mail waits, in the words of Exim's log.
pub(super) const GUIDE: &str = include_str!("../../../../docs/exim.md");
