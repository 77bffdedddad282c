//! Loopback ports.

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::{
    io,
    net::{TcpListener, UdpSocket},
};

use tokio::net::TcpSocket;

/// The address that hosts have unless told otherwise.
pub(super) const SERVING: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A loopback address on which nothing listens, so that a connection to it is refused.
pub(super) const REFUSING: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 250);

/// A port of 127.0.0.1 on which nothing is served: TCP connections are refused, and UDP datagrams
/// returned as undeliverable. While this lives, nobody else is given the port.
#[derive(Debug)]
pub struct RefusingPort {
    udp: UdpSocket,
    _tcp: TcpSocket,
}

impl RefusingPort {
    /// Holds a free port.
    pub fn reserve() -> Self {
        let (udp, tcp) = twice(|| {
            let tcp = TcpSocket::new_v4()?;
            tcp.bind((SERVING, 0).into())?;
            let udp = UdpSocket::bind(tcp.local_addr()?)?;
            // Connected to itself, it takes datagrams from nobody else.
            udp.connect(udp.local_addr()?)?;
            Ok((udp, tcp))
        });
        Self { udp, _tcp: tcp }
    }

    /// The address that refuses.
    pub fn addr(&self) -> SocketAddr {
        self.udp.local_addr().expect("the socket is bound")
    }
}

/// How many ports are tried for one that is free twice.
const TRIES: usize = 64;

/// A UDP and a TCP socket on the same free port of 127.0.0.1.
pub(super) fn udp_and_tcp() -> (UdpSocket, TcpListener) {
    twice(|| {
        let tcp = listen((SERVING, 0).into())?;
        let udp = UdpSocket::bind(tcp.local_addr()?)?;
        udp.set_nonblocking(true)?;
        Ok((udp, tcp))
    })
}

/// Listeners on the same free port of 127.0.0.1 and ::1.
pub(super) fn ipv4_and_ipv6() -> (TcpListener, TcpListener) {
    twice(|| {
        let v4 = listen((SERVING, 0).into())?;
        let v6 = listen((Ipv6Addr::LOCALHOST, v4.local_addr()?.port()).into())?;
        Ok((v4, v6))
    })
}

/// A listener that Tokio can take over.
pub(super) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The port that the first socket was given may be in use where the second one is bound.
fn twice<A, B>(bind: impl Fn() -> io::Result<(A, B)>) -> (A, B) {
    let mut last = None;
    for _ in 0..TRIES {
        match bind() {
            Ok(pair) => return pair,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
            Err(error) => {
                last = Some(error);
                break;
            }
        }
    }
    panic!("no free loopback port: {last:?}")
}
