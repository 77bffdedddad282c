//! One client: requests in, replies out, in the same order.

use core::{
    pin::{Pin, pin},
    time::Duration,
};
use std::{io, sync::Arc};

use bytes::{Buf as _, BytesMut};
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{self, BoxFuture},
    stream::FuturesOrdered,
};
use mtasts_core::PolicyDomain;
use mtasts_net::driver::{Busy, Driver};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    sync::watch,
    time::{self, Instant},
};
use tokio_util::sync::WaitForCancellationFutureOwned;
use tracing::debug;

use super::{Server, Settings, places::Place};
use crate::{
    config::{Maps, Profile, Socketmap},
    socketmap::{
        Decoder, Frame, Malformed, Question, push_netstring, refusal, render, unknown_map,
    },
};

/// Bytes read at a time, at least.
const READ: usize = 4_096;
/// Buffers that have grown beyond this are given back.
const LARGE: usize = 65_536;

pub(super) struct Connection<'a, S> {
    stream: S,
    driver: &'a Driver,
    place: Place,
    /// The place is needed for somebody else, or the server closes. Kept, because it is waited for
    /// with every request.
    leave: Pin<Box<WaitForCancellationFutureOwned>>,
    /// What all connections are told, and whether that has changed since.
    shared: Arc<Settings>,
    changes: watch::Receiver<Arc<Settings>>,
    /// The limits of this connection: a reload leaves them as they are.
    settings: Socketmap,
    decoder: Decoder,
    input: BytesMut,
    output: Vec<u8>,
    /// Room for one reply.
    reply: String,
    /// Replies that are still to come, in the order of the requests.
    pending: FuturesOrdered<BoxFuture<'static, String>>,
    /// There will be no more requests: the client said so, or what it says makes no sense.
    end: Option<Result<(), Malformed>>,
}

/// Why a connection ended otherwise than by the client's wish.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    #[error("malformed request: {0}")]
    Malformed(#[from] Malformed),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the client does not accept replies")]
    Stuck,
    #[error("it was idle for longest when room was needed")]
    Shed,
}

/// What a connection waits for.
enum Event {
    Reply(String),
    Read(usize),
    Leave,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Connection<'a, S> {
    pub(super) fn new(stream: S, server: &'a Server, place: Place) -> Self {
        let changes = server.inner.settings.subscribe();
        let shared = Arc::clone(&changes.borrow());
        let settings = shared.socketmap.clone();
        Self {
            stream,
            driver: &server.inner.driver,
            leave: Box::pin(place.leave()),
            place,
            shared,
            changes,
            decoder: Decoder::new(settings.max_request),
            settings,
            input: BytesMut::new(),
            output: Vec::new(),
            reply: String::new(),
            pending: FuturesOrdered::new(),
            end: None,
        }
    }

    /// Serves the client until it has had every reply and sends nothing more.
    pub(super) async fn run(mut self) -> Result<(), Ended> {
        loop {
            if let Err(malformed) = self.take_requests() {
                self.end = Some(Err(malformed));
            }
            let is_idle = self.pending.is_empty();
            if is_idle {
                // Before the client has its reply, and may count on others being busier.
                self.place.set_idle();
            }
            self.flush().await?;
            if is_idle && let Some(end) = self.end {
                self.stream.shutdown().await?;
                return Ok(end?);
            }
            match self.next_event().await? {
                Event::Reply(reply) => self.take_replies(&reply),
                Event::Read(0) => self.end = Some(Ok(())),
                Event::Read(_) => self.place.set_busy(),
                Event::Leave if self.place.is_kept() => return Ok(()),
                Event::Leave => return Err(Ended::Shed),
            }
        }
    }

    async fn next_event(&mut self) -> io::Result<Event> {
        let idle = self.pending.is_empty();
        let listens = self.end.is_none() && self.pending.len() < self.settings.max_pipelined;
        if listens {
            self.input.reserve(READ);
        }
        Ok(tokio::select! {
            biased;
            Some(reply) = self.pending.next(), if !idle => Event::Reply(reply),
            read = self.stream.read_buf(&mut self.input), if listens => Event::Read(read?),
            () = &mut self.leave, if idle => Event::Leave,
        })
    }

    /// Takes the requests that have come completely, and answers those that can be answered at once.
    fn take_requests(&mut self) -> Result<(), Malformed> {
        if self.changes.has_changed().unwrap_or(false) {
            self.shared = Arc::clone(&self.changes.borrow_and_update());
        }
        while self.pending.len() < self.settings.max_pipelined {
            let (frame, done) = self.decoder.decode(&self.input)?;
            let Some(frame) = frame else {
                self.input.advance(done);
                break;
            };
            self.reply.clear();
            let (limits, maps) = (&self.settings, &self.shared.maps);
            match answer(frame, limits, maps, self.driver, &mut self.reply) {
                None if self.pending.is_empty() => push_netstring(&mut self.output, &self.reply),
                None => {
                    let reply = core::mem::take(&mut self.reply);
                    self.pending.push_back(future::ready(reply).boxed());
                }
                Some(later) => self.pending.push_back(later),
            }
            self.input.advance(done);
        }
        Ok(())
    }

    /// Takes a reply that has come, and those behind it that are there already.
    fn take_replies(&mut self, first: &str) {
        push_netstring(&mut self.output, first);
        while let Some(Some(reply)) = self.pending.next().now_or_never() {
            push_netstring(&mut self.output, &reply);
        }
    }

    async fn flush(&mut self) -> Result<(), Ended> {
        if self.output.is_empty() {
            return Ok(());
        }
        let mut writing = pin!(self.stream.write_all(&self.output));
        // Replies nearly always fit into the socket's buffer, and then a timer would be a waste.
        match writing.as_mut().now_or_never() {
            Some(written) => written?,
            None => {
                let timeout = self.settings.write_timeout;
                time::timeout(timeout, writing).await.map_err(|_| Ended::Stuck)??;
            }
        }
        self.output.clear();
        self.output.shrink_to(LARGE);
        self.reply.shrink_to(LARGE);
        if self.input.is_empty() && self.input.capacity() > LARGE {
            self.input = BytesMut::new();
        }
        Ok(())
    }
}

/// Writes the reply, if it can be given at once; else gives what will be the reply.
fn answer(
    frame: Frame<'_>,
    limits: &Socketmap,
    maps: &Maps,
    driver: &Driver,
    reply: &mut String,
) -> Option<BoxFuture<'static, String>> {
    let request = match frame {
        Frame::Request(request) => request,
        Frame::TooLong(length) => {
            reply.push_str(&refusal(length, limits.max_request));
            return None;
        }
    };
    let Question { profile, key } = match Question::parse(request, maps) {
        Ok(question) => question,
        Err(name) => {
            reply.push_str(&unknown_map(name));
            return None;
        }
    };
    let domain = match PolicyDomain::from_lookup_key(key) {
        Ok(domain) => domain,
        Err(reason) => {
            debug!(key = %key.escape_ascii(), %reason, "no policy domain");
            reply.push_str("NOTFOUND ");
            return None;
        }
    };
    match driver.lookup(&domain) {
        Some(decision) => {
            debug!(%domain, decision = decision.kind(), "cached");
            render(profile, &decision, &domain, || driver.now(), reply);
            None
        }
        None => {
            let (driver, timeout) = (driver.clone(), limits.lookup_timeout);
            Some(discover(driver, domain, profile, timeout).boxed())
        }
    }
}

async fn discover(
    driver: Driver,
    domain: PolicyDomain,
    profile: Profile,
    timeout: Duration,
) -> String {
    let start = Instant::now();
    let mut reply = String::new();
    match driver.resolve(&domain, timeout).await {
        Ok(decision) => {
            let took = start.elapsed();
            debug!(%domain, decision = decision.kind(), ?took, "discovered");
            render(profile, &decision, &domain, || driver.now(), &mut reply);
        }
        Err(Busy) => {
            debug!(%domain, "{Busy}");
            reply.push_str("TEMP too many lookups are under way, try again later");
        }
    }
    reply
}
