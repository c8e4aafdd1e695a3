//! A delivery: getting one webhook accepted, and where that stands.

use std::time::Duration;

use crate::model::{Effect, Fault, Outcome, Webhook};
use crate::sim::AccountIndex;

/// Getting one webhook accepted.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Which account caused it.
    pub account: AccountIndex,
    /// What is delivered.
    pub webhook: Webhook,
    /// The name that the run gave the subject.
    pub name: Option<String>,
    /// How many attempts were made.
    pub attempts: u32,
    /// Where it stands.
    pub end: End,
    /// Later deliveries that may not overtake it and wait for its end.
    pub(crate) holds_up: Vec<usize>,
    faults: Vec<(Option<u32>, Fault)>,
    /// How many later webhooks it still waits for.
    to_be_overtaken: u32,
}

/// Where a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing was sent yet.
    NotYet,
    /// The last attempt failed; another is to come.
    Retrying(Outcome),
    /// It is over.
    Over(Outcome),
}

/// In which order held webhooks are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// As they were caused.
    InOrder,
    /// The last one first.
    Reversed,
    /// In any order, by the seed.
    Shuffled,
}

impl Delivery {
    pub(crate) fn new(
        account: AccountIndex,
        webhook: Webhook,
        name: Option<String>,
        faults: Vec<(Option<u32>, Fault)>,
    ) -> Self {
        let to_be_overtaken = faults
            .iter()
            .map(|(_, fault)| if let Effect::Overtaken(by) = fault.effect { by } else { 0 })
            .max()
            .unwrap_or(0);
        Self {
            account,
            webhook,
            name,
            attempts: 0,
            end: End::NotYet,
            holds_up: Vec::new(),
            faults,
            to_be_overtaken,
        }
    }

    /// The same webhook once more, with nothing wrong.
    pub(crate) fn again(earlier: &Self) -> Self {
        Self::new(earlier.account, earlier.webhook.clone(), earlier.name.clone(), Vec::new())
    }

    /// The outcome of the last attempt, if one was made.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.end {
            End::NotYet => None,
            End::Retrying(outcome) | End::Over(outcome) => Some(outcome),
        }
    }

    /// The faults that strike this attempt.
    pub(crate) fn faults_at(&self, number: u32) -> impl Iterator<Item = &Fault> {
        self.faults
            .iter()
            .filter(move |(attempt, fault)| match (attempt, &fault.effect) {
                (_, effect) if super::about_the_delivery(effect) => false,
                // Unless it is said otherwise, what is repeated is the first attempt.
                (None, Effect::Repeat(_) | Effect::Simultaneous(_)) => number == 1,
                (attempt, _) => attempt.is_none_or(|attempt| attempt == number),
            })
            .map(|(_, fault)| fault)
    }

    /// Whether any fault damages what is sent on any attempt.
    pub fn is_damaged(&self) -> bool {
        self.faults
            .iter()
            .any(|(_, fault)| matches!(fault.effect, Effect::Body(_) | Effect::ContentType(_)))
    }

    pub(crate) fn delay(&self) -> Duration {
        self.faults
            .iter()
            .map(
                |(_, fault)| {
                    if let Effect::Delayed(by) = fault.effect { by } else { Duration::ZERO }
                },
            )
            .sum()
    }

    pub(crate) fn lost_for_good(&self) -> bool {
        self.faults.iter().any(|(attempt, fault)| attempt.is_none() && fault.effect == Effect::Lost)
    }

    pub(crate) fn overtaken_by(&self) -> u32 {
        self.to_be_overtaken
    }

    /// One more webhook has passed. True if that was the last one that this one waited for.
    pub(crate) fn overtake(&mut self) -> bool {
        if self.end != End::NotYet || self.to_be_overtaken == 0 {
            return false;
        }
        self.to_be_overtaken -= 1;
        self.to_be_overtaken == 0
    }

    /// True if it was waiting.
    pub(crate) fn stop_waiting_to_be_overtaken(&mut self) -> bool {
        std::mem::take(&mut self.to_be_overtaken) > 0 && self.end == End::NotYet
    }

    pub(crate) fn waits_for_retry(&self) -> bool {
        matches!(self.end, End::Retrying(_))
    }

    pub(crate) fn begin_attempt(&mut self) -> u32 {
        self.attempts += 1;
        self.attempts
    }

    pub(crate) fn wait_for_retry(&mut self, outcome: Outcome) {
        self.end = End::Retrying(outcome);
    }

    /// Gives back the deliveries that it held up.
    pub(crate) fn end(&mut self, outcome: Outcome) -> Vec<usize> {
        self.end = End::Over(outcome);
        std::mem::take(&mut self.holds_up)
    }
}
