//! A server that speaks socketmap, in the ways in which servers do.

use std::{
    io::{Read, Write},
    net::TcpListener,
    os::unix::net::UnixListener,
    thread,
};

use tempfile::TempDir;

/// Answers until the test ends.
#[derive(Debug)]
pub(crate) struct Server {
    tcp: String,
    unix: String,
    _directory: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("socket");
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let unix = UnixListener::bind(&path).unwrap();
        let address = tcp.local_addr().unwrap().to_string();
        thread::spawn(move || tcp.incoming().for_each(|stream| serve(stream.unwrap())));
        thread::spawn(move || unix.incoming().for_each(|stream| serve(stream.unwrap())));
        Self { tcp: address, unix: path.to_str().unwrap().into(), _directory: directory }
    }

    pub(crate) fn tcp(&self) -> &str {
        &self.tcp
    }

    pub(crate) fn unix(&self) -> &str {
        &self.unix
    }
}

/// A port that was free a moment ago.
pub(crate) fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn serve(mut stream: impl Read + Write + Send + 'static) {
    thread::spawn(move || {
        let mut request = [0; 200];
        let length = stream.read(&mut request).unwrap_or(0);
        let request = String::from_utf8_lossy(request.get(..length).unwrap_or_default());
        let key = request.split(' ').nth(1).unwrap_or_default();
        let reply = match key.trim_end_matches(',') {
            "enforce.example" => format!("OK {ENFORCE}"),
            "[192.0.2.1]" => "NOTFOUND ".into(),
            "temp.example" => "TEMP later".into(),
            "perm.example" => "PERM no such map".into(),
            "version.example" => {
                r#"OK {"schema_version":2,"decision":"none","explanation":""}"#.into()
            }
            "smtp.example" => {
                let _ = stream.write_all(b"220 mx.example ESMTP\r\n");
                return;
            }
            "silent.example" => {
                // Until the client has gone.
                let _ = stream.read(&mut [0; 1]);
                return;
            }
            _ => return,
        };
        let _ = stream.write_all(format!("{}:{reply},", reply.len()).as_bytes());
    });
}

const ENFORCE: &str = concat!(
    r#"{"schema_version":1,"domain":"enforce.example","decision":"enforce","#,
    r#""explanation":"as the daemon says","policy":{"id":"a1","mode":"enforce","#,
    r#""mx":["mx.enforce.example","*.enforce.example"],"max_age":3600,"source":"cached","#,
    r#""fetched_at":1000,"expires_at":4600,"age":1000},"failure":{"code":"fetch-tls-expired","#,
    r#""message":"TLS: the certificate has expired","detail":"192.0.2.1","#,
    r#""result_type":"sts-webpki-invalid","at":1500,"id":null}}"#
);
