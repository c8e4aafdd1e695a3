//! Initialization: chooses the trigger that fits the current state of an event, an order or an
//! attendee, and the action that such a webhook reports.

use jiff::Timestamp;

use super::state::{Item, Retold};
use crate::vendors::Outbox;
use crate::vendors::doo::account::DooAccount;
use crate::vendors::doo::act::Act;
use crate::vendors::doo::order::Order;
use crate::vendors::doo::state::{EventState, OrderState, TicketState};
use crate::vendors::doo::triggers::Trigger;
use crate::vendors::emitter::Emitter;

impl DooAccount {
    /// The trigger that fits the current state of an item. `None` if none does. (IN offers some
    /// triggers for each resource. That each item is sent once, with the trigger that fits, is
    /// assumed.)
    pub(super) fn fitting(&self, item: Item) -> Option<Trigger> {
        match item {
            Item::Event(number) => Some(match self.event(number).state {
                EventState::Deleted => Trigger::EventRemoved,
                EventState::Draft | EventState::Live | EventState::Cancelled | EventState::Done => {
                    Trigger::EventCreated
                }
            }),
            Item::Order(number) => match self.order(number).status {
                OrderState::Removed => None,
                OrderState::CancelledByOrganizer | OrderState::CancelledByAttendee => {
                    Some(Trigger::OrderCancelled)
                }
                OrderState::PendingApproval
                | OrderState::PendingReview
                | OrderState::Active
                | OrderState::Denied => Some(Trigger::OrderCreated),
            },
            Item::Attendee(number, place) => {
                let ticket = &self.order(number).tickets[usize::from(place)];
                let fits = match ticket.status {
                    TicketState::Pending => Trigger::AttendeePending,
                    TicketState::Valid => Trigger::AttendeeValidated,
                    TicketState::Checked => Trigger::AttendeeCheckin,
                    TicketState::Cancelled => Trigger::AttendeeCancelled,
                };
                self.rules.attendee_triggers.contains(&fits).then_some(fits)
            }
        }
    }

    /// The time of an item's last change. An order does not record when it was flagged or denied,
    /// or when a ticket was checked in; the last of its other times is used.
    pub(super) fn changed(&self, item: Item) -> Timestamp {
        let of_order = |order: &Order| {
            let later =
                [order.approved, order.paid, order.cancelled, order.removed, order.corrected];
            later.into_iter().flatten().fold(order.booked, Timestamp::max)
        };
        match item {
            Item::Event(number) => self.event(number).updated,
            Item::Order(number) | Item::Attendee(number, _) => of_order(self.order(number)),
        }
    }

    /// Sends a webhook for an existing item.
    pub(super) fn tell_again(&mut self, retold: Retold, at: Timestamp, outbox: &mut Outbox) {
        let Retold { item, trigger } = retold;
        let mut emitter = Emitter { action: told(trigger).action(), at, outbox };
        match item {
            Item::Event(number) => self.emit_event(number, trigger, &mut emitter),
            Item::Order(number) => {
                self.emit_order(number, trigger, &mut emitter);
                self.free_form(number);
            }
            Item::Attendee(number, place) => {
                self.emit_attendee(number, place, trigger, &mut emitter);
                self.free_form(number);
            }
        }
    }

    /// Sends all that is due by this moment.
    pub(in crate::vendors::doo) fn tell_due(&mut self, by: Timestamp, outbox: &mut Outbox) {
        while let Some((at, retold)) = self.api.pop_retold(by) {
            self.tell_again(retold, at, outbox);
        }
    }
}

/// The action that a webhook with this trigger reports.
fn told(trigger: Trigger) -> Act {
    match trigger {
        Trigger::EventCreated => Act::CreateEvent,
        Trigger::EventUpdated => Act::RenameEvent,
        Trigger::EventRemoved => Act::DeleteEvent,
        Trigger::OrderCreated | Trigger::AttendeePending => Act::Book,
        Trigger::OrderUpdated | Trigger::AttendeeValidated => Act::Pay,
        Trigger::OrderCancelled | Trigger::AttendeeCancelled => Act::CancelBooking,
        Trigger::OrderRemoved => Act::Remove,
        Trigger::AttendeeCheckin => Act::CheckIn,
    }
}
