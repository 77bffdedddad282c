//! Socketmap servers in processes of their own, which say what processor time they use.

use core::{str::FromStr, time::Duration};
use std::{
    io::{self, BufRead as _, BufReader, Lines, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout},
};

use anyhow::{Context as _, bail};
use mtasts_daemon::server::Server;
use tokio::{
    net::{TcpListener, UnixListener},
    runtime::Runtime,
};

use crate::{clients::Address, constant, daemon, dns, engines::Contents, process};

/// The role of a process that is such a server.
pub const ROLE: &str = "server";

const DAEMON: &str = "daemon";
const CONSTANT: &str = "constant";
const ANY_PROCESSOR: &str = "any";

/// A server to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The daemon's, remembering the domains below a number, all with the same policy.
    Daemon {
        /// How many domains.
        domains: u32,
    },
    /// One that gives every request this reply.
    Constant {
        /// The reply, as a netstring.
        reply: String,
    },
}

/// A server that runs.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// Where it listens over TCP.
    pub tcp: Address,
    /// Where it listens on a Unix socket.
    pub unix: Address,
}

impl Process {
    /// Starts a server, on one processor or on all of them, and waits until it is ready. Its Unix
    /// socket is in `directory`.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(kind: &Kind, processor: Option<usize>, directory: &Path) -> anyhow::Result<Self> {
        let (name, argument) = match kind {
            Kind::Daemon { domains } => (DAEMON, domains.to_string()),
            Kind::Constant { reply } => (CONSTANT, reply.clone()),
        };
        let processor = processor.map_or_else(|| ANY_PROCESSOR.into(), |number| number.to_string());
        let socket = directory.join(format!("{name}-{processor}"));
        let socket = socket.to_str().context("the directory's name is no text")?;
        let mut child = process::role(&[ROLE, name, &argument, &processor, socket])?.spawn()?;
        let input = child.stdin.take().context("its input is piped")?;
        let output = child.stdout.take().context("its output is piped")?;
        let mut output = BufReader::new(output).lines();
        let address = output.next().context("the server does not start")??;
        let (tcp, unix) = (Address::Tcp(address.parse()?), Address::Unix(socket.into()));
        Ok(Self { child, input, output, tcp, unix })
    }

    /// The processor time that it has used.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn processor_time(&mut self) -> anyhow::Result<Duration> {
        self.input.write_all(b"\n")?;
        let micros = self.output.next().context("the server has ended")??;
        Ok(Duration::from_micros(micros.parse()?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Is a server, until nobody wants to know its processor time any more.
///
/// # Errors
///
/// When it cannot be started as the arguments say.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    let [name, argument, processor, socket] = arguments else { bail!("a server's arguments") };
    if processor != ANY_PROCESSOR {
        process::pin(processor.parse()?)?;
    }
    let runtime = Runtime::new()?;
    let socket = PathBuf::from_str(socket)?;
    match name.as_str() {
        CONSTANT => {
            let address = runtime.block_on(start_constant(argument, &socket))?;
            answer(&address)
        }
        DAEMON => {
            let server = runtime.block_on(start_daemon(argument.parse()?, &socket))?;
            answer(server.addresses().first().context("it listens nowhere")?)
        }
        _ => bail!("there is no server `{name}`"),
    }
}

async fn start_constant(reply: &str, socket: &Path) -> anyhow::Result<String> {
    let tcp = TcpListener::bind("127.0.0.1:0").await?;
    let address = tcp.local_addr()?.to_string();
    tokio::spawn(constant::serve(tcp, UnixListener::bind(socket)?, reply.into()));
    Ok(address)
}

async fn start_daemon(domains: u32, socket: &Path) -> anyhow::Result<Server> {
    let listen =
        format!("[[listen]]\ntcp = \"127.0.0.1:0\"\n[[listen]]\nunix = \"{}\"\n", socket.display());
    let config = daemon::config(&format!("{}{listen}", daemon::text(domains, dns::serve()?)))?;
    let driver = daemon::driver(&config, domains, Contents::Uniform).await?;
    daemon::check_all(&driver, domains).await?;
    Ok(Server::start(&config, driver)?)
}

/// Says where the server listens, then its processor time whenever there is a line of input.
fn answer(address: &str) -> anyhow::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{address}")?;
    for line in io::stdin().lines() {
        line?;
        writeln!(output, "{}", process::processor_time()?.as_micros())?;
    }
    Ok(())
}
