//! Compares values by their meaning: a table holds only text, and an instant can be written in many
//! ways.

use serde_json::Value as Json;

/// Whether two values mean the same: they are equal, one is the text of the other, or both are the
/// same instant.
pub fn same(expected: &Json, actual: &Json) -> bool {
    expected == actual
        || shown(expected) == shown(actual)
        || moment(expected).is_some_and(|at| moment(actual) == Some(at))
}

fn moment(value: &Json) -> Option<jiff::Timestamp> {
    value.as_str()?.parse().ok()
}

/// A value as text.
pub fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The value at a dotted path in the vendor's truth, or null if the path does not exist.
pub fn at_path(truth: &Json, path: &str) -> Json {
    let found = path.split('.').try_fold(truth, |json, key| json.get(key));
    found.cloned().unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_compared_by_their_meaning() {
        assert!(same(&json!("3"), &json!(3)));
        assert!(same(&json!("2031-03-04T08:00:00Z"), &json!("2031-03-04T09:00:00.000+01:00")));
        assert!(!same(&json!("3"), &json!(4)));
        assert!(!same(&json!("null"), &json!("")));
    }

    #[test]
    fn a_path_that_does_not_exist_is_null() {
        let truth = json!({"guest": {"name": "Anna"}});
        assert_eq!(at_path(&truth, "guest.name"), json!("Anna"));
        assert_eq!(at_path(&truth, "guest.age"), Json::Null);
    }
}
