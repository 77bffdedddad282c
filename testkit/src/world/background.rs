//! Threads that servers live on.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
};

use tokio::{
    runtime::{self, Handle},
    sync::Notify,
};

/// A thread that runs tasks until it is dropped.
///
/// Servers do not run on the runtime of the test: a test may then block (on a child process, on a
/// C library) or stop its clock, and servers go on. Dropping waits for the thread, so ports are
/// closed afterwards.
#[derive(Debug)]
pub(super) struct Background {
    handle: Handle,
    stop: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    pub(super) fn start(name: &str) -> Self {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime can be built");
        let handle = runtime.handle().clone();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name(name.into())
            .spawn(move || runtime.block_on(stopped.notified()))
            .expect("a thread can be started");
        Self { handle, stop, thread: Some(thread) }
    }

    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.handle.spawn(task);
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic on the thread has been printed there, and must not become a second one here.
            let _ended = thread.join();
        }
    }
}
