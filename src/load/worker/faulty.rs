//! Webhooks that a fault strikes: how they leave, and what their answers count as.

use std::cmp::Reverse;
use std::time::Duration;

use standin_wire::{Failure as WireFailure, Reply};

use super::delivery::{Delivery, Later, Second};
use super::{MOST_PULLED, Worker};
use crate::clock::Moment;
use crate::load::faults::{Role, Struck, spoils};
use crate::load::lanes::Lane;
use crate::load::prepared::Unsigned;
use crate::model::fault::{BodyDamage, CredentialDamage};
use crate::model::{Effect, Outcome, Secret};
use crate::policy::header;
use crate::policy::transit::Transit;
use crate::policy::wire::SendResult;

impl Worker<'_> {
    /// Lets the faults of a new webhook strike. None if it is held back, or leaves later.
    pub(super) fn strike(&mut self, mut delivery: Delivery) -> Option<Delivery> {
        let (tenant, vendor) = (delivery.tenant, delivery.vendor);
        let trigger = self.played[vendor].trigger(delivery.trigger);
        let Some(struck) = self.faults.strike(tenant, vendor, trigger) else {
            return Some(delivery);
        };
        let (mut delay, mut overtaken) = (Duration::ZERO, 0);
        for place in &struck.faults {
            self.tally.fault(*place).struck += 1;
            match self.faults.fault(*place).effect {
                Effect::Delayed(by) => delay += by,
                Effect::Overtaken(by) => overtaken = overtaken.max(by),
                _ => {}
            }
        }
        delivery.struck = Some(struck);
        if delay.is_zero() && overtaken == 0 {
            return Some(delivery);
        }
        // Webhooks of its subject shall overtake it.
        delivery.lane = None;
        delivery.intended += delay;
        delivery.due = delivery.intended;
        self.last_due = self.last_due.max(Some(delivery.due));
        // A webhook that overtakes another does not itself wait to be overtaken.
        if overtaken > 0 && self.faults.holds_none_of(tenant) {
            self.faults.hold(tenant, overtaken, delivery);
        } else if delay.is_zero() {
            return Some(delivery);
        } else if self.later.len() >= self.most {
            self.tally.shed += 1;
            self.watched.lost(tenant, delivery.subject);
        } else {
            self.leave_later(delivery);
        }
        None
    }

    fn leave_later(&mut self, delivery: Delivery) {
        self.planned += 1;
        self.later.push(Reverse(Later(delivery, self.planned)));
    }

    /// A webhook of this account was sent for the first time: others were overtaken.
    pub(super) fn overtook(&mut self, tenant: usize, now: Moment) {
        let ready = self.faults.overtaken(tenant);
        self.let_go(ready, now);
    }

    /// Nothing overtakes any more.
    pub(super) fn release(&mut self, now: Moment) {
        let ready = self.faults.release();
        self.let_go(ready, now);
    }

    /// Webhooks that were held back are due from now on.
    fn let_go(&mut self, ready: Vec<Delivery>, now: Moment) {
        for mut delivery in ready {
            let due = delivery.due.max(now);
            (delivery.intended, delivery.due) = (due, due);
            self.leave_later(delivery);
        }
    }

    /// What a connection sends next: what it has reserved, else what is picked.
    pub(super) fn take(&mut self, connection: usize, now: Moment) -> Option<Delivery> {
        let reserved = self.connections[connection].reserved.take();
        let mut found = reserved.or_else(|| self.pick(now))?;
        for _ in 0..MOST_PULLED {
            match self.unless_stopped(found, now) {
                Some(delivery) => return Some(delivery),
                None => found = self.pick(now)?,
            }
        }
        self.ready.push_front(found);
        None
    }

    /// Gives back a delivery that is really sent. A fault may stop it on its way.
    fn unless_stopped(&mut self, mut delivery: Delivery, now: Moment) -> Option<Delivery> {
        let Some(struck) = &delivery.struck else { return Some(delivery) };
        if delivery.due > now || struck.role != Role::Original {
            return Some(delivery);
        }
        let places = self.faults.at(struck, delivery.attempt);
        let transit = Transit::under(places.iter().map(|place| self.faults.fault(*place)));
        let Some(outcome) = transit.stopped.clone() else { return Some(delivery) };
        for place in places {
            self.tally.fault(place).unsent += 1;
        }
        let asked = transit.asked_to_wait(&SendResult::unsent(outcome.clone()));
        let known = match outcome {
            // The vendor waits for an answer that never comes.
            Outcome::TimedOutOnItsWay => now + self.answer_within,
            _ => now,
        };
        let always_lost = self.is_always_lost(struck);
        self.record_stopped(&mut delivery, &outcome, now);
        match always_lost {
            true => self.end(delivery, &outcome, now),
            false => self.follow(delivery, &outcome, asked, known),
        }
        None
    }

    /// Whether no attempt of it is ever sent.
    fn is_always_lost(&self, struck: &Struck) -> bool {
        let always = self.faults.all(struck).filter(|fault| fault.which.attempt.is_none());
        Transit::under(always).is_lost()
    }

    /// Writes the request for a webhook that faults strike, and sends its copies on their way. Gives
    /// back what is still to be signed.
    pub(super) fn write_struck(
        &mut self,
        delivery: &Delivery,
        struck: &Struck,
        token: Option<&Secret>,
        buffer: &mut Vec<u8>,
    ) -> Option<Unsigned> {
        let places = self.faults.at(struck, delivery.attempt);
        let all = &self.faults;
        let faults = || places.iter().map(move |place| all.fault(*place));
        let (transit, played) = (Transit::under(faults()), &self.played[delivery.vendor]);
        let unsigned = if faults().any(|fault| spoils(&fault.effect))
            || faults().any(|fault| fault.effect == Effect::Body(BodyDamage::OtherForm))
        {
            played.write_alone(delivery, faults(), token, buffer)
        } else {
            played.write(delivery, token, buffer)
        };
        for place in &places {
            self.tally.fault(*place).sent += 1;
        }
        if transit.at_once && struck.role == Role::Original && delivery.second == Second::No {
            for _ in 1..transit.copies {
                self.ready.push_front(copy(delivery, struck, None, 0));
            }
        }
        unsigned
    }

    /// Whether its credentials are the right ones.
    pub(super) fn is_honest(&self, delivery: &Delivery) -> bool {
        delivery.struck.as_ref().is_none_or(|struck| {
            let places = self.faults.at(struck, delivery.attempt);
            places.iter().all(|place| credentials(&self.faults.fault(*place).effect).is_none())
        })
    }

    /// A webhook that faults strike is answered.
    pub(super) fn struck_answered(
        &mut self,
        mut delivery: Delivery,
        struck: &Struck,
        (outcome, result): (Outcome, &Result<Reply<'_>, WireFailure>),
        now: Moment,
    ) {
        let places = self.faults.at(struck, delivery.attempt);
        for place in &places {
            self.tally.fault(*place).answered(&outcome);
        }
        if let Role::Copy(left) = struck.role {
            return self.copy_answered(delivery, struck, left);
        }
        let all = &self.faults;
        let faults = || places.iter().map(move |place| all.fault(*place));
        let (transit, spoilt) =
            (Transit::under(faults()), faults().any(|fault| spoils(&fault.effect)));
        let damaged = faults().any(|fault| damages(&fault.effect));
        if delivery.attempt == 1 {
            match spoilt {
                true => self.tally.faulted += 1,
                false => self.count_first(&delivery, &outcome, result, now),
            }
        }
        if damaged && outcome == Outcome::Accepted {
            // What it believes now is not what the vendor knows.
            self.watched.lost(delivery.tenant, delivery.subject);
        }
        let seen = transit.seen(outcome.clone());
        let retry_after = match result {
            Ok(reply) if seen == outcome => {
                reply.header("retry-after").and_then(header::retry_after)
            }
            _ => None,
        };
        if transit.copies > 1 && !transit.at_once {
            // The next webhook of the subject waits for the copies, unless this one is tried again.
            let lane = (seen == Outcome::Accepted).then(|| delivery.lane.take()).flatten();
            self.ready.push_front(copy(&delivery, struck, lane, transit.copies - 2));
        }
        self.follow(delivery, &seen, retry_after, now);
    }

    /// A copy is answered, or has no token.
    pub(super) fn copy_answered(&mut self, mut delivery: Delivery, struck: &Struck, left: u32) {
        match left {
            0 => self.leave(delivery.lane),
            _ => {
                let lane = delivery.lane.take();
                self.ready.push_front(copy(&delivery, struck, lane, left - 1));
            }
        }
    }

    /// Counts the end of a delivery whose faults spoil it. False if they do not.
    pub(super) fn ended_by_fault(&mut self, delivery: &Delivery, outcome: &Outcome) -> bool {
        let Some(struck) = &delivery.struck else { return false };
        let spoiling = |place: &usize| spoils(&self.faults.fault(*place).effect);
        let places: Vec<usize> = struck.faults.iter().copied().filter(spoiling).collect();
        for place in &places {
            let counts = self.tally.fault(*place);
            match outcome {
                Outcome::Accepted => counts.recovered += u64::from(delivery.attempt > 1),
                _ => counts.given_up += 1,
            }
        }
        !places.is_empty()
    }
}

/// A copy of a delivery, with this many more behind it.
fn copy(delivery: &Delivery, struck: &Struck, lane: Option<Lane>, left: u32) -> Delivery {
    let struck = Struck { role: Role::Copy(left), ..struck.clone() };
    Delivery {
        body: delivery.body.clone(),
        lane,
        second: Second::No,
        struck: Some(Box::new(struck)),
        sending: delivery.sending.clone(),
        ..*delivery
    }
}

fn damages(effect: &Effect) -> bool {
    matches!(effect, Effect::Body(damage) if *damage != BodyDamage::OtherForm)
        || matches!(effect, Effect::AfterSigning(BodyDamage::Tampered))
}

fn credentials(effect: &Effect) -> Option<CredentialDamage> {
    match effect {
        Effect::Credentials(damage) => Some(*damage),
        _ => None,
    }
}
