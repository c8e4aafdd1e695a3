//! Locations and their status (W11, W12).
//!
//! A call can rename, close and open a location. It can also set `email`, `locale` and
//! `businessType`, which have no effect. Opening hours are not played: `isForceOpen` opens the
//! location and is stored.

use serde::Serialize;
use serde_json::Value as Json;

use super::body::Body;
use super::page::Page;
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::act::Act;
use crate::vendors::waitwhile::payload;
use crate::vendors::wire::Milliseconds;

/// Known keys of a location that a call cannot write.
const FIXED: &[&str] = &[
    "businessName",
    "isActive",
    "isPublicBooking",
    "isPublicCheckIn",
    "isPublicWaitlist",
    "shortName",
];

/// The keys of a location in an answer (CL).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LocationBody<'a> {
    id: &'a str,
    name: &'a str,
    short_name: &'a str,
    business_name: &'a str,
    business_type: &'a str,
    email: &'a str,
    locale: &'a str,
    is_active: bool,
    is_force_closed: bool,
    is_force_open: bool,
    is_public_booking: bool,
    is_public_check_in: bool,
    is_public_waitlist: bool,
    created: Milliseconds,
    created_by: &'a str,
    updated: Milliseconds,
    updated_by: &'a str,
}

impl WaitwhileAccount {
    pub(super) fn answer_locations(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        let all = || {
            let numbered = self.locations.iter().enumerate();
            numbered.map(|(number, location)| (location.id.as_str(), number as u16))
        };
        match call.operation.id {
            "getLocations" => {
                let read = |number| self.location_read(number);
                Page::of(call)?.of_all(all(), |_| true, read)
            }
            "getLocationStatus" => {
                let read = |number| self.status_read(number);
                Page::of(call)?.of_all(all(), |_| true, read)
            }
            "getLocationsLocationid" => {
                let number = self.location_of_id(call.parameter("locationId"))?;
                Ok(ApiAnswer::json(200, self.location_read(number)))
            }
            "getLocationStatusLocationid" => {
                let number = self.location_of_id(call.parameter("locationId"))?;
                let index = self.locations[usize::from(number)].index;
                Ok(ApiAnswer::json(200, self.status_read(number)).about(index))
            }
            "postLocationsLocationid" => {
                let number = self.location_of_id(call.parameter("locationId"))?;
                self.write_location(number, asked)?;
                Ok(ApiAnswer::json(200, self.location_read(number)))
            }
            _ => unplayed(call),
        }
    }

    fn write_location(&mut self, number: u16, asked: Asked<'_>) -> Result<(), Wrong> {
        let body = Body::of(asked.call)?;
        if let Some(fixed) = FIXED.iter().find(|key| body.has(key)) {
            return Err(Wrong::bad(format!("{fixed} cannot be changed")));
        }
        let name = body.filled("name")?;
        let place = usize::from(number);
        let taken = |name: &String| {
            let mut others = self.locations.iter().enumerate();
            others.any(|(other, location)| other != place && location.name == *name)
        };
        if name.as_ref().is_some_and(taken) {
            return Err(Wrong::bad("name: another location has this name"));
        }
        let (closed, opened) = (body.flag("isForceClosed")?, body.flag("isForceOpen")?);
        if closed == Some(true) && opened == Some(true) {
            return Err(Wrong::bad("isForceClosed and isForceOpen cannot both be true"));
        }
        let (email, locale) = (body.text("email")?, body.filled("locale")?);
        let business_type = body.text("businessType")?;
        let is_closed = self.locations[place].status.closed;
        let name = name.filter(|name| *name != self.locations[place].name);
        let wanted = if opened == Some(true) { false } else { closed.unwrap_or(is_closed) };
        let kept = &mut self.api.places[place];
        kept.email = email.unwrap_or_else(|| std::mem::take(&mut kept.email));
        kept.locale = locale.unwrap_or_else(|| std::mem::take(&mut kept.locale));
        kept.business_type =
            business_type.unwrap_or_else(|| std::mem::take(&mut kept.business_type));
        kept.force_open = !wanted && opened.unwrap_or(kept.force_open);
        kept.updated = Some(asked.now);
        if name.is_none() && wanted == is_closed {
            return Ok(());
        }
        let cause = &mut asked.cause(if wanted { Act::Close } else { Act::Open });
        self.begin(cause);
        let here = &mut self.locations[place];
        if wanted != is_closed {
            here.toggle_open();
        }
        if let Some(name) = name {
            here.name = name;
            here.changed = true;
        }
        self.emit_status(number, cause);
        Ok(())
    }

    /// The location that the query of a call names.
    pub(super) fn location_asked(&self, call: &ApiCall) -> Result<Option<u16>, Wrong> {
        let id = call.query("locationId").filter(|id| !id.is_empty());
        id.map(|id| self.location_named("locationId", id)).transpose()
    }

    pub(super) fn location_id(&self, number: u16) -> &str {
        &self.locations[usize::from(number)].id
    }

    /// The status of a location, as in a webhook.
    pub(super) fn status_read(&self, number: u16) -> Json {
        payload::status_truth(&self.locations[usize::from(number)])
    }

    fn location_read(&self, number: u16) -> Json {
        let location = &self.locations[usize::from(number)];
        let place = &self.api.places[usize::from(number)];
        let body = LocationBody {
            id: &location.id,
            name: &location.name,
            short_name: &location.short_name,
            business_name: &self.office.business,
            business_type: &place.business_type,
            email: &place.email,
            locale: &place.locale,
            is_active: true,
            is_force_closed: location.status.closed,
            is_force_open: place.force_open && !location.status.closed,
            is_public_booking: true,
            is_public_check_in: true,
            is_public_waitlist: true,
            created: Milliseconds(self.api.opened),
            created_by: &self.office.staff[0],
            updated: Milliseconds(place.updated.unwrap_or(self.api.opened)),
            updated_by: if place.updated.is_some() {
                &self.office.key_user
            } else {
                &self.office.staff[0]
            },
        };
        serde_json::to_value(body).unwrap_or_else(|error| panic!("a location is JSON: {error}"))
    }
}
