//! Runs requests with the engine of hyper.

use std::time::Duration;

use standin_wire_hyper::{Config, Engine, Protocol, Security};

pub use crate::requests::{End, Outcome, Requests};

/// One connection over HTTP/1.1 without TLS.
pub fn config(address: std::net::SocketAddr) -> Config {
    Config {
        connections: 1,
        request_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(10),
        largest_reply: 1000,
        ..Config::new(address)
    }
}

/// The same with this version of HTTP.
pub fn speaking(
    protocol: Protocol,
    security: Option<Security>,
    address: std::net::SocketAddr,
) -> Config {
    Config { protocol, security, ..config(address) }
}

/// Runs the requests to their end.
pub fn run(config: Config, mut work: Requests) -> (Engine, Requests) {
    let mut engine = Engine::new(config).expect("an engine");
    engine.run(&mut work);
    work.assert_complete();
    (engine, work)
}

/// The results of this many requests.
pub fn results(config: Config, count: usize) -> Vec<Outcome> {
    run(config, Requests::new(count)).1.results()
}
