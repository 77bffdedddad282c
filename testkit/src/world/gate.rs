//! Gates: what waits at one goes on when a test opens it.

use std::sync::Arc;

use tokio::sync::watch;

/// A gate that replies wait at until it is opened. Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate {
    state: Arc<watch::Sender<State>>,
}

#[derive(Debug, Default)]
struct State {
    open: bool,
    arrived: usize,
}

impl Gate {
    /// A closed gate.
    #[expect(clippy::new_without_default, reason = "a default gate could as well be an open one")]
    pub fn new() -> Self {
        Self { state: Arc::new(watch::Sender::new(State::default())) }
    }

    /// Opens the gate for all that wait and all that come later.
    pub fn open(&self) {
        self.state.send_modify(|state| state.open = true);
    }

    /// Waits until `count` replies in all have come to the gate.
    pub async fn wait_for(&self, count: usize) {
        let mut state = self.state.subscribe();
        state.wait_for(|state| state.arrived >= count).await.expect("the gate is borrowed");
    }

    /// Comes to the gate, and waits until it is open.
    pub(super) async fn pass(&self) {
        let mut state = self.state.subscribe();
        self.state.send_modify(|state| state.arrived = state.arrived.saturating_add(1));
        state.wait_for(|state| state.open).await.expect("the gate is borrowed");
    }
}
