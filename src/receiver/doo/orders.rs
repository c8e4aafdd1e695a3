//! The stored orders, and the decision whether a webhook is new, a duplicate or stale. `progress`
//! decides which of two states is newer.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::order::{Attendee, AttendeeRecord, Order, OrderStatus, Ticket, TicketStatus};
use super::progress::{self, Overtaken};
use super::webhook::Trigger;
use crate::receiver::defects::Defect;
use crate::receiver::defects::{RACE_GAP, pause};
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::Defects;
use crate::receiver::verdict::Verdict;

/// An order and its side effects.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    order: Order,
    /// E-mails to the booker: one for each change of the order's status or payment.
    messages_sent: u64,
    #[serde(skip)]
    overtaken: Overtaken,
}

/// A ticket with its owner: the answer to a probe.
#[derive(Clone, Debug, Serialize)]
pub(super) struct TicketRecord {
    #[serde(flatten)]
    ticket: Ticket,
    attendee: String,
    order: Option<String>,
    /// How often its holder was checked in.
    entries: u64,
}

/// All that is stored, in memory. There is no limit, because a receiver lives only for a test run.
#[derive(Default)]
struct Records {
    orders: BTreeMap<String, Entry>,
    /// Attendee id → order id.
    attendees: BTreeMap<String, String>,
    /// Ticket id → attendee id.
    tickets: BTreeMap<String, String>,
    /// How often the holder of a ticket was checked in.
    entries: BTreeMap<String, u64>,
    /// Attendees whose order has not arrived yet.
    orphans: BTreeMap<String, AttendeeRecord>,
}

/// The records, and the rules by which they change.
pub(super) struct Orders {
    defects: Defects,
    records: Mutex<Records>,
}

/// What to do with a webhook.
enum Decision {
    Write {
        notify: bool,
        checked_in: Vec<String>,
        overtaken: Overtaken,
    },
    /// Keeps the order, but records what was overtaken.
    KeepOrder {
        verdict: Verdict,
        overtaken: Overtaken,
    },
    Skip(Verdict),
}

impl Orders {
    pub(super) fn new(defects: Defects) -> Self {
        Self { defects, records: Mutex::default() }
    }

    pub(super) fn get(&self, id: &str) -> Option<Entry> {
        self.records().orders.get(id).cloned()
    }

    pub(super) fn attendee(&self, id: &str) -> Option<AttendeeRecord> {
        self.records().attendee(id)
    }

    pub(super) fn ticket(&self, id: &str) -> Option<TicketRecord> {
        let records = self.records();
        let attendee_record = records.attendee(records.tickets.get(id)?)?;
        let ticket = attendee_record.attendee.ticket.filter(|ticket| ticket.id == id)?;
        let entries = records.entries.get(id).copied().unwrap_or(0);
        Some(TicketRecord {
            ticket,
            attendee: attendee_record.attendee.id,
            order: attendee_record.order,
            entries,
        })
    }

    /// Decides and writes under one lock, so that one of two identical webhooks is a duplicate.
    pub(super) async fn apply(&self, trigger: Trigger, order: Order) -> Result<Verdict, Refusal> {
        if self.has(Defect::SimultaneousOrdersRace) {
            let decision = self.decide(self.records().orders.get(&order.id), trigger, &order)?;
            pause(RACE_GAP).await;
            return Ok(self.carry_out(&mut self.records(), decision, order));
        }
        let mut records = self.records();
        let decision = self.decide(records.orders.get(&order.id), trigger, &order)?;
        Ok(self.carry_out(&mut records, decision, order))
    }

    /// A webhook about an attendee changes the order of that attendee.
    pub(super) fn apply_attendee(
        &self,
        attendee_record: AttendeeRecord,
    ) -> Result<Verdict, Refusal> {
        let mut records = self.records();
        let known = records.attendees.get(&attendee_record.attendee.id);
        let order =
            attendee_record.order.as_ref().or(known).and_then(|order| records.orders.get(order));
        let Some(known) = order else { return Ok(records.keep_orphan(attendee_record)) };
        let order = known.order.clone().with(attendee_record.attendee);
        let decision = self.decide(Some(known), Trigger::Attendee, &order)?;
        Ok(self.carry_out(&mut records, decision, order))
    }

    fn decide(
        &self,
        known: Option<&Entry>,
        trigger: Trigger,
        incoming: &Order,
    ) -> Result<Decision, Refusal> {
        let is_creation = trigger == Trigger::OrderCreated;
        if self.has(Defect::DenialIgnored) && incoming.status == OrderStatus::Denied {
            return Ok(Decision::Skip(Verdict::Ignored));
        }
        if self.has(Defect::RemovalForgotten) && trigger == Trigger::OrderRemoved {
            return Ok(Decision::Skip(Verdict::Applied));
        }
        match known {
            Some(known) => self.decide_known(known, trigger, incoming),
            None if self.has(Defect::OrderCreationRequired) && !is_creation => {
                Err(Refusal::NotKnown("order"))
            }
            // The creation was lost or is late. The payload has the whole order anyway.
            None => Ok(Decision::Write {
                notify: true,
                checked_in: progress::checked_in(None, incoming),
                overtaken: if is_creation { Overtaken::None } else { Overtaken::Creation },
            }),
        }
    }

    fn decide_known(
        &self,
        known: &Entry,
        trigger: Trigger,
        incoming: &Order,
    ) -> Result<Decision, Refusal> {
        let mut overtaken = known.overtaken.clone();
        if trigger == Trigger::OrderCreated {
            // Even a late creation shows the first state of the order.
            overtaken = overtaken.after_late_creation(incoming, &known.order);
        }
        let repeated = known.order == *incoming;
        if repeated && self.has(Defect::DuplicateOrderRefused) {
            return Err(Refusal::Duplicate);
        }
        let again = repeated && self.has(Defect::OrderDuplicatesAppliedTwice);
        let same_status = known.order.status == incoming.status;
        let looks_repeated = same_status && self.has(Defect::SameOrderStatusIsDuplicate);
        if (repeated || looks_repeated) && !again {
            return Ok(Decision::KeepOrder { verdict: Verdict::Duplicate, overtaken });
        }
        match self.compare(&known.order, trigger, incoming) {
            _ if again => {}
            Ordering::Less => {
                return Ok(Decision::KeepOrder { verdict: Verdict::Stale, overtaken });
            }
            Ordering::Equal if overtaken.includes(&known.order, incoming) => {
                let overtaken = overtaken.without_one();
                return Ok(Decision::KeepOrder { verdict: Verdict::Stale, overtaken });
            }
            _ => {}
        }
        Ok(Decision::Write {
            notify: again || !same_status || known.order.is_paid() != incoming.is_paid(),
            checked_in: progress::checked_in(Some(&known.order), incoming),
            overtaken: overtaken.after_change(&known.order, incoming),
        })
    }

    fn compare(&self, known: &Order, trigger: Trigger, incoming: &Order) -> Ordering {
        let overwrites = self.has(Defect::OlderOrderOverwrites);
        if known.status == OrderStatus::Removed && !self.has(Defect::RemovedOrderRevived) {
            return Ordering::Less;
        }
        // A creation comes first, so any stored state is newer.
        if trigger == Trigger::OrderCreated && !overwrites {
            let wins = self.has(Defect::LateOrderCreationWins);
            return if wins { Ordering::Greater } else { Ordering::Less };
        }
        let reopens = known.status.is_cancelled() && self.has(Defect::CancelledOrderReopens);
        if overwrites || reopens || known.status == OrderStatus::Removed {
            return Ordering::Greater;
        }
        let undone = progress::undoes_a_check_in(known, incoming);
        if undone && self.has(Defect::UndoneCheckinIgnored) {
            return Ordering::Less;
        }
        progress::compare(known, incoming)
    }

    /// Carries out a decision, and counts the e-mails to the booker and the check-ins.
    fn carry_out(&self, records: &mut Records, decision: Decision, order: Order) -> Verdict {
        match decision {
            Decision::Skip(verdict) => verdict,
            Decision::KeepOrder { verdict, overtaken } => {
                if let Some(known) = records.orders.get_mut(&order.id) {
                    known.overtaken = overtaken;
                }
                verdict
            }
            Decision::Write { notify, checked_in, overtaken } => {
                let order = self.stored(records.orders.get(&order.id), order);
                if self.has(Defect::OrdersKeyedByBooker) {
                    let booker = |order: &Order| (order.event.id.clone(), order.email.clone());
                    let is_kept = |id: &String, known: &mut Entry| {
                        *id == order.id || booker(&known.order) != booker(&order)
                    };
                    records.orders.retain(is_kept);
                }
                records.write(order, u64::from(notify), overtaken);
                for ticket in checked_in {
                    *records.entries.entry(ticket).or_default() += 1;
                }
                Verdict::Applied
            }
        }
    }

    /// The order as it is stored: unchanged, except for a defect.
    fn stored(&self, known: Option<&Entry>, order: Order) -> Order {
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

    fn records(&self) -> MutexGuard<'_, Records> {
        // Only a panic inside a map could interrupt a write.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Records {
    fn write(&mut self, order: Order, messages: u64, overtaken: Overtaken) {
        let known = self.orders.remove(&order.id);
        let gone = known.iter().flat_map(|known| &known.order.attendees);
        for attendee in gone {
            // An attendee who left the order is no longer known.
            if self.attendees.get(&attendee.id) == Some(&order.id) {
                self.attendees.remove(&attendee.id);
            }
        }
        for attendee in &order.attendees {
            self.orphans.remove(&attendee.id);
            self.attendees.insert(attendee.id.clone(), order.id.clone());
            if let Some(ticket) = &attendee.ticket {
                self.tickets.insert(ticket.id.clone(), attendee.id.clone());
            }
        }
        let messages_sent = known.map_or(0, |known| known.messages_sent) + messages;
        self.orders.insert(order.id.clone(), Entry { order, messages_sent, overtaken });
    }

    fn keep_orphan(&mut self, attendee_record: AttendeeRecord) -> Verdict {
        let AttendeeRecord { attendee, .. } = &attendee_record;
        let known = self.orphans.get(&attendee.id).map(|known| &known.attendee);
        if known == Some(attendee) {
            return Verdict::Duplicate;
        }
        let was = known.and_then(|known| known.ticket.as_ref()).map(|ticket| ticket.status);
        if let Some(ticket) = &attendee.ticket {
            self.tickets.insert(ticket.id.clone(), attendee.id.clone());
            if ticket.status == TicketStatus::Checked && was != Some(TicketStatus::Checked) {
                *self.entries.entry(ticket.id.clone()).or_default() += 1;
            }
        }
        self.orphans.insert(attendee.id.clone(), attendee_record);
        Verdict::Applied
    }

    /// An attendee with the ids of order and event.
    fn attendee(&self, id: &str) -> Option<AttendeeRecord> {
        let Some(entry) = self.attendees.get(id).and_then(|order| self.orders.get(order)) else {
            return self.orphans.get(id).cloned();
        };
        let Order { id: order, event, attendees, .. } = &entry.order;
        let attendee: &Attendee = attendees.iter().find(|attendee| attendee.id == id)?;
        Some(AttendeeRecord {
            attendee: attendee.clone(),
            order: Some(order.clone()),
            event: Some(event.id.clone()),
        })
    }
}
