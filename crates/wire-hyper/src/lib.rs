//! A client loop for load on hyper and rustls: HTTP/1.1 and HTTP/2, with TLS and without. It takes the same
//! [`Work`](standin_wire::Work) as the loop of `standin-wire` and tells it the same results and failures.
//!
//! A run is one thread: a runtime for that thread alone, a task for each connection, and the slots that ask the
//! work what to send. A slot is what `Work` calls a connection: in HTTP/1.1 it is one, in HTTP/2 it is one of the
//! streams that a connection carries at a time.
//!
//! Left out: proxies, redirects, upgrades, server push, and replies that come before their request is sent: hyper
//! does not tell them from others.

#![cfg(target_os = "linux")]

mod clock;
mod config;
mod connect;
mod engine;
mod link;
mod message;
mod run;
mod slot;
mod trouble;

pub use config::{Config, Protocol, Security};
pub use connect::negotiate;
pub use engine::Engine;
