//! The TCP connection to a policy host, which may have several addresses.

use core::{
    iter,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use mtasts_core::FetchFailure;
use tokio::{net::TcpStream, time};
use tracing::debug;

use super::{
    FetchError,
    limits::{Lease, Limits},
};
use crate::dns::race::race;

/// How long an address may take before the next one is tried as well (RFC 8305 §5).
const HEAD_START: Duration = Duration::from_millis(250);

/// A connection, and the right to have it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) addr: SocketAddr,
    pub(super) lease: Lease,
}

/// Connects to the address of the lease, or failing that to one of the others. The first connection
/// wins (RFC 8305 §5).
///
/// # Errors
///
/// When there is no connection to any of them: says what happened at each.
pub(super) async fn connect(
    first: Lease,
    others: Vec<IpAddr>,
    port: u16,
    timeout: Duration,
    limits: &Limits,
) -> Result<Connection, FetchError> {
    let first = (first.address(), Some(first));
    let last = others.len();
    let others = others.into_iter().map(|address| (address, None));
    let candidates = iter::once(first).chain(others);
    let attempts = candidates.enumerate().map(|(index, (address, lease))| {
        // Nothing comes after the last one, so it has all its time.
        let head_start = if index == last { Duration::MAX } else { HEAD_START };
        (head_start, attempt(SocketAddr::new(address, port), lease, timeout, limits))
    });
    race(attempts).await.map_err(|errors| FetchError::new(FetchFailure::Connect, errors.join("; ")))
}

async fn attempt(
    addr: SocketAddr,
    lease: Option<Lease>,
    timeout: Duration,
    limits: &Limits,
) -> Result<Connection, String> {
    let lease = match lease {
        Some(lease) => lease,
        None => limits.lease(addr.ip()).await.map_err(|error| error.detail)?,
    };
    let outcome = time::timeout(timeout, TcpStream::connect(addr)).await;
    let error = match outcome {
        Ok(Ok(stream)) => {
            // The request follows the end of the handshake at once. Without this it may wait for
            // the other side's acknowledgement, which does no other harm.
            let _set = stream.set_nodelay(true);
            return Ok(Connection { stream, addr, lease });
        }
        Ok(Err(error)) => format!("{addr}: {error}"),
        Err(_) => format!("{addr}: no answer within {timeout:?}"),
    };
    debug!(%error, "no connection to a policy host");
    Err(error)
}
