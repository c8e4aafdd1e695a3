//! What a thread has counted: so far, and at its end, when what was not over counts as unfinished.

use std::cmp::Reverse;
use std::time::Duration;

use super::delivery::{Delivery, Flight, Later, Second};
use super::{Ends, Played, Worker};
use crate::clock::Moment;
use crate::load::Pace;
use crate::load::feed::Feed;
use crate::load::interim::SoFar;
use crate::load::sample::Watched;
use crate::load::tally::Tally;

impl Worker<'_> {
    /// What it counted, its sample, its accounts, and when the last answer came.
    pub fn into_parts(mut self) -> (Tally, Watched, Feed, Duration) {
        let (mut waiting, mut under_way) = (Vec::new(), Vec::new());
        for connection in std::mem::take(&mut self.connections) {
            waiting.extend(connection.reserved);
            match connection.flight {
                Some(Flight::Webhook(delivery, _)) => under_way.push(delivery),
                Some(Flight::Token(delivery)) => waiting.push(delivery),
                None => {}
            }
        }
        waiting.extend(self.ready.drain(..));
        waiting.extend(self.later.drain().map(|Reverse(Later(delivery, _))| delivery));
        waiting.extend(self.lanes.drain());
        waiting.extend(self.faults.release());
        waiting.retain(|delivery| !delivery.is_copy());
        let never_sent = |one: &&Delivery| one.attempt == 1 && one.second == Second::No;
        self.tally.unsent += waiting.iter().filter(never_sent).count() as u64;
        under_way.retain(|delivery| !delivery.is_copy());
        waiting.into_iter().chain(under_way).for_each(|delivery| self.leave_unfinished(&delivery));
        self.tally.seconds.close();
        self.watched.close();
        self.tally.triggers = self.played.into_iter().flat_map(Played::counted).collect();
        (self.tally, self.watched, self.feed, self.last)
    }

    /// Gives what was counted so far, if somebody has asked and the run has begun.
    pub(super) fn give_interim(&mut self, now: Moment) {
        let begun = self.begun(now);
        if now <= begun {
            return;
        }
        let sending = match self.ends {
            Ends::NotYet => now.saturating_duration_since(begun),
            Ends::Made(_) => self.tally.last_sent,
        };
        let counts = self.played.iter().flat_map(|played| &played.counts);
        self.progress.interim.give(|| SoFar::of(&self.tally, counts, sending));
    }

    /// A delivery will not be over in time.
    pub(super) fn leave_unfinished(&mut self, delivery: &Delivery) {
        self.tally.unfinished += 1;
        self.watched.lost(delivery.tenant, delivery.subject);
    }

    /// Whether there is room for a retry, and time for it before the run ends.
    pub(super) fn can_wait(&mut self, due: Moment, now: Moment) -> bool {
        let length = match &self.plan.pace {
            Pace::Open(schedule) => schedule.length(),
            Pace::Saturate(length) => *length,
        };
        let end = self.begun(now).checked_add(length.saturating_add(self.plan.drain));
        self.later.len() < self.most && end.is_none_or(|end| due <= end)
    }
}
