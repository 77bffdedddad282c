//! Logs that can be waited on.

use tokio::sync::watch;

/// What a server has seen, in order.
#[derive(Debug)]
pub(super) struct Log<T> {
    entries: watch::Sender<Vec<T>>,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { entries: watch::Sender::new(Vec::new()) }
    }
}

impl<T: Clone> Log<T> {
    pub(super) fn push(&self, entry: T) {
        self.entries.send_modify(|entries| entries.push(entry));
    }

    pub(super) fn all(&self) -> Vec<T> {
        self.entries.borrow().clone()
    }

    /// The entries that are wanted.
    pub(super) fn select(&self, wanted: impl Fn(&T) -> bool) -> Vec<T> {
        self.entries.borrow().iter().filter(|entry| wanted(entry)).cloned().collect()
    }

    pub(super) fn count(&self, wanted: impl Fn(&T) -> bool) -> usize {
        self.entries.borrow().iter().filter(|entry| wanted(entry)).count()
    }

    /// Waits until there are `count` entries that are wanted.
    pub(super) async fn wait_for(&self, count: usize, wanted: impl Fn(&T) -> bool) {
        let enough =
            |entries: &Vec<T>| entries.iter().filter(|entry| wanted(entry)).count() >= count;
        self.entries.subscribe().wait_for(enough).await.expect("the log is borrowed, so it exists");
    }
}
