//! The key `ids` of a vendor's section: ids of what its accounts have from the start, by kind and name.

use serde_json::Value as Json;

use super::places;
use super::section::Reader;
use crate::model::set_ids::{self, SET_IDS, WrongIds};
use crate::model::{Problem, SettingKind, Settings};
use crate::vendors::set_ids::misplaced;

/// The ids as the text of the vendor's setting. They are checked, but for their names.
///
/// # Errors
/// If the vendor has no such setting, or one of them could never be an id of its kind.
pub fn read(reader: &Reader<'_>) -> Result<Option<String>, Problem> {
    let right = "a map kind: { name: id }";
    let Some((written, at)) = reader.get::<serde_json::Map<String, Json>>(SET_IDS, right)? else {
        return Ok(None);
    };
    let settings = reader.catalogue().settings.iter();
    let kinds = settings.filter_map(|setting| match setting.kind {
        SettingKind::Ids(kinds) if setting.name == SET_IDS => Some(kinds),
        _ => None,
    });
    let Some(kinds) = kinds.into_iter().next() else {
        let title = format!("no ids of {} can be set", reader.catalogue().title);
        return Err(reader.problem(at, title, &[]));
    };
    let read = set_ids::read(kinds, &Json::Object(written));
    let ids = read.map_err(|wrong| problem(reader, wrong))?;
    Ok(Some(
        Json::from_iter(ids.into_iter().map(|(kind, named)| (kind, Json::from_iter(named))))
            .to_string(),
    ))
}

/// Fails if accounts with these settings have nothing of one of the names.
///
/// # Errors
/// The name, and which there are.
pub fn must_be_there(reader: &Reader<'_>, settings: &Settings) -> Result<(), Problem> {
    misplaced(reader.vendor, settings).map_or(Ok(()), |wrong| Err(problem(reader, wrong)))
}

fn problem(reader: &Reader<'_>, wrong: WrongIds) -> Problem {
    let at = reader.section.get(SET_IDS).map_or(reader.at, |given| given.referenced);
    let path: Vec<&str> = wrong.path.iter().map(String::as_str).collect();
    places::at_key(reader.problem(at, wrong.title, &[wrong.help]), &path)
}
