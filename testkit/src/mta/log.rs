//! What a server logs.

#![expect(clippy::panic, reason = "a test cannot go on without what it waits for")]

use core::cell::RefCell;
use std::{
    io::{BufRead as _, BufReader, PipeReader},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Instant,
};

/// The lines of a log, as they come.
#[derive(Debug)]
pub(crate) struct Log {
    incoming: Receiver<String>,
    lines: RefCell<Vec<String>>,
    deadline: Instant,
}

impl Log {
    /// Reads a log, and waits for its lines until the deadline at most.
    pub(crate) fn read(log: PipeReader, deadline: Instant) -> Self {
        let (sender, incoming) = channel();
        thread::spawn(move || {
            for line in BufReader::new(log).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { incoming, lines: RefCell::default(), deadline }
    }

    /// The lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = self.lines.borrow_mut();
        lines.extend(self.incoming.try_iter());
        lines.clone()
    }

    /// Waits for a line that something is made of. It may be there already.
    pub(crate) fn wait_for<T>(
        &self,
        wanted: impl Fn(&str) -> Option<T>,
    ) -> Result<T, RecvTimeoutError> {
        if let Some(found) = self.lines().iter().find_map(|line| wanted(line)) {
            return Ok(found);
        }
        loop {
            let patience = self.deadline.saturating_duration_since(Instant::now());
            let line = self.incoming.recv_timeout(patience)?;
            let found = wanted(&line);
            self.lines.borrow_mut().push(line);
            if let Some(found) = found {
                return Ok(found);
            }
        }
    }

    /// The lines so far that contain `words`.
    pub(crate) fn containing(&self, words: &str) -> Vec<String> {
        let mut lines = self.lines();
        lines.retain(|line| line.contains(words));
        lines
    }

    /// Waits for a line that contains `words`, and may be there already.
    pub(crate) fn wait_for_words(&self, words: &str) -> String {
        let wanted = |line: &str| line.contains(words).then(|| line.to_owned());
        self.wait_for(wanted).unwrap_or_else(|why| panic!("the log never says `{words}`: {why}"))
    }

    /// Waits until nobody writes to the log any more, and returns all of it.
    pub(crate) fn finish(&self) -> Vec<String> {
        self.lines.borrow_mut().extend(self.incoming.iter());
        self.lines.take()
    }
}
