//! The system's resolver in a network of its own.

use core::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use std::{io, net::UdpSocket, thread};

/// Where `resolv.conf` can name a server: it has no place for a port.
const ADDRESS: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 53);

/// How long a server has for its reply. Clients have lost their patience by then.
const PATIENCE: Duration = Duration::from_secs(5);

/// Passes what comes to [`ADDRESS`] on to a DNS server on another port. UDP only: replies that are
/// too large for that do not arrive.
#[derive(Debug)]
pub(super) struct Resolver {
    socket: UdpSocket,
}

impl Resolver {
    pub(super) fn start(server: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(ADDRESS)?;
        let own = socket.try_clone()?;
        thread::spawn(move || serve(&own, server));
        Ok(Self { socket })
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        // An empty datagram ends the thread.
        let _sent = self.socket.send_to(&[], ADDRESS);
    }
}

fn serve(socket: &UdpSocket, server: SocketAddr) {
    let mut buffer = [0; 4096];
    loop {
        // An error is about an earlier reply that could not be delivered.
        let Ok((length, client)) = socket.recv_from(&mut buffer) else { continue };
        let query = buffer.get(..length).unwrap_or_default().to_vec();
        let Ok(socket) = socket.try_clone() else { return };
        if query.is_empty() {
            return;
        }
        // Each query waits for its own reply: without one, the client asks again.
        thread::spawn(move || {
            let reply = ask(server, &query)?;
            socket.send_to(&reply, client)
        });
    }
}

fn ask(server: SocketAddr, query: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.send(query)?;
    let mut reply = vec![0; 4096];
    let length = socket.recv(&mut reply)?;
    reply.truncate(length);
    Ok(reply)
}
