//! An HTTP/1.1 client loop for load: many kept-alive connections to one address, one thread, no allocation
//! per request. It uses io_uring where the kernel allows it and epoll where not.
//!
//! The caller owns the loop. It implements [`Work`]: what to send on an idle connection, and what to do with
//! a result. [`Engine::run`] does the rest: it connects, sends, reads, times out and reconnects.
//!
//! Left out: TLS, HTTP/2, proxies, redirects, pipelining, and requests whose reply has no body although its
//! head announces one (`HEAD`). Each connection has one request under way.
//!
//! This is the only crate of the workspace with `unsafe`. SOUNDNESS.md says why each block is sound.

#![cfg(target_os = "linux")]

mod clock;
mod config;
mod connection;
mod decoder;
mod driver;
mod engine;
mod epoll;
mod failure;
#[cfg(any(fuzzing, test))]
pub mod fuzz;
mod head;
mod run;
mod sleepers;
mod socket;
mod stop;
mod uring;
mod work;

pub use config::{Choice, Config, Kind, Wanted};
pub use engine::{Counters, Engine};
pub use failure::{Failure, Http2, Malformed, Tls};
pub use stop::{Asked, Stop};
pub use work::{Next, Reply, Requests, Work};
