//! What Postfix logs.

use core::cell::RefCell;
use std::{
    io::{BufRead as _, BufReader, PipeReader},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Instant,
};

/// The lines of a log, as they come.
#[derive(Debug)]
pub(super) struct Log {
    incoming: Receiver<String>,
    lines: RefCell<Vec<String>>,
    deadline: Instant,
}

impl Log {
    /// Reads a log, and waits for its lines until the deadline at most.
    pub(super) fn read(log: PipeReader, deadline: Instant) -> Self {
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
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = self.lines.borrow_mut();
        lines.extend(self.incoming.try_iter());
        lines.clone()
    }

    /// Waits for a line that something is made of. It may be there already.
    pub(super) fn wait_for<T>(
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

    /// Waits until nobody writes to the log any more, and returns all of it.
    pub(super) fn finish(&self) -> Vec<String> {
        self.lines.borrow_mut().extend(self.incoming.iter());
        self.lines.take()
    }
}

/// An attempt to deliver a message to a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What came of it.
    pub status: Status,
    /// The enhanced status code (RFC 3463), such as `4.7.5`.
    pub dsn: String,
    /// The host that was spoken to, as `name[address]:port`, or `none`.
    pub relay: String,
    /// The reason for the status, or the host's reply.
    pub reason: String,
}

/// What comes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The message is delivered.
    Sent,
    /// It stays in the queue.
    Deferred,
    /// It is returned to its sender.
    Bounced,
}

impl Attempt {
    /// The attempt that a line tells of, if it is about the recipient.
    pub(super) fn parse(line: &str, recipient: &str) -> Option<Self> {
        let (_, rest) = line.split_once(&format!(": to=<{recipient}>, "))?;
        let (fields, outcome) = rest.split_once("status=")?;
        let (status, reason) = outcome.split_once(' ')?;
        let field = |name: &str| {
            let value = fields.split(", ").find_map(|field| field.strip_prefix(name));
            value.map(ToOwned::to_owned)
        };
        let status = match status {
            "sent" => Status::Sent,
            "deferred" => Status::Deferred,
            "bounced" => Status::Bounced,
            _ => return None,
        };
        let reason = reason.trim_start_matches('(').trim_end_matches(')').to_owned();
        Some(Self { status, dsn: field("dsn=")?, relay: field("relay=")?, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "Nov 24 07:37:45 sender postfix/smtp[1423]: AB029992078: \
        to=<b@a.test>, relay=mx.a.test[127.0.0.2]:25, delay=0.09, delays=0.07/0.02/0/0, \
        dsn=4.7.5, status=deferred (Server certificate not trusted)";

    #[test]
    fn a_line_tells_of_an_attempt() {
        let attempt = Attempt {
            status: Status::Deferred,
            dsn: "4.7.5".into(),
            relay: "mx.a.test[127.0.0.2]:25".into(),
            reason: "Server certificate not trusted".into(),
        };
        assert_eq!(Attempt::parse(LINE, "b@a.test"), Some(attempt));
        assert_eq!(Attempt::parse(LINE, "a@a.test"), None);
    }
}
