//! The resolver: questions in, answers out.

use core::{net::IpAddr, pin::pin, time::Duration};
use std::{fs, path::PathBuf, sync::Arc};

use mtasts_core::{
    DnsFailure, TxtAnswer,
    dns::{Answer, Question, RecordType},
};
use parking_lot::Mutex;
use tokio::{
    sync::Semaphore,
    task,
    time::{self, Instant},
};
use tracing::debug;

use super::{
    DnsConfig, DnsError, Servers,
    attempts::{Upstreams, weight},
};

/// How often the servers' file is looked at, at most.
const FILE_CHECK: Duration = Duration::from_secs(3);
/// How long the addresses of one family wait for those of the other.
const FAMILY_DELAY: Duration = Duration::from_millis(500);

/// A stub resolver. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Resolver {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    current: Mutex<Current>,
}

/// What the configuration comes to at the moment.
#[derive(Debug)]
struct Current {
    config: DnsConfig,
    /// The text of the servers' file, if they are in one that can be read.
    file: Option<Vec<u8>>,
    checked: Instant,
    upstreams: Arc<Upstreams>,
    queries: Arc<Semaphore>,
}

impl Resolver {
    /// A resolver. If the servers are named in a file, it is read here, which blocks.
    #[must_use]
    pub fn new(config: DnsConfig) -> Self {
        Self { inner: Arc::new(Inner { current: Mutex::new(Current::new(config)) }) }
    }

    /// Replaces the configuration for the queries to come. As [`new`](Self::new), it may block.
    pub fn reconfigure(&self, config: DnsConfig) {
        let new = Current::new(config);
        *self.inner.current.lock() = new;
    }

    /// The TXT records of a name, which is given as A-labels.
    ///
    /// # Errors
    ///
    /// When no server gives an answer before the deadline.
    pub async fn txt(&self, name: &str, deadline: Instant) -> Result<TxtAnswer, DnsError> {
        self.ask(name, RecordType::Txt, deadline).await?.into_txt().map_err(unexplained)
    }

    /// The addresses of a host, those of IPv6 first: none, if it has none or does not exist.
    ///
    /// Both families are asked for at once. When one has addresses, the other is waited for half a
    /// second and no longer: there are name servers that drop questions for IPv6 addresses.
    ///
    /// # Errors
    ///
    /// When there are no addresses, and no answer for a family before the deadline.
    pub async fn addresses(&self, host: &str, deadline: Instant) -> Result<Vec<IpAddr>, DnsError> {
        let mut v6 = pin!(self.family(host, RecordType::Aaaa, deadline));
        let mut v4 = pin!(self.family(host, RecordType::A, deadline));
        let (first, other) = tokio::select! {
            biased;
            first = &mut v6 => (first, v4),
            first = &mut v4 => (first, v6),
        };
        let second = match &first {
            Ok(found) if !found.is_empty() => {
                time::timeout(FAMILY_DELAY, other).await.unwrap_or_else(|_| Ok(Vec::new()))
            }
            Ok(_) | Err(_) => other.await,
        };
        let mut addresses = match (first, second) {
            (Ok(first), Ok(second)) => [first, second].concat(),
            (Ok(found), Err(_)) | (Err(_), Ok(found)) if !found.is_empty() => found,
            (Err(first), Err(second)) if weight(second.failure) > weight(first.failure) => {
                return Err(second);
            }
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        addresses.sort_by_key(IpAddr::is_ipv4);
        Ok(addresses)
    }

    async fn family(
        &self,
        host: &str,
        family: RecordType,
        deadline: Instant,
    ) -> Result<Vec<IpAddr>, DnsError> {
        self.ask(host, family, deadline).await?.into_addresses().map_err(unexplained)
    }

    async fn ask(
        &self,
        name: &str,
        record_type: RecordType,
        deadline: Instant,
    ) -> Result<Answer, DnsError> {
        let question = Question::new(name, record_type).map_err(|error| DnsError {
            failure: DnsFailure::Other,
            detail: format!("`{name}` is {error}"),
        })?;
        self.query(&question, deadline).await
    }

    /// Asks a question. The AD bit of the answer is there only if it came from a server that is
    /// [trusted](super::Server::is_trusted).
    ///
    /// # Errors
    ///
    /// When no server gives an answer before the deadline.
    pub async fn query(&self, question: &Question, deadline: Instant) -> Result<Answer, DnsError> {
        let ask = async {
            let (upstreams, queries) = self.upstreams().await;
            // The semaphore is never closed.
            let _permit = queries.acquire().await.ok();
            upstreams.ask(question, deadline).await
        };
        // The attempts end by the deadline by themselves; this is for what comes before them.
        time::timeout_at(deadline, ask).await.unwrap_or_else(|_| {
            let detail = "the time was over before a server had answered".into();
            Err(DnsError { failure: DnsFailure::Timeout, detail })
        })
    }

    /// The servers, after a look at their file if it is time for one.
    async fn upstreams(&self) -> (Arc<Upstreams>, Arc<Semaphore>) {
        let due = self.inner.current.lock().due();
        if let Some(path) = due {
            let read = path.clone();
            match task::spawn_blocking(move || fs::read(read).ok()).await {
                Ok(file) => self.inner.current.lock().update(path, file),
                Err(error) => debug!(%error, "the resolver configuration was not looked at"),
            }
        }
        let current = self.inner.current.lock();
        (Arc::clone(&current.upstreams), Arc::clone(&current.queries))
    }
}

impl Current {
    fn new(config: DnsConfig) -> Self {
        let file = match &config.servers {
            Servers::File(path) => fs::read(path).ok(),
            Servers::Named(_) => None,
        };
        let upstreams = Arc::new(Upstreams::new(&config, file.as_deref()));
        let queries = config.max_queries.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            config,
            file,
            checked: Instant::now(),
            upstreams,
            queries: Arc::new(Semaphore::new(queries)),
        }
    }

    /// The servers' file, if it is to be looked at. Only one caller is told so.
    fn due(&mut self) -> Option<PathBuf> {
        let Servers::File(path) = &self.config.servers else { return None };
        if self.checked.elapsed() < FILE_CHECK {
            return None;
        }
        self.checked = Instant::now();
        Some(path.clone())
    }

    fn update(&mut self, path: PathBuf, file: Option<Vec<u8>>) {
        // The configuration may have been replaced meanwhile.
        if self.file == file || self.config.servers != Servers::File(path) {
            return;
        }
        self.upstreams = Arc::new(Upstreams::new(&self.config, file.as_deref()));
        self.file = file;
        debug!("the resolver configuration has changed");
    }
}

/// A failure that the attempts have let pass, which they never do.
fn unexplained(failure: DnsFailure) -> DnsError {
    DnsError { failure, detail: "the answer is a refusal".into() }
}
