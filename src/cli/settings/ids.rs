//! The key `ids` of a vendor's section: ids of what its accounts have from the start, by kind and name.

use serde_json::Value as Json;

use super::places;
use super::section::Reader;
use super::source::keep;
use crate::model::set_ids::{self, SET_IDS, WrongIds};
use crate::model::{Problem, SettingKind, Settings};
use crate::vendors::set_ids::misplaced;

/// The ids as the text of the vendor's setting. They are checked, but for their names. Adds each mistake to the list.
pub fn read(reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    let right = "a map kind: { name: id }";
    let written = reader.get::<serde_json::Map<String, Json>>(SET_IDS, right);
    let (written, at) = keep(written, problems).flatten()?;
    let settings = reader.catalogue().settings.iter();
    let kinds = settings.filter_map(|setting| match setting.kind {
        SettingKind::Ids(kinds) if setting.name == SET_IDS => Some(kinds),
        _ => None,
    });
    let Some(kinds) = kinds.into_iter().next() else {
        let title = format!("no ids of {} can be set", reader.catalogue().title);
        problems.push(reader.problem(at, title, &[]));
        return None;
    };
    match set_ids::read(kinds, &Json::Object(written)) {
        Ok(ids) => {
            let ids = ids.into_iter().map(|(kind, named)| (kind, Json::from_iter(named)));
            Some(Json::from_iter(ids).to_string())
        }
        Err(wrong) => {
            problems.extend(wrong.into_iter().map(|wrong| problem(reader, wrong)));
            None
        }
    }
}

/// The names of which accounts with these settings have nothing, and what there is.
pub fn of_nothing(reader: &Reader<'_>, settings: &Settings) -> Vec<Problem> {
    misplaced(reader.vendor, settings).into_iter().map(|wrong| problem(reader, wrong)).collect()
}

fn problem(reader: &Reader<'_>, wrong: WrongIds) -> Problem {
    let at = reader.section.get(SET_IDS).map_or(reader.at, |given| given.referenced);
    let path: Vec<&str> = wrong.path.iter().map(String::as_str).collect();
    places::at_key(reader.problem(at, wrong.title, &[wrong.help]), &path)
}
