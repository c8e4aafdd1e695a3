//! Plays the parts of a batch at the same time, each on a thread of its own.
//!
//! A run of a scenario stays on its thread. Only its outcome leaves it.

use std::panic::{resume_unwind, set_hook, take_hook};
use std::rc::Rc;
use std::thread::{self, JoinHandle};

use futures::{Stream, StreamExt as _, stream};
use tokio::runtime;
use tokio::sync::mpsc;

use super::part::{Outcomes, Part, ScenarioOutcome};
use super::plan::Key;
use crate::under_test::UnderTest;

/// A scenario that has ended on a thread: its key, its name and its outcome.
type Ended = (Key, String, ScenarioOutcome);

/// What is done about a panic.
type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send>;

/// The threads. When they are dropped, they stop, and nothing is sent any more.
struct Threads {
    ended: mpsc::UnboundedReceiver<Ended>,
    running: Vec<JoinHandle<()>>,
    hook: Option<Hook>,
}

/// Plays the parts. The outcome of a scenario is there before it comes from the stream, with its name. Nothing
/// begins before the stream is asked.
pub fn play(
    parts: Vec<(Part, UnderTest)>,
    outcomes: Outcomes,
) -> impl Stream<Item = (Key, String)> {
    let begin = stream::once(async { Threads::start(parts) });
    begin.flat_map(move |threads| {
        let outcomes = Rc::clone(&outcomes);
        stream::unfold(threads, move |mut threads| {
            let outcomes = Rc::clone(&outcomes);
            async move {
                let (key, name, outcome) = threads.next().await?;
                outcomes.borrow_mut().insert(key, outcome);
                Some(((key, name), threads))
            }
        })
    })
}

impl Threads {
    fn start(parts: Vec<(Part, UnderTest)>) -> Self {
        let (sender, ended) = mpsc::unbounded_channel();
        // Each of cucumber's runners silences panics, and puts back the hook that it found: this silent one.
        let hook = Some(take_hook());
        set_hook(Box::new(|_| {}));
        let run = |(part, under_test)| {
            let sender = sender.clone();
            thread::spawn(move || play_here(part, under_test, &sender))
        };
        Self { ended, running: parts.into_iter().map(run).collect(), hook }
    }

    /// The next scenario that ends. `None`: all have ended.
    ///
    /// # Panics
    /// If a thread did.
    async fn next(&mut self) -> Option<Ended> {
        let next = self.ended.recv().await;
        let panicked = if next.is_none() { self.join().find_map(Result::err) } else { None };
        if let Some(panic) = panicked {
            self.restore_hook();
            resume_unwind(panic);
        }
        next
    }

    fn restore_hook(&mut self) {
        if let Some(hook) = self.hook.take().filter(|_| !thread::panicking()) {
            set_hook(hook);
        }
    }

    fn join(&mut self) -> impl Iterator<Item = thread::Result<()>> {
        self.running.drain(..).map(JoinHandle::join)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.ended.close();
        self.join().for_each(drop);
        self.restore_hook();
    }
}

/// Plays a part to its end, or until nobody wants to know.
fn play_here(part: Part, under_test: UnderTest, ended: &mpsc::UnboundedSender<Ended>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let outcomes = Outcomes::default();
    let played = part.play(Rc::new(under_test), None, &outcomes);
    let told = played.for_each(|(key, name)| {
        if let Some(outcome) = outcomes.borrow_mut().remove(&key) {
            // Where nobody listens any more, the part ends at once.
            let _ = ended.send((key, name, outcome));
        }
        std::future::ready(())
    });
    runtime.block_on(async {
        tokio::select! {
            () = told => {}
            () = ended.closed() => {}
        }
    });
    // A look-up of a name may still wait for an answer that nobody needs.
    runtime.shutdown_background();
}
