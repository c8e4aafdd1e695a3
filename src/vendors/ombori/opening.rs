//! Opens an Ombori store: its staff and desks, and the triggers of its version.

use std::collections::BTreeMap;

use super::catalogue::CATALOGUE;
use super::payload::Staff;
use super::people::{self, Locale};
use super::triggers::Trigger;
use crate::chance::Chance;
use crate::model::{Action, ActionId, Profile};
use crate::vendors::people::email;

/// The trigger that each action fires in a profile: at most one for this vendor.
pub fn fired(profile: &Profile) -> BTreeMap<ActionId, Trigger> {
    let one = |action: &'static Action| {
        Some((action.id, Trigger::of(CATALOGUE.fired(action, profile).next()?.id)))
    };
    CATALOGUE.actions.iter().filter_map(one).collect()
}

/// `A1` to `A9`, then `B1` …
pub fn station_label(number: i64) -> String {
    let letter = char::from(b'A' + (number / 9 % 26) as u8);
    format!("{letter}{}", number % 9 + 1)
}

/// A member of staff. The id comes from the second stream, if there is one.
pub fn staff_member(chance: &mut Chance, fresh_ids: Option<&mut Chance>) -> Staff {
    let (first_name, last_name) = people::name(chance, Locale::Sv);
    let display_name = format!("{first_name} {last_name}");
    let id = chance.uuid();
    Staff {
        id: fresh_ids.map_or(id, Chance::uuid).to_string(),
        email: email(chance, &display_name),
        first_name,
        last_name,
        display_name,
    }
}
