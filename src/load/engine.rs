//! The engine of a thread: our own loop, or hyper's.

use std::io;
use std::time::Duration;

use standin_wire::{Config, Counters, Engine as Own, Kind, Stop, Work};
use standin_wire_hyper as hyper_wire;

use super::server::Server;
use super::wire::{CONNECT_WITHIN, Wire};

/// The most bytes of an answer that are kept.
const LARGEST_REPLY: usize = 64 * 1024;

/// The engine that was used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Its name.
    pub name: &'static str,
    /// Why this one, and what it speaks.
    pub reason: String,
    /// The version of HTTP: `1.1` or `2`.
    pub http: &'static str,
    /// How many requests a connection carries at a time.
    pub streams: usize,
}

/// The engine of a thread.
pub enum Engine {
    /// Our own loop.
    Own(Box<Own>),
    /// hyper's, with what is told of it.
    Hyper(Box<hyper_wire::Engine>, Used),
}

impl Engine {
    /// Makes one; connects to nothing yet.
    ///
    /// # Errors
    /// If the machine refuses what it needs.
    pub fn new(
        wire: &Wire,
        server: &Server,
        connections: usize,
        answer_within: Duration,
    ) -> io::Result<Self> {
        let (request_timeout, largest_reply) = (answer_within, LARGEST_REPLY);
        match wire {
            Wire::Own(wanted) => {
                let config = Config {
                    connections,
                    request_timeout,
                    connect_timeout: CONNECT_WITHIN,
                    largest_reply,
                    wanted: *wanted,
                    ..Config::new(server.address)
                };
                Ok(Self::Own(Box::new(Own::new(config)?)))
            }
            Wire::Hyper(hyper) => {
                let config = hyper_wire::Config {
                    connections,
                    streams: hyper.streams,
                    protocol: hyper.protocol,
                    security: hyper.security.clone(),
                    request_timeout,
                    connect_timeout: CONNECT_WITHIN,
                    largest_reply,
                    ..hyper_wire::Config::new(server.address)
                };
                let engine = hyper_wire::Engine::new(config)?;
                let (reason, streams) = (hyper.reason.clone(), hyper.streams);
                let used = Used { name: "hyper", reason, http: wire.http(), streams };
                Ok(Self::Hyper(Box::new(engine), used))
            }
        }
    }

    /// A handle that ends the run.
    pub fn stop(&self) -> Stop {
        match self {
            Self::Own(engine) => engine.stop(),
            Self::Hyper(engine, _) => engine.stop(),
        }
    }

    /// Runs the work to its end. It blocks.
    ///
    /// # Errors
    /// If the machine refuses something meanwhile.
    pub fn run(&mut self, work: &mut impl Work) -> io::Result<()> {
        match self {
            Self::Own(engine) => engine.run(work),
            Self::Hyper(engine, _) => {
                engine.run(work);
                Ok(())
            }
        }
    }

    /// What happened to connections.
    pub fn counters(&self) -> Counters {
        match self {
            Self::Own(engine) => engine.counters(),
            Self::Hyper(engine, _) => engine.counters(),
        }
    }

    /// Which one it is, and why.
    pub fn used(&self) -> Used {
        match self {
            Self::Own(engine) => {
                let choice = engine.choice();
                let name = match choice.kind {
                    Kind::IoUring => "io_uring",
                    Kind::Epoll => "epoll",
                };
                Used { name, reason: choice.reason.clone(), http: "1.1", streams: 1 }
            }
            Self::Hyper(_, used) => used.clone(),
        }
    }
}
