//! The settings of an engine.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;

/// The settings of an engine.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to connect to.
    pub address: SocketAddr,
    /// How many connections to keep open; at least one.
    pub connections: usize,
    /// How many requests a connection carries at a time; at least one, and in HTTP/1.1 exactly one.
    pub streams: usize,
    /// The version of HTTP.
    pub protocol: Protocol,
    /// TLS, or none.
    pub security: Option<Security>,
    /// How long a request may take, from sending it to the last byte of its reply; at most a day.
    pub request_timeout: Duration,
    /// How long connecting may take, with the TLS handshake; at most a day.
    pub connect_timeout: Duration,
    /// How many bytes of a reply's body to keep. The rest of a longer body is not read.
    pub largest_reply: usize,
}

impl Config {
    /// The usual settings for an address: HTTP/1.1 without TLS.
    pub fn new(address: SocketAddr) -> Self {
        Config {
            address,
            connections: 64,
            streams: 1,
            protocol: Protocol::Http1,
            security: None,
            request_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            largest_reply: 256 * 1024,
        }
    }
}

/// A version of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2. Without TLS the receiver is expected to speak it from the first byte.
    Http2,
}

impl Protocol {
    /// Its name in ALPN.
    pub(crate) fn alpn(self) -> &'static [u8] {
        match self {
            Protocol::Http1 => b"http/1.1",
            Protocol::Http2 => b"h2",
        }
    }
}

/// How a TLS connection is made.
#[derive(Debug, Clone)]
pub struct Security {
    /// The name or the address that the certificate must be for.
    pub name: ServerName<'static>,
    /// Whom to trust. The versions of HTTP in it do not matter.
    pub config: Arc<ClientConfig>,
}

impl Security {
    /// The same, with these versions of HTTP offered.
    pub(crate) fn offering(&self, protocols: &[Protocol]) -> Self {
        let mut config = ClientConfig::clone(&self.config);
        config.alpn_protocols = protocols.iter().map(|one| one.alpn().to_vec()).collect();
        Security { name: self.name.clone(), config: Arc::new(config) }
    }
}
