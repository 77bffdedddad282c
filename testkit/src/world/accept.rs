//! The loop that all TCP servers have.

use core::net::SocketAddr;
use std::net::TcpListener as StdTcpListener;

use tokio::{
    io,
    net::{TcpListener, TcpStream},
    task,
};

/// Serves each client that comes, at the same time as the others.
pub(super) async fn accept<S>(
    listener: StdTcpListener,
    serve: impl Fn(TcpStream, SocketAddr) -> S + Send + 'static,
) where
    S: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::from_std(listener).expect("the listener can be polled");
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                let client = serve(stream, from);
                // The client may leave at any time, and is made to by some faults.
                task::spawn(async move { client.await.ok() });
            }
            // The client has left already, or the process has too many files open for now.
            Err(_) => task::yield_now().await,
        }
    }
}
