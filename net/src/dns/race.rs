//! Attempts that overlap: the next one starts before the one before it has been given up.

use core::{pin::pin, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::time;

/// Starts attempts one after another: the next when one has failed, or when the latest has had its
/// head start. The first success wins, and the rest are dropped.
///
/// # Errors
///
/// The errors of the attempts that failed, in the order in which they did, when all have failed or
/// the head start of the last one is over.
pub(crate) async fn race<F, T, E>(
    attempts: impl Iterator<Item = (Duration, F)>,
) -> Result<T, Vec<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut attempts = attempts.peekable();
    let mut running = FuturesUnordered::new();
    let mut errors = Vec::new();
    while let Some((head_start, attempt)) = attempts.next() {
        running.push(attempt);
        let mut patience = pin!(time::sleep(head_start));
        loop {
            tokio::select! {
                biased;
                Some(outcome) = running.next() => match outcome {
                    Ok(success) => return Ok(success),
                    Err(error) => errors.push(error),
                },
                () = &mut patience => break,
            }
            // The last attempt has nobody to make room for, as long as others are still running.
            // An attempt that is found by peeking starts now, so it is not made too early.
            if running.is_empty() || attempts.peek().is_some() {
                break;
            }
        }
    }
    Err(errors)
}

#[cfg(test)]
mod tests {
    use core::future::pending;

    use tokio::time::Instant;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Attempts that end after so many seconds, each with a head start of one second.
    async fn run(attempts: &[(u64, Result<u8, u8>)]) -> (Result<u8, Vec<u8>>, u64) {
        let start = Instant::now();
        let attempt = |&(seconds, outcome): &(u64, Result<u8, u8>)| {
            (SECOND, async move {
                time::sleep(Duration::from_secs(seconds)).await;
                outcome
            })
        };
        let outcome = race(attempts.iter().map(attempt)).await;
        (outcome, start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_attempt_may_still_win() {
        assert_eq!(run(&[(2, Ok(1)), (5, Ok(2)), (5, Ok(3))]).await, (Ok(1), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_starts_the_next_at_once() {
        assert_eq!(run(&[(0, Err(1)), (0, Ok(2))]).await, (Ok(2), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn errors_come_in_the_order_of_failing() {
        assert_eq!(run(&[(2, Err(1)), (0, Err(2)), (0, Err(3))]).await, (Err(vec![2, 3, 1]), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn the_head_start_of_the_last_ends_it() {
        assert_eq!(run(&[(9, Ok(1)), (9, Ok(2))]).await, (Err(vec![]), 2));
        let silent = [(SECOND, pending::<Result<(), ()>>())];
        assert_eq!(race(silent.into_iter()).await, Err(vec![]));
    }

    #[tokio::test(start_paused = true)]
    async fn without_attempts_there_is_no_error() {
        assert_eq!(run(&[]).await, (Err(vec![]), 0));
    }
}
