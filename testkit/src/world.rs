//! A world of real servers on loopback: DNS, HTTPS and SMTP, which do for each domain what a test
//! tells them.
//!
//! ```
//! use testkit::world::{Reply, World, enforce};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let world = World::start().await;
//! world.publish("example.com", "1", &enforce(&["mx.example.com"]));
//! // The client under test gets `world.dns_addr()`, `world.https_port()` and `world.ca_pem()`.
//! world.set_https("mta-sts.example.com", Reply::ok("too short").incomplete());
//! # assert_eq!(world.requests("mta-sts.example.com").len(), 0);
//! # }
//! ```
//!
//! What is set may be set anew at any time. It holds for the DNS queries and the connections that
//! come after; those that a `wait_for_…` tells of have their answer already, except that a held DNS
//! reply is made when it is let go.
//!
//! The servers run on threads of their own, so tests may block, and Tokio's clock may be paused.
//! Nothing is awaited with a timeout: a test that waits in vain waits for ever.

#![expect(clippy::expect_used, clippy::panic, reason = "a test cannot go on without its world")]

use core::net::{IpAddr, SocketAddr};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::answers::DnsAnswer;

mod accept;
mod background;
mod ca;
mod dns;
mod gate;
mod https;
mod log;
mod ports;
mod smtp;

pub use ca::{Ca, Certificate};
pub use dns::{DnsFault, DnsQuery, DnsServer, RData, RecordType, ResponseCode, Transport};
pub use gate::Gate;
use https::HttpsServer;
pub use https::{HandshakeFault, POLICY_PATH, Reply, Request, Script, Site};
pub use ports::RefusingPort;
pub use smtp::{Message, SmtpSink, StartTls, Tls};

/// A DNS server, an HTTPS server and a certificate authority that know each other.
///
/// Clones are the same world, whose servers stop when the last of them is dropped.
#[derive(Clone, Debug)]
pub struct World {
    ca: Arc<Ca>,
    dns: DnsServer,
    https: HttpsServer,
}

impl World {
    /// Starts the servers.
    ///
    /// # Panics
    ///
    /// When there are no free loopback ports, or no ::1.
    pub async fn start() -> Self {
        Self::start_blocking()
    }

    /// Starts the servers, for tests without a runtime.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_blocking() -> Self {
        Self { ca: Arc::new(Ca::new()), dns: DnsServer::start(), https: HttpsServer::start() }
    }

    /// Where DNS is served, over UDP and TCP.
    pub const fn dns_addr(&self) -> SocketAddr {
        self.dns.addr()
    }

    /// The port on 127.0.0.1 and ::1 where HTTPS is served.
    pub const fn https_port(&self) -> u16 {
        self.https.port()
    }

    /// The DNS server, for what is said below and more.
    pub const fn dns(&self) -> &DnsServer {
        &self.dns
    }

    /// The authority that the servers' certificates come from.
    pub fn ca(&self) -> &Ca {
        &self.ca
    }

    /// The authority's own certificate, in PEM.
    pub fn ca_pem(&self) -> String {
        self.ca.pem()
    }

    /// Writes the authority's certificate to `ca.pem` in a directory, and returns the file's path.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write_ca(&self, directory: &Path) -> io::Result<PathBuf> {
        self.ca.write_to(directory)
    }

    /// Publishes a policy as RFC 8461 wants it: the TXT record, kept for a minute, and the policy.
    pub fn publish(&self, domain: &str, id: &str, policy: &str) {
        let record = DnsAnswer::txt(&format!("v=STSv1; id={id};"));
        self.set_dns(&format!("_mta-sts.{domain}"), record);
        self.set_https(&format!("mta-sts.{domain}"), Reply::ok(policy));
    }

    /// Sets what a TXT query for the name is answered with: [`DnsServer::set`].
    ///
    /// # Panics
    ///
    /// When the answer has a character-string that DNS cannot carry, or a name is not valid.
    pub fn set_dns(&self, name: &str, answer: DnsAnswer) {
        self.dns.set(name, answer);
    }

    /// Sets the addresses of a name: [`DnsServer::set_address`].
    pub fn set_address(&self, name: &str, addresses: Vec<IpAddr>) {
        self.dns.set_address(name, addresses);
    }

    /// Sets the mail exchangers of a name: [`DnsServer::set_mx`].
    pub fn set_mx(&self, name: &str, exchangers: Vec<(u16, String)>) {
        self.dns.set_mx(name, exchangers);
    }

    /// Makes a name an alias: [`DnsServer::set_cname`].
    pub fn set_cname(&self, name: &str, target: &str) {
        self.dns.set_cname(name, target);
    }

    /// Sets or ends the fault of replies to DNS questions about a name: [`DnsServer::set_fault`].
    pub fn set_dns_fault(&self, name: &str, fault: Option<DnsFault>) {
        self.dns.set_fault(name, fault);
    }

    /// How many DNS queries have come for a name: [`DnsServer::queries`].
    pub fn queries(&self, name: &str) -> usize {
        self.dns.queries(name)
    }

    /// Sets what the host answers to a GET of [`POLICY_PATH`]: a [`Site`], or an
    /// [`HttpAnswer`](crate::answers::HttpAnswer), [`HttpFail`](crate::answers::HttpFail),
    /// [`Reply`] or [`Script`] that makes one.
    ///
    /// The host then has the address 127.0.0.1, unless it was given others with
    /// [`set_address`](Self::set_address) or is an alias. Of the failures, `connect` and those of
    /// DNS count before all that was set in DNS.
    ///
    /// # Panics
    ///
    /// When no certificate can have the names that the site's shall have.
    pub fn set_https(&self, host: &str, site: impl Into<Site>) {
        let site = site.into();
        self.dns.set_host(host, site.host);
        self.https.set(&self.ca, host, site);
    }

    /// How many TLS clients have named the host in SNI, however far they got.
    pub fn connections(&self, host: &str) -> usize {
        self.https.connections(host)
    }

    /// Waits until `count` TLS clients in all have named the host in SNI.
    pub async fn wait_for_connections(&self, host: &str, count: usize) {
        self.https.wait_for_connections(host, count).await;
    }

    /// The requests that have come for a host, in order.
    pub fn requests(&self, host: &str) -> Vec<Request> {
        self.https.requests(host)
    }

    /// Waits until `count` requests in all have come for a host, and returns them.
    pub async fn wait_for_requests(&self, host: &str, count: usize) -> Vec<Request> {
        self.https.wait_for_requests(host, count).await;
        self.requests(host)
    }

    /// Starts an SMTP server known as `name`, on a loopback address. Port 0 is any free port.
    ///
    /// # Errors
    ///
    /// When nothing can listen on the address.
    pub fn smtp_sink(
        &self,
        addr: SocketAddr,
        name: &str,
        starttls: &StartTls,
    ) -> io::Result<SmtpSink> {
        SmtpSink::start(Arc::clone(&self.ca), addr, name, starttls)
    }
}

/// The text of a policy in mode `enforce`, to be kept for a week.
pub fn enforce(mx: &[&str]) -> String {
    let mx: String = mx.iter().map(|pattern| format!("mx: {pattern}\r\n")).collect();
    format!("version: STSv1\r\nmode: enforce\r\n{mx}max_age: 604800\r\n")
}
