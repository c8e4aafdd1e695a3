//! The task that sends due tickets and lets time pass.

use std::time::Duration;

use jiff::Timestamp;
use tokio::task::yield_now;

use super::core::{Goal, Live, State, Written};
use super::pace::Pace;
use crate::driver::core::poll;
use crate::driver::pump::send;
use crate::journal::entry::TicketId;
use crate::policy::wire::SendResult;
use crate::run::{Run, Ticket};

/// How many requests of one run may be under way.
const MAX_IN_FLIGHT: usize = 64;

/// The longest sleep. After it, the pump reads real time again.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// What the pump does next.
enum Turn {
    /// It sends these, once the journal has the intent to send them.
    Send(Vec<Ticket>, Option<Written>),
    /// It takes another turn at once.
    Again,
    /// It sleeps until something changes, at most this long.
    Sleep(Option<Duration>),
    /// It ends.
    End,
}

impl Live {
    /// Sends due tickets and lets time pass, until the run ends.
    pub(super) async fn pump(self) {
        loop {
            let turn = self.turn();
            match turn {
                Turn::Send(tickets, written) => {
                    let journalled = match written {
                        Some(written) => matches!(written.await, Ok(Ok(_))),
                        None => true,
                    };
                    if journalled {
                        self.send_all(tickets);
                    } else {
                        self.state().out -= tickets.len();
                    }
                }
                Turn::Again => yield_now().await,
                Turn::Sleep(None) => self.0.wake.notified().await,
                Turn::Sleep(Some(length)) => {
                    // Both a change and the timeout lead to another turn.
                    let _ = tokio::time::timeout(length, self.0.wake.notified()).await;
                }
                Turn::End => return,
            }
        }
    }

    fn turn(&self) -> Turn {
        let mut state = self.state();
        let failed = state.writer.failed().is_some();
        if failed || state.ended {
            let over = state.out == 0 || failed;
            if over {
                self.0.progress.send_modify(|progress| {
                    progress.ended = true;
                    progress.busy = false;
                });
            }
            return if over { Turn::End } else { Turn::Sleep(None) };
        }
        let tickets = state.poll();
        if !tickets.is_empty() {
            state.out += tickets.len();
            let written = state.record();
            return Turn::Send(tickets, written);
        }
        // An attempt can end without a ticket.
        let _ = state.record();
        match state.goals.front().copied() {
            // Requests under way are answered before time passes on.
            Some(_) if state.out > 0 || state.gates > 0 => Turn::Sleep(None),
            Some(Goal::Until(end)) => {
                let next = state.run.next().filter(|next| *next < end);
                state.run.advance(next.unwrap_or(end));
                let _ = state.record();
                if next.is_none() && state.run.next().is_none_or(|next| next > end) {
                    self.reached(&mut state);
                }
                Turn::Again
            }
            Some(Goal::Settle) => {
                self.reached(&mut state);
                Turn::Again
            }
            None => self.pace_or_sleep(&mut state),
        }
    }

    fn reached(&self, state: &mut State) {
        state.goals.pop_front();
        // From here on, time passes at its pace again.
        state.pace = Pace::from(state.run.sim().now(), state.pace.speed);
        self.0.progress.send_modify(|progress| progress.reached += 1);
    }

    /// Nothing is due: advances at the pace of time, or sleeps until the next due moment or input.
    fn pace_or_sleep(&self, state: &mut State) -> Turn {
        let next = state.run.next();
        // Time lags behind a receiver that cannot keep pace, so that the queue for it stays
        // bounded.
        let full = state.out >= MAX_IN_FLIGHT || state.gates > 0;
        if let (Some(now), Some(next), false) = (state.pace.now(), next, full)
            && next <= now
        {
            state.run.advance(next);
            let _ = state.record();
            return Turn::Again;
        }
        if state.out == 0 && state.gates == 0 {
            self.0.progress.send_modify(|progress| progress.busy = false);
        }
        let left = next.filter(|_| !full).and_then(|next| state.pace.until(next));
        Turn::Sleep(left.map(|left| left.clamp(Duration::from_millis(1), LONGEST_SLEEP)))
    }

    /// Sends tickets, each in its own task.
    pub(super) fn send_all(&self, tickets: Vec<Ticket>) {
        for ticket in tickets {
            let live = self.clone();
            self.0.runtime.spawn(async move {
                let results = {
                    // The semaphore is never closed.
                    let _permit = live.0.permits.acquire().await;
                    send(&live.0.sender, &ticket).await
                };
                live.returned(ticket.id, results);
            });
        }
    }

    fn returned(&self, ticket: TicketId, results: Vec<SendResult>) {
        let mut state = self.state();
        state.out -= 1;
        state.run.returned(ticket, results);
        // If the journal cannot be written, the store keeps the error, and nothing more is sent.
        let _ = state.record();
        drop(state);
        self.0.wake.notify_one();
    }
}

impl State {
    /// The due tickets, as many as may be sent now.
    fn poll(&mut self) -> Vec<Ticket> {
        let until = match self.goals.front() {
            Some(Goal::Settle) => Timestamp::MAX,
            _ => self.run.sim().now(),
        };
        if self.gates > 0 {
            return Vec::new();
        }
        let room = MAX_IN_FLIGHT.saturating_sub(self.out);
        let run: &mut Run = &mut self.run;
        std::iter::from_fn(|| poll(run, until)).take(room).collect()
    }
}
