//! One run of the loop: asks the work what to send, keeps the deadlines, and tells the driver what to do. What
//! the driver tells is judged in `run/told.rs`.

mod told;

use std::time::{Duration, Instant};

use crate::connection::{Connection, Job, Link, Stage};
use crate::driver::{Driver, Events, Wait};
use crate::engine::Counters;
use crate::sleepers::Sleepers;
use crate::stop::Asked;
use crate::work::Buffers;
use crate::{Config, Failure, Next, Stop, Work};

/// How often deadlines and the stop handle are looked at.
const TICK: Duration = Duration::from_millis(10);

#[derive(Debug, Clone, Copy)]
enum Command {
    Open(usize),
    Send(usize),
    Close(usize),
}

pub(crate) struct Run<'a, W> {
    work: &'a mut W,
    connections: &'a mut [Connection],
    counters: &'a mut Counters,
    config: &'a Config,
    now: Instant,
    next_tick: Instant,
    /// Connections to be asked before the next turn, in the order in which they became idle.
    ask: Vec<usize>,
    sleepers: Sleepers,
    commands: Vec<Command>,
    /// Whether requests of this turn are to be completed.
    unprepared: bool,
    /// Connections that are not finished.
    live: usize,
    asked: Asked,
}

impl<'a, W: Work> Run<'a, W> {
    pub(crate) fn new(
        work: &'a mut W,
        connections: &'a mut [Connection],
        counters: &'a mut Counters,
        config: &'a Config,
        now: Instant,
    ) -> Self {
        let live = connections.len();
        let mut run = Run {
            work,
            connections,
            counters,
            config,
            now,
            next_tick: now,
            ask: Vec::with_capacity(live),
            sleepers: Sleepers::default(),
            commands: Vec::with_capacity(2 * live),
            unprepared: false,
            live,
            asked: Asked::Nothing,
        };
        for slot in 0..live {
            run.connections[slot].job = Job::Ask;
            match run.connections[slot].link {
                Link::Closed { .. } => run.open(slot),
                Link::Connecting { .. } => {}
                Link::Open => run.ask.push(slot),
            }
        }
        run
    }

    /// Runs turns until no connection has work left.
    pub(crate) fn go(mut self, driver: &mut impl Driver, stop: &Stop) -> std::io::Result<()> {
        loop {
            if self.now >= self.next_tick {
                self.tick(stop);
            }
            // Buffers that come back with a close are there before anyone writes into them.
            self.carry_out(driver);
            self.ask_all();
            if std::mem::take(&mut self.unprepared) {
                self.work.prepare(&mut Buffers(self.connections));
            }
            self.carry_out(driver);
            if self.live == 0 {
                self.leave(driver);
                return Ok(());
            }
            driver.turn(self.wait(), &mut self)?;
        }
    }

    fn wait(&self) -> Wait {
        if !self.ask.is_empty() || !self.commands.is_empty() {
            return Wait::About(Duration::ZERO);
        }
        match self.sleepers.next() {
            Some(at) if at < self.next_tick => {
                Wait::Exactly(at.saturating_duration_since(self.now))
            }
            _ => Wait::About(self.next_tick.saturating_duration_since(self.now)),
        }
    }

    fn carry_out(&mut self, driver: &mut impl Driver) {
        let mut commands = std::mem::take(&mut self.commands);
        for command in commands.drain(..) {
            match command {
                Command::Send(slot) => {
                    driver.send(slot, std::mem::take(&mut self.connections[slot].buffer));
                }
                Command::Open(slot) => {
                    if let Err(failure) = driver.open(slot) {
                        self.connected(slot, Err(failure));
                    }
                }
                Command::Close(slot) => {
                    if let Some(buffer) = driver.close(slot) {
                        self.connections[slot].buffer = buffer;
                    }
                }
            }
        }
        // Opening may fail at once and leave new commands.
        if self.commands.is_empty() {
            self.commands = commands;
        }
    }

    fn ask_all(&mut self) {
        while let Some(slot) = self.sleepers.wake(self.now) {
            if matches!(self.connections[slot].job, Job::Until(at) if at <= self.now) {
                self.connections[slot].job = Job::Ask;
                self.ask.push(slot);
            } else if self.connections[slot].job == Job::Ask {
                self.ask.push(slot);
            }
        }
        let mut ask = std::mem::take(&mut self.ask);
        for slot in ask.drain(..) {
            self.ask(slot);
        }
        if self.ask.is_empty() {
            self.ask = ask;
        }
    }

    fn ask(&mut self, slot: usize) {
        let connection = &mut self.connections[slot];
        if connection.job != Job::Ask {
            return;
        }
        if self.asked != Asked::Nothing {
            self.retire(slot);
            return;
        }
        match connection.link {
            Link::Closed { retry_at } if retry_at > self.now => {
                self.sleepers.add(retry_at, slot);
                return;
            }
            // Asked when connecting has ended, so that the request does not wait for it.
            Link::Connecting { .. } => return,
            Link::Closed { .. } | Link::Open => {}
        }
        let next = self.work.next(slot, self.now, &mut connection.buffer);
        match next {
            Next::Send(tag) | Next::Prepare(tag) => {
                self.unprepared |= matches!(next, Next::Prepare(_));
                connection.job = Job::Request { tag, stage: Stage::Waiting };
                match connection.link {
                    Link::Open => self.commands.push(Command::Send(slot)),
                    _ => self.open(slot),
                }
            }
            Next::WaitUntil(at) => {
                connection.job = Job::Until(at);
                self.sleepers.add(at, slot);
            }
            Next::Idle => connection.job = Job::Parked,
            Next::Finished => self.retire(slot),
        }
    }

    fn retire(&mut self, slot: usize) {
        if self.connections[slot].job != Job::Finished {
            self.connections[slot].job = Job::Finished;
            self.live -= 1;
        }
    }

    fn tick(&mut self, stop: &Stop) {
        self.next_tick = self.now + TICK;
        self.work.tick(self.now);
        let asked = stop.asked();
        self.asked = asked;
        for slot in 0..self.connections.len() {
            self.look_at(slot);
            if asked != Asked::Nothing {
                self.end(slot, asked);
            }
        }
    }

    fn look_at(&mut self, slot: usize) {
        if let Link::Connecting { deadline } = self.connections[slot].link
            && deadline <= self.now
        {
            self.connected(slot, Err(Failure::ConnectTimedOut));
        }
        match self.connections[slot].job {
            Job::Request { stage, .. } => {
                let due = stage.since().map(|since| since + self.config.request_timeout);
                if due.is_some_and(|due| due <= self.now) {
                    self.fail(slot, Failure::TimedOut);
                }
            }
            Job::Parked => {
                self.connections[slot].job = Job::Ask;
                self.ask.push(slot);
            }
            _ => {}
        }
    }

    /// Ends what a connection does, because the caller wants the run to end.
    fn end(&mut self, slot: usize, asked: Asked) {
        match (self.connections[slot].job, asked) {
            (Job::Request { .. }, Asked::Abort) => {
                self.fail(slot, Failure::Aborted);
                self.retire(slot);
            }
            (Job::Request { .. }, _) => {}
            _ => self.retire(slot),
        }
    }

    /// Leaves behind only links that another run can use.
    fn leave(&mut self, driver: &mut impl Driver) {
        for slot in 0..self.connections.len() {
            if let Link::Connecting { .. } = self.connections[slot].link {
                self.connections[slot].link = Link::Closed { retry_at: self.now };
                self.commands.push(Command::Close(slot));
            }
        }
        self.carry_out(driver);
    }

    fn open(&mut self, slot: usize) {
        let deadline = self.now + self.config.connect_timeout;
        self.connections[slot].link = Link::Connecting { deadline };
        self.commands.push(Command::Open(slot));
    }

    /// Closes a link that has no request.
    fn drop_idle(&mut self, slot: usize) {
        // A receiver that only accepts and closes must not make the loop spin.
        if !self.connections[slot].was_useful() {
            self.connections[slot].failed();
        }
        self.drop_link(slot);
    }

    /// Closes a link. Connects again at once, or after a pause if there were failures.
    fn drop_link(&mut self, slot: usize) {
        self.commands.push(Command::Close(slot));
        let connection = &mut self.connections[slot];
        let pause = connection.pause();
        connection.link = Link::Closed { retry_at: self.now + pause };
        if self.asked == Asked::Nothing && connection.job != Job::Finished && pause.is_zero() {
            self.open(slot);
        } else if connection.job == Job::Ask {
            self.ask.push(slot);
        }
    }

    /// Reports a request as failed and closes its link.
    fn fail(&mut self, slot: usize, failure: Failure) {
        self.report(slot, failure);
        self.connections[slot].failed();
        self.drop_link(slot);
    }

    fn report(&mut self, slot: usize, failure: Failure) {
        if let Job::Request { tag, .. } = self.connections[slot].job {
            self.connections[slot].job = Job::Ask;
            self.work.done(slot, tag, Err(failure), self.now);
        }
    }
}
