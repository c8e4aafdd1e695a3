//! How attempts follow each other: which is made next, what it leads to, and how a delivery ends.

use std::time::Duration;

use jiff::Timestamp;

use super::request::Attempting;
use super::{Delivery, Engine, Standing};
use crate::clock::after;
use crate::journal::Entry;
use crate::model::{Ordering, Outcome};
use crate::policy::retry;

impl Engine {
    /// Makes the attempts that are due by this moment, in order.
    pub(super) async fn make_attempts(&mut self, until: Timestamp) {
        while let Some((&(at, order), &index)) = self.schedule.first_key_value()
            && at <= until
        {
            self.schedule.remove(&(at, order));
            if let Some(blocker) = self.blocker(index) {
                self.behind.entry(blocker).or_default().push(index);
            } else {
                self.attempt(index, at).await;
            }
        }
    }

    /// An earlier delivery that this one may not overtake, if one waits for its retry.
    fn blocker(&self, index: usize) -> Option<usize> {
        let delivery = &self.deliveries[index];
        let ordering = self.routes[delivery.account].policy.ordering;
        if ordering == Ordering::None {
            return None;
        }
        let same = |other: &Delivery| match ordering {
            Ordering::PerSubject => other.webhook.subject == delivery.webhook.subject,
            _ => other.account == delivery.account,
        };
        self.deliveries[..index]
            .iter()
            .position(|other| matches!(other.standing, Standing::Retrying(_)) && same(other))
    }

    /// Makes the next attempt of a delivery, with whatever faults strike it, and schedules what
    /// follows from it.
    async fn attempt(&mut self, index: usize, at: Timestamp) {
        if self.is_deactivated(self.deliveries[index].account) {
            return self.end(index, at, Outcome::EndpointDeactivated);
        }
        self.deliveries[index].attempts += 1;
        let delivery = &self.deliveries[index];
        let (number, account) = (delivery.attempts, delivery.account);
        let attempting = Attempting {
            courier: &self.courier,
            tokens: &self.tokens[account],
            route: &self.routes[account],
            delivery,
            number,
            at,
        };
        let made = attempting.make().await;
        let (was_sent, succeeded) = (made.was_sent(), made.succeeded());
        for request in made.requests {
            self.journal.write(Entry::Attempted(request));
        }
        self.deliveries[index].tried(&made.outcome);
        self.follow(index, at, made.outcome, made.retry_after);
        if self.overtaking && number == 1 && was_sent {
            self.count_overtaking(index, at);
        }
        if let Some(succeeded) = succeeded {
            self.note(account, at, succeeded);
        }
    }

    /// Schedules the retry after an attempt that ended so, or ends the delivery.
    fn follow(
        &mut self,
        index: usize,
        at: Timestamp,
        outcome: Outcome,
        retry_after: Option<Duration>,
    ) {
        let delivery = &self.deliveries[index];
        let (seq, number) = (delivery.webhook.seq, delivery.attempts);
        let lost = outcome == Outcome::NeverSent && delivery.lost_for_good();
        let retries = &self.routes[delivery.account].policy.retries;
        let mut jitter = self.jitter.child(&format!("{seq} {number}"));
        let wait = retry::wait(retries, number, &outcome, retry_after, &mut jitter);
        match wait.filter(|_| !lost) {
            Some(wait) => {
                self.deliveries[index].standing = Standing::Retrying(outcome);
                self.schedule(after(at, wait), index);
            }
            None => {
                let keeps = self.routes[self.deliveries[index].account].policy.dead_letters;
                if keeps && !lost && outcome != Outcome::Accepted {
                    self.keep_dead(index, at);
                }
                self.end(index, at, outcome);
            }
        }
    }

    pub(super) fn end(&mut self, index: usize, at: Timestamp, outcome: Outcome) {
        let delivery = &mut self.deliveries[index];
        delivery.standing = Standing::Over(outcome.clone());
        if self.forgetful {
            delivery.webhook.body = bytes::Bytes::new();
        }
        let (seq, attempts) = (delivery.webhook.seq, delivery.attempts);
        self.journal.write(Entry::Ended { at, delivery: seq, outcome, attempts });
        for waiting in self.behind.remove(&index).unwrap_or_default() {
            // It may have ended while it waited, with the endpoint.
            if !self.deliveries[waiting].is_over() {
                self.schedule(at, waiting);
            }
        }
    }

    /// A webhook has been sent: those that wait to be overtaken are one nearer to leaving.
    fn count_overtaking(&mut self, by: usize, at: Timestamp) {
        let account = self.deliveries[by].account;
        let mut ready = Vec::new();
        self.overtaking = false;
        for (index, delivery) in self.deliveries.iter_mut().enumerate() {
            if let Standing::ToBeOvertaken(left) = &mut delivery.standing
                && index != by
                && delivery.account == account
            {
                *left -= 1;
                if *left == 0 {
                    ready.push(index);
                } else {
                    self.overtaking = true;
                }
            }
        }
        for index in ready {
            self.schedule(at.max(self.deliveries[index].leaves_at()), index);
        }
    }
}
