//! An attempt of a delivery while it is under way: the token that it needs, its requests, what came
//! of them so far.

use std::time::Duration;

use jiff::Timestamp;

use super::delivery::Delivery;
use super::endpoint::EndpointIndex;
use super::outgoing::Outgoing;
use crate::journal::entry::DeliveryId;
use crate::model::fault::CredentialDamage;
use crate::model::{Effect, Fault, Outcome, RequestKind, Secret};
use crate::policy::transit::Transit;
use crate::sim::AccountIndex;

/// An attempt that is under way.
#[derive(Debug)]
pub struct Flight {
    /// What is delivered.
    pub delivery: DeliveryId,
    /// The account that caused it.
    pub account: AccountIndex,
    /// Which endpoint of that account it goes to.
    pub endpoint: EndpointIndex,
    /// The number of the attempt.
    pub number: u32,
    /// When, in virtual time.
    pub at: Timestamp,
    /// The faults that strike the webhook.
    pub faults: Vec<Fault>,
    /// The faults that strike the request for its token.
    pub token_faults: Vec<Fault>,
    /// What is being done.
    pub stage: Stage,
    /// The token that the webhook carries.
    pub token: Option<Secret>,
    /// Whether a token was asked for.
    pub asked: bool,
    /// Whether the webhook is sent for the second time, since its token was refused.
    pub second: bool,
    /// Whether anything at all was sent.
    pub sent: bool,
    /// Whether the webhook was sent.
    pub sent_webhook: bool,
    /// Whether a copy of the webhook was accepted.
    pub accepted: bool,
    /// Whether the last request was refused with a 401.
    pub unauthorized: bool,
    /// The request that is being made.
    pub making: Option<Making>,
}

/// What is being done for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Another delivery asks for the token.
    Waiting,
    /// A token is asked for.
    Asking(Purpose),
    /// The token is revoked before it is used.
    Revoking,
    /// The webhook is sent.
    Sending,
}

/// What a token is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be used by this attempt.
    Use,
    /// To be kept, for all who need one, for so long before it expires.
    Keep {
        /// How long before.
        margin: Duration,
    },
    /// To be revoked, and used then.
    Revoke,
}

/// A request that is being made, with all its copies.
#[derive(Debug)]
pub struct Making {
    pub outgoing: Outgoing,
    /// Copies that are still to be sent.
    pub left: u32,
    /// The outcomes of the others, as the vendor saw them.
    pub outcomes: Vec<Outcome>,
    /// The longest `Retry-After` that the vendor was given.
    pub retry_after: Option<Duration>,
}

impl Making {
    pub fn new(outgoing: Outgoing) -> Self {
        // What never reaches the receiver is not repeated either.
        let left = if outgoing.transit.arrives() { outgoing.transit.copies } else { 1 };
        Self { outgoing, left, outcomes: Vec::new(), retry_after: None }
    }
}

impl Flight {
    /// An attempt at its beginning.
    pub fn new(delivery: &Delivery, at: Timestamp) -> Self {
        let number = delivery.attempts;
        let (faults, token_faults) = delivery
            .faults_at(number)
            .cloned()
            .partition(|fault| fault.which.request == RequestKind::Webhook);
        Self {
            delivery: delivery.id,
            account: delivery.account,
            endpoint: delivery.endpoint,
            number,
            at,
            faults,
            token_faults,
            stage: Stage::Sending,
            token: None,
            asked: false,
            second: false,
            sent: false,
            sent_webhook: false,
            accepted: false,
            unauthorized: false,
            making: None,
        }
    }

    /// What is done to the credentials of the webhook. Not when it is sent for the second time.
    pub fn damage(&self) -> Option<CredentialDamage> {
        damage_of(&self.faults).filter(|_| !self.second)
    }

    /// Whether the webhook never leaves.
    pub fn is_lost(&self) -> bool {
        Transit::under(&self.faults).is_lost()
    }

    /// Whether the webhook was accepted at least once; none if nothing at all was sent.
    pub fn succeeded(&self) -> Option<bool> {
        self.sent.then_some(self.accepted)
    }

    /// The request that is being made.
    pub fn making(&mut self) -> &mut Making {
        self.making.as_mut().unwrap_or_else(|| panic!("a request is being made"))
    }

    /// Notes the outcome of a request, as the vendor saw it.
    pub fn note(&mut self, kind: RequestKind, outcome: &Outcome, status: Option<u16>) {
        self.unauthorized = *outcome == Outcome::Refused && status == Some(401);
        self.asked |= kind == RequestKind::Token;
        if *outcome != Outcome::NeverSent {
            self.sent = true;
            self.sent_webhook |= kind == RequestKind::Webhook;
            self.accepted |= kind == RequestKind::Webhook && *outcome == Outcome::Accepted;
        }
    }
}

/// What is done to credentials: by the last fault that says so.
pub fn damage_of(faults: &[Fault]) -> Option<CredentialDamage> {
    faults.iter().rev().find_map(|fault| match fault.effect {
        Effect::Credentials(what) => Some(what),
        _ => None,
    })
}
