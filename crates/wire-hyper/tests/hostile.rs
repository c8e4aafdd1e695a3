//! The engine against real servers over TLS, HTTP/2 and both, and against receivers that do what they should not.
//! Every request has one result, in bounded time.

#![cfg(target_os = "linux")]

#[path = "hostile/certificates.rs"]
mod certificates;
#[path = "../../wire/tests/hostile/requests.rs"]
mod requests;
#[path = "hostile/server.rs"]
mod server;
#[path = "hostile/work.rs"]
mod work;

#[path = "hostile/http1.rs"]
mod http1;
#[path = "hostile/http2.rs"]
mod http2;
#[path = "hostile/tls.rs"]
mod tls;
