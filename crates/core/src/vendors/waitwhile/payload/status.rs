//! The status of a location as webhooks show it.
//!
//! No example is known. The names are those that public readers of `location-status` use (facts,
//! section 3.3). Which of them a webhook has, and how they relate to each other, is assumed, except
//! that staff who close a location by force leave `isOpen` true: it is the opening hours (W12).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::render::{ID, value};
use crate::clock::after;
use crate::vendors::json;
use crate::vendors::waitwhile::location::Location;
use crate::vendors::wire::{Members, Milliseconds};

/// The largest party (VU: partySize).
const LARGEST: u8 = 100;

/// A whole status.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusBody<'a> {
    #[schemars(extend("pattern" = ID))]
    id: &'a str,
    name: &'a str,
    is_open: bool,
    is_force_closed: bool,
    is_waitlist_open: bool,
    is_waitlist_full: bool,
    is_serving_full: bool,
    num_waiting: u32,
    num_waiting_guests: u32,
    num_waiting_by_party_size: &'a BTreeMap<u8, u32>,
    num_serving: u32,
    num_serving_guests: u32,
    /// Seconds; -1 if there is none.
    #[schemars(range(min = -1))]
    wait: i64,
    wait_by_party_size: Members<u8, i64>,
    #[schemars(extend("enum" = ["LOCATION_CLOSED", null]))]
    na_est_wait_reason: Option<&'static str>,
    next_available_waitlist_time: Option<Milliseconds>,
    #[schemars(range(min = 1))]
    next_ticket: u32,
    num_servers: usize,
    max_party_size: u8,
    updated: Milliseconds,
    counters_updated: Milliseconds,
    last_active: Milliseconds,
}

/// Writes the status of a location.
pub fn status(location: &Location, into: &mut Vec<u8>) {
    json::write(&StatusBody::of(location), into);
}

/// All fields of a location that a receiver can know.
pub fn status_truth(location: &Location) -> serde_json::Value {
    value(&StatusBody::of(location))
}

impl<'a> StatusBody<'a> {
    fn of(location: &'a Location) -> Self {
        let status = &location.status;
        let open = !status.closed;
        let wait = if open { i64::try_from(status.wait).unwrap_or(i64::MAX) } else { -1 };
        let soon = after(status.updated, std::time::Duration::from_secs(status.wait));
        Self {
            id: &location.id,
            name: &location.name,
            // The opening hours, which are not simulated.
            is_open: true,
            is_force_closed: status.closed,
            is_waitlist_open: open,
            is_waitlist_full: location.is_full(),
            is_serving_full: status.serving_full,
            num_waiting: status.waiting,
            num_waiting_guests: status.waiting_guests,
            num_waiting_by_party_size: &status.by_party,
            num_serving: status.serving,
            num_serving_guests: status.serving_guests,
            wait,
            wait_by_party_size: status.by_party.keys().map(|party| (*party, wait)).collect(),
            na_est_wait_reason: status.closed.then_some("LOCATION_CLOSED"),
            next_available_waitlist_time: open.then_some(Milliseconds(soon)),
            next_ticket: status.next_ticket,
            num_servers: location.resources.len(),
            max_party_size: LARGEST,
            updated: Milliseconds(status.updated),
            counters_updated: Milliseconds(status.updated),
            last_active: Milliseconds(status.updated),
        }
    }
}
