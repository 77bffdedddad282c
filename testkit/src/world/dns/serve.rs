//! Queries in, replies out.

use core::net::SocketAddr;
use std::{
    net::{TcpListener as StdTcpListener, UdpSocket as StdUdpSocket},
    sync::Arc,
};

use hickory_proto::op::{Message, OpCode, Query};
use tokio::{
    io::{self, AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
};

use super::{DnsFault, DnsQuery, Shared, Transport, reply};
use crate::world::accept::accept;

impl Shared {
    /// The messages that answer a query, in order.
    async fn answer(&self, octets: &[u8], transport: Transport, from: SocketAddr) -> Vec<Vec<u8>> {
        let Ok(query) = Message::from_vec(octets) else { return Vec::new() };
        let (OpCode::Query, [question]) = (query.metadata.op_code, query.queries.as_slice()) else {
            return vec![reply::malformed(&query)];
        };
        // What is true now is settled before the log tells the test, which may then change it.
        let (fault, messages) = {
            let zone = self.zone();
            let fault = zone.fault(question.name(), question.query_type());
            let messages = reply::messages(&zone, &query, question, fault.as_ref(), transport);
            (fault, messages)
        };
        self.log.push(log_entry(&query, question, transport, from));
        let Some(DnsFault::Held(gate)) = &fault else { return messages };
        gate.pass().await;
        reply::messages(&self.zone(), &query, question, fault.as_ref(), transport)
    }
}

pub(super) async fn serve_udp(socket: StdUdpSocket, shared: Arc<Shared>) {
    let socket = Arc::new(UdpSocket::from_std(socket).expect("the socket can be polled"));
    let mut buffer = vec![0; usize::from(u16::MAX)];
    loop {
        // An error is about an earlier reply that could not be delivered.
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
        let octets = buffer.get(..length).unwrap_or_default().to_vec();
        let (socket, shared) = (Arc::clone(&socket), Arc::clone(&shared));
        tokio::spawn(async move {
            for message in shared.answer(&octets, Transport::Udp, from).await {
                // The client may have left.
                let _sent = socket.send_to(&message, from).await;
            }
        });
    }
}

pub(super) async fn serve_tcp(listener: StdTcpListener, shared: Arc<Shared>) {
    accept(listener, move |stream, from| serve_stream(stream, from, Arc::clone(&shared))).await;
}

async fn serve_stream(
    mut stream: TcpStream,
    from: SocketAddr,
    shared: Arc<Shared>,
) -> io::Result<()> {
    loop {
        let length = stream.read_u16().await?;
        let mut octets = vec![0; usize::from(length)];
        stream.read_exact(&mut octets).await?;
        for message in shared.answer(&octets, Transport::Tcp, from).await {
            let length = u16::try_from(message.len()).map_err(io::Error::other)?;
            stream.write_all(&[&length.to_be_bytes(), message.as_slice()].concat()).await?;
        }
    }
}

fn log_entry(
    query: &Message,
    question: &Query,
    transport: Transport,
    from: SocketAddr,
) -> DnsQuery {
    DnsQuery {
        name: question.name().to_ascii().trim_end_matches('.').to_owned(),
        record_type: question.query_type(),
        transport,
        from,
        id: query.metadata.id,
        authentic_data: query.metadata.authentic_data,
        dnssec_ok: query.edns.as_ref().is_some_and(|edns| edns.flags().dnssec_ok),
    }
}
