//! Decides which of two states of an order is newer. An order's body has no time of its last change.
//! So the decision rests on what never goes back: its status, its payment and its tickets.
//!
//! Two changes can go back: a name is corrected and corrected back, and a check-in is undone. For
//! these the order of arrival decides, with one exception. Each webhook reports one change. A webhook
//! with several changes has overtaken others. A state between the one before and the one after it
//! then belongs to an overtaken webhook. One case cannot be recognised: a repeated webhook, other
//! than the last one, looks like the undoing of a check-in.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::order::{AttendeeStatus, Order, OrderStatus, TicketStatus};

/// The webhooks that the stored state of an order has overtaken.
#[derive(Clone, Debug, Default)]
pub(super) enum Overtaken {
    /// None that is known.
    #[default]
    None,
    /// The creation, and perhaps more.
    Creation,
    Some {
        before: Box<Order>,
        webhooks: usize,
    },
}

/// Whether a state of an order is certainly older or newer than the stored one; `Equal` if that is
/// unknown.
pub(super) fn compare(known: &Order, incoming: &Order) -> Ordering {
    let (then, now) = (known.status, incoming.status);
    // The first of two kinds of cancellation stays, since neither can be undone.
    if then.is_cancelled() && now.is_cancelled() && then != now {
        return Ordering::Less;
    }
    let attendees = known.attendees.iter();
    let attendee_statuses: BTreeMap<&str, AttendeeStatus> =
        attendees.map(|attendee| (attendee.id.as_str(), attendee.status)).collect();
    let ticket_statuses = ticket_statuses(known);
    let attendees = incoming.attendees.iter().filter_map(|attendee| {
        let known = attendee_statuses.get(attendee.id.as_str())?;
        Some(attendee.status.cmp(known))
    });
    let tickets = incoming.tickets().filter_map(|ticket| {
        let known = ticket_statuses.get(ticket.id.as_str())?;
        Some(ticket.status.rank().cmp(&known.rank()))
    });
    // One that went back outweighs all that went forward.
    let least = || {
        let moved = attendees.chain(tickets).filter(|order| order.is_ne());
        moved.min().unwrap_or(Ordering::Equal)
    };
    now.rank().cmp(&then.rank()).then_with(least)
}

/// The tickets that are checked in this state and were not in the one before.
pub(super) fn checked_in(before: Option<&Order>, after: &Order) -> Vec<String> {
    let before = before.map(ticket_statuses).unwrap_or_default();
    let tickets = after.tickets().filter(|ticket| {
        let was = before.get(ticket.id.as_str());
        ticket.status == TicketStatus::Checked && was != Some(&TicketStatus::Checked)
    });
    tickets.map(|ticket| ticket.id.clone()).collect()
}

/// Whether the new state undoes a check-in of the stored one.
pub(super) fn undoes_a_check_in(known: &Order, incoming: &Order) -> bool {
    let incoming = ticket_statuses(incoming);
    let mut checked = known.tickets().filter(|ticket| ticket.status == TicketStatus::Checked);
    checked.any(|ticket| incoming.get(ticket.id.as_str()) == Some(&TicketStatus::Valid))
}

impl Overtaken {
    /// Whether the stored state has overtaken this one.
    pub(super) fn includes(&self, known: &Order, incoming: &Order) -> bool {
        match self {
            Self::None => false,
            // The ticket was valid before it was checked, and no webhook has reported that yet.
            Self::Creation => undoes_a_check_in(known, incoming),
            Self::Some { before, .. } => lies_between(before, known, incoming),
        }
    }

    /// What remains when one of them has arrived.
    pub(super) fn without_one(self) -> Self {
        match self {
            Self::Some { before, webhooks } if webhooks > 1 => {
                Self::Some { before, webhooks: webhooks - 1 }
            }
            Self::Some { .. } => Self::None,
            other => other,
        }
    }

    /// What remains when the creation has arrived late.
    pub(super) fn after_late_creation(self, creation: &Order, known: &Order) -> Self {
        match self {
            Self::Creation => Self::None.after_change(creation, known),
            other => other,
        }
    }

    /// What is overtaken when one state follows another.
    pub(super) fn after_change(self, before: &Order, after: &Order) -> Self {
        // After a final status, the status alone shows what is older.
        if after.status.rank() > OrderStatus::Active.rank() {
            return Self::None;
        }
        match (self, changes(before, after).saturating_sub(1)) {
            (other, 0) => other,
            (Self::None, webhooks) => Self::Some { before: Box::new(before.clone()), webhooks },
            (Self::Some { before, webhooks }, more) => {
                Self::Some { before, webhooks: webhooks + more }
            }
            (Self::Creation, _) => Self::Creation,
        }
    }
}

/// How many webhooks lead from one state to another, at least.
fn changes(before: &Order, after: &Order) -> usize {
    let decided = before.status != after.status || before.is_paid() != after.is_paid();
    let corrected = !same_people(before, after);
    let then = ticket_statuses(before);
    let flipped = after.tickets().filter(|ticket| {
        let was = then.get(ticket.id.as_str()) == Some(&TicketStatus::Checked);
        was != (ticket.status == TicketStatus::Checked)
    });
    usize::from(decided) + usize::from(corrected) + flipped.count()
}

fn lies_between(before: &Order, known: &Order, incoming: &Order) -> bool {
    let (then, now) = (ticket_statuses(before), ticket_statuses(known));
    let checked = |pass: Option<&TicketStatus>| pass == Some(&TicketStatus::Checked);
    let mut moved = !same_people(known, incoming);
    for ticket in incoming.tickets() {
        let id = ticket.id.as_str();
        let (was, is) = (checked(then.get(id)), checked(now.get(id)));
        let said = checked(Some(&ticket.status));
        if said != was && said != is {
            return false;
        }
        moved |= said != is;
    }
    moved && (same_people(known, incoming) || same_people(before, incoming))
}

/// Whether the booker and the attendees have the same names and addresses.
fn same_people(one: &Order, other: &Order) -> bool {
    fn people(order: &Order) -> impl Iterator<Item = [Option<&str>; 3]> {
        let booker = [&order.first_name, &order.last_name, &order.email];
        let booker = booker.map(|text| Some(text.as_str()));
        let attendees = order.attendees.iter().map(|attendee| {
            let names = [&attendee.first_name, &attendee.last_name, &attendee.email];
            names.map(Option::as_deref)
        });
        std::iter::once(booker).chain(attendees)
    }
    people(one).eq(people(other))
}

fn ticket_statuses(order: &Order) -> BTreeMap<&str, TicketStatus> {
    order.tickets().map(|ticket| (ticket.id.as_str(), ticket.status)).collect()
}
