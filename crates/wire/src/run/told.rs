//! What the driver tells, judged: which request has its reply, which has failed, and which link is of no more use.

use std::time::Instant;

use super::{Command, Run};
use crate::connection::{Job, Link, Stage};
use crate::decoder::{Fed, Parsed};
use crate::driver::{Events, Flow};
use crate::{Failure, Reply, Work};

/// Tells the work about a reply to the request at this stage.
fn tell(
    work: &mut impl Work,
    slot: usize,
    tag: u64,
    stage: Stage,
    parsed: Parsed<'_>,
    now: Instant,
) {
    let reply = Reply {
        status: parsed.status,
        head: parsed.head,
        body: parsed.body,
        cut: parsed.cut,
        early: !matches!(stage, Stage::Sent { .. }),
        sent: stage.since().unwrap_or(now),
        received: now,
    };
    work.done(slot, tag, Ok(reply), now);
}

impl<W: Work> Events for Run<'_, W> {
    fn woke(&mut self, now: Instant) {
        self.now = now;
    }

    fn sending(&mut self, slot: usize, at: Instant) {
        if let Job::Request { stage, .. } = &mut self.connections[slot].job {
            *stage = Stage::Sending { since: at };
        }
    }

    fn sent(&mut self, slot: usize, request: Vec<u8>, result: Result<(), Failure>) {
        let connection = &mut self.connections[slot];
        connection.buffer = request;
        let Job::Request { stage, .. } = &mut connection.job else {
            return;
        };
        let since = stage.since().unwrap_or(self.now);
        match result {
            Ok(()) => *stage = Stage::Sent { since },
            // The receiver may have answered before it closed, and its answer comes first.
            Err(failure @ Failure::Reset) => *stage = Stage::Broken { since, failure },
            Err(failure) => self.fail(slot, failure),
        }
    }

    fn connected(&mut self, slot: usize, result: Result<(), Failure>) {
        if !matches!(self.connections[slot].link, Link::Connecting { .. }) {
            return;
        }
        match result {
            Ok(()) => {
                self.counters.connects += 1;
                self.connections[slot].opened();
                match self.connections[slot].job {
                    Job::Request { .. } => self.commands.push(Command::Send(slot)),
                    Job::Ask => self.ask.push(slot),
                    Job::Until(_) | Job::Parked | Job::Finished => {}
                }
            }
            Err(failure) => {
                self.counters.failed_connects += 1;
                self.report(slot, failure);
                self.connections[slot].failed();
                self.commands.push(Command::Close(slot));
                let pause = self.connections[slot].pause();
                self.connections[slot].link = Link::Closed { retry_at: self.now + pause };
                if self.connections[slot].job == Job::Ask {
                    self.ask.push(slot);
                }
            }
        }
    }

    fn received(&mut self, slot: usize, bytes: &[u8]) -> Flow {
        let connection = &mut self.connections[slot];
        if connection.link != Link::Open {
            return Flow::Stop;
        }
        let Job::Request { tag, stage } = connection.job else {
            self.counters.surplus += 1;
            self.drop_idle(slot);
            return Flow::Stop;
        };
        match connection.decoder.feed(bytes) {
            Ok(Fed::More) => Flow::GoOn,
            Ok(Fed::Whole { reply, rest }) => {
                let early = !matches!(stage, Stage::Sent { .. });
                let surplus = rest > 0 && !reply.cut;
                let keep = reply.keep && !early && !surplus;
                tell(self.work, slot, tag, stage, reply, self.now);
                self.counters.surplus += u64::from(surplus);
                self.counters.early += u64::from(early);
                connection.replied();
                connection.job = Job::Ask;
                if keep {
                    self.ask.push(slot);
                    return Flow::GoOn;
                }
                self.drop_link(slot);
                Flow::Stop
            }
            Err(failure) => {
                self.fail(slot, failure);
                Flow::Stop
            }
        }
    }

    fn ended(&mut self, slot: usize, result: Result<(), Failure>) {
        let connection = &mut self.connections[slot];
        if connection.link != Link::Open {
            return;
        }
        let Job::Request { tag, stage } = connection.job else {
            self.counters.idle_closes += 1;
            self.drop_idle(slot);
            return;
        };
        let failure = match result.and_then(|()| connection.decoder.end()) {
            Ok(reply) => {
                tell(self.work, slot, tag, stage, reply, self.now);
                connection.replied();
                connection.job = Job::Ask;
                self.drop_link(slot);
                return;
            }
            Err(failure) => failure,
        };
        self.fail(
            slot,
            match (stage, failure) {
                (Stage::Broken { failure, .. }, Failure::ClosedBeforeReply) => failure,
                _ => failure,
            },
        );
    }
}
