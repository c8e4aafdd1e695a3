//! The settings of an engine, and which engine was chosen.

use std::net::SocketAddr;
use std::time::Duration;

/// The settings of an engine.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to connect to.
    pub address: SocketAddr,
    /// How many connections to keep open; at least one, at most [`Config::MOST_CONNECTIONS`].
    pub connections: usize,
    /// How long a request may take, from sending it to the last byte of its reply; at most a day.
    pub request_timeout: Duration,
    /// How long connecting may take; at most a day.
    pub connect_timeout: Duration,
    /// How many bytes of a reply's body to keep. A longer body is cut, and its connection closed.
    pub largest_reply: usize,
    /// Which engine to use.
    pub wanted: Wanted,
}

impl Config {
    /// The most connections of one engine: the completions of more would not fit into a ring.
    pub const MOST_CONNECTIONS: usize = 8_192;

    /// The usual settings for an address.
    pub fn new(address: SocketAddr) -> Self {
        Config {
            address,
            connections: 64,
            request_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            largest_reply: 256 * 1024,
            wanted: Wanted::Auto,
        }
    }
}

/// Which engine the caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// io_uring if the kernel allows it, else epoll.
    Auto,
    /// io_uring or an error.
    IoUring,
    /// epoll.
    Epoll,
}

/// The engine in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Completion rings.
    IoUring,
    /// Readiness.
    Epoll,
}

/// Which engine is in use, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The engine.
    pub kind: Kind,
    /// Why this one, and with which of the kernel's features.
    pub reason: String,
}
