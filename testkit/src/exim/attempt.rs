//! What Exim logs of its deliveries.

use crate::mta::Status;

/// An attempt to deliver a message to a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What came of it.
    pub status: Status,
    /// The recipient.
    pub recipient: String,
    /// The rest of the line: fields such as `H=mx.example.com [192.0.2.1]` and `CV=yes`, then the
    /// reason for a status other than [`Status::Sent`].
    pub details: String,
}

impl Attempt {
    /// The attempt that a line tells of. It is `DATE TIME MESSAGE FLAG RECIPIENT DETAILS`.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut words = line.splitn(6, ' ').skip(3);
        let status = match words.next()? {
            "=>" | "->" => Status::Sent,
            "==" => Status::Deferred,
            "**" => Status::Bounced,
            _ => return None,
        };
        let recipient = words.next()?.trim_end_matches(':').to_owned();
        Some(Self { status, recipient, details: words.next().unwrap_or_default().to_owned() })
    }

    /// What Exim says of the server's certificate: `yes`, `no` or `dane`; nothing without TLS.
    pub fn certificate_verified(&self) -> Option<&str> {
        self.details.split(' ').find_map(|word| word.strip_prefix("CV="))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_of_an_attempt() {
        let line = "2026-11-28 04:00:00 1vOxyz-000001-0A => a@a.test R=r T=t \
            H=mx.a.test [127.0.0.2] X=TLS1.3 CV=yes C=\"250 ok\"";
        let attempt = Attempt::parse(line).unwrap();
        assert_eq!(attempt.status, Status::Sent);
        assert_eq!(attempt.recipient, "a@a.test");
        assert_eq!(attempt.certificate_verified(), Some("yes"));

        let line = "2026-11-28 04:00:00 1vOxyz-000001-0A == a@a.test R=r defer (-1): down";
        let attempt = Attempt::parse(line).unwrap();
        assert_eq!(attempt.status, Status::Deferred);
        assert_eq!(attempt.details, "R=r defer (-1): down");
        assert_eq!(attempt.certificate_verified(), None);

        let line = "2026-11-28 04:00:00 1vOxyz-000001-0A ** a@a.test: Unrouteable address";
        assert_eq!(Attempt::parse(line).unwrap().status, Status::Bounced);
        let line = "2026-11-28 04:00:00 1vOxyz-000001-0A H=mx.a.test [127.0.0.2]: refused";
        assert_eq!(Attempt::parse(line), None);
    }
}
