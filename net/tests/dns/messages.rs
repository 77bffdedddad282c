//! What is sent, and what is taken for an answer.

use std::collections::HashSet;

use mtasts_core::DnsFailure;
use testkit::{
    answers::DnsAnswer,
    world::{DnsFault, DnsServer, Transport},
};
use tokio::{net::UdpSocket, time::Instant};

use crate::{NAME, far, impatient, resolver};

fn server() -> DnsServer {
    let server = DnsServer::start();
    server.set(NAME, DnsAnswer::txt("v=STSv1; id=1;"));
    server
}

#[tokio::test]
async fn each_query_has_its_own_port_and_id() {
    let server = server();
    let resolver = resolver([server.addr()]);
    for _ in 0..8 {
        resolver.txt(NAME, far()).await.unwrap();
    }
    let log = server.query_log();
    let ports: HashSet<u16> = log.iter().map(|query| query.from.port()).collect();
    let ids: HashSet<u16> = log.iter().map(|query| query.id).collect();
    // Two of eight may be the same by chance, all but two hardly.
    assert!(ports.len() > 5 && ids.len() > 5, "{ports:?} {ids:?}");
}

#[tokio::test]
async fn a_truncated_answer_is_asked_for_again_over_tcp() {
    let server = server();
    server.set_fault(NAME, Some(DnsFault::Truncated));
    let answer = resolver([server.addr()]).txt(NAME, far()).await.unwrap();
    assert_eq!(answer.records, [b"v=STSv1; id=1;"]);
    let transports: Vec<_> = server.query_log().iter().map(|query| query.transport).collect();
    assert_eq!(transports, [Transport::Udp, Transport::Tcp]);
}

#[tokio::test]
async fn a_server_that_knows_no_edns_is_asked_without() {
    let server = server();
    server.set_fault(NAME, Some(DnsFault::NoEdns));
    let answer = resolver([server.addr()]).txt(NAME, far()).await.unwrap();
    assert_eq!(answer.records, [b"v=STSv1; id=1;"]);
    assert_eq!(server.queries(NAME), 2);
}

#[tokio::test]
async fn an_answer_larger_than_a_datagram_arrives_whole() {
    let server = server();
    let records = vec![vec!["x".repeat(250).as_str().into(); 100]];
    server.set(NAME, DnsAnswer::Txt { records, ttl: 60 });
    let answer = resolver([server.addr()]).txt(NAME, far()).await.unwrap();
    assert_eq!(answer.records[0].len(), 25_000);
}

#[tokio::test]
async fn an_answer_with_another_id_is_ignored() {
    let server = server();
    server.set_fault(NAME, Some(DnsFault::WrongIdFirst));
    let answer = resolver([server.addr()]).txt(NAME, far()).await.unwrap();
    assert_eq!(answer.records, [b"v=STSv1; id=1;"]);
    assert_eq!(server.queries(NAME), 1);
}

#[tokio::test]
async fn an_answer_to_another_question_is_ignored() {
    let (wrong, right) = (server(), server());
    wrong.set_fault(NAME, Some(DnsFault::WrongQuestion));
    let error = impatient([wrong.addr()]).txt(NAME, far()).await.unwrap_err();
    assert_eq!(error.failure, DnsFailure::Timeout);
    let answer = impatient([wrong.addr(), right.addr()]).txt(NAME, far()).await.unwrap();
    assert_eq!(answer.records, [b"v=STSv1; id=1;"]);
}

#[tokio::test]
async fn garbage_with_another_id_is_ignored() {
    let (wrong, right) = (server(), server());
    wrong.set_fault(NAME, Some(DnsFault::Garbage));
    let answer = impatient([wrong.addr(), right.addr()]).txt(NAME, far()).await.unwrap();
    assert_eq!(answer.records, [b"v=STSv1; id=1;"]);
}

#[tokio::test]
async fn garbage_with_our_id_sends_us_to_the_next_server_at_once() {
    let garbling = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let addr = garbling.local_addr().unwrap();
    tokio::spawn(async move {
        let mut query = [0; 512];
        while let Ok((_, from)) = garbling.recv_from(&mut query).await {
            let reply = [&query[..2], b"\xff\xffgarbage"].concat();
            garbling.send_to(&reply, from).await.unwrap();
        }
    });
    let error = resolver([addr]).txt(NAME, far()).await.unwrap_err();
    assert_eq!(error.failure, DnsFailure::Other);
    assert_eq!(error.detail, format!("{addr}: its answer cannot be read"));

    let start = Instant::now();
    let right = server();
    resolver([addr, right.addr()]).txt(NAME, far()).await.unwrap();
    assert!(start.elapsed().as_secs() < 4, "the timeout of a server is 5 s");
}
