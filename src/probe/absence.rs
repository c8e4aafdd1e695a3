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
        if is_empty(answer) {
            return Some(Absence::Empty);
        }
        if let Some(path) = &self.without
            && path.query(answer).iter().all(|value| is_empty(value))
        {
            return Some(Absence::Without(path.to_string()));
        }
        let found = paths.any(|path| !path.query(answer).is_empty());
        (!found && has_empty_list(answer)).then_some(Absence::NothingFound)
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

/// Whether an object has an empty list, as an answer with no results has: `{"data":[],"total":0}`.
fn has_empty_list(value: &Json) -> bool {
    let is_list = |value: &Json| value.as_array().is_some_and(Vec::is_empty);
    let mut values = value.as_object().into_iter().flat_map(|object| object.values());
    values.any(is_list)
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
        assert_eq!(absence(json!({"data": [], "total": 0})), Some(Absence::NothingFound));
        for known in [
            json!({"state": null, "tags": [], "id": 1}),
            json!({"state": "WAITING", "tags": []}),
            json!({"data": [{"state": "WAITING"}], "errors": []}),
            json!({"other": 1}),
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
