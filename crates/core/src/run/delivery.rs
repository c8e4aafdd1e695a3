//! A delivery: getting one webhook accepted, and how far that has come.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::endpoint::EndpointIndex;
use crate::clock::after;
use crate::journal::entry::{DeliveryId, EntryId};
use crate::model::fault::BodyDamage;
use crate::model::signature::Sending;
use crate::model::{Effect, Fault, Outcome, RequestKind, Webhook};
use crate::policy::header;
use crate::policy::transit::Transit;
use crate::sim::AccountIndex;

/// Getting one webhook accepted.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its number in the run, from 0.
    pub id: DeliveryId,
    /// The entry of the action that caused it; `None` if it happened by itself.
    pub(super) action: Option<EntryId>,
    /// Which account caused it.
    pub account: AccountIndex,
    /// Which endpoint of that account it goes to.
    pub(super) endpoint: EndpointIndex,
    /// What is delivered.
    pub webhook: Webhook,
    /// How many attempts were made.
    pub attempts: u32,
    /// Where it stands.
    pub standing: Standing,
    /// The outcome of the last attempt.
    last_attempt: Option<Outcome>,
    /// When its attempts were sent, in real time, if the run was told that.
    pub(super) sending: Option<Sending>,
    /// When it became a dead letter, if it is one.
    pub(super) dead_since: Option<Timestamp>,
    faults: Vec<Fault>,
    /// The last attempt that its faults can strike; `None`: they strike every attempt.
    faults_until: Option<u32>,
}

/// Where a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Held back until it is released.
    Held,
    /// It waits until this many later webhooks have been sent.
    ToBeOvertaken(u32),
    /// An attempt is scheduled or under way.
    Scheduled,
    /// The last attempt failed; another is scheduled.
    Retrying(Outcome),
    /// It is over.
    Over(Outcome),
}

impl Delivery {
    pub(super) fn new(
        (account, endpoint): (AccountIndex, EndpointIndex),
        action: Option<EntryId>,
        webhook: Webhook,
        faults: Vec<Fault>,
    ) -> Self {
        Self {
            // `Deliveries::push` gives it its id.
            id: DeliveryId::MAX,
            action,
            account,
            endpoint,
            webhook,
            attempts: 0,
            standing: Standing::Scheduled,
            last_attempt: None,
            sending: None,
            dead_since: None,
            faults,
            faults_until: None,
        }
    }

    /// A new delivery of the same webhook, without faults.
    pub(super) fn again(earlier: &Self) -> Self {
        let to = (earlier.account, earlier.endpoint);
        Self::new(to, earlier.action, earlier.webhook.clone(), Vec::new())
    }

    /// A new delivery of the same webhook with another body and this fault.
    pub(super) fn edited(earlier: &Self, body: Bytes, fault: Option<Fault>) -> Self {
        let webhook = Webhook { body, ..earlier.webhook.clone() };
        let to = (earlier.account, earlier.endpoint);
        Self::new(to, earlier.action, webhook, fault.into_iter().collect())
    }

    /// The outcome so far: that of the last attempt, if one was made. It stays so if the endpoint
    /// is deactivated before a retry.
    pub fn outcome(&self) -> Option<&Outcome> {
        let ended = match &self.standing {
            Standing::Over(outcome) => Some(outcome),
            _ => None,
        };
        self.last_attempt.as_ref().or(ended)
    }

    /// Whether no attempt will follow.
    pub fn is_over(&self) -> bool {
        matches!(self.standing, Standing::Over(_))
    }

    /// Whether all its attempts have failed, and it is kept to be sent again by hand.
    pub fn is_dead_letter(&self) -> bool {
        self.dead_since.is_some()
    }

    /// Notes the outcome of an attempt.
    pub(super) fn note_attempt(&mut self, outcome: &Outcome) {
        self.last_attempt = Some(outcome.clone());
    }

    /// Keeps its faults from striking later attempts. Delays remain as they are.
    pub(super) fn disarm_faults(&mut self) {
        self.faults_until.get_or_insert(self.attempts);
    }

    /// The faults that strike this attempt.
    pub(super) fn faults_at(&self, number: u32) -> impl Iterator<Item = &Fault> {
        let faulty = self.faults_until.is_none_or(|last| number <= last);
        let faults = self.faults.iter().filter(move |_| faulty);
        faults.filter(move |fault| match (fault.which.attempt, &fault.effect) {
            (_, Effect::Delayed(_) | Effect::Overtaken(_)) => false,
            // The first attempt is repeated, unless the fault names another one.
            (None, Effect::Repeat(_) | Effect::Simultaneous(_)) => number == 1,
            (attempt, _) => attempt.is_none_or(|attempt| attempt == number),
        })
    }

    /// Whether any fault damages what is sent on any attempt.
    pub fn is_damaged(&self) -> bool {
        if self.faults_until == Some(0) {
            return false;
        }
        let damages = |fault: &&Fault| match &fault.effect {
            Effect::Body(damage) => *damage != BodyDamage::OtherForm,
            Effect::ContentType(given) => !header::is_of_type(given, "application/json"),
            _ => false,
        };
        self.webhook_faults().any(|fault| damages(&fault))
    }

    /// How long faults delay it after it was caused.
    pub(super) fn delay(&self) -> Duration {
        let delay = |fault: &Fault| match fault.effect {
            Effect::Delayed(by) => by,
            _ => Duration::ZERO,
        };
        self.faults.iter().map(delay).sum()
    }

    /// The earliest moment at which it can be sent.
    pub(super) fn leaves_at(&self) -> Timestamp {
        after(self.webhook.at, self.delay())
    }

    /// How many later webhooks must overtake it.
    pub(super) fn overtaken_by(&self) -> u32 {
        let by = |fault: &Fault| match fault.effect {
            Effect::Overtaken(by) => by,
            _ => 0,
        };
        self.faults.iter().map(by).max().unwrap_or(0)
    }

    /// Whether a fault drops it on every attempt.
    pub(super) fn always_lost(&self) -> bool {
        Transit::under(self.webhook_faults().filter(|fault| fault.which.attempt.is_none()))
            .is_lost()
    }

    /// The faults that strike the webhook itself, not a token request.
    fn webhook_faults(&self) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(|fault| fault.which.request == RequestKind::Webhook)
    }
}
