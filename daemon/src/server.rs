//! The socketmap server: listeners, connections, and what they share.

use core::{fmt, time::Duration};
use std::sync::Arc;

use mtasts_net::driver::Driver;
use parking_lot::Mutex;
use tokio::{sync::watch, time};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{debug, info, warn};

use crate::config::{Config, Listen, Maps, Socketmap};

mod connection;
mod listener;
mod places;

use connection::Connection;
pub use listener::BindError;
use listener::{Listener, Stream};
use places::Places;

/// Answers MTAs. Clones are the same one.
#[derive(Clone)]
pub struct Server {
    inner: Arc<Inner>,
}

struct Inner {
    driver: Driver,
    settings: watch::Sender<Arc<Settings>>,
    places: Places,
    listeners: Mutex<Vec<Open>>,
    tasks: TaskTracker,
    draining: CancellationToken,
}

/// A listener that is open.
struct Open {
    listen: Listen,
    address: String,
    close: CancellationToken,
}

/// What connections are told; a reload replaces it.
#[derive(Debug)]
struct Settings {
    socketmap: Socketmap,
    maps: Maps,
}

impl Settings {
    fn new(config: &Config) -> Self {
        Self { socketmap: config.socketmap.clone(), maps: config.maps.clone() }
    }
}

impl Server {
    /// Opens the listeners and serves who comes.
    ///
    /// # Errors
    ///
    /// When a listener cannot be opened. Then none stays open.
    pub fn start(config: &Config, driver: Driver) -> Result<Self, BindError> {
        let draining = CancellationToken::new();
        let inner = Inner {
            driver,
            settings: watch::Sender::new(Arc::new(Settings::new(config))),
            places: Places::new(config.socketmap.max_connections, draining.clone()),
            listeners: Mutex::default(),
            tasks: TaskTracker::new(),
            draining,
        };
        let server = Self { inner: Arc::new(inner) };
        server.listen(&config.listen)?;
        Ok(server)
    }

    /// Takes over a configuration. Connections stay, and so do listeners that are still wanted.
    ///
    /// # Errors
    ///
    /// When a new listener cannot be opened. Then nothing has changed.
    pub fn reconfigure(&self, config: &Config) -> Result<(), BindError> {
        self.listen(&config.listen)?;
        self.inner.places.set_max(config.socketmap.max_connections);
        self.inner.settings.send_replace(Arc::new(Settings::new(config)));
        Ok(())
    }

    /// The addresses that are listened on, with the ports that the system has chosen.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.inner.listeners.lock().iter().map(|open| open.address.clone()).collect()
    }

    /// Stops listening, lets requests that have come be answered, and closes the connections; after
    /// the time given, whatever they wait for.
    pub async fn drain(&self, within: Duration) {
        for open in self.inner.listeners.lock().drain(..) {
            open.close.cancel();
        }
        self.inner.draining.cancel();
        self.inner.tasks.close();
        if time::timeout(within, self.inner.tasks.wait()).await.is_err() {
            warn!(connections = self.inner.places.taken(), "requests go unanswered");
        }
    }

    /// Opens the listeners that are wanted and not open, then closes those that are not wanted.
    fn listen(&self, wanted: &[Listen]) -> Result<(), BindError> {
        let mut listeners = self.inner.listeners.lock();
        let is_open = |listen: &&Listen| listeners.iter().any(|open| open.listen == **listen);
        let missing = wanted.iter().filter(|listen| !is_open(listen));
        let opened: Vec<(Listen, Listener)> = missing
            .map(|listen| Ok((listen.clone(), Listener::bind(listen)?)))
            .collect::<Result<_, BindError>>()?;
        for unwanted in listeners.extract_if(.., |open| !wanted.contains(&open.listen)) {
            info!(address = unwanted.address, "no longer listening");
            unwanted.close.cancel();
        }
        for (listen, listener) in opened {
            let (address, close) = (listener.address(), CancellationToken::new());
            info!(address, "listening");
            let accepting = self.clone().accept(listener, close.clone());
            self.inner.tasks.spawn(accepting);
            listeners.push(Open { listen, address, close });
        }
        Ok(())
    }

    async fn accept(self, listener: Listener, close: CancellationToken) {
        close.run_until_cancelled(self.accept_all(&listener)).await;
    }

    async fn accept_all(&self, listener: &Listener) {
        loop {
            let (stream, peer) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    listener::tell(&error).await;
                    continue;
                }
            };
            let place = self.inner.places.take().await;
            let server = self.clone();
            self.inner.tasks.spawn(async move {
                let ended = match stream {
                    Stream::Tcp(stream) => Connection::new(stream, &server, place).run().await,
                    Stream::Unix(stream) => Connection::new(stream, &server, place).run().await,
                };
                match ended {
                    Ok(()) => debug!(%peer, "connection closed"),
                    Err(error) => info!(%peer, "connection closed: {error}"),
                }
            });
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addresses", &self.addresses()).finish_non_exhaustive()
    }
}
