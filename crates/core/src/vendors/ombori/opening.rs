//! Opens an Ombori store: its queues, staff and desks, and the triggers of its version.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::catalogue::CATALOGUE;
use super::named::{QUEUE, STATION, station_labels};
use super::payload::{Staff, Station};
use super::people::tongue_at;
use super::triggers::Trigger;
use crate::chance::Chance;
use crate::model::{Action, ActionId, Profile, Settings};
use crate::vendors::Setup;
use crate::vendors::people::{StaffAddresses, Tongue, name};
use crate::vendors::set_ids::IdsOfKind;

/// The trigger that each action fires in a profile: at most one for this vendor.
pub fn fired(profile: &Profile) -> BTreeMap<ActionId, Trigger> {
    let one = |action: &'static Action| {
        Some((action.id, Trigger::of(CATALOGUE.fired(action, profile).next()?.id)))
    };
    CATALOGUE.actions.iter().filter_map(one).collect()
}

/// The ids of the queues. If two have the same name, a set id belongs to the first.
pub fn queues(settings: &Settings, ids: &mut Chance) -> Vec<Uuid> {
    given(settings, QUEUE, settings.list("queues"), ids)
}

/// The desks.
pub fn stations(settings: &Settings, ids: &mut Chance) -> Vec<Station> {
    let labels = station_labels(settings);
    let ids = given(settings, STATION, &labels, ids);
    ids.into_iter().zip(labels).map(|(id, label)| Station { id, label }).collect()
}

fn given(settings: &Settings, kind: &str, names: &[String], ids: &mut Chance) -> Vec<Uuid> {
    let mut set = IdsOfKind::<Uuid>::of(settings, kind);
    let mut others = ids.child(kind);
    let id = |name: &String| {
        let drawn = ids.uuid();
        set.take(name).unwrap_or_else(|| set.free(drawn, |_| others.uuid()))
    };
    names.iter().map(id).collect()
}

/// The staff of a store with this many desks. They are others in another store, with names as they
/// are usual there. Their ids come from a stream of their own, if there is one.
pub fn staff(setup: &Setup, desks: usize) -> Vec<Staff> {
    let settings = &setup.settings;
    let store = [settings.text("organization"), settings.text("location")].join(" / ");
    let mut chance = setup.chance.child("staff").child(&store);
    let mut fresh_ids = setup.fresh_ids("staff");
    let tongue = tongue_at(settings.text("time_zone"));
    let mut addresses = StaffAddresses::default();
    let member = |_| staff_member(tongue, &mut chance, fresh_ids.as_mut(), &mut addresses);
    (0..=desks).map(member).collect()
}

fn staff_member(
    tongue: Tongue,
    chance: &mut Chance,
    fresh_ids: Option<&mut Chance>,
    addresses: &mut StaffAddresses,
) -> Staff {
    let (first_name, last_name) = name(chance, tongue);
    let display_name = format!("{first_name} {last_name}");
    let id = chance.uuid();
    Staff {
        id: fresh_ids.map_or(id, Chance::uuid).to_string(),
        email: addresses.next(chance, tongue, &display_name),
        first_name,
        last_name,
        display_name,
    }
}
