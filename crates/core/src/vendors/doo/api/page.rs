//! Pages of lists (wiki, SW): `_links`, `_embedded`, and at the root `page_count`, `page_size`,
//! `total_items` and `page`. Lists are in order of creation (assumed). A page beyond the last one
//! is empty (assumed).

use std::ops::Range;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::link::Links;
use super::wrong::Wrong;
use crate::vendors::api::{ApiAnswer, ApiCall};

/// The default number of items on a page.
const USUAL: u64 = 25;

/// The most items on a page (assumed).
const MOST: u64 = 100;

/// The page that a call requests.
#[derive(Debug)]
pub struct Page {
    page: u64,
    size: u64,
    /// The other parameters of the query, which the links repeat.
    beside: String,
}

/// A list as it is answered.
#[derive(Serialize)]
struct List {
    _links: Links,
    _embedded: Map<String, Json>,
    page_count: u64,
    page_size: u64,
    total_items: usize,
    page: u64,
}

impl Page {
    /// Reads the query of a call.
    pub fn of(call: &ApiCall) -> Result<Self, Wrong> {
        let number = |name: &str, usual, most| match call.query(name) {
            None => Ok(usual),
            Some(text) => {
                let read = text.parse().ok().filter(|number| (1..=most).contains(number));
                read.ok_or_else(|| {
                    Wrong::bad(format!("`{name}` must be a number from 1 to {most}"))
                })
            }
        };
        let page = number("page", 1, u64::from(u32::MAX))?;
        let size = number("page_size", USUAL, MOST)?;
        let sized = call.query("page_size").map(|_| format!("&page_size={size}"));
        Ok(Self { page, size, beside: sized.unwrap_or_default() })
    }

    /// Adds a parameter to the links. Its value must need no escapes.
    pub fn beside(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.beside.push_str(&format!("&{name}={value}"));
        }
        self
    }

    /// Which of this many items are on the page.
    pub fn range(&self, total: usize) -> Range<usize> {
        let first = ((self.page - 1) * self.size).min(total as u64);
        let end = (first + self.size).min(total as u64);
        first as usize..end as usize
    }

    /// The answer with the items of the page, out of this many. `path` is the whole URL of the list
    /// without its query.
    pub fn answer(&self, path: &str, name: &str, items: Vec<Json>, total: usize) -> ApiAnswer {
        let pages = (total as u64).div_ceil(self.size).max(1);
        let link = |page: u64| format!("{path}?page={page}{}", self.beside);
        let links = Links {
            own: link(self.page).into(),
            first: Some(link(1).into()),
            last: Some(link(pages).into()),
            prev: (1 < self.page && self.page <= pages + 1).then(|| link(self.page - 1).into()),
            next: (self.page < pages).then(|| link(self.page + 1).into()),
        };
        let list = List {
            _links: links,
            _embedded: Map::from_iter([(name.to_owned(), items.into())]),
            page_count: pages,
            page_size: self.size,
            total_items: total,
            page: self.page,
        };
        super::link::answer(&list)
    }
}
