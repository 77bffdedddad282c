//! What stands between C and Rust: no panic gets out, and none is survived by its handle.

use core::{
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicBool, Ordering},
};
use std::panic::catch_unwind;

use crate::error::{Error, MTASTS_OK};

#[cfg(feature = "panic-injection")]
mod injection;

/// Set when a panic has left a handle in a state that nobody knows.
#[derive(Debug, Default)]
pub(crate) struct Poison(AtomicBool);

/// Something that C holds a pointer to.
pub(crate) trait Handle {
    fn poison(&self) -> &Poison;
}

/// Makes a handle of a struct with a member `poison`.
macro_rules! handle {
    ($type:ty) => {
        impl crate::guard::Handle for $type {
            fn poison(&self) -> &crate::guard::Poison {
                &self.poison
            }
        }
    };
}
pub(crate) use handle;

/// What an exported function returns when all went well: 0 or more.
pub(crate) trait Outcome {
    fn code(self) -> i32;
}

impl Outcome for () {
    fn code(self) -> i32 {
        MTASTS_OK
    }
}

impl Outcome for i32 {
    fn code(self) -> i32 {
        self
    }
}

/// A count; nothing here has more than fits.
impl Outcome for usize {
    fn code(self) -> i32 {
        i32::try_from(self).unwrap_or(i32::MAX)
    }
}

/// Runs the body of a function that has no handle.
pub(crate) fn entry<R: Outcome>(body: impl FnOnce() -> Result<R, Error>) -> i32 {
    run(None, body)
}

/// Runs the body of a function that only looks at its handle.
///
/// # Safety
///
/// `handle` is NULL or points to a `T` that is not being changed.
pub(crate) unsafe fn shared<'a, T: Handle + 'a, R: Outcome>(
    handle: *const T,
    body: impl FnOnce(&'a T) -> Result<R, Error>,
) -> i32 {
    // SAFETY: promised by the caller.
    let Some(handle) = (unsafe { handle.as_ref() }) else { return Error::NULL.code() };
    run(Some(handle.poison()), || body(handle))
}

/// Runs the body of a function that changes its handle.
///
/// # Safety
///
/// `handle` is NULL or points to a `T` that nobody else uses.
pub(crate) unsafe fn exclusive<T: Handle, R: Outcome>(
    handle: *mut T,
    body: impl FnOnce(&mut T) -> Result<R, Error>,
) -> i32 {
    // SAFETY: promised by the caller.
    let Some(value) = (unsafe { handle.as_mut() }) else { return Error::NULL.code() };
    if value.poison().is_set() {
        return Error::PANIC.code();
    }
    let code = run(None, || body(value));
    if code == Error::PANIC.code() {
        // SAFETY: promised by the caller; the borrow above has ended.
        if let Some(value) = unsafe { handle.as_ref() } {
            value.poison().set();
        }
    }
    code
}

/// Frees what a handle points to, whatever has become of it.
///
/// # Safety
///
/// `handle` is NULL or came from [`crate::out::Out::set_new`] and is not used again.
pub(crate) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: promised by the caller.
        let handle = unsafe { Box::from_raw(handle) };
        let _ = catch_unwind(AssertUnwindSafe(|| drop(handle)));
    }
}

fn run<R: Outcome>(poison: Option<&Poison>, body: impl FnOnce() -> Result<R, Error>) -> i32 {
    if poison.is_some_and(Poison::is_set) {
        return Error::PANIC.code();
    }
    let result = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "panic-injection")]
        injection::strike();
        body()
    }));
    match result {
        Ok(Ok(outcome)) => outcome.code(),
        Ok(Err(error)) => error.code(),
        Err(_) => {
            if let Some(poison) = poison {
                poison.set();
            }
            Error::PANIC.code()
        }
    }
}

impl Poison {
    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
