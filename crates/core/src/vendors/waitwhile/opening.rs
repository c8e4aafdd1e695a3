//! The places of a business as it opens: its locations with their resources and services, and the
//! questions of its form. Their ids are drawn, or set by the user.

use jiff::Timestamp;

use super::line::{Line, Pace};
use super::location::{Location, Status};
use super::named::{LENGTH, LOCATION, LOCATIONS, QUESTION, RESOURCE, SERVICE, question_names};
use super::payload;
use crate::chance::Chance;
use crate::model::{Settings, SubjectIndex, Subjects};
use crate::vendors::set_ids::IdsOfKind;

/// Region and city of the locations, in turn, spelled as in the examples.
const PLACES: [(&str, &str); 4] =
    [("ny", "albany"), ("ny", "buffalo"), ("pa", "philadelphia"), ("nj", "newark")];

/// The ids of the questions in the form.
pub fn questions(settings: &Settings, ids: &mut Chance) -> Vec<String> {
    let mut set = Set::of(settings, QUESTION, ids);
    question_names(settings).map(|name| set.id(ids, |set| set.take(&name))).collect()
}

/// The locations.
pub fn locations(settings: &Settings, start: Timestamp, ids: &mut Chance) -> Vec<Location> {
    let usual = settings.duration("service_time").unwrap_or_default();
    let opened = start.checked_sub(jiff::SignedDuration::from_millis(1)).unwrap_or(start);
    let per_resource = settings.integer("resource_capacity") as usize;
    let mut of_locations = Set::of(settings, LOCATION, ids);
    let mut of_resources = Set::of(settings, RESOURCE, ids);
    let mut of_services = Set::of(settings, SERVICE, ids);
    let mut locations = Vec::new();
    for (number, name) in settings.distinct(LOCATIONS).into_iter().enumerate() {
        let here = (number, name.as_str());
        let resources = of_resources.parts(here, settings.list("resources"), ids);
        let pace = Pace::new(usual, resources.len() * per_resource);
        let mut location = Location {
            index: location_at(number),
            id: of_locations.id(ids, |set| set.take(name)),
            name: name.clone(),
            short_name: short_name(name, number),
            place: PLACES[number % PLACES.len()],
            services: of_services.parts(here, settings.list("services"), ids),
            line: Line::default(),
            limit: Some(settings.integer("waitlist_limit") as u32).filter(|limit| *limit > 0),
            // All later changes have a later time.
            status: Status::empty(pace.estimate(1), opened),
            pace,
            calendar: Default::default(),
            busy: vec![0; resources.len()],
            resources,
            tickets: 0,
            changed: false,
            rendered: Vec::new(),
        };
        let mut rendered = Vec::new();
        payload::status(&location, &mut rendered);
        location.rendered = rendered;
        locations.push(location);
    }
    locations
}

/// The location with this index in the setting. The account's first subjects are its locations.
pub fn location_at(place: usize) -> SubjectIndex {
    Subjects::all().nth(place).unwrap_or_else(|| panic!("an account has fewer locations"))
}

/// The name in links: lower-case letters and digits.
fn short_name(name: &str, number: usize) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let short: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    if short.is_empty() { format!("location{}", number + 1) } else { short }
}

/// The set ids of a kind, and the stream for ids in place of drawn ones that the user has set for
/// something else.
struct Set {
    ids: IdsOfKind<String>,
    others: Chance,
}

impl Set {
    fn of(settings: &Settings, kind: &str, ids: &Chance) -> Self {
        Self { ids: IdsOfKind::of(settings, kind), others: ids.child(kind) }
    }

    /// Draws an id. The set one is used instead, if there is one.
    fn id(
        &mut self,
        ids: &mut Chance,
        set: impl FnOnce(&mut IdsOfKind<String>) -> Option<String>,
    ) -> String {
        let drawn = ids.alphanumeric(LENGTH);
        let others = &mut self.others;
        set(&mut self.ids).unwrap_or_else(|| self.ids.free(drawn, |_| others.alphanumeric(LENGTH)))
    }

    /// The ids of the parts of a location.
    fn parts(&mut self, here: (usize, &str), names: &[String], ids: &mut Chance) -> Vec<String> {
        names.iter().map(|name| self.id(ids, |set| set.take_part(here, name))).collect()
    }
}
