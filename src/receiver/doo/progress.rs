//! Which of two states of an order is the later one. An order's body has no time of its change, so
//! it is told by what leads one way only: its status, its payment, its tickets.
//!
//! Two things go both ways: a name is corrected and corrected back, and a check-in is undone. There
//! the order of arrival is believed, with one exception. Each webhook tells of one change; one that
//! tells of several has overtaken others, and whatever then lies between the state before and the
//! state after is one of those. What cannot be told apart: a webhook that is repeated, other than
//! the last one, from a check-in that was undone.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::order::{Attendance, Order, Pass, Status};

/// What a state of an order was known to come after, and how many webhooks it has overtaken.
#[derive(Clone, Debug, Default)]
pub(super) enum Overtaken {
    /// None, as far as is known.
    #[default]
    None,
    /// The creation, and who knows what more.
    Creation,
    Some {
        before: Box<Order>,
        webhooks: usize,
    },
}

/// Whether a state of an order is certainly older or newer than the one that is known; `Equal` if
/// that cannot be told.
pub(super) fn compared(known: &Order, news: &Order) -> Ordering {
    let (then, now) = (known.status, news.status);
    // Of two ways to be cancelled the first one stays, since neither is undone.
    if then.is_cancelled() && now.is_cancelled() && then != now {
        return Ordering::Less;
    }
    let attendees = known.attendees.iter();
    let standings: BTreeMap<&str, Attendance> =
        attendees.map(|attendee| (attendee.id.as_str(), attendee.status)).collect();
    let passes = passes(known);
    let attendees = news.attendees.iter().filter_map(|attendee| {
        let known = standings.get(attendee.id.as_str())?;
        Some(attendee.status.cmp(known))
    });
    let tickets = news.tickets().filter_map(|ticket| {
        let known = passes.get(ticket.id.as_str())?;
        Some(ticket.status.rank().cmp(&known.rank()))
    });
    // One that went back outweighs all that went on.
    let least = || {
        let moved = attendees.chain(tickets).filter(|order| order.is_ne());
        moved.min().unwrap_or(Ordering::Equal)
    };
    now.rank().cmp(&then.rank()).then_with(least)
}

/// The tickets that are let in by this state and were not by the one before.
pub(super) fn let_in(before: Option<&Order>, after: &Order) -> Vec<String> {
    let before = before.map(passes).unwrap_or_default();
    let tickets = after.tickets().filter(|ticket| {
        let was = before.get(ticket.id.as_str());
        ticket.status == Pass::Checked && was != Some(&Pass::Checked)
    });
    tickets.map(|ticket| ticket.id.clone()).collect()
}

/// Whether a check-in of the one state is none in the other.
pub(super) fn undoes_a_check_in(known: &Order, news: &Order) -> bool {
    let news = passes(news);
    let mut checked = known.tickets().filter(|ticket| ticket.status == Pass::Checked);
    checked.any(|ticket| news.get(ticket.id.as_str()) == Some(&Pass::Valid))
}

impl Overtaken {
    /// Whether this state is one of those that the known one has overtaken.
    pub(super) fn includes(&self, known: &Order, news: &Order) -> bool {
        match self {
            Self::None => false,
            // A ticket was valid before it was checked, and nothing has told of that yet.
            Self::Creation => undoes_a_check_in(known, news),
            Self::Some { before, .. } => lies_between(before, known, news),
        }
    }

    /// What is left when one of them has arrived.
    pub(super) fn without_one(self) -> Self {
        match self {
            Self::Some { before, webhooks } if webhooks > 1 => {
                Self::Some { before, webhooks: webhooks - 1 }
            }
            Self::Some { .. } => Self::None,
            other => other,
        }
    }

    /// What is left when the creation has arrived, late.
    pub(super) fn since(self, creation: &Order, known: &Order) -> Self {
        match self {
            Self::Creation => Self::None.advanced(creation, known),
            other => other,
        }
    }

    /// What has been overtaken when one state follows another.
    pub(super) fn advanced(self, before: &Order, after: &Order) -> Self {
        // What comes after the end is old by its status alone.
        if after.status.rank() > Status::Active.rank() {
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

/// How many webhooks it takes at least from one state to another.
fn changes(before: &Order, after: &Order) -> usize {
    let decided = before.status != after.status || before.is_paid() != after.is_paid();
    let corrected = !same_people(before, after);
    let then = passes(before);
    let flipped = after.tickets().filter(|ticket| {
        let was = then.get(ticket.id.as_str()) == Some(&Pass::Checked);
        was != (ticket.status == Pass::Checked)
    });
    usize::from(decided) + usize::from(corrected) + flipped.count()
}

fn lies_between(before: &Order, known: &Order, news: &Order) -> bool {
    let (then, now) = (passes(before), passes(known));
    let checked = |pass: Option<&Pass>| pass == Some(&Pass::Checked);
    let mut moved = !same_people(known, news);
    for ticket in news.tickets() {
        let id = ticket.id.as_str();
        let (was, is) = (checked(then.get(id)), checked(now.get(id)));
        let said = checked(Some(&ticket.status));
        if said != was && said != is {
            return false;
        }
        moved |= said != is;
    }
    moved && (same_people(known, news) || same_people(before, news))
}

/// Whether the booker and the attendees are called the same.
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

fn passes(order: &Order) -> BTreeMap<&str, Pass> {
    order.tickets().map(|ticket| (ticket.id.as_str(), ticket.status)).collect()
}
