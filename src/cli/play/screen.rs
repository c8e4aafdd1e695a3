//! Prints a story while it plays, and counts how its deliveries ended.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::Timestamp;

use crate::cli::common::{self, COLOUR};
use crate::journal::{Entry, EntryKind, Listener};
use crate::model::{Failure, Outcome, Webhook};
use crate::phrase::Word;
use crate::report::play::{Transcript, Vendors};
use crate::scenario::Scenario;
use crate::scenario::file::Step;
use crate::scenario::words::Instruction;

/// Prints every step when it begins, and every attempt when it is made.
pub struct Screen {
    transcript: Transcript,
    caused: BTreeMap<u64, Known>,
    /// The triggers whose webhooks are sent. The others never end, and are not kept.
    sent: BTreeSet<String>,
    /// Whether this is traffic. Its webhooks are not kept in memory.
    keeps_nothing: bool,
    /// The reader has closed the pipe. This must not end the story, nor turn failure into success.
    read: bool,
    /// How many deliveries ended in each way.
    pub tally: Tally,
}

/// A webhook of the story.
struct Known {
    webhook: Webhook,
    /// The number of the last attempt.
    attempts: u32,
    /// The outcome of the last attempt.
    last: Option<Outcome>,
    /// How its delivery was counted. A dead letter that is sent again is counted anew.
    counted: Option<Outcome>,
}

impl Screen {
    /// A screen whose columns are wide enough for the story's names and for these names. Webhooks of
    /// these triggers are sent.
    pub fn new(scenario: &Scenario, given: &[String], sent: BTreeSet<String>) -> Self {
        let catalogue = scenario.vendor.catalogue();
        let shown = catalogue.triggers.iter().filter(|trigger| sent.contains(trigger.name));
        let triggers = shown.clone().map(|trigger| trigger.name);
        let kinds = shown.map(|trigger| trigger.subject);
        let names = names(scenario);
        let names = names.iter().chain(given).map(String::as_str);
        let faults = scenario.steps.iter().filter_map(|step| match &step.instruction {
            Instruction::Fault(fault) => Some(fault.text.as_str()),
            _ => None,
        });
        let transcript = Transcript::new(COLOUR, Vendors::One)
            .within(common::columns())
            .with_room_for(triggers, names, kinds);
        Self {
            transcript: transcript.with_faults(faults),
            caused: BTreeMap::new(),
            sent,
            keeps_nothing: scenario.traffic.is_some(),
            read: true,
            tally: Tally::default(),
        }
    }

    fn print(&mut self, text: &str) {
        self.read = self.read && common::print_last(text);
    }

    /// Prints a step of the story, before it is done.
    pub fn step(&mut self, now: Timestamp, step: &Step) {
        let day = self.transcript.day(now);
        let text = match &step.instruction {
            Instruction::Fault(fault) => &fault.text,
            _ => &step.text,
        };
        let line = self.transcript.step(text);
        self.print(&(day + &line));
    }

    /// Prints what a step has done, if it has sent no webhook.
    pub fn aside(&mut self, now: Timestamp, text: &str) {
        let day = self.transcript.day(now);
        let line = self.transcript.aside(text);
        self.print(&(day + &line));
    }

    fn hear(&mut self, entry: &Entry) {
        match &entry.kind {
            EntryKind::Caused(webhook) if self.sent.contains(webhook.trigger) => {
                let known =
                    Known { webhook: webhook.clone(), attempts: 0, last: None, counted: None };
                self.caused.insert(webhook.seq, known);
            }
            EntryKind::Attempted { attempt, .. } => {
                if let Some(known) = self.caused.get_mut(&attempt.delivery) {
                    known.attempts = attempt.number;
                    known.last = Some(attempt.outcome.clone());
                    let line = self.transcript.attempt(&known.webhook, attempt);
                    self.print(&line);
                }
            }
            EntryKind::Ended { seq, outcome, attempts } => {
                self.end(entry.at, *seq, outcome, *attempts);
            }
            EntryKind::Deactivated { failing_since } => {
                let why =
                    format!("the endpoint is deactivated: no success since {failing_since:.0}");
                self.aside(entry.at, &why);
            }
            EntryKind::DeadLettered { seq } => {
                if let Some(known) = self.caused.get(seq) {
                    let line =
                        self.transcript.dead_letter(&known.webhook, known.attempts, entry.at);
                    self.print(&line);
                }
            }
            // These are steps of the story and are already printed.
            _ => {}
        }
    }

    fn end(&mut self, at: Timestamp, delivery: u64, outcome: &Outcome, attempts: u32) {
        let known = self.caused.get_mut(&delivery);
        let deactivated = *outcome == Outcome::EndpointDeactivated;
        // If the endpoint is deactivated before a retry, the earlier failure still counts.
        let last = known.as_ref().and_then(|known| known.last.as_ref());
        let wrong = |last: &&Outcome| **last != Outcome::Accepted && last.is_the_receivers();
        let instead = last.filter(wrong).filter(|_| attempts > 0 && deactivated);
        let counted = instead.unwrap_or(outcome).clone();
        *self.tally.of(&counted) += 1;
        if let Some(known) = known {
            if let Some(before) = known.counted.replace(counted) {
                *self.tally.of(&before) -= 1;
            }
            if deactivated && attempts == 0 {
                let line = self.transcript.unsent(&known.webhook, at);
                self.print(&line);
            }
        }
        // A story keeps each webhook, since a repeated delivery has the same number. Traffic would
        // fill the memory.
        if self.keeps_nothing {
            self.caused.remove(&delivery);
        }
    }
}

/// Passes the entries of the run to the screen.
pub fn listener(screen: &Rc<RefCell<Screen>>) -> Listener {
    let screen = Rc::clone(screen);
    Box::new(move |entry| screen.borrow_mut().hear(entry))
}

/// How many deliveries ended in each way.
#[derive(Default)]
pub struct Tally {
    /// Accepted.
    pub accepted: usize,
    /// Refused.
    pub refused: usize,
    /// Failed, but the receiver was reachable.
    pub failed: usize,
    /// Failed because nothing listened.
    pub unreachable: usize,
    /// Not sent, because this machine lacked something.
    pub local: usize,
    /// Kept from arriving by faults.
    pub ours: usize,
    /// Not sent, because the vendor has deactivated the endpoint.
    pub unsent: usize,
}

impl Tally {
    /// The count of those that ended like this.
    fn of(&mut self, outcome: &Outcome) -> &mut usize {
        match outcome {
            Outcome::Accepted => &mut self.accepted,
            Outcome::Refused => &mut self.refused,
            Outcome::Failed(Failure::Local(_)) => &mut self.local,
            Outcome::Failed(Failure::Unreachable(_)) => &mut self.unreachable,
            Outcome::EndpointDeactivated => &mut self.unsent,
            other if other.is_the_receivers() => &mut self.failed,
            _ => &mut self.ours,
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

#[cfg(test)]
mod tests {
    use super::super::{Player, rehearse};
    use crate::cli::settings::{BUILT_IN, Overrides, read};
    use crate::journal::Memory;
    use crate::scenario::file;
    use crate::vendors::registry::shipped;
    use std::time::Duration;

    #[tokio::test]
    async fn traffic_keeps_no_webhook_that_is_over_or_never_sent() {
        let subject = read(shipped(), "standin.yaml", BUILT_IN, &Overrides::default());
        let mut subject = subject.expect("built-in");
        let ombori = subject.target.vendors.get_mut("ombori").expect("set up");
        // Nothing listens there.
        ombori.urls =
            [("positionRetry".to_owned(), "http://127.0.0.1:1/".to_owned().into())].into();
        let story = "vendor: ombori\nabout: a day\ntraffic: {}\n";
        let scenario = file::read(shipped(), "f", story).expect("a scenario");
        let rehearsed = rehearse(&subject, &scenario, 1).expect("it can be played");
        let mut player =
            Player::new(&subject, &scenario, rehearsed, Memory::default()).expect("an account");
        player.driver.keep_nothing();
        player.driver.pass(Duration::from_secs(24 * 3600)).await.expect("a journal");
        let screen = player.screen.borrow();
        assert!(screen.tally.unreachable > 0, "some were sent");
        assert_eq!(screen.caused.len(), 0, "none is kept");
    }
}
