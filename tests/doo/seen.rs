//! A webhook as a receiver sees it, with the values in it, and the knowledge of a receiver that
//! misses nothing.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use standin::model::{Settings, Webhook};

/// A webhook as it was sent.
pub struct Seen {
    pub at: Timestamp,
    pub trigger: &'static str,
    pub action: &'static str,
    pub bytes: Bytes,
    pub body: Json,
}

impl Seen {
    pub fn of(webhook: &Webhook) -> Self {
        let body = serde_json::from_slice(&webhook.body).expect("a body is JSON");
        let Webhook { at, trigger, action, body: bytes, .. } = webhook;
        Self { at: *at, trigger, action, bytes: bytes.clone(), body }
    }

    pub fn is_order(&self) -> bool {
        self.trigger.starts_with("order_")
    }

    pub fn is_event(&self) -> bool {
        self.trigger.starts_with("event_")
    }

    pub fn is_attendee(&self) -> bool {
        self.trigger.starts_with("attendee_")
    }

    /// The id of its subject, as text.
    pub fn id(&self) -> String {
        if self.is_event() {
            return whole(&self.body["id"]).to_string();
        }
        text(if self.is_order() { &self.body["order_details"] } else { &self.body }, "id")
            .to_owned()
    }

    /// The id of its event, as text.
    pub fn event_id(&self) -> String {
        match self.trigger {
            _ if self.is_event() => self.id(),
            _ if self.is_order() => text(&self.body["event"], "id").to_owned(),
            _ => text(&self.body, "event_id").to_owned(),
        }
    }

    /// The order in an order body.
    pub fn order(&self) -> &Json {
        &self.body["order_details"]
    }

    /// Describes this webhook for a message.
    pub fn here(&self) -> String {
        format!("{} by {} at {}: {:#}", self.trigger, self.action, self.at, self.body)
    }
}

pub fn text<'a>(object: &'a Json, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_else(|| panic!("no text at {key}: {object:#}"))
}

pub fn list<'a>(object: &'a Json, key: &str) -> &'a [Json] {
    object[key].as_array().unwrap_or_else(|| panic!("no list at {key}: {object:#}"))
}

/// A whole number, as a number or as a text.
pub fn whole(value: &Json) -> i64 {
    let number = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    number.parse().unwrap_or_else(|_| panic!("no whole number: {value}"))
}

/// An amount of money in cents, given as a number or a text. The digits are read without rounding.
pub fn cents(value: &Json) -> i64 {
    let digits = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (euros, rest) = digits.split_once('.').unwrap_or((&digits, ""));
    assert!(rest.len() <= 2, "{digits} is no amount in euros and cents");
    let read = |digits: &str| -> i64 {
        digits.parse().unwrap_or_else(|_| panic!("{value} is no amount in euros and cents"))
    };
    read(euros) * 100 + read(&format!("{rest:0<2}"))
}

/// A moment in the form of the account.
pub fn written(at: Timestamp, settings: &Settings) -> String {
    let zone = TimeZone::get(settings.text("time_zone")).expect("a zone");
    let form = match settings.text("date_format") {
        "Y-m-d H:i:s" => "%Y-%m-%d %H:%M:%S",
        _ => "%Y-%m-%dT%H:%M:%S%:z",
    };
    at.to_zoned(zone).strftime(form).to_string()
}

/// The webhooks of each subject whose trigger is of this kind, in order.
pub fn lives<'a>(seen: &'a [Seen], kind: &str) -> Vec<Vec<&'a Seen>> {
    let mut lives: BTreeMap<String, Vec<&Seen>> = BTreeMap::new();
    for one in seen.iter().filter(|one| one.trigger.starts_with(kind)) {
        lives.entry(one.id()).or_default().push(one);
    }
    lives.into_values().collect()
}

/// The knowledge after some webhooks.
#[derive(Default)]
pub struct Known<'a> {
    /// The last body of each event, by id.
    pub events: BTreeMap<String, &'a Json>,
    /// The last webhook of each order, by the ids of its event and of the order.
    orders: BTreeMap<String, BTreeMap<String, &'a Seen>>,
}

impl<'a> Known<'a> {
    /// The last webhooks of an event's orders.
    pub fn orders_of(&self, event: &str) -> Vec<&'a Seen> {
        self.orders.get(event).into_iter().flat_map(|orders| orders.values().copied()).collect()
    }

    /// The last webhook of an order.
    pub fn order(&self, event: &str, order: &str) -> Option<&'a Seen> {
        self.orders.get(event)?.get(order).copied()
    }

    /// The tickets of an event's orders that take a place.
    pub fn held(&self, event: &str) -> Vec<&'a Json> {
        let orders = self.orders_of(event).into_iter();
        let attendees = orders.flat_map(|one| list(one.order(), "attendees"));
        let tickets = attendees.map(|attendee| &attendee["ticket"]);
        tickets.filter(|ticket| ticket["status"] != "cancelled").collect()
    }
}

/// Applies the webhooks one by one. Calls `look` for each, with the knowledge before it.
pub fn replay<'a>(seen: &'a [Seen], mut look: impl FnMut(&Known<'a>, &'a Seen)) {
    let mut known = Known::default();
    for one in seen {
        look(&known, one);
        if one.is_event() {
            known.events.insert(one.id(), &one.body);
        } else if one.is_order() {
            known.orders.entry(one.event_id()).or_default().insert(one.id(), one);
        }
    }
}
