//! Reads a webhook: the trigger from the address, since nothing in the body names it, and the body
//! as what the trigger is about. It refuses what cannot be understood, with the field's path.

use std::collections::BTreeSet;

use serde_json::Value;

use super::event::Event;
use super::order::{Order, Status, Stray};
use crate::receiver::defects::Defect;
use crate::receiver::fields::Fields;
use crate::receiver::refusal::Refusal;

/// What happened, by the address that was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    EventCreated,
    EventUpdated,
    EventRemoved,
    OrderCreated,
    OrderUpdated,
    OrderCancelled,
    OrderRemoved,
    /// Any of the four of attendees. Their bodies are not documented, so their names are not
    /// leaned upon: the ticket's status says it all.
    Attendee,
}

/// The triggers by the last part of their addresses.
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

/// What a webhook says.
pub(super) enum News {
    Event(Box<Event>),
    Order(Box<Order>),
    Attendee(Box<Stray>),
}

impl News {
    /// Reads the body of a trigger's webhook.
    pub(super) fn read(
        trigger: Trigger,
        body: &[u8],
        defects: &BTreeSet<Defect>,
    ) -> Result<Self, Refusal> {
        let json: Value = serde_json::from_slice(body)?;
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
                // What the trigger is named after is believed, whatever the body still says.
                Self::Order(Box::new(Order { status: Status::Removed, ..order }))
            }
            Trigger::OrderCreated | Trigger::OrderUpdated | Trigger::OrderCancelled => {
                Self::Order(Box::new(Order::read(&fields, defects)?))
            }
            Trigger::Attendee => Self::Attendee(Box::new(Stray::read(&fields, defects)?)),
        })
    }
}
