//! Panics on demand, in a build for tests (feature `panic-injection`). Not in the header.

use core::cell::Cell;

thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
}

/// Makes the next exported function that this thread calls panic.
#[unsafe(no_mangle)]
pub extern "C" fn mtasts_inject_panic() {
    ARMED.set(true);
}

#[expect(clippy::panic, reason = "that is what it is for")]
pub(super) fn strike() {
    if ARMED.take() {
        panic!("a panic was asked for");
    }
}
