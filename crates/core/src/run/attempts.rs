//! Which attempt follows which: how a delivery begins, what follows an attempt, and how a delivery
//! ends.

use std::time::Duration;

use jiff::Timestamp;

use super::flight::Flight;
use super::{Delivery, Run, Standing};
use crate::clock::after;
use crate::journal::EntryKind;
use crate::journal::entry::{Context, DeliveryId, EntryId};
use crate::model::{Fault, Outcome, Webhook};
use crate::policy::fault::{self, Strike};
use crate::policy::retry;
use crate::sim::AccountIndex;

impl Run {
    /// Takes in new webhooks and plans their first attempts. `action` is the entry of the action
    /// that caused them, if an action did.
    pub(super) fn take_in(&mut self, action: Option<EntryId>, webhooks: Vec<Webhook>) {
        self.remember_changed(&webhooks);
        for webhook in webhooks {
            let account = self.channels.iter().position(|one| one.name == webhook.account);
            let account = account.unwrap_or_else(|| panic!("no account {}", webhook.account));
            let context = Context { action, ..self.account_context(account) };
            self.record_effect(webhook.at, context, EntryKind::Caused(webhook.clone()));
            // A vendor without an endpoint for this trigger does not send the webhook.
            let endpoints = self.channels[account].endpoints.of(webhook.trigger);
            if endpoints.is_empty() {
                continue;
            }
            let struck = self.strike(&webhook);
            for endpoint in endpoints {
                let to = (account, endpoint);
                self.place(Delivery::new(to, action, webhook.clone(), struck.clone()));
            }
        }
    }

    /// Remembers the versions of the subjects of these webhooks, if a fault needs the previous
    /// ones.
    fn remember_changed(&mut self, webhooks: &[Webhook]) {
        if !self.remembers_versions() {
            return;
        }
        for webhook in webhooks {
            let account = self.channels.iter().position(|one| one.name == webhook.account);
            let Some(account) = account else { continue };
            let subject = self.sim.find(account, webhook.subject.kind, &webhook.subject.id);
            self.remember(account, subject.as_slice());
        }
    }

    /// Decides when the first attempt of a new delivery is made.
    fn place(&mut self, delivery: Delivery) {
        let at = self.sim.now().max(delivery.leaves_at());
        let by = delivery.overtaken_by();
        let (account, endpoint) = (delivery.account, delivery.endpoint);
        // A webhook that overtakes another does not itself wait to be overtaken.
        let overtakes = self.any_to_be_overtaken(account);
        let id = self.deliveries.push(delivery);
        if self.endpoint(account, endpoint).health.is_deactivated() {
            self.end(id, self.sim.now(), Outcome::EndpointDeactivated);
        } else if self.holding {
            self.set_standing(id, Standing::Held);
            self.held_back.insert(id);
        } else if by > 0 && !overtakes {
            self.set_standing(id, Standing::ToBeOvertaken(by));
            self.to_be_overtaken.insert(id);
        } else {
            self.plan(at, id);
        }
    }

    fn any_to_be_overtaken(&self, account: AccountIndex) -> bool {
        let of = |id: &DeliveryId| self.deliveries.get(*id).map(|waiting| waiting.account);
        self.to_be_overtaken.iter().any(|id| of(id) == Some(account))
    }

    /// The faults that strike a webhook. A fault for "the next webhook" is removed once it has
    /// struck.
    fn strike(&mut self, webhook: &Webhook) -> Vec<Fault> {
        let mut struck = Vec::new();
        let shares = &mut self.shares;
        self.faults.retain(|armed| {
            let strike =
                fault::strike(&armed.which, (webhook.trigger, webhook.name.as_deref()), |share| {
                    shares.happens(share)
                });
            if matches!(strike, Strike::Strikes | Strike::StrikesLast) {
                struck.push(armed.clone());
            }
            strike != Strike::StrikesLast
        });
        struck
    }

    fn set_standing(&mut self, id: DeliveryId, standing: Standing) {
        if let Some(delivery) = self.deliveries.get_mut(id) {
            delivery.standing = standing;
        }
    }

    /// Plans the next attempt of a delivery.
    pub(super) fn plan(&mut self, at: Timestamp, id: DeliveryId) {
        if let Some(delivery) = self.deliveries.get_mut(id)
            && !matches!(delivery.standing, Standing::Retrying(_))
        {
            delivery.standing = Standing::Scheduled;
        }
        self.schedule.plan(at, id);
    }

    /// Ends an attempt with this outcome, and plans what follows.
    pub(super) fn finish(
        &mut self,
        flight: Flight,
        outcome: Outcome,
        retry_after: Option<Duration>,
    ) {
        let (id, at, account) = (flight.delivery, flight.at, flight.account);
        let endpoint = flight.endpoint;
        if let Some(delivery) = self.deliveries.get_mut(id) {
            delivery.note_attempt(&outcome);
        }
        self.follow(id, at, outcome, retry_after);
        if flight.number == 1 && flight.sent_webhook {
            self.count_overtaking(id, account, at);
        }
        match flight.succeeded() {
            Some(true) => self.note_success(account, endpoint, at),
            Some(false) => self.note_failure(account, endpoint, at),
            None => {}
        }
    }

    /// Plans the retry after an attempt with this outcome, or ends the delivery.
    fn follow(
        &mut self,
        id: DeliveryId,
        at: Timestamp,
        outcome: Outcome,
        retry_after: Option<Duration>,
    ) {
        let Some(delivery) = self.deliveries.get_mut(id) else { return };
        let endpoint = self.channels[delivery.account].endpoints.get(delivery.endpoint);
        let policy = &endpoint.route.policy;
        let (seq, number) = (delivery.webhook.seq, delivery.attempts);
        let lost = outcome == Outcome::NeverSent && delivery.always_lost();
        let mut jitter = self.jitter.child(&format!("{seq} {number}"));
        let wait = retry::wait(&policy.retries, number, &outcome, retry_after, &mut jitter);
        match wait.filter(|_| !lost) {
            Some(wait) => {
                delivery.standing = Standing::Retrying(outcome);
                self.lanes.retry(delivery, policy.ordering);
                self.plan(after(at, wait), id);
                self.unblock(id, at, |waiting| waiting < id);
            }
            None => {
                let keeps_dead_letters = policy.dead_letters;
                if keeps_dead_letters && !lost && outcome != Outcome::Accepted {
                    self.keep_dead_letter(id, at);
                }
                self.end(id, at, outcome);
            }
        }
    }

    pub(super) fn end(&mut self, id: DeliveryId, at: Timestamp, outcome: Outcome) {
        let context = self.delivery_context(id);
        let Some(delivery) = self.deliveries.get_mut(id) else { return };
        delivery.standing = Standing::Over(outcome.clone());
        let endpoint = self.channels[delivery.account].endpoints.get(delivery.endpoint);
        self.lanes.remove(delivery, endpoint.route.policy.ordering);
        let (seq, attempts) = (delivery.webhook.seq, delivery.attempts);
        self.record_effect(at, context, EntryKind::Ended { seq, outcome, attempts });
        self.unblock(id, at, |_| true);
        self.deliveries.ended(id);
    }

    /// Unblocks the deliveries that wait for this one, as far as `chosen` selects them.
    fn unblock(&mut self, id: DeliveryId, at: Timestamp, chosen: impl Fn(DeliveryId) -> bool) {
        let Some(blocked) = self.blocked.remove(&id) else { return };
        let (unblocked, staying): (Vec<_>, Vec<_>) =
            blocked.into_iter().partition(|one| chosen(*one));
        if !staying.is_empty() {
            self.blocked.insert(id, staying);
        }
        for waiting in unblocked {
            // It may have ended meanwhile, because its endpoint was deactivated.
            if self.deliveries.get(waiting).is_some_and(|one| !one.is_over()) {
                self.plan(at, waiting);
            }
        }
    }

    /// Counts a webhook that was sent: every webhook that waits to be overtaken waits for one
    /// fewer.
    fn count_overtaking(&mut self, by: DeliveryId, account: AccountIndex, at: Timestamp) {
        let mut ready = Vec::new();
        for id in &self.to_be_overtaken {
            if let Some(delivery) = self.deliveries.get_mut(*id)
                && let Standing::ToBeOvertaken(left) = &mut delivery.standing
                && *id != by
                && delivery.account == account
            {
                *left -= 1;
                if *left == 0 {
                    ready.push(*id);
                }
            }
        }
        for id in ready {
            self.to_be_overtaken.remove(&id);
            let Some(delivery) = self.deliveries.get(id) else { continue };
            self.plan(at.max(delivery.leaves_at()), id);
        }
    }
}
