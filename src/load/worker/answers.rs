//! What answers lead to: tokens, counts, retries, and the end of a delivery.

use std::cmp::Reverse;
use std::time::Duration;

use standin_wire::{Failure as WireFailure, Http2, Reply};

use super::Worker;
use super::delivery::{Delivery, Later, Second};
use crate::clock::Moment;
use crate::load::Retrying;
use crate::load::tally::Counts;
use crate::model::policy::TokenUse;
use crate::model::{Accepted, Failure, Outcome, Secret};
use crate::policy::judge::judge;
use crate::policy::token::{self, Token};
use crate::policy::{header, retry};

impl Worker<'_> {
    /// A request for a token is answered.
    pub(super) fn token_answered(
        &mut self,
        connection: usize,
        delivery: Delivery,
        result: &Result<Reply<'_>, WireFailure>,
        now: Moment,
    ) {
        let played = &mut self.played[delivery.vendor];
        let (outcome, token) = match result {
            Err(failure) => (outcome_of(*failure), None),
            Ok(reply) => match judge(Accepted::Any2xx, reply.status) {
                Outcome::Accepted => match token::read(reply.body) {
                    Ok(token) => (Outcome::Accepted, Some(token)),
                    Err(why) => (Outcome::Failed(Failure::NoToken(why)), None),
                },
                outcome => (outcome, None),
            },
        };
        played.tokens.answered(played.token_use(), token.as_ref(), now);
        match token {
            Some(Token { secret, .. }) => {
                let connection = &mut self.connections[connection];
                connection.token = Some(secret);
                connection.reserved = Some(delivery);
            }
            None => {
                self.tally.token_failures += 1;
                if let Some((struck, left)) = delivery.copies() {
                    for place in self.faults.at(&struck, delivery.attempt) {
                        self.tally.fault(place).answered(&outcome);
                    }
                    return self.copy_answered(delivery, &struck, left);
                }
                if delivery.attempt == 1 {
                    let at = now.saturating_duration_since(self.begun(now));
                    if delivery.second == Second::No {
                        self.count_sent(&delivery, at);
                    }
                    self.tally.second(at).not_accepted += 1;
                    *self.tally.errors.entry("no-token").or_default() += 1;
                    self.counts(&delivery).failed += 1;
                }
                self.follow(delivery, &outcome, None, now);
            }
        }
    }

    /// A webhook is answered.
    pub(super) fn answered(
        &mut self,
        mut delivery: Delivery,
        token: Option<Secret>,
        result: &Result<Reply<'_>, WireFailure>,
        now: Moment,
    ) {
        let played = &mut self.played[delivery.vendor];
        let (outcome, status) = match result {
            Ok(reply) => (judge(played.policy.accepted, reply.status), Some(reply.status)),
            Err(failure) => (outcome_of(*failure), None),
        };
        // The receiver may have forgotten the token: once, a new one is asked for.
        if let (Some(token), Some(401), Second::No) = (&token, status, delivery.second)
            && played.token_use() != TokenUse::PerAttempt
            && self.is_honest(&delivery)
        {
            self.played[delivery.vendor].tokens.drop_refused(token);
            self.ready.push_front(Delivery { second: Second::Yes, ..delivery });
            return;
        }
        if delivery.attempt == 1 && !self.faults.holds_none() && !delivery.is_copy() {
            self.overtook(delivery.tenant, now);
        }
        if let Some(struck) = delivery.struck.take() {
            delivery.struck = Some(struck.clone());
            return self.struck_answered(delivery, &struck, (outcome, result), now);
        }
        if delivery.attempt == 1 {
            self.count_first(&delivery, &outcome, result, now);
        }
        let retry_after = match result {
            Ok(reply) if outcome != Outcome::Accepted => {
                reply.header("retry-after").and_then(header::retry_after)
            }
            _ => None,
        };
        self.follow(delivery, &outcome, retry_after, now);
    }

    /// Counts a first attempt.
    pub(super) fn count_first(
        &mut self,
        delivery: &Delivery,
        outcome: &Outcome,
        result: &Result<Reply<'_>, WireFailure>,
        now: Moment,
    ) {
        let begun = self.begun(now);
        let corrected = now.saturating_duration_since(delivery.intended);
        let at = now.saturating_duration_since(begun);
        let second = self.tally.second(at);
        match outcome {
            Outcome::Accepted => second.accepted += 1,
            _ => second.not_accepted += 1,
        }
        second.longest = second.longest.max(corrected);
        let counts = self.counts(delivery);
        match outcome {
            Outcome::Accepted => counts.accepted += 1,
            Outcome::Refused => counts.refused += 1,
            _ => counts.failed += 1,
        }
        match result {
            Ok(reply) => {
                counts.corrected.record(corrected);
                let raw = reply.received.saturating_duration_since(reply.sent);
                counts.raw.record(raw);
                self.tally.seconds.answered(at, corrected, raw);
                self.progress.answered(corrected);
                *self.tally.statuses.entry(reply.status).or_default() += 1;
            }
            Err(_) => *self.tally.errors.entry(outcome.name()).or_default() += 1,
        }
    }

    /// Counts a webhook that is sent for the first time, this long after the beginning.
    pub(super) fn count_sent(&mut self, delivery: &Delivery, at: Duration) {
        self.counts(delivery).sent += 1;
        self.tally.second(at).sent += 1;
        self.tally.last_sent = self.tally.last_sent.max(at);
    }

    pub(super) fn counts(&mut self, delivery: &Delivery) -> &mut Counts {
        &mut self.played[delivery.vendor].counts[delivery.trigger.place()]
    }

    /// Plans the retry after an attempt, or ends the delivery.
    pub(super) fn follow(
        &mut self,
        delivery: Delivery,
        outcome: &Outcome,
        retry_after: Option<Duration>,
        now: Moment,
    ) {
        let policy = self.played[delivery.vendor].policy;
        let wait = match self.plan.retries {
            Retrying::Off => None,
            Retrying::ByPolicy => retry::wait(
                &policy.retries,
                delivery.attempt,
                outcome,
                retry_after,
                &mut self.jitter,
            ),
        };
        if let Some(wait) = wait {
            self.planned += 1;
            let lane = match self.holds_while_retrying(delivery.vendor) {
                true => delivery.lane,
                false => {
                    self.leave(delivery.lane);
                    None
                }
            };
            // In a lane, the webhooks behind it wait for it until the end.
            if lane.is_none() && !self.can_wait(now + wait, now) {
                self.leave_unfinished(&delivery);
                return self.put_away(delivery.body);
            }
            let again = Delivery {
                due: now + wait,
                attempt: delivery.attempt + 1,
                second: Second::No,
                lane,
                ..delivery
            };
            self.later.push(Reverse(Later(again, self.planned)));
            return;
        }
        self.end(delivery, outcome, now);
    }

    /// A delivery is over.
    pub(super) fn end(&mut self, delivery: Delivery, outcome: &Outcome, now: Moment) {
        self.record_end(&delivery, outcome, now);
        let by_fault = self.ended_by_fault(&delivery, outcome);
        match outcome {
            Outcome::Accepted => {
                self.tell_accepted(&delivery);
                self.tally.recovered += u64::from(delivery.attempt > 1 && !by_fault);
            }
            _ => {
                self.tally.given_up += u64::from(!by_fault);
                self.watched.lost(delivery.tenant, delivery.subject);
            }
        }
        self.leave(delivery.lane);
        self.put_away(delivery.body);
    }
}

pub(super) fn outcome_of(failure: WireFailure) -> Outcome {
    let why = || failure.to_string();
    Outcome::Failed(match failure {
        WireFailure::Refused | WireFailure::ConnectTimedOut | WireFailure::Tls(_) => {
            Failure::Unreachable(why())
        }
        WireFailure::TimedOut | WireFailure::Aborted => Failure::TimedOut,
        WireFailure::NotHttp(_) | WireFailure::Http2(Http2::Protocol) => Failure::Malformed(why()),
        WireFailure::TooLarge => Failure::AnswerTooLarge,
        WireFailure::Reset
        | WireFailure::ClosedBeforeReply
        | WireFailure::ClosedInReply
        | WireFailure::Http2(Http2::Reset | Http2::GoAway) => Failure::ClosedEarly(why()),
        WireFailure::Exhausted => Failure::Local(why()),
        WireFailure::Io(_) => Failure::Unreachable(why()),
    })
}
