//! What OpenSMTPD logs of its deliveries.

use crate::mta::Status;

/// An attempt to deliver a message to a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What came of it.
    pub status: Status,
    /// The host that was spoken to, as `address (name)`, or `<unknown>`.
    pub relay: String,
    /// The reason for the status, or the host's reply.
    pub reason: String,
}

impl Attempt {
    /// The attempt that a line tells of, if it is about the recipient.
    pub(super) fn parse(line: &str, recipient: &str) -> Option<Self> {
        let (_, rest) = line.split_once(" mta delivery ")?;
        let (_, rest) = rest.split_once(&format!(" to=<{recipient}> "))?;
        let field = |name: &str| {
            let (_, rest) = rest.split_once(&format!(" {name}=\""))?;
            Some(rest.split('"').next()?.to_owned())
        };
        let status = match field("result")?.as_str() {
            "Ok" => Status::Sent,
            "TempFail" => Status::Deferred,
            "PermFail" => Status::Bounced,
            _ => return None,
        };
        Some(Self { status, relay: field("relay")?, reason: field("stat")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "02c8fb2e5a5fa4b1 mta delivery evpid=5f2c7e1d0a9b8c7d \
        from=<someone@sender.test> to=<b@a.test> rcpt=<-> source=\"127.0.0.1\" \
        relay=\"127.0.0.2 (mx.a.test)\" delay=1s result=\"TempFail\" stat=\"Network error on destination MXs\"";

    #[test]
    fn a_line_tells_of_an_attempt() {
        let attempt = Attempt {
            status: Status::Deferred,
            relay: "127.0.0.2 (mx.a.test)".into(),
            reason: "Network error on destination MXs".into(),
        };
        assert_eq!(Attempt::parse(LINE, "b@a.test"), Some(attempt));
        assert_eq!(Attempt::parse(LINE, "a@a.test"), None);
    }
}
