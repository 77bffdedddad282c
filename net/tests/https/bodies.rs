//! Bodies: their length, their framing and their coding.

use std::io::Write as _;

use flate2::{Compression, write::DeflateEncoder};
use mtasts_core::FetchFailure;
use testkit::world::{Reply, Script, World};

use crate::{HOST, MAX_BYTES, detail, failure, fetch, response};

/// The body that comes of a site's reply.
async fn body(reply: impl Into<Script>) -> Vec<u8> {
    let world = World::start().await;
    world.set_https(HOST, reply.into());
    response(fetch(&world).await).body
}

/// The failure that comes of a site's reply, and the words on it.
async fn error(reply: impl Into<Script>) -> (FetchFailure, String) {
    let world = World::start().await;
    world.set_https(HOST, reply.into());
    let fetch = fetch(&world).await;
    (failure(&fetch), detail(&fetch).to_owned())
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# Senders MAY impose a timeout on the HTTPS GET and/or a limit on the maximum size of the response
//# body
#[tokio::test]
async fn a_body_of_the_largest_size_is_read() {
    let replies = |length| {
        [
            Reply::of_length(length),
            Reply::of_length(length).chunked(),
            Reply::of_length(length).until_close(),
        ]
    };
    for reply in replies(MAX_BYTES) {
        assert_eq!(body(reply).await.len(), MAX_BYTES);
    }
    for reply in replies(MAX_BYTES + 1) {
        assert_eq!(error(reply).await.0, FetchFailure::TooLarge);
    }
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_not_read() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 65537\r\n\r\n";
    let (failure, detail) = error(Script::new().send(head).hang()).await;
    assert_eq!(failure, FetchFailure::TooLarge);
    assert!(detail.contains("65537 bytes"), "{detail}");
}

#[tokio::test]
async fn an_endless_body_is_too_large() {
    assert_eq!(error(Reply::ok("endless\n").endless()).await.0, FetchFailure::TooLarge);
}

#[tokio::test]
async fn chunks_are_put_together() {
    let long = "x".repeat(2000);
    assert_eq!(body(Reply::ok(long.as_str()).chunked()).await, long.as_bytes());
}

#[tokio::test]
async fn a_body_may_end_with_the_connection() {
    assert_eq!(body(Reply::ok("policy").until_close()).await, b"policy");
}

#[tokio::test]
async fn a_body_that_ends_early_is_no_body() {
    for reply in [
        Reply::ok("policy").incomplete(),
        Reply::ok("policy").chunked().incomplete(),
        Reply::ok("policy").until_close().incomplete(),
        Reply::ok("policy").reset_after_head(),
    ] {
        let (failure, detail) = error(reply.clone()).await;
        assert_eq!(failure, FetchFailure::Truncated, "{reply:?}: {detail}");
    }
}

#[tokio::test]
async fn malformed_chunks_are_told_apart_from_missing_ones() {
    let octets = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\
        Transfer-Encoding: chunked\r\n\r\nmany\r\npolicy\r\n";
    assert_eq!(error(Script::new().send(octets)).await.0, FetchFailure::Http);
}

#[tokio::test]
async fn gzip_and_deflate_are_undone() {
    for coding in ["gzip", "x-gzip", "GZIP", "deflate"] {
        assert_eq!(body(Reply::ok("policy").encoded(coding)).await, b"policy", "{coding}");
    }
}

#[tokio::test]
async fn deflate_without_its_frame_is_undone() {
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
    raw.write_all(b"policy").unwrap();
    let reply = Reply::ok(raw.finish().unwrap()).field("Content-Encoding", "deflate");
    assert_eq!(body(reply).await, b"policy");
}

#[tokio::test]
async fn identity_is_no_coding() {
    assert_eq!(body(Reply::ok("policy").encoded("identity")).await, b"policy");
}

#[tokio::test]
async fn the_largest_size_is_that_of_the_decoded_body() {
    for coding in ["gzip", "deflate"] {
        let largest = vec![b'x'; MAX_BYTES];
        assert_eq!(body(Reply::ok(largest).encoded(coding)).await.len(), MAX_BYTES);
        let bomb = vec![b'x'; 5_000_000];
        let (failure, detail) = error(Reply::ok(bomb).encoded(coding)).await;
        assert_eq!(failure, FetchFailure::TooLarge, "{detail}");
    }
}

#[tokio::test]
async fn other_codings_are_refused() {
    for coding in ["br", "zstd", "gzip, deflate", "gzip, gzip"] {
        let (failure, detail) = error(Reply::ok("policy").encoded(coding)).await;
        assert_eq!(failure, FetchFailure::ContentCoding);
        assert!(detail.contains(coding), "{detail}");
    }
}

#[tokio::test]
async fn what_cannot_be_decompressed_is_refused() {
    for coding in ["gzip", "deflate"] {
        let reply = Reply::ok("policy").field("Content-Encoding", coding);
        assert_eq!(error(reply).await.0, FetchFailure::ContentCoding);
    }
}
