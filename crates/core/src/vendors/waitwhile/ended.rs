//! Forgets guests whose visits are all over, together with their visits and messages.
//!
//! A guest is kept or forgotten as a whole, because an action on one visit may concern the guest's
//! other visits: a deleted customer's visits are all deleted.

use std::collections::BTreeSet;

use super::account::{Known, WaitwhileAccount};
use super::due::Due;
use super::state::{MessageState, VisitState};
use super::visit::{By, CustomerNumber, VisitNumber};
use crate::model::SubjectIndex;

impl WaitwhileAccount {
    /// Forgets the guests whom nothing needs any more. Returns the subjects that were theirs.
    pub(super) fn forget_guests(&mut self, except: &BTreeSet<SubjectIndex>) -> Vec<SubjectIndex> {
        let needed = self.needed(except);
        let over = |customer| !needed.contains(&customer);
        let mut forgotten = Vec::new();
        let messages = self.messages.numbered();
        let messages: Vec<_> = messages
            .filter(|(_, message)| over(self.visit(message.visit).customer))
            .map(|(number, _)| number)
            .collect();
        let visits = self.visits.numbered().filter(|(_, visit)| over(visit.customer));
        let visits: Vec<_> = visits.map(|(number, _)| number).collect();
        let customers = self.customers.numbered().map(|(number, _)| number);
        let customers: Vec<_> = customers.filter(|number| over(*number)).collect();
        for message in messages {
            forgotten.extend(self.messages.forget(message).map(|message| message.index));
        }
        for visit in visits {
            let Some(visit) = self.visits.forget(visit) else { continue };
            self.api.visits.remove(&visit.id);
            forgotten.push(visit.index);
        }
        for customer in customers {
            let Some(customer) = self.customers.forget(customer) else { continue };
            self.api.customers.remove(&customer.id);
        }
        for subject in &forgotten {
            self.subjects.forget(*subject);
        }
        self.drop_due();
        forgotten
    }

    /// The guests to whom something may still happen, those of the excepted subjects, and those
    /// whom other data name.
    fn needed(&self, except: &BTreeSet<SubjectIndex>) -> BTreeSet<CustomerNumber> {
        let customer = |number: VisitNumber| self.visit(number).customer;
        let excepted = except.iter().filter_map(|index| match *self.subjects.get(*index)? {
            Known::Visit(number) => Some(customer(number)),
            Known::Message(number) => Some(customer(self.messages[number].visit)),
            Known::Location(_) => None,
        });
        let over = |state| matches!(state, VisitState::Complete | VisitState::Removed);
        let live = self.visits.items().filter(|visit| !over(visit.state));
        let to_be_told = self.due.entries().filter_map(|due| match *due {
            Due::FollowUp(number) if self.visit(number).state == VisitState::Complete => {
                Some(customer(number))
            }
            // A message that stays pending for ever (`message_takes: off`) keeps nobody.
            Due::Deliver(number) => {
                let message = self.messages.get(number);
                let under_way = message.filter(|one| one.state == MessageState::Pending);
                under_way.map(|message| customer(message.visit))
            }
            _ => None,
        });
        // Somebody without a visit was entered through the API.
        let entered = self.customers.numbered().filter(|(_, customer)| customer.number == 0);
        let mut needed: BTreeSet<_> = excepted
            .chain(live.map(|visit| visit.customer))
            .chain(to_be_told)
            .chain(entered.map(|(number, _)| number))
            .chain(self.api.notes.iter().map(|note| note.customer))
            .collect();
        while self.add_named(&mut needed) {}
        needed
    }

    /// Adds the guests who created or changed a visit or a message of these guests. Returns whether there are
    /// any more.
    fn add_named(&self, needed: &mut BTreeSet<CustomerNumber>) -> bool {
        let before = needed.len();
        for visit in self.visits.items() {
            if needed.contains(&visit.customer) {
                needed.extend([visit.created_by, visit.updated_by].into_iter().filter_map(guest));
            }
        }
        for message in self.messages.items() {
            if needed.contains(&self.visit(message.visit).customer) {
                needed.extend(guest(message.created_by));
            }
        }
        for (number, customer) in self.customers.numbered() {
            if needed.contains(&number) {
                let card = &customer.card;
                needed.extend([card.created_by, card.updated_by].into_iter().filter_map(guest));
            }
        }
        needed.len() > before
    }

    /// Drops what was due for visits that were forgotten. It would no longer apply.
    fn drop_due(&mut self) {
        let Self { due, visits, messages, .. } = self;
        due.retain(|due| match *due {
            Due::HoldExpires(number)
            | Due::Syncs(number)
            | Due::Reminds(number)
            | Due::Expires(number)
            | Due::Completes(number)
            | Due::FollowUp(number) => visits.get(number).is_some(),
            Due::Deliver(number) => messages.get(number).is_some(),
        });
    }
}

fn guest(by: By) -> Option<CustomerNumber> {
    match by {
        By::Guest(number) => Some(number),
        By::Staff(_) | By::System | By::Key => None,
    }
}
