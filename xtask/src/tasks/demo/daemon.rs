//! The daemon as a child process.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context as _, bail};
use serde_json::Value;

/// A daemon that ends when dropped.
pub(crate) struct Daemon {
    child: Child,
    pub(crate) address: String,
}

impl Daemon {
    pub(crate) fn start(program: &Path, config: &Path, listen: &str) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .args(["serve", "--listen", listen, "--config"])
            .arg(config)
            .stderr(Stdio::piped())
            .spawn()
            .context("the daemon does not start")?;
        let log = child.stderr.take().context("the daemon has no log")?;
        let mut daemon = Self { child, address: String::new() };
        let mut lines = BufReader::new(log).lines();
        let mut said = Vec::new();
        while daemon.address.is_empty() {
            let Some(line) = lines.next().transpose()? else {
                bail!("the daemon has ended:\n{}", said.join("\n"));
            };
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            let field = |name| event.get(name).and_then(Value::as_str).unwrap_or_default();
            if field("message") == "listening" {
                daemon.address = field("address").into();
            }
            said.push(line);
        }
        // A pipe that nobody reads would stop the daemon some day.
        thread::spawn(move || lines.for_each(drop));
        Ok(daemon)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
