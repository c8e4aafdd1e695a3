//! The calls that need no key (W16): a location, its slots, and its first free slots.

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::moment::Span;
use super::page::number;
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::clock::{END, after};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::calendar::Wanted;

/// The most slots that one call looks at.
const MOST_SLOTS: usize = 5_000;

/// How many free slots a call gets if it does not say.
const USUAL: usize = 10;

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

impl WaitwhileAccount {
    pub(super) fn answer_public(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        match call.operation.id {
            "getPublicLocationsShortname" => {
                let place = self.public_location(call.parameter("shortName"))?;
                Ok(ApiAnswer::json(200, self.public_read(place)))
            }
            "getPublicVisitsLocationAvailability" => {
                let place = self.public_location(call.parameter("location"))?;
                let slots = self.slots_asked(call, asked.now)?;
                let slots = slots.into_iter().map(|start| self.slot_read(place, start));
                Ok(ApiAnswer::json(200, slots.collect()))
            }
            "getPublicVisitsLocationFirstAvailableSlots" => {
                let place = self.public_location(call.parameter("location"))?;
                self.first_slots(place, call, asked.now)
            }
            _ => unplayed(call),
        }
    }

    /// The location with this name in links, or this id.
    fn public_location(&self, name: &str) -> Result<usize, Wrong> {
        let mut locations = self.locations.iter();
        let place = locations.position(|one| one.short_name == name || one.id == name);
        place.ok_or_else(|| Wrong::unknown("location"))
    }

    fn public_read(&self, place: usize) -> Json {
        let location = &self.locations[place];
        let services = location.services.iter().zip(&self.api.services);
        let services: Map<String, Json> = services
            .map(|(id, name)| (id.clone(), json!({ "id": id, "name": name, "isActive": true })))
            .collect();
        json!({
            "id": location.id,
            "name": location.name,
            "shortName": location.short_name,
            "timeZone": self.office.slots.zone.iana_name().unwrap_or("UTC"),
            "servicesById": services,
        })
    }

    /// The slots in the span of a call. By default it is one day from now.
    fn slots_asked(&self, call: &ApiCall, now: Timestamp) -> Result<Vec<Timestamp>, Wrong> {
        let slots = &self.office.slots;
        let span = Span::of(call, &slots.zone, "fromDate", "toDate")?;
        let from = span.from().unwrap_or(now).max(now);
        let to = span.to().unwrap_or_else(|| after(from, DAY)).min(END);
        let mut found = Vec::new();
        let mut start = slots.at_or_after(from);
        while start < to {
            found.push(start);
            if found.len() > MOST_SLOTS {
                let why = format!(
                    "fromDate, toDate: there are more than {MOST_SLOTS} slots between them"
                );
                return Err(Wrong::bad(why));
            }
            start = slots.at_or_after(after(start, std::time::Duration::from_millis(1)));
        }
        Ok(found)
    }

    fn slot_read(&self, place: usize, start: Timestamp) -> Json {
        let (location, slots) = (&self.locations[place], &self.office.slots);
        let taken: Vec<_> =
            location.calendar.during(slots, start).map(|(_, taken)| taken).collect();
        let spots = location.resources.len() * slots.per_resource;
        let free = spots.saturating_sub(taken.len());
        let by_service = location.services.iter().enumerate().map(|(number, id)| {
            let same = |service: Option<u16>| service == Some(number as u16);
            let booked = taken.iter().filter(|taken| same(taken.service)).count();
            (id.clone(), free.min(slots.per_service.saturating_sub(booked)).into())
        });
        let by_service: Map<String, Json> = by_service.collect();
        json!({
            "date": slots.date(start),
            "duration": slots.length.as_secs(),
            "numSpots": spots,
            "numBookedSpots": taken.len(),
            "numAvailableSpots": free,
            "numAvailableSpotsByServiceId": by_service,
        })
    }

    /// The first slots that have room for all the given services, with one of the given resources.
    fn first_slots(
        &self,
        place: usize,
        call: &ApiCall,
        now: Timestamp,
    ) -> Result<ApiAnswer, Wrong> {
        let (location, slots) = (&self.locations[place], &self.office.slots);
        let services = places("serviceIds", &location.services, call)?;
        let wished = places("resourceIds", &location.resources, call)?;
        let most = number(call, "maxNumSlots", USUAL, 100)?;
        number(call, "partySize", 1, 100)?;
        let length = slots.length.as_secs() as usize;
        let fits = number(call, "serviceDuration", length, usize::MAX)? <= length;
        let resources = location.resources.len() as u16;
        let free = |start, service, preferred| {
            let wanted = Wanted { service, preferred, resources };
            location.calendar.free(slots, start, wanted)
        };
        let has_room = |start: Timestamp| {
            let served = services.iter().all(|service| free(start, Some(*service), None).is_some());
            let named = |wish: &u16| free(start, None, Some(*wish)) == Some(*wish);
            fits && served
                && free(start, None, None).is_some()
                && (wished.is_empty() || wished.iter().any(named))
        };
        let found = self.slots_asked(call, now)?.into_iter().filter(|start| has_room(*start));
        let found = found.take(most).map(|start| json!({ "date": slots.date(start) }));
        Ok(ApiAnswer::json(200, found.collect()))
    }
}

/// The indexes of ids among those of a location. The text has the ids, separated by commas.
fn places(name: &str, ids: &[String], call: &ApiCall) -> Result<Vec<u16>, Wrong> {
    let named = call.query(name).unwrap_or_default().split(',').filter(|id| !id.is_empty());
    let place = |id: &str| {
        let place = ids.iter().position(|known| known == id).map(|place| place as u16);
        place.ok_or_else(|| Wrong::bad(format!("{name}: not at this location: {id}")))
    };
    named.map(place).collect()
}
