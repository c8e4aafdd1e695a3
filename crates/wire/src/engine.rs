//! The engine as its caller sees it: made once for an address, then run.

use std::io;
use std::time::Duration;

use crate::clock;
use crate::connection::Connection;
use crate::driver::Driver;
use crate::epoll::Epoll;
use crate::run::Run;
use crate::uring::probe::Features;
use crate::uring::{self, Uring};
use crate::{Choice, Config, Kind, Stop, Wanted, Work};

/// A day: longer than any run.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// What happened to connections, besides the results of requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections that were established.
    pub connects: u64,
    /// Connections that could not be established.
    pub failed_connects: u64,
    /// Connections that the receiver closed while they were idle.
    pub idle_closes: u64,
    /// Connections that were closed because bytes came that nobody had asked for.
    pub surplus: u64,
    /// Replies that came before the request was sent completely. Their connections were closed.
    pub early: u64,
}

/// A client loop for one address. It stays on the thread that made it.
pub struct Engine {
    config: Config,
    choice: Choice,
    driver: AnyDriver,
    connections: Vec<Connection>,
    counters: Counters,
    stop: Stop,
    state: State,
    /// The kernel accepts submissions only from the thread that made the ring.
    _one_thread: std::marker::PhantomData<*const ()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    Running,
}

enum AnyDriver {
    Uring(Box<Uring>),
    Epoll(Box<Epoll>),
}

impl Engine {
    /// Makes an engine; connects to nothing yet.
    ///
    /// # Errors
    ///
    /// The number of connections is out of range, or the kernel refuses what the engine needs.
    pub fn new(mut config: Config) -> io::Result<Self> {
        if config.connections == 0 || config.connections > Config::MOST_CONNECTIONS {
            let most = Config::MOST_CONNECTIONS;
            let message =
                format!("connections must be from 1 to {most}, not {}", config.connections);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        // A time-out without end must not overflow the clock.
        config.request_timeout = config.request_timeout.min(LONGEST_TIMEOUT);
        config.connect_timeout = config.connect_timeout.min(LONGEST_TIMEOUT);
        let (driver, choice) = choose(&config, uring::probe::check)?;
        Ok(Self::with(config, driver, choice))
    }

    fn with(config: Config, driver: AnyDriver, choice: Choice) -> Self {
        let now = clock::now();
        let connections =
            (0..config.connections).map(|_| Connection::new(now, config.largest_reply)).collect();
        Engine {
            config,
            choice,
            driver,
            connections,
            counters: Counters::default(),
            stop: Stop::default(),
            state: State::Ready,
            _one_thread: std::marker::PhantomData,
        }
    }

    /// Which engine is in use, and why.
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// What happened to connections so far, in all runs.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// A handle that ends the run. Once used, it ends later runs of this engine too.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Runs until every connection is finished or the run is stopped. Connections stay open for another run.
    ///
    /// # Errors
    ///
    /// The kernel refuses to wait or to take requests, or an earlier run did not end properly. What happens to
    /// a connection is no error here: [`Work::done`] is told.
    pub fn run(&mut self, work: &mut impl Work) -> io::Result<()> {
        // After an error or a panic in the work, the connections' states are not known.
        if self.state == State::Running {
            return Err(io::Error::other("an earlier run of this engine did not end properly"));
        }
        self.state = State::Running;
        match &mut self.driver {
            AnyDriver::Uring(driver) => run(
                driver.as_mut(),
                work,
                &mut self.connections,
                &mut self.counters,
                &self.config,
                &self.stop,
            )?,
            AnyDriver::Epoll(driver) => run(
                driver.as_mut(),
                work,
                &mut self.connections,
                &mut self.counters,
                &self.config,
                &self.stop,
            )?,
        }
        self.state = State::Ready;
        Ok(())
    }
}

fn run(
    driver: &mut impl Driver,
    work: &mut impl Work,
    connections: &mut [Connection],
    counters: &mut Counters,
    config: &Config,
    stop: &Stop,
) -> io::Result<()> {
    Run::new(work, connections, counters, config, clock::now()).go(driver, stop)
}

fn choose(
    config: &Config,
    check: impl FnOnce() -> Result<Features, String>,
) -> io::Result<(AnyDriver, Choice)> {
    let epoll = |reason: String| {
        let driver = Epoll::new(config.address, config.connections)?;
        let choice = Choice { kind: Kind::Epoll, reason };
        Ok((AnyDriver::Epoll(Box::new(driver)), choice))
    };
    if config.wanted == Wanted::Epoll {
        return epoll("epoll was asked for".to_owned());
    }
    let made =
        check().and_then(|features| Uring::new(config.address, config.connections, features));
    match made {
        Ok(driver) => {
            let reason = driver.features();
            let choice = Choice { kind: Kind::IoUring, reason };
            Ok((AnyDriver::Uring(Box::new(driver)), choice))
        }
        Err(why) if config.wanted == Wanted::Auto => {
            epoll(format!("io_uring cannot be used: {why}"))
        }
        Err(why) => Err(io::Error::new(io::ErrorKind::Unsupported, why)),
    }
}

#[cfg(test)]
#[path = "engine/tests.rs"]
mod tests;
