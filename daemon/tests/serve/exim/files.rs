//! What operators put into Exim's configuration, from `bindings/exim`.

pub(super) const MODULE: &str = include_str!("../../../../bindings/exim/module.conf");
pub(super) const READSOCKET: &str = include_str!("../../../../bindings/exim/readsocket.conf");
pub(super) const ROUTER: &str = include_str!("../../../../bindings/exim/router.conf");
pub(super) const TRANSPORT: &str = include_str!("../../../../bindings/exim/transport.conf");
