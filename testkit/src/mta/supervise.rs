//! Servers that do not outlive their test.

use std::{
    ffi::OsStr,
    io::{self, PipeWriter},
    process::{Child, Command, Stdio},
};

/// Starts a server with what it needs, and sends its output to a pipe.
///
/// It runs in a process namespace that ends when the server does, or when the child's standard input
/// is closed, as it is when the test's process ends in whatever way: so nothing outlives it.
pub(crate) fn supervised<S: AsRef<OsStr>>(command: &[S], log: PipeWriter) -> io::Result<Child> {
    const SUPERVISE: &str =
        r#"exec 3<&0; { read -r _ <&3; kill -KILL -1; } & "$@" </dev/null 3<&-"#;

    Command::new("unshare")
        .args(["--pid", "--fork", "sh", "-c", SUPERVISE, "sh"])
        .args(command)
        .stdin(Stdio::piped())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
}
