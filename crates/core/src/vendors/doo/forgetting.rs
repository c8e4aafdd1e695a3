//! What the account forgets: events that are over, and their orders.
//!
//! After an event people still pay, cancel and are removed, and the organizer decides about those who
//! wait. Whoever will do that is named as an exception. So are tickets that will be shown at the door.

use std::collections::BTreeSet;

use super::account::DooAccount;
use super::api::state::Item;
use super::event::{Event, EventNumber};
use super::order::{Order, OrderNumber};
use super::places::followers_of;
use super::state::EventState;
use crate::model::SubjectIndex;

/// The items about which webhooks wait to be sent.
#[derive(Default)]
struct Awaited {
    events: BTreeSet<EventNumber>,
    orders: BTreeSet<OrderNumber>,
}

impl DooAccount {
    /// The events that exist from the start. They are never forgotten.
    pub(super) fn given_events(&self) -> impl Iterator<Item = &Event> {
        self.events.numbers().take(self.given).map(|number| &self.events[number])
    }

    /// Forgets the orders of events that are over, and then the events that have no orders left. Those
    /// of these subjects stay, with whatever they belong to, and so do the first events.
    pub(super) fn forget_over(&mut self, except: &BTreeSet<SubjectIndex>) -> Vec<SubjectIndex> {
        let awaited = self.awaited();
        let mut forgotten = self.forget_orders(except, &awaited);
        let mut needed = awaited.events;
        needed.extend(self.given_events().map(|event| event.number));
        needed.extend(self.orders.items().map(|order| order.event));
        let over = |event: &&Event| {
            let over = event.is_over() || event.state == EventState::Deleted;
            over && !except.contains(&event.index) && !needed.contains(&event.number)
        };
        let events: Vec<_> = self.events.items().filter(over).map(|event| event.number).collect();
        forgotten.extend(
            events.iter().filter_map(|number| self.events.forget(*number)).map(|event| event.index),
        );
        forgotten.sort_unstable();
        for index in &forgotten {
            self.subjects.forget(*index);
        }
        // The end of an event that was called off changes nothing.
        let Self { ends, events, .. } = self;
        ends.retain(|number| events.get(*number).is_some());
        forgotten
    }

    /// Returns the orders, attendees and tickets that are forgotten.
    fn forget_orders(
        &mut self,
        except: &BTreeSet<SubjectIndex>,
        awaited: &Awaited,
    ) -> Vec<SubjectIndex> {
        let over = |order: &&Order| {
            self.event(order.event).is_over()
                && !awaited.orders.contains(&order.number)
                && !subjects_of(order).any(|subject| except.contains(&subject))
        };
        let orders: Vec<_> = self.orders.items().filter(over).map(|order| order.number).collect();
        let mut forgotten = Vec::new();
        let mut changed = BTreeSet::new();
        for order in orders.iter().filter_map(|number| self.orders.forget(*number)) {
            forgotten.extend(subjects_of(&order));
            changed.insert(order.event);
        }
        for event in changed {
            let orders = &self.orders;
            self.events[event].orders.retain(|order| orders.get(*order).is_some());
        }
        forgotten
    }

    fn awaited(&self) -> Awaited {
        let mut awaited = Awaited::default();
        for item in self.api.retold() {
            match item {
                Item::Event(number) => awaited.events.insert(number),
                Item::Order(number) | Item::Attendee(number, _) => awaited.orders.insert(number),
            };
        }
        awaited
    }
}

/// An order, its attendees and their tickets.
fn subjects_of(order: &Order) -> impl Iterator<Item = SubjectIndex> + use<> {
    let followers = followers_of(order.index, order.tickets.len() as u64);
    std::iter::once(order.index).chain(followers)
}
