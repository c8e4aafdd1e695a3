//! Pages of lists, in the form of the vendor's list operations (CL, PD): `limit`, `startAfter` and
//! `desc` in the query; `results`, `startAt`, `endAt` and `limit` in the answer. `endAt` is empty
//! on the last page.
//!
//! A list is in order of creation. The cursor is the id of the last item that was read. It stays
//! valid if that item is deleted meanwhile.

use serde_json::{Value as Json, json};

use super::wrong::Wrong;
use crate::vendors::api::{ApiAnswer, ApiCall};

/// The default number of items on a page (assumed, as for searches).
const USUAL: usize = 20;

/// The most items on a page (assumed, as for searches).
const MOST: usize = 100;

/// The page that a call requests.
pub struct Page {
    limit: usize,
    after: Option<String>,
    newest_first: bool,
}

impl Page {
    /// Reads the query of a call.
    pub fn of(call: &ApiCall) -> Result<Self, Wrong> {
        let newest_first = match call.query("desc") {
            None | Some("" | "false") => false,
            Some("true") => true,
            Some(_) => return Err(Wrong::bad("desc must be true or false")),
        };
        let after = call.query("startAfter").filter(|after| !after.is_empty());
        Ok(Self { limit: limit(call)?, after: after.map(str::to_owned), newest_first })
    }

    /// A page of these items. Items that do not match are skipped.
    pub fn of_all<'a, N: Copy>(
        &self,
        all: impl DoubleEndedIterator<Item = (&'a str, N)>,
        keep: impl Fn(N) -> bool,
        show: impl Fn(N) -> Json,
    ) -> Result<ApiAnswer, Wrong> {
        let mut all: Box<dyn Iterator<Item = (&'a str, N)> + '_> =
            if self.newest_first { Box::new(all.rev()) } else { Box::new(all) };
        if let Some(after) = &self.after
            && !all.any(|(id, _)| id == after)
        {
            return Err(Wrong::bad("startAfter: this list has no item with this id"));
        }
        let mut kept = all.filter(|(_, item)| keep(*item));
        let page: Vec<(&str, N)> = kept.by_ref().take(self.limit).collect();
        let more = kept.next().is_some();
        let start = page.first().map_or("", |(id, _)| *id);
        let end = page.last().filter(|_| more).map_or("", |(id, _)| *id);
        let results: Vec<Json> = page.iter().map(|(_, item)| show(*item)).collect();
        let body = json!({
            "results": results, "startAt": start, "endAt": end, "limit": self.limit,
        });
        Ok(ApiAnswer::json(200, body))
    }
}

/// The number of items that a call requests: 1 to 100.
pub fn limit(call: &ApiCall) -> Result<usize, Wrong> {
    number(call, "limit", USUAL, MOST)
}

/// A whole number in the query, at least 1.
pub fn number(call: &ApiCall, name: &str, usual: usize, most: usize) -> Result<usize, Wrong> {
    let Some(text) = call.query(name).filter(|text| !text.is_empty()) else { return Ok(usual) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Wrong::bad(format!("{name} must be a whole number from 1 to {most}")))
}
