//! What callers can do with a live run: apply inputs, read it, and let time pass.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore, oneshot, watch};

use super::core::{Goal, Live, Progress, Shared, State, Written};
use super::pace::Pace;
use crate::clock::after;
use crate::delivery::Sender;
use crate::driver::{Drive, Driven};
use crate::journal::JournalError;
use crate::journal::Note;
use crate::journal::sqlite::RunWriter;
use crate::run::Run;

impl Live {
    /// Drives this run from now on, and sends its outstanding requests again.
    pub fn start(
        run: Run,
        writer: RunWriter,
        pace: Pace,
        sender: Sender,
        permits: Arc<Semaphore>,
        runtime: Handle,
    ) -> Self {
        let again: Vec<_> = run.outstanding().cloned().collect();
        let (goals, out) = (VecDeque::new(), again.len());
        let state = State { run, writer, pace, goals, goals_set: 0, out, gates: 0, ended: false };
        let (progress, _) = watch::channel(Progress { busy: true, ..Progress::default() });
        let live = Self(Arc::new(Shared {
            state: Mutex::new(state),
            sender,
            permits,
            runtime,
            wake: Notify::new(),
            progress,
        }));
        live.send_all(again);
        live.0.runtime.spawn(live.clone().pump());
        live
    }

    /// Reads something from the run.
    pub fn read<T>(&self, question: impl FnOnce(&Run) -> T) -> T {
        question(&self.state().run)
    }

    /// Applies an input to the run now, and returns its value once the input is in the journal. If
    /// virtual time passes by itself, the run is first advanced to the present moment.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn apply<T: Send + 'static>(
        &self,
        input: impl FnOnce(&mut Run) -> T,
    ) -> impl Future<Output = Result<T, JournalError>> + Send + 'static {
        self.apply_noted(input, |_, _| None)
    }

    /// The same with a note of what it gave and when. It is in the journal if and only if what the
    /// input recorded is.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn apply_noted<T: Send + 'static>(
        &self,
        input: impl FnOnce(&mut Run) -> T,
        note: impl FnOnce(&T, Timestamp) -> Option<Note>,
    ) -> impl Future<Output = Result<T, JournalError>> + Send + 'static {
        let applied = self.apply_now(input, |value, state| note(value, state.now()));
        async move {
            let (value, written) = applied?;
            if let Some(written) = written {
                written.await.unwrap_or_else(|_| Err(closed()))?;
            }
            Ok(value)
        }
    }

    /// Like [`apply`](Self::apply). If `gated` says so for the returned value, nothing is sent
    /// until the gate is dropped.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn apply_gated<T: Send + 'static>(
        &self,
        input: impl FnOnce(&mut Run) -> T,
        gated: impl FnOnce(&T) -> bool,
    ) -> Result<(T, Option<Gate>), JournalError> {
        let mut gate = None;
        let applied = self.apply_now(input, |value, state| {
            if gated(value) {
                state.gates += 1;
                gate = Some(Gate(self.clone()));
            }
            None
        });
        let (value, written) = applied?;
        if let Some(written) = written {
            written.await.unwrap_or_else(|_| Err(closed()))?;
        }
        Ok((value, gate))
    }

    fn apply_now<T>(
        &self,
        input: impl FnOnce(&mut Run) -> T,
        then: impl FnOnce(&T, &mut State) -> Option<Note>,
    ) -> Result<(T, Option<Written>), JournalError> {
        let mut state = self.state();
        if let Some(failed) = state.writer.failed() {
            return Err(failed);
        }
        state.catch_up();
        let value = input(&mut state.run);
        let note = then(&value, &mut state);
        let written = state.record_noted(note);
        self.0.progress.send_modify(|progress| progress.busy = true);
        drop(state);
        self.0.wake.notify_one();
        Ok((value, written))
    }

    /// Lets virtual time pass until this moment. Vendors act by themselves, and due requests are
    /// answered before time passes on. Returns when the moment is reached. If the future is
    /// dropped, time passes all the same.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn advance(&self, to: Timestamp) -> Driven {
        self.reach(Goal::Until(to)).await
    }

    /// Makes every pending attempt and all retries, while the vendors' time stands still.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn settle(&self) -> Driven {
        self.reach(Goal::Settle).await?;
        self.apply(Run::nothing_overtakes).await?;
        self.reach(Goal::Settle).await
    }

    /// Waits until nothing is due and nothing is under way.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn idle(&self) -> Driven {
        self.wait(|progress| !progress.busy).await
    }

    async fn reach(&self, goal: Goal) -> Driven {
        let number = {
            let mut state = self.state();
            state.goals.push_back(goal);
            state.goals_set += 1;
            state.goals_set
        };
        self.0.wake.notify_one();
        self.wait(|progress| progress.reached >= number).await?;
        if self.0.progress.borrow().reached >= number { Ok(()) } else { Err(ended()) }
    }

    async fn wait(&self, until: impl Fn(&Progress) -> bool) -> Driven {
        let mut progress = self.0.progress.subscribe();
        // The sender lives as long as `self`, so this cannot fail.
        let _ = progress.wait_for(|now| until(now) || now.ended).await;
        // An empty append completes after all earlier ones.
        let (done, written) = oneshot::channel();
        self.state().writer.append(&[], move |appended| {
            // The caller may have stopped waiting.
            let _ = done.send(appended);
        });
        written.await.unwrap_or_else(|_| Err(closed())).map(|_| ())
    }

    /// The pace of virtual time.
    pub fn pace(&self) -> Pace {
        self.state().pace
    }

    /// Sets the speed of virtual time, in virtual seconds per real second. `None` stops it: pending
    /// goals are dropped.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn set_speed(&self, speed: Option<f64>) -> Driven {
        let mut state = self.state();
        if let Some(failed) = state.writer.failed() {
            return Err(failed);
        }
        state.catch_up();
        let _ = state.record();
        state.pace = Pace::from(state.run.sim().now(), speed);
        if speed.is_none() {
            let dropped = state.goals.drain(..).count() as u64;
            self.0.progress.send_modify(|progress| progress.reached += dropped);
        }
        drop(state);
        self.0.wake.notify_one();
        Ok(())
    }

    /// The moment that a pending [`advance`](Self::advance) goes to, if there is one.
    pub fn passing_to(&self) -> Option<Timestamp> {
        let state = self.state();
        let moments = state.goals.iter().filter_map(|goal| match goal {
            Goal::Until(moment) => Some(*moment),
            Goal::Settle => None,
        });
        moments.max()
    }

    /// Whether a goal is pending.
    pub fn is_under_way(&self) -> bool {
        !self.state().goals.is_empty()
    }

    /// Virtual time now.
    pub fn now(&self) -> Timestamp {
        self.state().now()
    }

    /// Writes a note into the journal of the run.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn note(&self, note: Note) -> Driven {
        let (done, written) = oneshot::channel();
        self.state().writer.append_note(note, move |noted| {
            // The caller may have stopped waiting.
            let _ = done.send(noted);
        });
        written.await.unwrap_or_else(|_| Err(closed())).map(|_| ())
    }

    /// Why the journal can no longer be written, if it cannot.
    pub fn failed(&self) -> Option<JournalError> {
        self.state().writer.failed()
    }

    /// How many requests are under way.
    pub fn in_flight(&self) -> usize {
        self.state().out
    }

    /// Stops sending, and waits until the requests under way have ended.
    pub async fn end(&self) {
        self.state().ended = true;
        self.0.wake.notify_one();
        // The caller whose entries failed has received the journal's error.
        let _ = self.wait(|progress| progress.ended).await;
    }
}

impl Drive for Live {
    fn ask<T>(&self, question: impl FnOnce(&Run) -> T) -> T {
        self.read(question)
    }

    async fn input<T: Send + 'static>(
        &mut self,
        what: impl FnOnce(&mut Run) -> T + Send,
    ) -> Result<T, JournalError> {
        self.apply(what).await
    }

    async fn send_due(&mut self) -> Driven {
        self.idle().await
    }

    async fn pass(&mut self, length: Duration) -> Driven {
        let end = after(self.now(), length);
        self.advance(end).await
    }

    async fn settle(&mut self) -> Driven {
        Live::settle(self).await
    }
}

/// Keeps tickets from being sent, until it is dropped.
pub struct Gate(Live);

impl Drop for Gate {
    fn drop(&mut self) {
        self.0.state().gates -= 1;
        self.0.0.wake.notify_one();
    }
}

/// The error of a goal that is never reached, because the account was deleted or the server stops.
fn ended() -> JournalError {
    JournalError::Unwritten("the run has ended".to_owned())
}

fn closed() -> JournalError {
    JournalError::Unwritten("the thread that writes it has ended".to_owned())
}
