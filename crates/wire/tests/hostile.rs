//! Both engines against receivers that do everything a receiver can do, right and wrong. Each claim is made for
//! both, so they cannot differ.

#![cfg(target_os = "linux")]

#[path = "hostile/requests.rs"]
mod requests;
#[path = "hostile/server.rs"]
mod server;
#[path = "hostile/work.rs"]
mod work;

#[path = "hostile/connections.rs"]
mod connections;
#[path = "hostile/replies.rs"]
mod replies;
#[path = "hostile/running.rs"]
mod running;
