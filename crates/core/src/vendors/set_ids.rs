//! The ids of what an account has from the start: those that the user has set, else those that were
//! drawn.
//!
//! Each id is drawn anyway, so that a set one changes nothing else.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;

use super::Vendor;
use crate::model::set_ids::{WrongIds, part_of, unknown_names};
use crate::model::{SET_IDS, SettingProblem, Settings};

/// The set ids of things that an account with these settings does not have, each with what there is.
pub fn misplaced(vendor: &dyn Vendor, settings: &Settings) -> Vec<WrongIds> {
    let ids = settings.set_ids();
    ids.map_or_else(Vec::new, |ids| unknown_names(ids, |kind| vendor.names(kind, settings)))
}

/// Fails if ids are set for something that an account with these settings does not have.
///
/// # Errors
/// The first one, and what there is.
pub fn must_be_there(vendor: &dyn Vendor, settings: &Settings) -> Result<(), SettingProblem> {
    misplaced(vendor, settings).first().map_or(Ok(()), |wrong| {
        let message = format!("`{SET_IDS}`: {wrong}");
        Err(SettingProblem { name: SET_IDS.to_owned(), message })
    })
}

/// What an account with these settings has from the start without a set id, although others of its kind have one: kind
/// and name.
pub fn without_id<'a>(vendor: &dyn Vendor, settings: &'a Settings) -> Vec<(&'a str, String)> {
    let kinds = settings.set_ids().into_iter().flatten().filter(|(_, named)| !named.is_empty());
    let lacking = kinds.flat_map(|(kind, named)| {
        let all = vendor.names(kind, settings).into_iter();
        let unset = all.filter(|names| !names.iter().any(|name| named.contains_key(name)));
        unset.filter_map(|names| Some((kind.as_str(), names.into_iter().next()?)))
    });
    lacking.collect()
}

/// The set ids of one kind that are not in use yet, and all of them.
#[derive(Debug)]
pub struct IdsOfKind<T> {
    by_name: BTreeMap<String, T>,
    all: Vec<T>,
}

impl<T: FromStr<Err: Debug> + Clone + PartialEq> IdsOfKind<T> {
    /// The ids of this kind in the settings.
    pub fn of(settings: &Settings, kind: &str) -> Self {
        let named = settings.set_ids().and_then(|ids| ids.get(kind)).into_iter().flatten();
        let read = |id: &String| {
            id.parse::<T>().unwrap_or_else(|error| panic!("{id} was checked: {error:?}"))
        };
        let by_name: BTreeMap<String, T> =
            named.map(|(name, id)| (name.clone(), read(id))).collect();
        Self { all: by_name.values().cloned().collect(), by_name }
    }

    /// The id of the one with this name. Once: an id is never given twice.
    pub fn take(&mut self, name: &str) -> Option<T> {
        self.by_name.remove(name)
    }

    /// The same for the part of a holder. The parts of the first holder may be called by their names
    /// alone.
    pub fn take_part(&mut self, (place, holder): (usize, &str), name: &str) -> Option<T> {
        let whole = self.take(&part_of(holder, name));
        whole.or_else(|| (place == 0).then(|| self.take(name))?)
    }

    /// The drawn id, or another one if the user has set it for something else.
    pub fn free(&self, drawn: T, mut another: impl FnMut(&T) -> T) -> T {
        let mut id = drawn;
        while self.all.contains(&id) {
            id = another(&id);
        }
        id
    }
}
