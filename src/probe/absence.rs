//! Whether an answer says that the receiver does not know a subject. Not every API answers 404.

use std::fmt;

use serde_json::Value as Json;
use serde_json_path::JsonPath;

/// What says that the receiver does not know a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The status.
    Status(u16),
    /// A mark that it was deleted.
    Marked,
    /// The answer is empty, or all that is in it.
    Empty,
    /// A search that found nothing.
    NothingFound,
    /// There is nothing at this place.
    Without(String),
}

/// What means that the receiver does not know a subject, besides a mark and an empty answer.
#[derive(Clone, Debug)]
pub struct AbsenceRule {
    /// The statuses that say so.
    pub statuses: Vec<u16>,
    /// A place that is missing, null or empty in such an answer.
    pub without: Option<JsonPath>,
}

impl Default for AbsenceRule {
    fn default() -> Self {
        Self { statuses: vec![404, 410], without: None }
    }
}

impl AbsenceRule {
    /// Whether a status says so.
    pub fn has_status(&self, status: u16) -> bool {
        self.statuses.contains(&status)
    }

    /// What in an answer says so. The paths are those that the probe reads.
    pub fn in_answer<'a>(
        &self,
        answer: &Json,
        mut paths: impl Iterator<Item = &'a JsonPath>,
    ) -> Option<Absence> {
        let found = paths.any(|path| !path.query(answer).is_empty());
        if is_empty(answer) && !found {
            return Some(Absence::Empty);
        }
        if let Some(path) = &self.without
            && path.query(answer).iter().all(|value| is_empty(value))
        {
            return Some(Absence::Without(path.to_string()));
        }
        (!found && found_nothing(answer)).then_some(Absence::NothingFound)
    }
}

/// Whether a value holds nothing: `null`, `""`, `[]`, `{}`, or an object of such values.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(list) => list.is_empty(),
        Json::Object(object) => object.values().all(is_empty),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// What else is in an answer without results.
const PAGING: &[&str] = &[
    "count",
    "cursor",
    "hasMore",
    "has_more",
    "limit",
    "links",
    "meta",
    "next",
    "object",
    "offset",
    "page",
    "page_size",
    "pageSize",
    "pagination",
    "per_page",
    "perPage",
    "size",
    "total",
    "url",
];

/// What an answer calls the number of its results, and whether there is one.
const RESULTS: &[&str] =
    &["count", "exists", "found", "hits", "total", "totalCount", "total_count"];

/// Whether an object has an empty list, no result, or an error that says so, and says nothing else:
/// `{"data":[],"total":0}`, `{"hits":{"total":0}}`, `{"found":false}`, `{"error":"not found"}`.
fn found_nothing(value: &Json) -> bool {
    let Some(object) = value.as_object() else { return false };
    object.iter().all(|(key, value)| says_nothing(key, value))
        && object.iter().any(|(key, value)| says_so(key, value))
}

/// Whether the value of a key could be in an answer without results.
fn says_nothing(key: &str, value: &Json) -> bool {
    is_empty(value)
        || matches!(value, Json::Bool(false))
        || value.as_u64() == Some(0)
        || PAGING.contains(&key)
        || is_error(key, value)
        || inner(key, value).is_some_and(|all| all.iter().all(|(key, one)| says_nothing(key, one)))
}

/// Whether the value of a key says that there is no result.
fn says_so(key: &str, value: &Json) -> bool {
    match value {
        Json::Array(list) => list.is_empty(),
        Json::Object(_) => {
            inner(key, value).is_some_and(|all| all.iter().any(|(key, one)| says_so(key, one)))
        }
        Json::Bool(false) => RESULTS.contains(&key),
        Json::Number(_) => RESULTS.contains(&key) && value.as_u64() == Some(0),
        _ => is_error(key, value),
    }
}

/// The object with the results, or with the error.
fn inner<'a>(key: &str, value: &'a Json) -> Option<&'a serde_json::Map<String, Json>> {
    value.as_object().filter(|_| RESULTS.contains(&key) || key == "error")
}

/// What an API may call what was not found. A route or a tenant is something else.
const THINGS: &[&str] = &[
    "appointment",
    "booking",
    "document",
    "entry",
    "guest",
    "item",
    "message",
    "object",
    "order",
    "position",
    "record",
    "resource",
    "row",
    "subject",
    "ticket",
    "visit",
];

/// Whether a text says that something was not found, where an answer has an error.
fn is_error(key: &str, value: &Json) -> bool {
    let has_error = matches!(key, "code" | "detail" | "error" | "message" | "reason" | "title");
    let words = |text: &str| text.to_lowercase().replace(['_', '-'], " ");
    has_error
        && value.as_str().map(words).is_some_and(|text| {
            let text = text.trim_end_matches('.');
            let thing = text.strip_suffix("not found").map(str::trim);
            text == "notfound" || thing.is_some_and(|one| one.is_empty() || THINGS.contains(&one))
        })
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}, not known"),
            Self::Marked => f.write_str("marked as gone, so not known"),
            Self::Empty => f.write_str("an empty answer, so not known"),
            Self::NothingFound => f.write_str("a search that found nothing, so not known"),
            Self::Without(path) => write!(f, "nothing at {path}, so not known"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> JsonPath {
        JsonPath::parse(text).expect("a JSONPath")
    }

    #[test]
    fn the_usual_empty_answers_are_understood() {
        let rule = AbsenceRule::default();
        let paths = [path("$.data[0].state"), path("$.state")];
        let absence = |answer| rule.in_answer(&answer, paths.iter());
        for empty in
            [json!(null), json!([]), json!({}), json!(""), json!({"data": {"visit": null}})]
        {
            assert_eq!(absence(empty.clone()), Some(Absence::Empty), "{empty}");
        }
        for nothing in [
            json!({"data": [], "total": 0}),
            json!({"items": [], "page": 1, "links": {"self": "/visits?page=1"}, "more": false}),
            json!({"hits": {"total": 0}}),
            json!({"took": 0, "timed_out": false, "hits": {"total": {"value": 0}, "hits": []}}),
            json!({"found": false}),
            json!({"exists": false, "visit": null}),
            json!({"error": "not found"}),
            json!({"ok": false, "error": {"code": "NOT_FOUND", "message": "Visit not found"}}),
        ] {
            assert_eq!(absence(nothing.clone()), Some(Absence::NothingFound), "{nothing}");
        }
        for known in [
            json!({"state": null, "tags": [], "id": 1}),
            json!({"state": "WAITING", "tags": []}),
            json!({"data": [{"state": "WAITING"}], "errors": []}),
            json!({"other": 1}),
            json!({"other": false}),
            json!({"error": "the database is down"}),
            json!({"error": "relation \"positions\" does not exist"}),
            json!({"message": "Route not found"}),
            json!({"visit": {"messages": [], "count": 0}}),
            json!({"found": true}),
            json!({"hits": {"total": 1}}),
            json!({"hits": {"total": 0}, "id": "x"}),
            // Here the probe's place is wrong: that is no absence.
            json!({"id": "x", "texts_sent": 3, "errors": []}),
            // A known subject without a state.
            json!({"state": ""}),
            json!({"state": null, "tags": []}),
            json!([1]),
        ] {
            assert_eq!(absence(known.clone()), None, "{known}");
        }
    }

    #[test]
    fn a_probe_can_say_where_nothing_is() {
        let rule = AbsenceRule { without: Some(path("$.visit")), ..AbsenceRule::default() };
        let absence = |answer| rule.in_answer(&answer, std::iter::empty());
        for nothing in
            [json!({"ok": true}), json!({"ok": true, "visit": null}), json!({"visit": [], "ok": 1})]
        {
            let at = Absence::Without("$.visit".to_owned());
            assert_eq!(absence(nothing.clone()).map(|one| one.to_string()), Some(at.to_string()));
        }
        assert_eq!(absence(json!({"visit": {"state": "WAITING"}})), None);
    }
}
