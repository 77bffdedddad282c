//! A face in a process of its own: the driver reads requests on its standard input.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::Driver;

/// A driver that runs as a child process.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Process {
    pub(super) fn start(mut command: Command) -> Result<Self, String> {
        let name = command.get_program().to_owned();
        let told = |error| format!("{}: {error}", name.display());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| told(error.to_string()))?;
        let input = child.stdin.take();
        let output = child.stdout.take().map(BufReader::new);
        let output = output.ok_or_else(|| told("no standard output".to_owned()))?;
        Ok(Self { child, input, output })
    }
}

impl Driver for Process {
    fn ask(&mut self, request: &str) -> Result<String, String> {
        let input = self.input.as_mut().ok_or("the driver's input is closed")?;
        let sent = writeln!(input, "{request}").and_then(|()| input.flush());
        let mut reply = String::new();
        let read = sent.and_then(|()| self.output.read_line(&mut reply));
        match read {
            Ok(0) => {
                let verb = request.split(' ').next().unwrap_or_default();
                let status = self.child.wait().map_err(|error| error.to_string())?;
                Err(format!("the driver ended at `{verb}`: {status}"))
            }
            Ok(_) => Ok(reply.trim_end_matches('\n').to_owned()),
            Err(error) => Err(format!("the driver cannot be talked to: {error}")),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Its input ends, so it ends by itself.
        drop(self.input.take());
        let _status = self.child.wait();
    }
}
