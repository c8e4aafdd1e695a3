//! What the organizer does with events, and what happens to them by itself.

use jiff::Timestamp;

use super::account::{DooAccount, Known};
use super::act::Act;
use super::catalogue::CATALOGUE;
use super::event::{Category, Event, EventNumber, Tally, VAT_PERCENT, share_out, slug};
use super::money::{Price, Pricing};
use super::state::EventState;
use super::titles::new_title;
use super::triggers::Trigger;
use super::venue::VENUES;
use crate::clock::after;
use crate::model::Call;
use crate::vendors::emitter::Emitter;
use crate::vendors::{Outbox, Refusal, RefusalKind, Touched};

impl DooAccount {
    /// Creates another event. Approval, pricing and so on take turns.
    pub(super) fn new_event(&mut self, title: Option<&str>, now: Timestamp) -> EventNumber {
        let place = self.events.numbers().len();
        let number = self.events.next_number();
        let index = self.know(Known::Event(number));
        let rules = &self.rules;
        let pricing = rules.pricing[place % rules.pricing.len()];
        let title = match title {
            Some(title) => title.to_owned(),
            None => new_title(place),
        };
        let id = self.given_ids.event(&title, number.id(self.office.ids.event, 1));
        let start = announced(after(now, rules.starts_in), rules.starts_in);
        let event = Event {
            index,
            number,
            id,
            venue: &VENUES[place % VENUES.len()],
            short_name: slug(&title, id),
            title,
            state: EventState::Draft,
            pricing,
            event_type: in_turn(&rules.event_types, place).to_owned(),
            image_shape: in_turn(&rules.image_shapes, place).to_owned(),
            approval: rules.approval[place % rules.approval.len()],
            booker_alone: rules.booker_alone[place % rules.booker_alone.len()],
            categories: Vec::new(),
            start,
            end: after(start, rules.lasts),
            created: now,
            updated: now,
            live_since: None,
            cancelled: None,
            deleted: None,
            postponed: false,
            tally: Tally::default(),
            orders: Vec::new(),
            in_orders: Vec::new(),
        };
        self.events.push(event);
        let categories = self.new_categories((place, number), pricing);
        self.event_mut(number).categories = categories;
        number
    }

    fn new_categories(
        &mut self,
        (event_place, event): (usize, EventNumber),
        pricing: Pricing,
    ) -> Vec<Category> {
        let names = &self.rules.categories;
        let cheapest = 5 * self.desk.between(4, 36);
        let shares = share_out(self.rules.capacity, names.len() as u64);
        let free = pricing == Pricing::Free;
        let vat_percent = if free { 0 } else { VAT_PERCENT };
        let first = event.id(self.office.ids.category, names.len() as u32);
        let title = self.events[event].title.as_str();
        let ids = &mut self.given_ids;
        let named = names.iter().zip(shares).enumerate();
        let category = |(place, (name, capacity)): (usize, (&String, u64))| {
            let euros = if free { 0 } else { cheapest + 25 * place as u64 };
            Category {
                id: ids.category((event_place, title), name, first + place as u32),
                name: name.clone(),
                euros,
                vat_percent,
                price: Price::of(pricing, euros, vat_percent, self.office.fee),
                capacity,
                taken: 0,
                hidden: names.len() > 1 && place + 1 == names.len(),
            }
        };
        named.map(category).collect()
    }

    /// Puts the tickets of an event on sale.
    pub(super) fn put_on_sale(&mut self, number: EventNumber, now: Timestamp) {
        let event = self.event_mut(number);
        event.state = EventState::Live;
        event.live_since = Some(now);
        event.touch(now);
        let end = event.end.max(now);
        self.ends.put(end, number);
    }

    /// Creates an event.
    pub(super) fn create(
        &mut self,
        call: &Call,
        emitter: &mut Emitter<'_>,
    ) -> Result<Touched, Refusal> {
        let title = call.new_name("event");
        if title.is_some_and(|title| title.trim().is_empty()) {
            let legal = Act::Book.action().phrases.to_vec();
            let reason = "an event needs a title".to_owned();
            return Err(Refusal { kind: RefusalKind::Invalid, reason, legal });
        }
        let number = self.new_event(title, emitter.at);
        self.emit_event(number, Trigger::EventCreated, emitter);
        Ok(Touched::only(self.event(number).index))
    }

    /// Changes an event.
    pub(super) fn organize(
        &mut self,
        call: &Call,
        number: EventNumber,
        emitter: &mut Emitter<'_>,
    ) -> Result<Touched, Refusal> {
        let state = self.event(number).state;
        let now = emitter.at;
        let index = self.event(number).index;
        match Act::of(call.action) {
            Act::Publish => self.put_on_sale(number, now),
            Act::RenameEvent => {
                let title = call.text("title").unwrap_or_default();
                if title.trim().is_empty() {
                    let (kind, reason) = (RefusalKind::Invalid, "an event needs a title");
                    let refusal = Refusal::beside(kind, &CATALOGUE, call.action, state, reason);
                    return Err(or_a_new_one(refusal));
                }
                if title == self.event(number).title {
                    return Ok(Touched::only(index));
                }
                self.event_mut(number).title = title.to_owned();
            }
            Act::PostponeEvent => {
                let length = call.duration("length").unwrap_or_default();
                if length.is_zero() {
                    return Ok(Touched::only(index));
                }
                let event = self.event_mut(number);
                event.start = after(event.start, length);
                event.end = after(event.end, length);
                event.postponed = true;
                let end = event.end.max(now);
                if state == EventState::Live {
                    self.ends.put(end, number);
                }
            }
            Act::CallOff => {
                let event = self.event_mut(number);
                event.state = EventState::Cancelled;
                event.cancelled = Some(now);
            }
            Act::DeleteEvent => {
                let event = self.event_mut(number);
                event.state = EventState::Deleted;
                event.deleted = Some(now);
            }
            Act::CreateEvent
            | Act::EndEvent
            | Act::Book
            | Act::BookByTransfer
            | Act::BookWith
            | Act::Approve
            | Act::Flag
            | Act::Deny
            | Act::Pay
            | Act::Rename
            | Act::CancelBooking
            | Act::Cancel
            | Act::Remove
            | Act::CheckIn
            | Act::UndoCheckIn => panic!("`{}` is not an action on an event", call.action.call),
        }
        self.event_mut(number).touch(now);
        let removed = Act::of(call.action) == Act::DeleteEvent;
        let trigger = if removed { Trigger::EventRemoved } else { Trigger::EventUpdated };
        self.emit_event(number, trigger, emitter);
        Ok(Touched::only(index))
    }

    /// Ends an event at its end date, unless it was postponed or called off meanwhile.
    pub(super) fn end(&mut self, number: EventNumber, at: Timestamp, outbox: &mut Outbox) {
        let event = self.event_mut(number);
        if event.end > at {
            return;
        }
        // Its orders seldom change now, so the memory of their rendered parts is freed.
        let orders = std::mem::take(&mut event.orders);
        let live = event.state == EventState::Live;
        if live {
            event.state = EventState::Done;
            event.touch(at);
        }
        for order in orders {
            self.order_mut(order).form = Default::default();
        }
        if live && self.rules.done_fires {
            let mut emitter = Emitter { action: Act::EndEvent.action(), at, outbox };
            self.emit_event(number, Trigger::EventUpdated, &mut emitter);
        }
    }
}

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// When an event begins that is announced so long ahead: organizers set times to the minute, and those of a later
/// day to the half hour.
fn announced(moment: Timestamp, ahead: std::time::Duration) -> Timestamp {
    let unit = if ahead < DAY { 60_000 } else { 30 * 60_000 };
    let rest = (-moment.as_millisecond()).rem_euclid(unit);
    after(moment, std::time::Duration::from_millis(rest.unsigned_abs()))
}

/// The entry of a list that takes turns.
fn in_turn(list: &[String], place: usize) -> &str {
    &list[place % list.len()]
}

/// If nothing else can be done to an event, another one can be created.
fn or_a_new_one(refusal: Refusal) -> Refusal {
    if !refusal.legal.is_empty() {
        return refusal;
    }
    Refusal { legal: Act::CreateEvent.action().phrases.to_vec(), ..refusal }
}
