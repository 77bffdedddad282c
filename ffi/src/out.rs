//! Where results go: checked before anything is done, written when all went well.

use core::{
    ffi::{c_char, c_void},
    ptr::{self, NonNull},
};

use crate::error::Error;

/// A place for one result.
#[derive(Clone, Copy)]
pub(crate) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    /// # Safety
    ///
    /// `place` is NULL or a `T` may be written there until the exported function returns.
    pub(crate) unsafe fn new(place: *mut T) -> Result<Self, Error> {
        NonNull::new(place).map(Self).ok_or(Error::NULL)
    }

    pub(crate) fn set(self, value: T) {
        // SAFETY: promised by whoever called `new`. What was there is C's, and has no destructor.
        unsafe { self.0.write(value) }
    }
}

impl<T> Out<*mut T> {
    /// Hands a new object to C.
    pub(crate) fn set_new(self, value: T) {
        self.set(Box::into_raw(Box::new(value)));
    }
}

/// A place for a text that C only borrows.
#[derive(Clone, Copy)]
pub(crate) struct TextOut {
    data: Out<*const c_char>,
    len: Out<usize>,
}

impl TextOut {
    /// # Safety
    ///
    /// As for [`Out::new`].
    pub(crate) unsafe fn new(data: *mut *const c_char, len: *mut usize) -> Result<Self, Error> {
        // SAFETY: promised by the caller.
        unsafe { Ok(Self { data: Out::new(data)?, len: Out::new(len)? }) }
    }

    /// Lends a text; also one that is not UTF-8.
    pub(crate) fn lend(self, text: &(impl AsRef<[u8]> + ?Sized)) {
        let text = text.as_ref();
        self.data.set(text.as_ptr().cast());
        self.len.set(text.len());
    }
}

/// A buffer of the caller's.
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    data: *mut u8,
    capacity: usize,
    needed: *mut usize,
}

impl Buffer {
    /// A buffer for text, with its NUL. `needed` may be NULL, as may be a buffer without capacity.
    ///
    /// # Safety
    ///
    /// `data` is NULL or `capacity` octets may be written there, and `needed` is NULL or a `size_t`
    /// may be, until the exported function returns.
    pub(crate) unsafe fn new(
        data: *mut c_char,
        capacity: usize,
        needed: *mut usize,
    ) -> Result<Self, Error> {
        // SAFETY: promised by the caller.
        unsafe { Self::octets(data.cast(), capacity, needed) }
    }

    /// A buffer for octets.
    ///
    /// # Safety
    ///
    /// As for [`new`](Self::new).
    pub(crate) unsafe fn octets(
        data: *mut c_void,
        capacity: usize,
        needed: *mut usize,
    ) -> Result<Self, Error> {
        if data.is_null() && capacity > 0 {
            return Err(Error::NULL);
        }
        Ok(Self { data: data.cast(), capacity, needed })
    }

    /// Writes a text and a NUL, or says that there is not room enough for them.
    pub(crate) fn write_text(self, text: &str) -> Result<(), Error> {
        let needed = text.len().saturating_add(1);
        self.tell(needed);
        if needed > self.capacity {
            return Err(Error::BUFFER);
        }
        // SAFETY: there is room for `needed` octets, and Rust's text is not in C's buffer.
        unsafe {
            ptr::copy_nonoverlapping(text.as_ptr(), self.data, text.len());
            self.data.add(text.len()).write(0);
        }
        Ok(())
    }

    /// Writes as much of a text as there is room for, and a NUL; whole characters only.
    pub(crate) fn write_cut(self, text: &str) {
        let Some(room) = self.capacity.checked_sub(1) else { return };
        let ends = text.char_indices().map(|(start, char)| start.saturating_add(char.len_utf8()));
        let end = ends.take_while(|end| *end <= room).last().unwrap_or(0);
        let cut = text.get(..end).unwrap_or_default();
        // It fits.
        let _ = self.write_text(cut);
    }

    /// Writes octets, or says that there is not room enough for them.
    pub(crate) fn write_octets(self, octets: &[u8]) -> Result<(), Error> {
        self.tell(octets.len());
        if octets.len() > self.capacity {
            return Err(Error::BUFFER);
        }
        if !octets.is_empty() {
            // SAFETY: as above; a buffer with capacity is not NULL.
            unsafe { ptr::copy_nonoverlapping(octets.as_ptr(), self.data, octets.len()) }
        }
        Ok(())
    }

    fn tell(self, needed: usize) {
        if let Some(place) = NonNull::new(self.needed) {
            // SAFETY: promised by whoever called `new`.
            unsafe { place.write(needed) }
        }
    }
}
