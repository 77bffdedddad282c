//! Handshakes that fail.

use tokio::{
    io::{self, AsyncWriteExt as _},
    net::TcpStream,
};

use super::script::drain;

/// Alert: no parameters are acceptable.
const HANDSHAKE_FAILURE: u8 = 40;
/// Alert: there is no host of this name.
pub(super) const UNRECOGNIZED_NAME: u8 = 112;

/// How a TLS handshake fails, after the client's first message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandshakeFault {
    /// The server sends the alert `handshake_failure`.
    Refused,
    /// The server speaks TLS 1.1 and nothing newer.
    Tls11,
    /// The server never answers.
    Silent,
    /// The server resets the connection.
    Reset,
}

impl HandshakeFault {
    pub(super) async fn play(self, mut stream: TcpStream) -> io::Result<()> {
        match self {
            Self::Refused => refuse(stream, HANDSHAKE_FAILURE).await,
            Self::Tls11 => {
                stream.write_all(&tls11_server_hello()).await?;
                drain(stream).await
            }
            Self::Silent => drain(stream).await,
            Self::Reset => stream.set_zero_linger(),
        }
    }
}

/// Ends the handshake with a fatal alert.
pub(super) async fn refuse(mut stream: TcpStream, alert: u8) -> io::Result<()> {
    // Record type 21 (alert), TLS 1.2, two octets: level 2 (fatal), description.
    stream.write_all(&[21, 3, 3, 0, 2, 2, alert]).await?;
    stream.shutdown().await?;
    drain(stream).await
}

/// The record in which a server of TLS 1.1 chooses its version (RFC 4346 §7.4.1.3).
fn tls11_server_hello() -> Vec<u8> {
    let mut record = vec![22, 3, 2, 0, 49]; // handshake, TLS 1.1, length
    record.extend([2, 0, 0, 45]); // ServerHello, length
    record.extend([3, 2]); // the version chosen
    record.extend([0x5a; 32]); // the server's random value
    record.push(0); // no session id
    record.extend([0xc0, 0x13]); // TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
    record.push(0); // no compression
    // An empty renegotiation_info, without which OpenSSL has something else to complain of first.
    record.extend([0, 5, 0xff, 1, 0, 1, 0]);
    record
}
