//! The client against servers that behave and servers that do not.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use core::time::Duration;
use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::net::UnixListener,
    thread,
};

use mtasts_client::{Address, Client, ClientError, Reply};

/// A server on TCP that takes one request and answers with these octets, then closes.
fn server(reply: &'static [u8]) -> (Address, thread::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string().parse().unwrap();
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 100];
        let read = stream.read(&mut request).unwrap();
        request.truncate(read);
        // The client may have gone, having read enough.
        let _ = stream.write_all(reply);
        request
    });
    (address, serving)
}

fn ask(reply: &'static [u8]) -> Result<Reply, ClientError> {
    let (address, serving) = server(reply);
    let answer = Client::new(address).ask("postfix", "example.com");
    assert_eq!(serving.join().unwrap(), b"19:postfix example.com,");
    answer
}

#[test]
fn a_reply_is_read_over_tcp() {
    assert_eq!(ask(b"7:OK a b ,").unwrap(), Reply::Ok("a b ".into()));
    assert_eq!(ask(b"9:NOTFOUND ,").unwrap(), Reply::NotFound);
    assert_eq!(ask(b"6:TEMP x,").unwrap(), Reply::Temp("x".into()));
}

#[test]
fn a_reply_is_read_over_a_unix_socket() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 18];
        stream.read_exact(&mut request).unwrap();
        // In pieces: what comes is a stream.
        for byte in b"4:OK a," {
            stream.write_all(&[*byte]).unwrap();
        }
        request
    });
    let client = Client::new(path.to_str().unwrap().parse().unwrap());
    assert_eq!(client.ask("json", "example.c").unwrap(), Reply::Ok("a".into()));
    assert_eq!(&serving.join().unwrap(), b"14:json example.c,");
}

#[test]
fn what_is_no_reply_is_an_error() {
    assert!(matches!(ask(b""), Err(ClientError::Closed)));
    assert!(matches!(ask(b"7:OK a"), Err(ClientError::Closed)));
    assert!(matches!(ask(b"220 mx.example ESMTP\r\n"), Err(ClientError::Malformed(_))));
    assert!(matches!(ask(b"100001:OK "), Err(ClientError::TooLong(100_001))));
    assert!(matches!(ask(b"5:OK \xff\xfe,"), Err(ClientError::NotText)));
    assert!(matches!(ask(b"5:hello,"), Err(ClientError::Reply(_))));
}

#[test]
fn a_lookup_understands_the_daemon_or_says_so() {
    let lookup = |reply| Client::new(server(reply).0).lookup("example.com");
    assert!(lookup(b"9:NOTFOUND ,").unwrap().decision.policy().is_none());
    assert!(matches!(lookup(b"8:TEMP why,"), Err(ClientError::Temporary(why)) if why == "why"));
    assert!(matches!(lookup(b"8:PERM why,"), Err(ClientError::Refused(why)) if why == "why"));
    assert!(matches!(lookup(b"5:OK {},"), Err(ClientError::Answer(_))));
}

#[test]
fn nobody_there_is_an_error_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string().parse().unwrap();
    drop(listener);
    assert!(matches!(Client::new(address).lookup("a.example"), Err(ClientError::Connect { .. })));

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let client = Client::new(path.to_str().unwrap().parse().unwrap());
    let error = client.lookup("a.example").unwrap_err().to_string();
    assert!(error.contains("cannot be reached"), "{error}");
}

#[test]
fn a_silent_server_is_given_up_at_the_time_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string().parse().unwrap();
    let client = Client::new(address).with_timeout(Duration::from_millis(20));
    assert!(matches!(client.lookup("a.example"), Err(ClientError::Exchange { error, .. })
        if error.kind() == std::io::ErrorKind::TimedOut));
    let client = client.with_timeout(Duration::ZERO);
    assert!(matches!(client.lookup("a.example"), Err(ClientError::Connect { .. })));
    drop(listener);
}
