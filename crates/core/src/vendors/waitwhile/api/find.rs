//! Finds objects by the ids and states in calls, and lists all objects of a kind in order of
//! creation.

use super::wrong::Wrong;
use crate::vendors::waitwhile::account::{Known, WaitwhileAccount};
use crate::vendors::waitwhile::message::{Message, MessageNumber};
use crate::vendors::waitwhile::state::VisitState;
use crate::vendors::waitwhile::visit::{By, Customer, CustomerNumber, VisitNumber};

impl WaitwhileAccount {
    /// The visit with this id.
    pub(super) fn visit_of(&mut self, id: &str) -> Result<VisitNumber, Wrong> {
        for index in self.subjects.numbers().skip(self.api.subjects_seen) {
            self.api.subjects_seen += 1;
            if let Some(Known::Visit(number)) = self.subjects.get(index).copied() {
                let id = self.visits[number].id.clone();
                self.api.visits.insert(id, number);
            }
        }
        let found = self.api.visits.get(id).copied();
        found
            .filter(|number| self.visit(*number).state != VisitState::Removed)
            .ok_or_else(|| Wrong::unknown("visit"))
    }

    /// The customer with this id.
    pub(super) fn customer_of(&mut self, id: &str) -> Result<CustomerNumber, Wrong> {
        for number in self.customers.numbers().skip(self.api.customers_seen) {
            self.api.customers_seen += 1;
            if let Some(customer) = self.customers.get(number) {
                self.api.customers.insert(customer.id.clone(), number);
            }
        }
        let found = self.api.customers.get(id).copied();
        found
            .filter(|number| self.customer(*number).card.listed)
            .ok_or_else(|| Wrong::unknown("customer"))
    }

    /// The location with this id.
    pub(super) fn location_of_id(&self, id: &str) -> Result<u16, Wrong> {
        let place = self.locations.iter().position(|location| location.id == id);
        place.map(|place| place as u16).ok_or_else(|| Wrong::unknown("location"))
    }

    /// The location with this id, named in the query or the body of a call.
    pub(super) fn location_named(&self, name: &str, id: &str) -> Result<u16, Wrong> {
        self.location_of_id(id)
            .map_err(|_| Wrong::bad(format!("{name}: there is no location {id}")))
    }

    pub(super) fn customer(&self, number: CustomerNumber) -> &Customer {
        &self.customers[number]
    }

    pub(super) fn customer_mut(&mut self, number: CustomerNumber) -> &mut Customer {
        &mut self.customers[number]
    }

    /// All visits, deleted ones included.
    pub(super) fn all_visits(&self) -> impl DoubleEndedIterator<Item = (&str, VisitNumber)> {
        self.subjects.items().filter_map(|known| match known {
            Known::Visit(number) => Some((self.visit(*number).id.as_str(), *number)),
            Known::Location(_) | Known::Message(_) => None,
        })
    }

    /// All messages.
    pub(super) fn all_messages(&self) -> impl DoubleEndedIterator<Item = (&str, MessageNumber)> {
        self.subjects.items().filter_map(|known| match known {
            Known::Message(number) => Some((self.messages[*number].id.as_str(), *number)),
            Known::Location(_) | Known::Visit(_) => None,
        })
    }

    /// All customers, deleted ones included.
    pub(super) fn all_customers(&self) -> impl DoubleEndedIterator<Item = (&str, CustomerNumber)> {
        self.customers.numbered().map(|(number, customer)| (customer.id.as_str(), number))
    }

    pub(super) fn message(&self, number: MessageNumber) -> &Message {
        &self.messages[number]
    }

    /// The id of a user.
    pub(super) fn user_id(&self, by: By) -> &str {
        match by {
            By::Guest(number) => &self.customer(number).user,
            By::Staff(number) => &self.office.staff[usize::from(number)],
            By::System => &self.office.system,
            By::Key => &self.office.key_user,
        }
    }
}

/// Whether a visit is neither over nor deleted.
pub fn is_live(state: VisitState) -> bool {
    match state {
        VisitState::Pending
        | VisitState::Draft
        | VisitState::Booked
        | VisitState::Waiting
        | VisitState::Serving => true,
        VisitState::Complete | VisitState::Removed => false,
    }
}

/// The state with this name.
pub fn state_of(name: &str) -> Result<VisitState, Wrong> {
    Ok(match name {
        "PENDING" => VisitState::Pending,
        "DRAFT" => VisitState::Draft,
        "BOOKED" => VisitState::Booked,
        "WAITING" => VisitState::Waiting,
        "SERVING" => VisitState::Serving,
        "COMPLETE" => VisitState::Complete,
        _ => {
            let why = "state must be PENDING, DRAFT, BOOKED, WAITING, SERVING or COMPLETE";
            return Err(Wrong::bad(why));
        }
    })
}
