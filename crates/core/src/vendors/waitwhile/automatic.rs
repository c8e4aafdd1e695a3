//! What happens by itself: holds expire, bookings move to the waitlist, rules end visits, reminders
//! and follow-ups are sent, and messages arrive.
//!
//! If people have acted in the meantime, a scheduled event may no longer apply. Then nothing
//! happens.

use jiff::Timestamp;

use super::account::WaitwhileAccount;
use super::act::Act;
use super::cause::Cause;
use super::due::Due;
use super::guest::Channel;
use super::message::Kind;
use super::state::VisitState;
use super::visit::{Booking, By, VisitNumber};
use crate::clock::after;
use crate::vendors::Outbox;
use crate::vendors::emitter::Emitter;

impl WaitwhileAccount {
    /// Schedules the reminder of a booking, its move to the waitlist and its expiry.
    pub(super) fn schedule_booking(&mut self, number: VisitNumber, now: Timestamp) {
        let Some(Booking { start, .. }) = self.visit(number).booking else { return };
        if let Some(before) = self.rules.reminder
            && let Some(at) = earlier(start, before).filter(|at| *at > now)
        {
            self.due.put(at, Due::Reminds(number));
        }
        if let Some(before) = self.rules.waitlist_sync {
            let at = earlier(start, before).map_or(now, |at| at.max(now));
            self.due.put(at, Due::Syncs(number));
        }
        if let Some(wait) = self.rules.expires_after {
            self.due.put(after(start, wait).max(now), Due::Expires(number));
        }
    }

    /// Carries out a due event, if it still applies.
    pub(super) fn happen(&mut self, due: Due, now: Timestamp, outbox: &mut Outbox) {
        let Some(action) = self.action_of(due, now) else { return };
        let cause = &mut Cause {
            by: By::System,
            now,
            emitter: Emitter { action: action.action(), at: now, outbox },
        };
        self.begin(cause);
        match due {
            Due::HoldExpires(number) => self.expire_hold(number, cause),
            Due::Syncs(number) => self.sync(number, cause),
            Due::Expires(number) => self.end(number, Some("EXPIRED"), None, cause),
            Due::Completes(number) => self.complete(number, cause),
            Due::Reminds(number) => {
                let channel = self.channel_of(number);
                if let Some(booking) = &mut self.visit_mut(number).booking {
                    booking.reminded = Some((channel, cause.now));
                }
                self.send(Kind::Reminder, number, cause);
            }
            Due::FollowUp(number) => {
                let channel = self.channel_of(number);
                self.visit_mut(number).followed_up = Some((channel, cause.now));
                self.send(Kind::FollowUp, number, cause);
            }
            Due::Deliver(number) => {
                if self.networks.happens(self.rules.undelivered) {
                    cause.emitter.action = Act::FailMessage.action();
                }
                self.end_message(number, cause);
            }
        }
    }

    /// How the guest of a visit is reached.
    fn channel_of(&self, number: VisitNumber) -> Channel {
        self.customers[self.visit(number).customer].guest.channel
    }

    /// The action of a due event. `None` if the event no longer applies.
    fn action_of(&self, due: Due, now: Timestamp) -> Option<Act> {
        let rules = &self.rules;
        let begins = |number, before| {
            let start = self.visit(number).booking?.start;
            Some(earlier(start, before).is_none_or(|at| at <= now))
        };
        let (holds, action) = match due {
            Due::HoldExpires(number) => {
                let visit = self.visit(number);
                let over = visit.hold_expires.is_some_and(|at| at <= now);
                (visit.state == VisitState::Pending && over, Act::HoldExpires)
            }
            Due::Syncs(number) => {
                let begins = begins(number, rules.waitlist_sync?)?;
                (self.visit(number).state == VisitState::Booked && begins, Act::SyncByItself)
            }
            Due::Reminds(number) => {
                let visit = self.visit(number);
                let new = visit.booking?.reminded.is_none() && rules.sends(Kind::Reminder);
                let near = begins(number, rules.reminder?)?;
                (visit.state == VisitState::Booked && new && near, Act::Remind)
            }
            Due::Expires(number) => (self.expires(number, now), Act::Expire),
            Due::Completes(number) => {
                let visit = self.visit(number);
                let since = visit.serve_time.zip(rules.auto_complete);
                let over = since.is_some_and(|(since, wait)| after(since, wait) <= now);
                (visit.state == VisitState::Serving && over, Act::CompleteByItself)
            }
            Due::FollowUp(number) => {
                let visit = self.visit(number);
                let since = visit.completed_time.zip(rules.follow_up_after);
                let over = since.is_some_and(|(since, wait)| after(since, wait) <= now);
                let new = visit.followed_up.is_none() && rules.sends(Kind::FollowUp);
                (visit.state == VisitState::Complete && over && new, Act::FollowUp)
            }
            Due::Deliver(_) => (true, Act::DeliverMessage),
        };
        holds.then_some(action)
    }

    /// Whether the guest has been away for too long since joining the waitlist or the start of the
    /// slot. The later of the two counts, so that no booking expires before its slot.
    fn expires(&self, number: VisitNumber, now: Timestamp) -> bool {
        let visit = self.visit(number);
        let slot = visit.booking.map(|booking| booking.start);
        let since = match visit.state {
            VisitState::Waiting => Some(visit.waiting_since).max(slot),
            VisitState::Booked => slot,
            VisitState::Pending
            | VisitState::Draft
            | VisitState::Serving
            | VisitState::Complete
            | VisitState::Removed => None,
        };
        let rule = since.zip(self.rules.expires_after);
        rule.is_some_and(|(since, wait)| after(since, wait) <= now)
    }

    fn expire_hold(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        if self.rules.hold_fires && self.rules.hold_expiry_fires {
            return self.delete(&[number], cause);
        }
        self.release_slot(number);
        self.forget(number);
        self.visit_mut(number).state = VisitState::Removed;
    }
}

fn earlier(moment: Timestamp, by: std::time::Duration) -> Option<Timestamp> {
    let by = jiff::SignedDuration::try_from(by).ok()?;
    moment.checked_sub(by).ok().map(crate::clock::whole_milliseconds)
}
