//! A vendor as one thread has it: its requests, its tokens and its counts.

use super::delivery::Delivery;
use crate::driver::VendorTarget;
use crate::load::damaged;
use crate::load::prepared::{Prepared, Unsigned};
use crate::load::tally::Counts;
use crate::load::token::Tokens;
use crate::model::policy::TokenUse;
use crate::model::{Authentication, Catalogue, Fault, Policy, Secret, TriggerId};

/// A vendor as a thread has it.
pub struct Played<'a> {
    catalogue: &'static Catalogue,
    /// How it reaches the receiver.
    pub target: &'a VendorTarget,
    /// Its delivery policy.
    pub policy: &'a Policy,
    /// Its requests.
    pub requests: Prepared,
    pub(super) tokens: Tokens,
    /// What is counted, by the places of the triggers.
    pub(super) counts: Vec<Counts>,
}

impl<'a> Played<'a> {
    /// A vendor with these requests.
    pub fn new(target: &'a VendorTarget, requests: Prepared) -> Self {
        let catalogue = target.vendor.catalogue();
        let counts = catalogue.triggers.iter().map(|_| Counts::default()).collect();
        Self {
            catalogue,
            target,
            policy: &target.policy,
            requests,
            tokens: Tokens::default(),
            counts,
        }
    }

    /// What was counted, by vendor and trigger, of the triggers that were sent.
    pub(super) fn counted(self) -> impl Iterator<Item = ((&'static str, &'static str), Counts)> {
        let vendor = self.catalogue.vendor;
        let names = self.catalogue.triggers.iter().map(move |trigger| (vendor, trigger.name));
        names.zip(self.counts).filter(|(_, counts)| counts.sent > 0)
    }

    /// The name of a trigger.
    pub(super) fn trigger(&self, trigger: TriggerId) -> &'static str {
        self.catalogue.triggers[trigger.place()].name
    }

    /// Writes the request for a webhook, and gives back what is still to be signed.
    pub(super) fn write(
        &self,
        delivery: &Delivery,
        token: Option<&Secret>,
        buffer: &mut Vec<u8>,
    ) -> Option<Unsigned> {
        if self.requests.are_signed_alone() {
            return self.write_alone(delivery, std::iter::empty(), token, buffer);
        }
        self.requests.write(delivery.trigger, &delivery.body, token, buffer)
    }

    /// Writes the request for a webhook by the functions that scenarios use too. Nothing is left to be signed.
    pub(super) fn write_alone<'f>(
        &self,
        delivery: &Delivery,
        faults: impl Iterator<Item = &'f Fault> + Clone,
        token: Option<&Secret>,
        buffer: &mut Vec<u8>,
    ) -> Option<Unsigned> {
        let webhook = (self.trigger(delivery.trigger), delivery.body.as_slice());
        let sending = delivery.sending.as_deref().copied();
        damaged::write(self.target, webhook, faults, (token, sending), buffer);
        None
    }

    pub(super) fn token_use(&self) -> TokenUse {
        match &self.policy.authentication {
            Authentication::Token(oauth) => oauth.token_use,
            _ => TokenUse::PerAttempt,
        }
    }
}
