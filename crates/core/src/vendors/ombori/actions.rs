//! What each action changes in a position, and the state that follows.

use std::time::Duration;

use jiff::Timestamp;

use super::account::OmboriAccount;
use super::act::Act;
use super::people::{Wait, comment};
use super::position::{Feedback, Kind, Slot};
use super::state::State;
use crate::clock::{END, after, whole_milliseconds};
use crate::model::{Call, SubjectIndex};

impl OmboriAccount {
    /// The slot that begins this long from now, rounded up to a whole minute.
    fn slot_in(&self, ahead: Duration, now: Timestamp, people: u8) -> Slot {
        let start = after(now, ahead).as_millisecond();
        let to_the_minute = (-start).rem_euclid(60_000);
        let start = Timestamp::from_millisecond(start + to_the_minute).unwrap_or(END);
        self.slot_of(start, after(start, self.slot), people)
    }

    /// The slot between these moments, with its reminder.
    pub(super) fn slot_of(&self, start: Timestamp, end: Timestamp, people: u8) -> Slot {
        let reminder = start
            .checked_sub(jiff::SignedDuration::try_from(self.reminder).unwrap_or_default())
            .map_or(start, whole_milliseconds);
        Slot { start, end, reminder, people }
    }

    fn booked(&mut self, state: State, call: &Call, now: Timestamp) -> SubjectIndex {
        let index = self.make(Kind::Booking, state, call.new_name("who"), now);
        let people = call.integer("people").map_or(1, |people| people as u8);
        self.place_slot(index, call, now, people);
        index
    }

    fn place_slot(&mut self, index: SubjectIndex, call: &Call, now: Timestamp, people: u8) {
        let slot = self.slot_in(call.duration("ahead").unwrap_or_default(), now, people);
        let position = &mut self.positions[index];
        position.slot = Some(slot);
        if let Some(given) = &mut position.given {
            given.times = None;
        }
        if position.state == State::Draft {
            self.due.put(slot.start, index);
        }
    }

    pub(super) fn make_new(&mut self, call: &Call, now: Timestamp) -> SubjectIndex {
        let name = call.new_name("who");
        match Act::of(call.action) {
            Act::TakeTicket => self.make(Kind::Anonymous, State::Pending, name, now),
            Act::IssueTicket => self.make(Kind::Manual, State::Pending, name, now),
            Act::IssueUrgentTicket => {
                let index = self.make(Kind::Manual, State::Pending, name, now);
                self.positions[index].priority = self.high_priority;
                index
            }
            Act::Book => self.booked(State::Draft, call, now),
            Act::Reserve => self.booked(State::Reserved, call, now),
            Act::Confirm
            | Act::Reschedule
            | Act::Activate
            | Act::Call
            | Act::Retry
            | Act::Reject
            | Act::CheckIn
            | Act::ScanCode
            | Act::CheckOut
            | Act::CheckOutByItself
            | Act::Cancel
            | Act::CancelBooking
            | Act::Reset
            | Act::GiveFeedback => panic!("`{}` does not create a position", call.action.call),
        }
    }

    /// Changes an existing position. Its state has been checked.
    pub(super) fn change(&mut self, call: &Call, index: SubjectIndex, now: Timestamp) {
        let left = self.positions[index].desk();
        left.into_iter().for_each(|desk| self.guests[usize::from(desk)] -= 1);
        let state = match Act::of(call.action) {
            Act::Confirm => {
                let slot = self.positions[index].slot;
                // A reservation that is confirmed too late begins at once.
                let start = slot.map_or(now, |slot| slot.start.max(now));
                self.due.put(start, index);
                State::Draft
            }
            Act::Reschedule => {
                let people = self.positions[index].slot.map_or(1, |slot| slot.people);
                self.place_slot(index, call, now, people);
                State::Draft
            }
            Act::Activate => {
                let label = self.next_label('B', now);
                let position = &mut self.positions[index];
                position.label = label;
                position.activated_at = Some(now);
                State::Pending
            }
            Act::Call => {
                let desk = self.free_desk();
                let position = &mut self.positions[index];
                position.called_at = Some(now);
                position.station = Some(desk);
                State::Notified
            }
            Act::Retry => {
                let position = &mut self.positions[index];
                position.retry_count += 1;
                position.station = None;
                State::Pending
            }
            Act::CheckIn | Act::ScanCode => {
                self.check_in(index, now);
                State::Fulfilled
            }
            Act::CheckOut | Act::CheckOutByItself => {
                self.positions[index].completed_at = Some(now);
                State::Completed
            }
            Act::GiveFeedback => {
                let feedback = self.feedback(index, call);
                self.positions[index].feedback = Some(feedback);
                State::Completed
            }
            Act::Reject | Act::Cancel | Act::CancelBooking | Act::Reset => {
                self.positions[index].rejected_at = Some(now);
                State::Rejected
            }
            Act::TakeTicket
            | Act::IssueTicket
            | Act::IssueUrgentTicket
            | Act::Book
            | Act::Reserve => {
                panic!("`{}` changes no position", call.action.call)
            }
        };
        self.positions[index].state = state;
        let taken = self.positions[index].desk();
        taken.into_iter().for_each(|desk| self.guests[usize::from(desk)] += 1);
    }

    /// A desk that is free; if none is, one with as few guests as any.
    fn free_desk(&mut self) -> u16 {
        let fewest = self.guests.iter().min().copied().unwrap_or_default();
        let with_fewest = || self.guests.iter().enumerate().filter(|(_, count)| **count == fewest);
        let chosen = self.desks.below(with_fewest().count() as u64) as usize;
        with_fewest().nth(chosen).map_or(0, |(desk, _)| desk as u16)
    }

    fn check_in(&mut self, index: SubjectIndex, now: Timestamp) {
        // Who was not called goes to a free desk.
        let desk = self.positions[index].desk().unwrap_or_else(|| self.free_desk());
        let auto = self.auto_checkout;
        let position = &mut self.positions[index];
        position.station = Some(desk);
        position.fulfilled_at = Some(now);
        position.served_by = Some(desk + 1);
        if let Some(wait) = auto {
            self.due.put(after(now, wait), index);
        }
    }

    /// The feedback in the call. If the call has none, words that such a guest might use.
    fn feedback(&mut self, index: SubjectIndex, call: &Call) -> Feedback {
        let rating = call.integer("rating").map_or(5, |rating| rating as u8);
        let position = &self.positions[index];
        let locale = position.guest.locale;
        let wait = Wait::of(position.waited().unwrap_or_default());
        let message = match call.text("text") {
            Some(message) => message,
            None => comment(&mut self.people, locale, rating, wait),
        };
        Feedback { rating, message: message.to_owned() }
    }
}
