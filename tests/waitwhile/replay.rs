//! The knowledge of a receiver that misses nothing: every webhook of an account, applied in order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value as Json;
use standin::model::Webhook;

/// A webhook as it was sent.
pub struct Seen {
    pub at: Timestamp,
    pub trigger: &'static str,
    pub action: &'static str,
    pub body: Json,
}

impl Seen {
    pub fn of(webhook: &Webhook) -> Self {
        let body = serde_json::from_slice(&webhook.body).expect("a body is JSON");
        Self { at: webhook.at, trigger: webhook.trigger, action: webhook.action, body }
    }

    /// The subject after the change, or before its deletion.
    pub fn object(&self) -> &Json {
        if self.body["data"].is_null() { &self.body["after"] } else { &self.body["data"] }
    }

    /// The subject before the change, if the webhook has it.
    pub fn before(&self) -> Option<&Json> {
        self.body.get("before")
    }

    pub fn is_visit(&self) -> bool {
        self.trigger.starts_with("visit.")
    }

    pub fn id(&self) -> &str {
        text(self.object(), "id")
    }
}

pub fn text<'a>(object: &'a Json, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_else(|| panic!("no text at {key}: {object:#}"))
}

pub fn time(object: &Json, key: &str) -> Option<Timestamp> {
    object[key].as_str().map(|text| text.parse().expect("a time"))
}

/// The knowledge after some webhooks.
#[derive(Default)]
pub struct Replay<'a> {
    /// The existing visits, by id.
    pub visits: BTreeMap<&'a str, &'a Json>,
    /// The last status of each location, by id.
    pub locations: BTreeMap<&'a str, &'a Json>,
}

impl<'a> Replay<'a> {
    fn apply(&mut self, seen: &'a Seen) {
        match seen.trigger {
            "visit.removed" => drop(self.visits.remove(seen.id())),
            _ if seen.is_visit() => drop(self.visits.insert(seen.id(), seen.object())),
            "location-status.updated" => drop(self.locations.insert(seen.id(), seen.object())),
            _ => {}
        }
    }

    /// The visits of a location in one of these states.
    pub fn at(&self, location: &str, states: &[&str]) -> Vec<&'a Json> {
        let here = |visit: &&&Json| {
            visit["locationId"] == location && states.contains(&text(visit, "state"))
        };
        self.visits.values().filter(here).copied().collect()
    }

    /// The locations of all visits.
    pub fn places(&self) -> Vec<&'a str> {
        let mut places: Vec<_> = self.visits.values().map(|one| text(one, "locationId")).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Applies the webhooks one by one. Calls `look` after all webhooks of each moment.
pub fn replay<'a>(seen: &'a [Seen], mut look: impl FnMut(&Replay<'a>, &'a [Seen])) {
    let mut replay = Replay::default();
    for moment in seen.chunk_by(|one, next| one.at == next.at) {
        moment.iter().for_each(|one| replay.apply(one));
        look(&replay, moment);
    }
}

/// The webhooks of each subject whose trigger is of this kind, in order.
pub fn lives<'a>(seen: &'a [Seen], kind: &str) -> Vec<Vec<&'a Seen>> {
    let mut lives: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for one in seen.iter().filter(|one| one.trigger.starts_with(kind)) {
        lives.entry(one.id()).or_default().push(one);
    }
    lives.into_values().collect()
}
