//! Reads typed fields from JSON. An error names the field's path and what is wrong. Knows no vendor.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::refusal::Refusal;

/// How much of a wrong value the answer repeats.
const SHOWN_CHARS_MAX: usize = 40;
/// The longest id that is accepted. Real ids have tens of characters.
const ID_BYTES_MAX: usize = 128;

/// A type of value: its name for error texts, and the function that reads it.
pub(super) struct Kind<T>(pub &'static str, pub fn(&Value) -> Option<T>);

pub(super) const TEXT: Kind<String> = Kind("a string", |value| value.as_str().map(Into::into));
pub(super) const COUNT: Kind<u64> = Kind("a whole number from 0", Value::as_u64);
pub(super) const INTEGER: Kind<i64> = Kind("a whole number", Value::as_i64);
pub(super) const FLAG: Kind<bool> = Kind("true or false", Value::as_bool);
pub(super) const TEXTS: Kind<Vec<String>> = Kind("an array of strings", |value| {
    value.as_array()?.iter().map(|text| text.as_str().map(Into::into)).collect()
});
/// An id. The documents show its form but do not promise it.
pub(super) const ID: Kind<String> = Kind("an id of 1 to 128 characters", |value| {
    let id = value.as_str().filter(|id| !id.is_empty() && id.len() <= ID_BYTES_MAX);
    id.map(Into::into)
});
pub(super) const UUID: Kind<Uuid> = Kind("a UUID", |value| value.as_str()?.parse().ok());
/// An instant, kept as text: `2031-03-04T08:15:02.114Z`.
pub(super) const TIME: Kind<String> = Kind("a time as in RFC 3339", |value| {
    let text = value.as_str()?;
    text.parse::<Timestamp>().ok().map(|_| text.into())
});
/// An instant, to be compared with others.
pub(super) const MOMENT: Kind<Timestamp> = Kind(TIME.0, |value| value.as_str()?.parse().ok());
/// A local date and time without a zone, kept as text: `2031-03-04T09:30`.
pub(super) const LOCAL_TIME: Kind<String> = Kind("a local date and time without a zone", |value| {
    let text = value.as_str()?;
    text.parse::<DateTime>().ok().map(|_| text.into())
});

/// The fields of one JSON object, and its path in the body.
pub(super) struct Fields<'a> {
    path: String,
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The fields of `value` at `path`. An empty path is the body itself.
    pub(super) fn of(path: String, value: &'a Value) -> Result<Self, Refusal> {
        match value.as_object() {
            Some(map) => Ok(Self { path, map }),
            None if path.is_empty() => Err(mistyped("the body".into(), value, "an object")),
            None => Err(mistyped(path, value, "an object")),
        }
    }

    /// A field that must be present.
    pub(super) fn required<T>(&self, key: &str, kind: Kind<T>) -> Result<T, Refusal> {
        let path = || self.path_of(key);
        let value =
            self.get(key).ok_or_else(|| Refusal::Missing { path: path(), wanted: kind.0 })?;
        kind.1(value).ok_or_else(|| mistyped(path(), value, kind.0))
    }

    /// A field that may be absent, but not null.
    pub(super) fn optional<T>(&self, key: &str, kind: Kind<T>) -> Result<Option<T>, Refusal> {
        self.map.contains_key(key).then(|| self.required(key, kind)).transpose()
    }

    /// A field that may be absent or null.
    pub(super) fn nullable<T>(&self, key: &str, kind: Kind<T>) -> Result<Option<T>, Refusal> {
        match self.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.required(key, kind).map(Some),
        }
    }

    /// An object that must be present.
    pub(super) fn object(&self, key: &str) -> Result<Fields<'a>, Refusal> {
        self.optional_object(key)?
            .ok_or_else(|| Refusal::Missing { path: self.path_of(key), wanted: "an object" })
    }

    /// An object that may be absent, but not null.
    pub(super) fn optional_object(&self, key: &str) -> Result<Option<Fields<'a>>, Refusal> {
        self.get(key).map(|value| Fields::of(self.path_of(key), value)).transpose()
    }

    /// The raw value, for a field with more than one type.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.map.keys().map(String::as_str)
    }

    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.into() } else { format!("{}.{key}", self.path) }
    }
}

/// The refusal of a value of the wrong type.
pub(super) fn mistyped(path: String, value: &Value, wanted: &'static str) -> Refusal {
    let found = match value {
        Value::Object(_) => "an object".into(),
        Value::Array(_) => "an array".into(),
        other => other.to_string().chars().take(SHOWN_CHARS_MAX).collect(),
    };
    Refusal::Mistyped { path, found, wanted }
}
