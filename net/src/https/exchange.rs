//! The one request on a connection, and its response.

use core::{error::Error as _, pin::pin};
use std::io;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http_body_util::Empty;
use hyper::{
    Request, Uri,
    client::conn::http1,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use mtasts_core::{FailureKind, FetchFailure, Response, TlsFailure, read_policy};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::{
    FetchError,
    body::{self, Coding},
    tls,
    trace::{Phase, Tracer},
};

/// The port that a `Host` field does not mention.
const HTTPS_PORT: u16 = 443;
/// Largest head of a response, in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// The header fields of a request for a policy. There are no others.
pub const REQUEST_HEADERS: [HeaderName; 4] = [HOST, USER_AGENT, ACCEPT, ACCEPT_ENCODING];

/// The request for a policy. It is neither conditional nor does it mention caches (RFC 8461 §3.3).
pub(super) fn request(
    host: &str,
    port: u16,
    path: &str,
    user_agent: &HeaderValue,
) -> Result<Request<Empty<Bytes>>, FetchError> {
    let malformed = |error: hyper::http::Error| {
        FetchError::new(FetchFailure::Http, format!("there can be no such request: {error}"))
    };
    let uri: Uri = path.parse().map_err(|error| malformed(hyper::http::Error::from(error)))?;
    let host = if port == HTTPS_PORT { host.to_owned() } else { format!("{host}:{port}") };
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
    //# HTTP caching (as specified in [RFC7234]) MUST NOT be used.
    //= https://www.rfc-editor.org/rfc/rfc8461#section-8.2
    //# Sending MTAs MUST NOT use HTTP caching when fetching policies via HTTPS
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //# served via the HTTPS GET method from the fixed "well-known" [RFC5785] path
    Request::get(uri)
        .header(HOST, host)
        .header(USER_AGENT, user_agent)
        .header(ACCEPT, "text/plain")
        .header(ACCEPT_ENCODING, "identity")
        .body(Empty::new())
        .map_err(malformed)
}

/// Sends the request and reads the response.
pub(super) async fn exchange(
    stream: TlsStream<TcpStream>,
    request: Request<Empty<Bytes>>,
    max_bytes: usize,
    tracer: &mut Tracer,
) -> Result<Response, FetchError> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| http_error(&error))?;
    let mut connection = pin!(connection);
    let mut is_open = true;
    let outcome = {
        let mut response = pin!(async move {
            let response = sender.send_request(request).await;
            let response = response.map_err(|error| head_error(&error))?;
            read_response(response, max_bytes, tracer).await
        });
        loop {
            tokio::select! {
                biased;
                outcome = &mut response => break outcome,
                // What ended the connection is told to those who wait for something from it.
                _ended = &mut connection, if is_open => is_open = false,
            }
        }
    };
    if is_open {
        // Says good-bye, as far as that needs no waiting.
        let _ended = connection.now_or_never();
    }
    outcome
}

async fn read_response(
    response: hyper::Response<hyper::body::Incoming>,
    max_bytes: usize,
    tracer: &mut Tracer,
) -> Result<Response, FetchError> {
    let (head, body) = response.into_parts();
    tracer.enter(Phase::Body);
    tracer.trace.status = Some(head.status.as_u16());
    let field = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    tracer.trace.headers = head.headers.iter().map(field).collect();
    let types = head.headers.get_all(CONTENT_TYPE).iter();
    let types: Vec<_> = types.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let mut response = Response {
        status: head.status.as_u16(),
        content_type: (!types.is_empty()).then(|| types.join(", ")),
        body: Vec::new(),
    };
    // Where the head alone decides, the body is not read, and what is wrong with it does not hide
    // what matters.
    if !matches!(read_policy(&response, max_bytes), Err(FailureKind::Fetch(_))) {
        let coding = Coding::of(&head.headers)?;
        response.body = coding.undo(body::read(body, max_bytes).await?, max_bytes)?;
    }
    Ok(response)
}

/// What an error before the head of the response comes to. With TLS 1.3 the server may turn the
/// client away when for the client the handshake is over.
fn head_error(error: &hyper::Error) -> FetchError {
    match io_error(error).and_then(tls::rustls_error) {
        Some(error) => FetchError::tls(TlsFailure::Handshake, tls::describe(error)),
        None => {
            let mut error = http_error(error);
            error.detail.push_str(" before the response had begun or while its head was read");
            error
        }
    }
}

/// What an error comes to.
pub(super) fn http_error(error: &hyper::Error) -> FetchError {
    if error.is_incomplete_message() {
        return FetchError::new(FetchFailure::Truncated, "the connection was closed");
    }
    let Some(cause) = io_error(error) else {
        return FetchError::new(FetchFailure::Http, error.to_string());
    };
    if cause.kind() == io::ErrorKind::UnexpectedEof {
        return FetchError::new(FetchFailure::Truncated, "the connection was closed");
    }
    // How malformed chunks are told; but so are malformed TLS records.
    let is_malformed =
        matches!(cause.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData);
    let failure = if is_malformed && tls::rustls_error(cause).is_none() {
        FetchFailure::Http
    } else {
        FetchFailure::Truncated
    };
    FetchError::new(failure, cause.to_string())
}

fn io_error(error: &hyper::Error) -> Option<&io::Error> {
    error.source()?.downcast_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_named_only_if_it_is_another() {
        let agent = HeaderValue::from_static("test");
        let host = |port| {
            request("mta-sts.example.com", port, "/", &agent).unwrap().headers()[HOST].clone()
        };
        assert_eq!(host(443), "mta-sts.example.com");
        assert_eq!(host(8443), "mta-sts.example.com:8443");
    }

    #[test]
    fn a_host_or_path_that_http_cannot_carry_is_refused() {
        let agent = HeaderValue::from_static("test");
        assert!(request("mta-sts.example.com\r\nX: y", 443, "/", &agent).is_err());
        assert!(request("mta-sts.example.com", 443, "/ HTTP/1.1\r\nX: y", &agent).is_err());
    }
}
