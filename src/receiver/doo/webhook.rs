//! Reads a webhook: the trigger from the URL, since the body does not name it, and the body as an
//! event, an order or an attendee. It refuses an invalid body with the path of the wrong field.

use super::event::Event;
use super::order::{AttendeeRecord, Order, OrderStatus};
use crate::receiver::defects::Defect;
use crate::receiver::fields::Fields;
use crate::receiver::refusal::Refusal;
use crate::receiver::unstorable::{self, Crashes};
use crate::receiver::variation::Defects;

/// The trigger, known by the URL of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Trigger {
    EventCreated,
    EventUpdated,
    EventRemoved,
    OrderCreated,
    OrderUpdated,
    OrderCancelled,
    OrderRemoved,
    /// Any of the four attendee triggers. Their bodies are not documented, so only the ticket's
    /// status counts, not the trigger.
    Attendee,
}

/// The triggers by the last part of their URLs.
pub(super) const TRIGGERS: [(&str, Trigger); 11] = [
    ("event-created", Trigger::EventCreated),
    ("event-updated", Trigger::EventUpdated),
    ("event-removed", Trigger::EventRemoved),
    ("order-created", Trigger::OrderCreated),
    ("order-updated", Trigger::OrderUpdated),
    ("order-cancelled", Trigger::OrderCancelled),
    ("order-removed", Trigger::OrderRemoved),
    ("attendee-pending", Trigger::Attendee),
    ("attendee-validated", Trigger::Attendee),
    ("attendee-cancelled", Trigger::Attendee),
    ("attendee-checkin", Trigger::Attendee),
];

/// At which text only a defect fails.
const CRASHES: Crashes =
    Crashes { nul: Defect::NulInOrderCrashes, half: Defect::HalfEmojiInOrderCrashes };

/// What a webhook reports.
pub(super) enum Content {
    Event(Box<Event>),
    Order(Box<Order>),
    Attendee(Box<AttendeeRecord>),
}

impl Content {
    /// Reads the body of a webhook with this trigger.
    pub(super) fn read(trigger: Trigger, body: &[u8], defects: &Defects) -> Result<Self, Refusal> {
        let json = unstorable::read(body, defects, &CRASHES)?;
        let fields = Fields::of(String::new(), &json)?;
        Ok(match trigger {
            Trigger::EventCreated | Trigger::EventUpdated => {
                Self::Event(Box::new(Event::read(&fields, defects)?))
            }
            Trigger::EventRemoved => {
                Self::Event(Box::new(Event::read(&fields, defects)?.deleted()))
            }
            Trigger::OrderRemoved => {
                let order = Order::read(&fields, defects)?;
                // The trigger decides, whatever status the body has.
                Self::Order(Box::new(Order { status: OrderStatus::Removed, ..order }))
            }
            Trigger::OrderCreated | Trigger::OrderUpdated | Trigger::OrderCancelled => {
                Self::Order(Box::new(Order::read(&fields, defects)?))
            }
            Trigger::Attendee => Self::Attendee(Box::new(AttendeeRecord::read(&fields, defects)?)),
        })
    }
}
