//! Services, resources and users (W13). Their names come from the settings, those of users are
//! invented. Clients use only their keys `id`, `name` and `isActive`.

use serde_json::{Value as Json, json};

use super::page::Page;
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::location::Location;

/// A location, and an index there.
type Place = (u16, usize);

impl WaitwhileAccount {
    pub(super) fn answer_places(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        match call.operation.id {
            "getServices" => self.list_places(call, services, &self.api.services),
            "getResources" => self.list_places(call, resources, &self.api.resources),
            "getResourcesResourceid" => {
                let id = call.parameter("resourceId");
                let mut all = self.all_places(resources);
                let found = all.find(|(known, _)| *known == id);
                let (_, place) = found.ok_or_else(|| Wrong::unknown("resource"))?;
                Ok(ApiAnswer::json(200, self.place_read(resources, &self.api.resources, place)))
            }
            "getUsers" => {
                let staff = self.office.staff.iter().chain([&self.office.key_user]);
                let all: Vec<_> =
                    staff.enumerate().map(|(place, id)| (id.as_str(), place)).collect();
                let read = |place: usize| self.user_read(all[place].0, place);
                Page::of(call)?.of_all(all.iter().copied(), |_| true, read)
            }
            _ => unplayed(call),
        }
    }

    fn list_places(
        &self,
        call: &ApiCall,
        ids: fn(&Location) -> &Vec<String>,
        names: &[String],
    ) -> Result<ApiAnswer, Wrong> {
        let location = self.location_asked(call)?;
        let keep = |(there, _): Place| location.is_none_or(|location| location == there);
        let read = |place| self.place_read(ids, names, place);
        let all: Vec<_> = self.all_places(ids).collect();
        Page::of(call)?.of_all(all.into_iter(), keep, read)
    }

    fn all_places(
        &self,
        ids: fn(&Location) -> &Vec<String>,
    ) -> impl Iterator<Item = (&str, Place)> {
        let locations = self.locations.iter().enumerate();
        locations.flat_map(move |(number, location)| {
            let ids = ids(location).iter().enumerate();
            ids.map(move |(place, id)| (id.as_str(), (number as u16, place)))
        })
    }

    fn place_read(
        &self,
        ids: fn(&Location) -> &Vec<String>,
        names: &[String],
        (number, place): Place,
    ) -> Json {
        let location = &self.locations[usize::from(number)];
        json!({
            "id": ids(location)[place],
            "name": names[place],
            "locationId": location.id,
            "isActive": true,
        })
    }

    fn user_read(&self, id: &str, place: usize) -> Json {
        let (first, last) = &self.api.users[place];
        let locations: Vec<&String> = self.locations.iter().map(|location| &location.id).collect();
        let roles = if place == 0 { ["OWNER"] } else { ["USER"] };
        json!({
            "id": id,
            "name": format!("{first} {last}"),
            "firstName": first,
            "lastName": last,
            "isActive": true,
            "roles": roles,
            "locationIds": locations,
        })
    }
}

fn services(location: &Location) -> &Vec<String> {
    &location.services
}

fn resources(location: &Location) -> &Vec<String> {
    &location.resources
}
