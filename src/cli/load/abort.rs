//! `--abort-if`: ends a load early, if an expression holds while it goes on.

use std::sync::Arc;
use std::time::Duration;

use super::outcome::thresholds;
use crate::cli::errors::CliError;
use crate::load::Progress;
use crate::load::follow::Live;
use crate::load::interim::SoFar;
use crate::load::report::interim;
use crate::load::threshold::Threshold;
use crate::model::load::Aborted;

/// The time between two looks. The first second is not judged: it says too little.
const EVERY: Duration = Duration::from_secs(1);

/// The expressions, and what a load is judged by while it goes on.
#[derive(Default)]
pub(super) struct Abort {
    thresholds: Vec<Threshold>,
    /// When the threads were asked for their counts.
    asked: Option<Duration>,
    /// The last counts of each thread. One that is over gives no more.
    given: Vec<Option<SoFar>>,
    aborted: Option<Aborted>,
}

impl Abort {
    /// Reads the expressions.
    pub(super) fn read(texts: &[String]) -> Result<Self, CliError> {
        Ok(Self { thresholds: thresholds("--abort-if", texts)?, ..Self::default() })
    }

    /// Asks for counts each second, and judges those that it has been given since. True once: when an
    /// expression holds.
    pub(super) fn look(
        &mut self,
        (threads, live): (&[Arc<Progress>], Option<&Live>),
        elapsed: Duration,
    ) -> bool {
        if self.thresholds.is_empty() || self.aborted.is_some() {
            return false;
        }
        self.given.resize(threads.len(), None);
        let mut news = false;
        for (place, thread) in threads.iter().enumerate() {
            if let Some(given) = thread.interim.take() {
                (self.given[place], news) = (Some(given), true);
            }
        }
        if self.asked.is_none_or(|asked| elapsed >= asked + EVERY) {
            threads.iter().for_each(|thread| thread.interim.ask());
            self.asked = Some(elapsed);
        }
        if news {
            self.judge(live);
        }
        self.aborted.is_some()
    }

    fn judge(&mut self, live: Option<&Live>) {
        // All of them, or a share would be one of a part.
        let given: Option<Vec<&SoFar>> = self.given.iter().map(Option::as_ref).collect();
        let Some((first, others)) = given.as_deref().and_then(<[_]>::split_first) else { return };
        let mut all = SoFar::clone(first);
        others.iter().for_each(|one| all.add(one));
        if all.sending < EVERY {
            return;
        }
        let report = interim(&all, live);
        let holds = |one: &Threshold| Some((one.text.clone(), one.holds(&report)?));
        self.aborted = self.thresholds.iter().find_map(holds).map(|(text, value)| Aborted {
            text,
            value,
            after_s: all.sending.as_secs_f64(),
        });
    }

    /// Why the run was ended early, if it was.
    pub(super) fn why(self) -> Option<Aborted> {
        self.aborted
    }
}
