//! Whose turn it is among the MX hosts of a domain.

use core::time::Duration;
use std::time::Instant;

use mtasts_core::PolicyDomain;

use crate::bounded::Bounded;

/// A turn lasts at least so long: messages that are tried anew together go to the same host.
const TURN: Duration = Duration::from_secs(30);
/// After so long without a retry, new mail goes to the first host again.
const REST: Duration = Duration::from_secs(3600);
/// Mail that was accepted is tried at once, so a question for its host comes within this time.
const FRESH: Duration = Duration::from_secs(60);
/// smtpd(8) tries old mail every few hours.
const MEMORY: Duration = Duration::from_secs(12 * 3600);

/// Whose turn it is, for each domain.
///
/// smtpd(8) does not say whether a delivery is tried for the first time. But for each message it asks
/// once, when it accepts it, whether the domain is in the table (`check domain`), and at each try for a
/// host (`lookup relayhost`). So a question for a host without one about the domain before it is a
/// retry, and it is the next host's turn.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    domains: Bounded<Turn>,
}

#[derive(Clone, Copy, Debug)]
struct Turn {
    number: usize,
    since: Instant,
    /// Whether a host was asked for before.
    is_tried: bool,
    /// Messages accepted that no host was asked for yet.
    accepted: u32,
    accepted_at: Instant,
}

impl Turns {
    /// A message for the domain is being accepted.
    pub(crate) fn accept(&mut self, domain: &PolicyDomain, now: Instant) {
        let mut turn = self.turn(domain, now);
        turn.accepted = turn.fresh(now).saturating_add(1);
        turn.accepted_at = now;
        self.keep(domain, turn, now);
    }

    /// A delivery is about to be tried: says whose turn it is. 0 is that of the first host.
    pub(crate) fn take(&mut self, domain: &PolicyDomain, now: Instant) -> usize {
        let mut turn = self.turn(domain, now);
        let (fresh, age) = (turn.fresh(now), now.saturating_duration_since(turn.since));
        if fresh == 0 && turn.is_tried {
            if age >= TURN {
                turn.number = turn.number.wrapping_add(1);
                turn.since = now;
            }
        } else if age >= REST {
            turn.number = 0;
            turn.since = now;
        }
        turn.accepted = fresh.saturating_sub(1);
        turn.is_tried = true;
        self.keep(domain, turn, now);
        turn.number
    }

    fn turn(&self, domain: &PolicyDomain, now: Instant) -> Turn {
        let first = Turn { number: 0, since: now, is_tried: false, accepted: 0, accepted_at: now };
        self.domains.get(domain, now).copied().unwrap_or(first)
    }

    fn keep(&mut self, domain: &PolicyDomain, turn: Turn, now: Instant) {
        let until = now.checked_add(MEMORY).unwrap_or(now);
        self.domains.insert(domain.clone(), turn, now, until);
    }
}

impl Turn {
    fn fresh(&self, now: Instant) -> u32 {
        let is_fresh = now.saturating_duration_since(self.accepted_at) < FRESH;
        if is_fresh { self.accepted } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Mail {
        turns: Turns,
        domain: PolicyDomain,
        now: Instant,
    }

    impl Mail {
        fn new() -> Self {
            let domain = PolicyDomain::from_lookup_key("a.test").unwrap();
            Self { turns: Turns::default(), domain, now: Instant::now() }
        }

        fn new_message(&mut self) -> usize {
            self.turns.accept(&self.domain, self.now);
            self.retry()
        }

        fn retry(&mut self) -> usize {
            self.turns.take(&self.domain, self.now)
        }

        fn pass(&mut self, time: Duration) {
            self.now = self.now.checked_add(time).unwrap();
        }
    }

    #[test]
    fn new_mail_goes_to_the_first_host() {
        let mut mail = Mail::new();
        for _ in 0..10 {
            assert_eq!(mail.new_message(), 0);
            mail.pass(Duration::from_secs(45));
        }
    }

    #[test]
    fn a_retry_goes_to_the_next_host_and_new_mail_after_it() {
        let mut mail = Mail::new();
        assert_eq!(mail.new_message(), 0);
        mail.pass(Duration::from_secs(400));
        assert_eq!(mail.retry(), 1);
        assert_eq!(mail.new_message(), 1);
        mail.pass(Duration::from_secs(6 * 3600));
        assert_eq!(mail.retry(), 2, "however late it is");
        mail.pass(REST);
        assert_eq!(mail.new_message(), 0, "the first host has had time to recover");
    }

    #[test]
    fn retries_at_one_time_go_to_one_host() {
        let mut mail = Mail::new();
        let messages = [mail.new_message(), mail.new_message(), mail.new_message()];
        assert_eq!(messages, [0; 3]);
        mail.pass(Duration::from_secs(400));
        assert_eq!([mail.retry(), mail.retry(), mail.retry()], [1; 3]);
    }

    #[test]
    fn messages_accepted_together_are_all_new() {
        let mut mail = Mail::new();
        assert_eq!(mail.new_message(), 0);
        mail.pass(TURN);
        mail.turns.accept(&mail.domain, mail.now);
        mail.turns.accept(&mail.domain, mail.now);
        assert_eq!([mail.retry(), mail.retry(), mail.retry()], [0, 0, 1]);
    }

    #[test]
    fn a_message_that_was_not_handed_in_is_forgotten() {
        let mut mail = Mail::new();
        assert_eq!(mail.new_message(), 0);
        mail.turns.accept(&mail.domain, mail.now);
        mail.pass(FRESH);
        assert_eq!(mail.retry(), 1);
    }

    #[test]
    fn mail_that_was_queued_before_the_start_begins_with_the_first_host() {
        let mut mail = Mail::new();
        assert_eq!(mail.retry(), 0);
        mail.pass(Duration::from_secs(400));
        assert_eq!(mail.retry(), 1);
    }
}
