//! The engine as its caller sees it: made once for an address, then run.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use standin_wire::{Counters, Stop, Work};
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

use crate::config::{Config, Protocol};
use crate::connect::Connector;
use crate::link::Link;
use crate::run::Run;
use crate::slot::{self, Settings};

/// A day: longer than any run.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// A client loop for one address.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    runtime: Runtime,
    counters: Rc<Cell<Counters>>,
    stop: Stop,
}

impl Engine {
    /// The most slots of one engine: connections times streams.
    pub const MOST_SLOTS: usize = 8_192;

    /// Makes an engine; connects to nothing yet.
    ///
    /// # Errors
    ///
    /// The number of connections or streams is out of range, or the machine refuses what the engine needs.
    pub fn new(mut config: Config) -> io::Result<Self> {
        let wrong = |message: String| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        let slots = config.connections.saturating_mul(config.streams);
        if slots == 0 || slots > Self::MOST_SLOTS {
            let most = Self::MOST_SLOTS;
            return wrong(format!("connections × streams must be from 1 to {most}, not {slots}"));
        }
        if config.protocol == Protocol::Http1 && config.streams > 1 {
            return wrong("a connection of HTTP/1.1 carries one request at a time".to_owned());
        }
        // A time-out without end must not overflow the clock.
        config.request_timeout = config.request_timeout.min(LONGEST_TIMEOUT);
        config.connect_timeout = config.connect_timeout.min(LONGEST_TIMEOUT);
        Ok(Engine { config, runtime: runtime()?, counters: Rc::default(), stop: Stop::default() })
    }

    /// What happened to connections so far, in all runs.
    pub fn counters(&self) -> Counters {
        self.counters.get()
    }

    /// A handle that ends the run. Once used, it ends later runs of this engine too.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Runs until every slot is finished or the run is stopped. Then all connections are closed. It blocks, and
    /// must not be called on the thread of an async runtime.
    pub fn run(&mut self, work: &mut impl Work) {
        let run = Run::new(work, self.stop.clone());
        let settings = Settings::new(&self.config);
        let connector = Rc::new(Connector::new(&self.config));
        let link = |_| Rc::new(Link::new(Rc::clone(&connector), Rc::clone(&self.counters)));
        let links: Vec<Rc<Link>> = (0..self.config.connections).map(link).collect();
        let all = async {
            let slots = (0..self.config.connections * self.config.streams)
                .map(|slot| slot::serve(slot, &run, &links[slot / self.config.streams], &settings));
            let mut slots: FuturesUnordered<_> = slots.collect();
            tokio::select! {
                biased;
                () = run.tick() => {}
                () = async { while slots.next().await.is_some() {} } => {}
            }
        };
        let local = LocalSet::new();
        self.runtime.block_on(local.run_until(all));
    }
}

/// A runtime for this thread alone.
pub(crate) fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_io().enable_time().build()
}
