//! A socketmap server that gives every request the same reply: what a server costs that has nothing
//! to think about.
//!
//! It runs on the same Tokio runtime as the daemon, reads as much as there is, counts the netstrings
//! in it, and writes all replies at once.

use std::{io, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, UnixListener},
};

/// Largest number of bytes read at a time.
const READ: usize = 4_096;

/// Serves all who connect. Comes back when nobody can be accepted any more.
///
/// # Errors
///
/// Why nobody can be accepted.
pub async fn serve(tcp: TcpListener, unix: UnixListener, reply: Vec<u8>) -> io::Result<()> {
    let reply: Arc<[u8]> = reply.into();
    loop {
        let reply = Arc::clone(&reply);
        tokio::select! {
            accepted = tcp.accept() => {
                let (stream, _) = accepted?;
                stream.set_nodelay(true)?;
                tokio::spawn(answer(stream, reply));
            }
            accepted = unix.accept() => {
                let (stream, _) = accepted?;
                tokio::spawn(answer(stream, reply));
            }
        }
    }
}

/// Serves one client until it closes, or sends what is no netstring.
async fn answer(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    reply: Arc<[u8]>,
) -> io::Result<()> {
    let mut input = vec![0; READ];
    let mut output = Vec::new();
    let mut end = 0;
    loop {
        let read = stream.read(input.get_mut(end..).unwrap_or_default()).await?;
        if read == 0 {
            return Ok(());
        }
        end += read;
        let mut start = 0;
        while let Some(length) = netstring(input.get(start..end).unwrap_or_default()) {
            start += length;
            output.extend_from_slice(&reply);
        }
        input.copy_within(start..end, 0);
        end -= start;
        stream.write_all(&output).await?;
        output.clear();
    }
}

/// The length of the netstring at the start of `input`, if it is there completely.
fn netstring(input: &[u8]) -> Option<usize> {
    let mut length = 0_usize;
    for (at, byte) in input.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                length = length.checked_mul(10)?.checked_add(usize::from(byte - b'0'))?
            }
            _ => {
                // The colon here, and the comma at the end.
                let whole = length.checked_add(at + 2)?;
                return (whole <= input.len()).then_some(whole);
            }
        }
    }
    None
}
