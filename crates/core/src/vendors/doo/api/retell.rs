//! Initialization (IN): sends one webhook for each existing item, so that a new receiver learns
//! about it. Also the two older calls that do the same (SW).

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;
use serde_json::Value as Json;

use super::body::Body;
use super::link::{Links, answer, json, url};
use super::state::{Item, Retold, organization};
use super::wrong::{Status, Wrong};
use crate::clock::after;
use crate::vendors::Outbox;
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::doo::account::DooAccount;
use crate::vendors::doo::event::EventNumber;
use crate::vendors::doo::triggers::Trigger;

/// The most webhooks a minute. A call can ask for fewer (IN).
const A_MINUTE: u64 = 50;

/// The most webhooks that can wait to be sent (assumed).
const MOST_WAITING: usize = 100_000;

/// The dates in these calls are in CET (IN), always one hour ahead of UTC.
const CET: Offset = Offset::constant(1);

const OF_EVENTS: &[Trigger] = &[Trigger::EventCreated, Trigger::EventRemoved];
const OF_ORDERS: &[Trigger] = &[Trigger::OrderCreated, Trigger::OrderCancelled];
const OF_ATTENDEES: &[Trigger] = &[
    Trigger::AttendeePending,
    Trigger::AttendeeValidated,
    Trigger::AttendeeCancelled,
    Trigger::AttendeeCheckin,
];

#[derive(Serialize)]
struct Processed {
    #[serde(flatten)]
    status: Status,
    items_processed: usize,
    _links: Links,
}

/// The webhooks that a call requests.
struct Wanted {
    triggers: Vec<Trigger>,
    after: Timestamp,
    before: Timestamp,
    a_minute: u64,
}

impl DooAccount {
    /// Sends a webhook for each event.
    pub(super) fn init_events(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Wrong> {
        let body = Body::of(call)?;
        let id = Body::needed("organization_id", body.id("organization_id")?)?;
        if id != u64::from(organization(&self.office.ids)) {
            return Err(Wrong::unknown("organization"));
        }
        let wanted = self.wanted(&body, OF_EVENTS)?;
        let items = self.events.items().map(|event| Item::Event(event.number)).collect();
        self.initialize(items, &wanted, "events", (now, outbox))
    }

    /// Sends a webhook for each order of an event.
    pub(super) fn init_orders(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Wrong> {
        let body = Body::of(call)?;
        let event = self.event_said_by(&body)?;
        let wanted = self.wanted(&body, OF_ORDERS)?;
        let items = self.order_items(event);
        self.initialize(items, &wanted, "orders", (now, outbox))
    }

    /// Sends a webhook for each attendee of an event.
    pub(super) fn init_attendees(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Wrong> {
        let body = Body::of(call)?;
        let event = self.event_said_by(&body)?;
        let wanted = self.wanted(&body, OF_ATTENDEES)?;
        let orders = self.orders_of(event);
        let items = orders.flat_map(|order| {
            (0..order.tickets.len() as u8).map(|place| Item::Attendee(order.number, place))
        });
        let items = items.collect();
        self.initialize(items, &wanted, "attendees", (now, outbox))
    }

    /// Sends a webhook for each event that changed between two dates.
    pub(super) fn notify_events(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Wrong> {
        let wanted = between_dates(call, OF_EVENTS)?;
        let items = self.events.items().map(|event| Item::Event(event.number)).collect();
        self.tell(items, &wanted, now, outbox)?;
        Ok(ApiAnswer::json(200, json(&Status::SUCCESS)))
    }

    /// Sends a webhook for each order of an event that changed between two dates.
    pub(super) fn notify_orders(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Wrong> {
        let event = self.event_called(call.parameter("eventId"))?;
        let wanted = between_dates(call, OF_ORDERS)?;
        self.tell(self.order_items(event), &wanted, now, outbox)?;
        Ok(ApiAnswer::json(200, json(&Status::SUCCESS)))
    }

    fn order_items(&self, event: EventNumber) -> Vec<Item> {
        self.orders_of(event).map(|order| Item::Order(order.number)).collect()
    }

    fn event_said_by(&self, body: &Body) -> Result<EventNumber, Wrong> {
        let id = Body::needed("event_id", body.id("event_id")?)?;
        self.event_called(&id.to_string())
    }

    fn initialize(
        &mut self,
        items: Vec<Item>,
        wanted: &Wanted,
        resource: &str,
        (now, outbox): (Timestamp, &mut Outbox),
    ) -> Result<ApiAnswer, Wrong> {
        let items_processed = self.tell(items, wanted, now, outbox)?;
        let own = url(&self.office.host, &format!("/webhooks/init/{resource}"));
        let _links = Links::own(own);
        Ok(answer(&Processed { status: Status::SUCCESS, items_processed, _links }))
    }

    /// Sends the first webhook at once, and the others at this rate a minute.
    fn tell(
        &mut self,
        items: Vec<Item>,
        wanted: &Wanted,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<usize, Wrong> {
        let retold = |item| {
            let trigger = self.fitting(item)?;
            let changed = self.changed(item);
            let is_wanted = wanted.triggers.contains(&trigger)
                && (wanted.after..=wanted.before).contains(&changed);
            is_wanted.then_some(Retold { item, trigger })
        };
        let all: Vec<Retold> = items.into_iter().filter_map(retold).collect();
        if self.api.waiting + all.len() > MOST_WAITING {
            return Err(Wrong::bad("too many webhooks wait to be sent: try again later"));
        }
        for (place, retold) in all.iter().enumerate() {
            if place == 0 {
                self.tell_again(*retold, now, outbox);
                continue;
            }
            let wait = Duration::from_millis(place as u64 * 60_000 / wanted.a_minute);
            self.api.put_retold(after(now, wait), *retold);
        }
        Ok(all.len())
    }

    /// Reads the body of an initialization.
    fn wanted(&self, body: &Body, offered: &[Trigger]) -> Result<Wanted, Wrong> {
        let triggers = match body.get("webhook_type") {
            None => offered.to_vec(),
            Some(Json::Array(names)) if !names.is_empty() => {
                let named = |name: &Json| {
                    let name = name.as_str().map(|name| name.strip_prefix("on_").unwrap_or(name));
                    offered.iter().copied().find(|one| name == Some(one.name()))
                };
                let read: Option<Vec<Trigger>> = names.iter().map(named).collect();
                let names: Vec<&str> = offered.iter().map(|one| one.name()).collect();
                let why = || Wrong::bad(format!("`webhook_type` lists {}", names.join(", ")));
                read.ok_or_else(why)?
            }
            Some(_) => return Err(Wrong::bad("`webhook_type` must be a list of types")),
        };
        if let Some(id) = body.text("webhook_configuration_id")? {
            self.unless_others_hear(id, &triggers)?;
        }
        let a_minute = body.id("max_rate_per_min")?.unwrap_or(A_MINUTE);
        if !(1..=A_MINUTE).contains(&a_minute) {
            return Err(Wrong::bad(format!(
                "`max_rate_per_min` must be a number from 1 to {A_MINUTE}"
            )));
        }
        let after = moment(body, "last_updated_after")?.unwrap_or(Timestamp::MIN);
        let before = moment(body, "last_updated_before")?.unwrap_or(Timestamp::MAX);
        Ok(Wanted { triggers, after, before, a_minute })
    }

    /// A webhook goes to every configuration that has its type. So one configuration can be
    /// initialized only if no other has any of the types.
    fn unless_others_hear(&self, id: &str, triggers: &[Trigger]) -> Result<(), Wrong> {
        let all = self.api.configurations();
        if all.iter().all(|one| one.id != id) {
            return Err(Wrong::unknown("webhook configuration"));
        }
        if all.iter().any(|one| one.id != id && one.has_any(triggers)) {
            let why = "initializing one of several configurations for the same type is not played";
            return Err(Wrong::not_played(why));
        }
        Ok(())
    }
}

fn moment(body: &Body, name: &str) -> Result<Option<Timestamp>, Wrong> {
    let Some(text) = body.text(name)? else { return Ok(None) };
    let read = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok().and_then(in_cet);
    read.map(Some)
        .ok_or_else(|| Wrong::bad(format!("`{name}` must be a date like 2031-03-04 09:00:00")))
}

/// The two dates of a call, both included.
fn between_dates(call: &ApiCall, triggers: &[Trigger]) -> Result<Wanted, Wrong> {
    let date = |name: &str| {
        let read = call.query(name).and_then(|text| Date::strptime("%Y-%m-%d", text).ok());
        read.ok_or_else(|| Wrong::bad(format!("`{name}` is needed: a date like 2031-03-04")))
    };
    let (from, to) = (date("date_from")?, date("date_to")?);
    let after = in_cet(from.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
    let before = in_cet(to.at(23, 59, 59, 999_999_999)).unwrap_or(Timestamp::MAX);
    Ok(Wanted { triggers: triggers.to_vec(), after, before, a_minute: A_MINUTE })
}

fn in_cet(local: DateTime) -> Option<Timestamp> {
    TimeZone::fixed(CET).to_timestamp(local).ok()
}
