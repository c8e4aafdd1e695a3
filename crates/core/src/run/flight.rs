//! An attempt while it is under way: the token that it needs, its requests, and their outcomes so
//! far.

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
    /// The account that the webhook comes from.
    pub account: AccountIndex,
    /// Which endpoint of that account it goes to.
    pub endpoint: EndpointIndex,
    /// The number of the attempt.
    pub number: u32,
    /// When it began, in virtual time.
    pub at: Timestamp,
    /// The faults that strike the webhook.
    pub faults: Vec<Fault>,
    /// The faults that strike its token request.
    pub token_faults: Vec<Fault>,
    /// Which step it is at.
    pub stage: Stage,
    /// The token that the webhook carries.
    pub token: Option<Secret>,
    /// Whether a token was requested.
    pub token_requested: bool,
    /// Whether the webhook is sent again with a new token, after a 401.
    pub resent: bool,
    /// Whether any request was sent.
    pub sent: bool,
    /// Whether the webhook was sent.
    pub sent_webhook: bool,
    /// Whether any copy of the webhook was accepted.
    pub accepted: bool,
    /// Whether the last request was refused with a 401.
    pub unauthorized: bool,
    /// The request under way.
    pub pending: Option<PendingRequest>,
}

/// The step that an attempt is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It waits for a token that another delivery requests.
    WaitingForToken,
    /// A token is being requested.
    RequestingToken(Purpose),
    /// The token is being revoked, before it is used.
    Revoking,
    /// The webhook is being sent.
    Sending,
}

/// Why a token is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// For this attempt only.
    Use,
    /// To be cached for all deliveries to the endpoint.
    Cache {
        /// How long before its expiry it is no longer used.
        margin: Duration,
    },
    /// To be revoked, and then used.
    Revoke,
}

/// A request under way, with all its copies.
#[derive(Debug)]
pub struct PendingRequest {
    pub outgoing: Outgoing,
    /// How many copies are still to be sent.
    pub copies_left: u32,
    /// The outcomes of the copies that were sent, as the vendor saw them.
    pub outcomes: Vec<Outcome>,
    /// The longest `Retry-After` of their answers.
    pub retry_after: Option<Duration>,
}

impl PendingRequest {
    pub fn new(outgoing: Outgoing) -> Self {
        // A request that never reaches the receiver is not repeated either.
        let copies_left = if outgoing.transit.arrives() { outgoing.transit.copies } else { 1 };
        Self { outgoing, copies_left, outcomes: Vec::new(), retry_after: None }
    }
}

impl Flight {
    /// A new attempt.
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
            token_requested: false,
            resent: false,
            sent: false,
            sent_webhook: false,
            accepted: false,
            unauthorized: false,
            pending: None,
        }
    }

    /// How the webhook's credentials are damaged. They are not when it is sent again with a new
    /// token.
    pub fn damage(&self) -> Option<CredentialDamage> {
        damage_of(&self.faults).filter(|_| !self.resent)
    }

    /// Whether its token may have been right once, so that the vendor asks for another. Whoever sends no credentials or
    /// wrong ones is a stranger, and asks for none.
    pub fn may_ask_again(&self) -> bool {
        let was_right = matches!(
            self.damage(),
            None | Some(CredentialDamage::Expired | CredentialDamage::Revoked)
        );
        was_right && !self.resent
    }

    /// Whether a fault keeps the webhook from being sent.
    pub fn is_lost(&self) -> bool {
        Transit::under(&self.faults).is_lost()
    }

    /// Whether the webhook was accepted at least once; `None` if no request was sent.
    pub fn succeeded(&self) -> Option<bool> {
        self.sent.then_some(self.accepted)
    }

    /// The request under way.
    pub fn pending(&mut self) -> &mut PendingRequest {
        self.pending.as_mut().unwrap_or_else(|| panic!("a request is under way"))
    }

    /// Notes the outcome of a request, as the vendor saw it.
    pub fn note(&mut self, kind: RequestKind, outcome: &Outcome, status: Option<u16>) {
        self.unauthorized = *outcome == Outcome::Refused && status == Some(401);
        self.token_requested |= kind == RequestKind::Token;
        if *outcome != Outcome::NeverSent {
            self.sent = true;
            self.sent_webhook |= kind == RequestKind::Webhook;
            self.accepted |= kind == RequestKind::Webhook && *outcome == Outcome::Accepted;
        }
    }
}

/// How credentials are damaged: the last fault that damages them decides.
pub fn damage_of(faults: &[Fault]) -> Option<CredentialDamage> {
    faults.iter().rev().find_map(|fault| match fault.effect {
        Effect::Credentials(what) => Some(what),
        _ => None,
    })
}
