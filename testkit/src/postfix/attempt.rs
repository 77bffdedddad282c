//! What Postfix logs of its deliveries.

use crate::mta::Status;

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
