//! What is printed while a story plays, and how its deliveries have ended.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;

use crate::cli::common::{self, COLOUR};
use crate::journal::{Entry, EntryKind, Listener};
use crate::model::{Failure, Outcome, Webhook};
use crate::phrase::Word;
use crate::report::play::Transcript;
use crate::scenario::Scenario;
use crate::scenario::file::Step;
use crate::scenario::words::Instruction;

/// Prints every step as it is begun and every attempt as it is made.
pub struct Screen {
    transcript: Transcript,
    caused: BTreeMap<u64, Known>,
    /// Traffic is forgotten as it goes.
    keeps_nothing: bool,
    /// A reader that has gone away must not end the story, nor make it one that held.
    read: bool,
    /// How deliveries have ended.
    pub tally: Tally,
}

/// A webhook that was caused.
struct Known {
    webhook: Webhook,
    /// The number of the last attempt.
    attempts: u32,
    /// What came of it.
    last: Option<Outcome>,
}

impl Screen {
    /// A screen with room for everything that the story names, and for these names besides.
    pub fn new(scenario: &Scenario, given: &[String]) -> Self {
        let catalogue = scenario.vendor.catalogue();
        let triggers = catalogue.triggers.iter().map(|trigger| trigger.name);
        let kinds = catalogue.subjects.iter().map(|subject| subject.kind);
        let names = names(scenario);
        let names = names.iter().chain(given).map(String::as_str);
        let faults = scenario.steps.iter().filter_map(|step| match &step.instruction {
            Instruction::Fault(fault) => Some(fault.text.as_str()),
            _ => None,
        });
        let transcript = Transcript::new(COLOUR).with_room_for(triggers, names, kinds);
        Self {
            transcript: transcript.with_faults(faults),
            caused: BTreeMap::new(),
            keeps_nothing: scenario.traffic.is_some(),
            read: true,
            tally: Tally::default(),
        }
    }

    fn say(&mut self, text: &str) {
        self.read = self.read && common::say_last(text);
    }

    /// Prints a step of the story that is about to be done.
    pub fn step(&mut self, now: Timestamp, step: &Step) {
        let day = self.transcript.day(now);
        let text = match &step.instruction {
            Instruction::Fault(fault) => &fault.text,
            _ => &step.text,
        };
        let line = self.transcript.step(text);
        self.say(&(day + &line));
    }

    fn hear(&mut self, entry: &Entry) {
        match &entry.kind {
            EntryKind::Caused(webhook) => {
                let known = Known { webhook: webhook.clone(), attempts: 0, last: None };
                self.caused.insert(webhook.seq, known);
            }
            EntryKind::Attempted { attempt, .. } => {
                if let Some(known) = self.caused.get_mut(&attempt.delivery) {
                    known.attempts = attempt.number;
                    known.last = Some(attempt.outcome.clone());
                    let line = self.transcript.attempt(&known.webhook, attempt);
                    self.say(&line);
                }
            }
            EntryKind::Ended { seq, outcome, attempts } => {
                self.end(entry.at, *seq, outcome, *attempts);
            }
            EntryKind::Deactivated { failing_since } => {
                let day = self.transcript.day(entry.at);
                let why =
                    format!("the endpoint is deactivated: no success since {failing_since:.0}");
                let line = self.transcript.aside(&why);
                self.say(&(day + &line));
            }
            EntryKind::DeadLettered { seq } => {
                if let Some(known) = self.caused.get(seq) {
                    let line =
                        self.transcript.dead_letter(&known.webhook, known.attempts, entry.at);
                    self.say(&line);
                }
            }
            // What the run is told are steps of the story, and have been printed as such.
            _ => {}
        }
    }

    fn end(&mut self, at: Timestamp, delivery: u64, outcome: &Outcome, attempts: u32) {
        let known = self.caused.get(&delivery);
        let deactivated = *outcome == Outcome::EndpointDeactivated;
        // That the endpoint was deactivated before a retry excuses no failure before it.
        let last = known.and_then(|known| known.last.as_ref());
        let wrong = |last: &&Outcome| **last != Outcome::Accepted && last.is_the_receivers();
        let instead = last.filter(wrong).filter(|_| attempts > 0 && deactivated);
        self.tally.count(instead.unwrap_or(outcome));
        if let Some(known) = known.filter(|_| deactivated && attempts == 0) {
            let line = self.transcript.unsent(&known.webhook, at);
            self.say(&line);
        }
        // A repeated delivery has the number of the first, so what it was about is kept while
        // stories last; traffic would fill the memory.
        if self.keeps_nothing {
            self.caused.remove(&delivery);
        }
    }
}

/// Tells the screen of what happens in the run.
pub fn listener(screen: &Rc<RefCell<Screen>>) -> Listener {
    let screen = Rc::clone(screen);
    Box::new(move |entry| screen.borrow_mut().hear(entry))
}

/// How deliveries have ended.
#[derive(Default)]
pub struct Tally {
    /// Accepted.
    pub accepted: usize,
    /// Refused.
    pub refused: usize,
    /// Failed at a receiver that was there.
    pub failed: usize,
    /// Failed because nobody listened.
    pub unreachable: usize,
    /// Kept from arriving by faults.
    pub ours: usize,
    /// Not sent, because the vendor has deactivated the endpoint.
    pub unsent: usize,
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Failed(Failure::Unreachable(_)) => self.unreachable += 1,
            Outcome::EndpointDeactivated => self.unsent += 1,
            other if other.is_the_receivers() => self.failed += 1,
            _ => self.ours += 1,
        }
    }
}

/// The names that occur in a story, to make room for them.
fn names(scenario: &Scenario) -> Vec<String> {
    let words = scenario.steps.iter().filter_map(|step| match &step.instruction {
        Instruction::Action(spoken) => Some(spoken.words.iter().flatten()),
        _ => None,
    });
    let names = words.flatten().filter_map(|word| match word {
        Word::Name(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}
