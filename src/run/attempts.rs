//! How attempts follow each other: where a new delivery begins, what an attempt leads to, and how a
//! delivery ends.

use std::time::Duration;

use jiff::Timestamp;

use super::flight::Flight;
use super::{Delivery, Run, Standing};
use crate::clock::after;
use crate::journal::EntryKind;
use crate::journal::entry::{BelongsTo, DeliveryId, EntryId};
use crate::model::{Fault, Outcome, Webhook};
use crate::policy::fault::{self, Strike};
use crate::policy::retry;
use crate::sim::AccountIndex;

impl Run {
    /// Takes in webhooks that were just caused, by this action if it was one, and plans their first
    /// attempts.
    pub(super) fn take_in(&mut self, action: Option<EntryId>, webhooks: Vec<Webhook>) {
        self.remember_changed(&webhooks);
        for webhook in webhooks {
            let account = self.channels.iter().position(|one| one.name == webhook.account);
            let account = account.unwrap_or_else(|| panic!("no account {}", webhook.account));
            let of = BelongsTo { action, ..self.of_account(account) };
            self.record_effect(webhook.at, of, EntryKind::Caused(webhook.clone()));
            // Without an endpoint for this trigger the vendor does not send it.
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

    /// Remembers the versions of what webhooks tell of, while somebody may want the one before.
    fn remember_changed(&mut self, webhooks: &[Webhook]) {
        if !self.remembers() {
            return;
        }
        for webhook in webhooks {
            let account = self.channels.iter().position(|one| one.name == webhook.account);
            let Some(account) = account else { continue };
            let subject = self.sim.find(account, webhook.subject.kind, &webhook.subject.id);
            self.remember(account, subject.as_slice());
        }
    }

    /// Decides when a new delivery leaves.
    fn place(&mut self, delivery: Delivery) {
        let at = self.sim.now().max(delivery.leaves_at());
        let by = delivery.overtaken_by();
        let (account, endpoint) = (delivery.account, delivery.endpoint);
        // What overtakes another does not itself wait to be overtaken.
        let overtakes = self.somebody_waits_for(account);
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

    fn somebody_waits_for(&self, overtaker: AccountIndex) -> bool {
        let of = |id: &DeliveryId| self.deliveries.get(*id).map(|waiting| waiting.account);
        self.to_be_overtaken.iter().any(|id| of(id) == Some(overtaker))
    }

    /// Which faults strike a webhook. Those for "the next one" are spent by it.
    fn strike(&mut self, webhook: &Webhook) -> Vec<Fault> {
        let mut struck = Vec::new();
        let shares = &mut self.shares;
        self.faults.retain(|armed| {
            let strike = fault::strike(&armed.which, webhook, |share| shares.happens(share));
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

    /// An attempt has come to this: plans what follows from it.
    pub(super) fn finish(
        &mut self,
        flight: Flight,
        outcome: Outcome,
        retry_after: Option<Duration>,
    ) {
        let (id, at, account) = (flight.delivery, flight.at, flight.account);
        let endpoint = flight.endpoint;
        if let Some(delivery) = self.deliveries.get_mut(id) {
            delivery.tried(&outcome);
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

    /// Plans the retry after an attempt that ended so, or ends the delivery.
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
        let lost = outcome == Outcome::NeverSent && delivery.lost_for_good();
        let mut jitter = self.jitter.child(&format!("{seq} {number}"));
        let wait = retry::wait(&policy.retries, number, &outcome, retry_after, &mut jitter);
        match wait.filter(|_| !lost) {
            Some(wait) => {
                delivery.standing = Standing::Retrying(outcome);
                self.lanes.retry(delivery, policy.ordering);
                self.plan(after(at, wait), id);
                self.release_behind(id, at, |waiting| waiting < id);
            }
            None => {
                let keeps = policy.dead_letters;
                if keeps && !lost && outcome != Outcome::Accepted {
                    self.keep_dead(id, at);
                }
                self.end(id, at, outcome);
            }
        }
    }

    pub(super) fn end(&mut self, id: DeliveryId, at: Timestamp, outcome: Outcome) {
        let of = self.of_delivery(id);
        let Some(delivery) = self.deliveries.get_mut(id) else { return };
        delivery.standing = Standing::Over(outcome.clone());
        let endpoint = self.channels[delivery.account].endpoints.get(delivery.endpoint);
        self.lanes.leave(delivery, endpoint.route.policy.ordering);
        let (seq, attempts) = (delivery.webhook.seq, delivery.attempts);
        self.record_effect(at, of, EntryKind::Ended { seq, outcome, attempts });
        self.release_behind(id, at, |_| true);
        self.deliveries.ended(id);
    }

    /// Lets those go on that wait behind a delivery, of these.
    fn release_behind(&mut self, id: DeliveryId, at: Timestamp, of: impl Fn(DeliveryId) -> bool) {
        let Some(behind) = self.behind.remove(&id) else { return };
        let (going, staying): (Vec<_>, Vec<_>) = behind.into_iter().partition(|one| of(*one));
        if !staying.is_empty() {
            self.behind.insert(id, staying);
        }
        for waiting in going {
            // It may have ended while it waited, with the endpoint.
            if self.deliveries.get(waiting).is_some_and(|one| !one.is_over()) {
                self.plan(at, waiting);
            }
        }
    }

    /// A webhook has been sent: those that wait to be overtaken are one nearer to leaving.
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
