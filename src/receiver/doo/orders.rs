//! The orders that are known, and the decision whether a webhook is news about one of them. Which
//! of two states is the later one is `progress`'s part.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::order::{Attendee, Order, Pass, Status, Stray, Ticket};
use super::progress::{self, Overtaken};
use super::webhook::Trigger;
use crate::receiver::defects::Defect;
use crate::receiver::defects::{RACE_GAP, pause};
use crate::receiver::refusal::Refusal;
use crate::receiver::verdict::Verdict;

/// An order and the side effects that it had.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    order: Order,
    /// Mails to the booker: one for each change of the order's status or of its payment.
    messages_sent: u64,
    #[serde(skip)]
    overtaken: Overtaken,
}

/// What is shown of a ticket.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Holder {
    #[serde(flatten)]
    ticket: Ticket,
    attendee: String,
    order: Option<String>,
    /// How often its holder was let in.
    entries: u64,
}

/// All that is known. In memory, without a limit: it lives as long as a test run.
#[derive(Default)]
struct Books {
    orders: BTreeMap<String, Entry>,
    /// In which order an attendee is.
    attendees: BTreeMap<String, String>,
    /// Whose a ticket is.
    tickets: BTreeMap<String, String>,
    /// How often a ticket has let its holder in.
    entries: BTreeMap<String, u64>,
    /// Attendees who came alone, until their order comes.
    strays: BTreeMap<String, Stray>,
}

/// The books, and the rules by which they are kept.
pub(super) struct Orders {
    defects: BTreeSet<Defect>,
    books: Mutex<Books>,
}

/// What to do about a webhook.
enum Decision {
    Write {
        told: bool,
        let_in: Vec<String>,
        overtaken: Overtaken,
    },
    /// It says nothing new of the order, but perhaps of what was overtaken.
    Keep {
        verdict: Verdict,
        overtaken: Overtaken,
    },
    Leave(Verdict),
}

impl Orders {
    pub(super) fn new(defects: BTreeSet<Defect>) -> Self {
        Self { defects, books: Mutex::default() }
    }

    pub(super) fn get(&self, id: &str) -> Option<Entry> {
        self.books().orders.get(id).cloned()
    }

    pub(super) fn attendee(&self, id: &str) -> Option<Stray> {
        self.books().attendee(id)
    }

    pub(super) fn ticket(&self, id: &str) -> Option<Holder> {
        let books = self.books();
        let stray = books.attendee(books.tickets.get(id)?)?;
        let ticket = stray.attendee.ticket.filter(|ticket| ticket.id == id)?;
        let entries = books.entries.get(id).copied().unwrap_or(0);
        Some(Holder { ticket, attendee: stray.attendee.id, order: stray.order, entries })
    }

    /// Decides and writes under one lock, so that of two identical webhooks one is a duplicate.
    pub(super) async fn apply(&self, trigger: Trigger, order: Order) -> Result<Verdict, Refusal> {
        if self.has(Defect::SimultaneousOrdersRace) {
            let decision = self.decide(self.books().orders.get(&order.id), trigger, &order)?;
            pause(RACE_GAP).await;
            return Ok(self.carry_out(&mut self.books(), decision, order));
        }
        let mut books = self.books();
        let decision = self.decide(books.orders.get(&order.id), trigger, &order)?;
        Ok(self.carry_out(&mut books, decision, order))
    }

    /// An attendee who comes alone is a change of the order that they are in.
    pub(super) fn apply_attendee(&self, stray: Stray) -> Result<Verdict, Refusal> {
        let mut books = self.books();
        let known = books.attendees.get(&stray.attendee.id);
        let order = stray.order.as_ref().or(known).and_then(|order| books.orders.get(order));
        let Some(known) = order else { return Ok(books.keep_stray(stray)) };
        let order = known.order.clone().with(stray.attendee);
        let decision = self.decide(Some(known), Trigger::Attendee, &order)?;
        Ok(self.carry_out(&mut books, decision, order))
    }

    fn decide(
        &self,
        known: Option<&Entry>,
        trigger: Trigger,
        news: &Order,
    ) -> Result<Decision, Refusal> {
        let is_creation = trigger == Trigger::OrderCreated;
        if self.has(Defect::DenialIgnored) && news.status == Status::Denied {
            return Ok(Decision::Leave(Verdict::Ignored));
        }
        if self.has(Defect::RemovalForgotten) && trigger == Trigger::OrderRemoved {
            return Ok(Decision::Leave(Verdict::Applied));
        }
        match known {
            Some(known) => self.decide_known(known, trigger, news),
            None if self.has(Defect::OrderCreationRequired) && !is_creation => {
                Err(Refusal::NotKnown("order"))
            }
            // The creation was lost or is late; the payload carries the whole order anyway.
            None => Ok(Decision::Write {
                told: true,
                let_in: progress::let_in(None, news),
                overtaken: if is_creation { Overtaken::None } else { Overtaken::Creation },
            }),
        }
    }

    fn decide_known(
        &self,
        known: &Entry,
        trigger: Trigger,
        news: &Order,
    ) -> Result<Decision, Refusal> {
        let mut overtaken = known.overtaken.clone();
        if trigger == Trigger::OrderCreated {
            // However late it comes, it tells from where the order started.
            overtaken = overtaken.since(news, &known.order);
        }
        let repeated = known.order == *news;
        if repeated && self.has(Defect::DuplicateOrderRefused) {
            return Err(Refusal::HadBefore);
        }
        let again = repeated && self.has(Defect::OrderDuplicatesAppliedTwice);
        let same_status = known.order.status == news.status;
        let looks_repeated = same_status && self.has(Defect::SameOrderStatusIsDuplicate);
        if (repeated || looks_repeated) && !again {
            return Ok(Decision::Keep { verdict: Verdict::Duplicate, overtaken });
        }
        match self.compared(&known.order, trigger, news) {
            _ if again => {}
            Ordering::Less => return Ok(Decision::Keep { verdict: Verdict::Stale, overtaken }),
            Ordering::Equal if overtaken.includes(&known.order, news) => {
                let overtaken = overtaken.without_one();
                return Ok(Decision::Keep { verdict: Verdict::Stale, overtaken });
            }
            _ => {}
        }
        Ok(Decision::Write {
            told: again || !same_status || known.order.is_paid() != news.is_paid(),
            let_in: progress::let_in(Some(&known.order), news),
            overtaken: overtaken.advanced(&known.order, news),
        })
    }

    fn compared(&self, known: &Order, trigger: Trigger, news: &Order) -> Ordering {
        let overwrites = self.has(Defect::OlderOrderOverwrites);
        if known.status == Status::Removed && !self.has(Defect::RemovedOrderRevived) {
            return Ordering::Less;
        }
        // Nothing comes before a creation, so whatever is known already is newer.
        if trigger == Trigger::OrderCreated && !overwrites {
            let wins = self.has(Defect::LateOrderCreationWins);
            return if wins { Ordering::Greater } else { Ordering::Less };
        }
        let reopens = known.status.is_cancelled() && self.has(Defect::CancelledOrderReopens);
        if overwrites || reopens || known.status == Status::Removed {
            return Ordering::Greater;
        }
        let undone = progress::undoes_a_check_in(known, news);
        if undone && self.has(Defect::UndoneCheckinIgnored) {
            return Ordering::Less;
        }
        progress::compared(known, news)
    }

    /// Writes what was decided, and counts the mail to the booker and who is let in.
    fn carry_out(&self, books: &mut Books, decision: Decision, order: Order) -> Verdict {
        match decision {
            Decision::Leave(verdict) => verdict,
            Decision::Keep { verdict, overtaken } => {
                if let Some(known) = books.orders.get_mut(&order.id) {
                    known.overtaken = overtaken;
                }
                verdict
            }
            Decision::Write { told, let_in, overtaken } => {
                let order = self.kept(books.orders.get(&order.id), order);
                books.write(order, u64::from(told), overtaken);
                for ticket in let_in {
                    *books.entries.entry(ticket).or_default() += 1;
                }
                Verdict::Applied
            }
        }
    }

    /// The order as it is kept: as it came, but for a defect.
    fn kept(&self, known: Option<&Entry>, order: Order) -> Order {
        match known {
            Some(known)
                if order.status.is_cancelled() && self.has(Defect::CancellationLeavesTickets) =>
            {
                Order { attendees: known.order.attendees.clone(), ..order }
            }
            _ => order,
        }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // A write that ended half-way would be a panic in a map, after which nothing is promised.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn write(&mut self, order: Order, told: u64, overtaken: Overtaken) {
        let known = self.orders.remove(&order.id);
        let gone = known.iter().flat_map(|known| &known.order.attendees);
        for attendee in gone {
            // Whoever is not in the order any more is not known any more.
            if self.attendees.get(&attendee.id) == Some(&order.id) {
                self.attendees.remove(&attendee.id);
            }
        }
        for attendee in &order.attendees {
            self.strays.remove(&attendee.id);
            self.attendees.insert(attendee.id.clone(), order.id.clone());
            if let Some(ticket) = &attendee.ticket {
                self.tickets.insert(ticket.id.clone(), attendee.id.clone());
            }
        }
        let messages_sent = known.map_or(0, |known| known.messages_sent) + told;
        self.orders.insert(order.id.clone(), Entry { order, messages_sent, overtaken });
    }

    fn keep_stray(&mut self, stray: Stray) -> Verdict {
        let Stray { attendee, .. } = &stray;
        let known = self.strays.get(&attendee.id).map(|known| &known.attendee);
        if known == Some(attendee) {
            return Verdict::Duplicate;
        }
        let was = known.and_then(|known| known.ticket.as_ref()).map(|ticket| ticket.status);
        if let Some(ticket) = &attendee.ticket {
            self.tickets.insert(ticket.id.clone(), attendee.id.clone());
            if ticket.status == Pass::Checked && was != Some(Pass::Checked) {
                *self.entries.entry(ticket.id.clone()).or_default() += 1;
            }
        }
        self.strays.insert(attendee.id.clone(), stray);
        Verdict::Applied
    }

    /// An attendee with the order that they are in.
    fn attendee(&self, id: &str) -> Option<Stray> {
        let Some(entry) = self.attendees.get(id).and_then(|order| self.orders.get(order)) else {
            return self.strays.get(id).cloned();
        };
        let Order { id: order, event, attendees, .. } = &entry.order;
        let attendee: &Attendee = attendees.iter().find(|attendee| attendee.id == id)?;
        Some(Stray {
            attendee: attendee.clone(),
            order: Some(order.clone()),
            event: Some(event.id.clone()),
        })
    }
}
