//! Runs requests with either engine.

use std::time::Duration;

use standin_wire::{Config, Engine, Kind, Wanted};

pub use crate::requests::{End, Outcome, Requests};

/// The engines that this machine has. io_uring may be forbidden where the tests run; then it says so.
pub fn kinds() -> Vec<Wanted> {
    let address = ([127, 0, 0, 1], 1).into();
    let engine = Engine::new(Config::new(address)).expect("an engine");
    match engine.choice().kind {
        Kind::IoUring => vec![Wanted::Epoll, Wanted::IoUring],
        Kind::Epoll => {
            eprintln!("only epoll is tested: {}", engine.choice().reason);
            vec![Wanted::Epoll]
        }
    }
}

pub fn config(address: std::net::SocketAddr, wanted: Wanted) -> Config {
    Config {
        connections: 1,
        request_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(10),
        largest_reply: 1000,
        wanted,
        ..Config::new(address)
    }
}

/// Runs the requests to their end.
pub fn run(config: Config, mut work: Requests) -> (Engine, Requests) {
    let mut engine = Engine::new(config).expect("an engine");
    engine.run(&mut work).expect("a run");
    work.assert_complete();
    (engine, work)
}
