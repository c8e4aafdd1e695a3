//! Building blocks that the bodies of several vendors share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::clock::{milliseconds, seconds};

/// A value, null, or absent (an outer `None`): three different things on the wire.
pub type Maybe<T> = Option<Option<T>>;

/// ISO 8601 in UTC with milliseconds: `2031-03-04T08:15:02.114Z`.
pub struct Milliseconds(pub Timestamp);

/// ISO 8601 in UTC with seconds: `2031-03-04T08:30:00Z`.
pub struct Seconds(pub Timestamp);

impl Serialize for Milliseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(milliseconds(self.0, &mut [0; 24]))
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(seconds(self.0, &mut [0; 24]))
    }
}

/// The members of an object, in the order in which they are written. A map that is only written needs
/// no tree.
pub struct Members<K, V>(pub Vec<(K, V)>);

impl<K, V> FromIterator<(K, V)> for Members<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

impl<K: Ord, V> Members<K, V> {
    /// These members, in the order of their keys. Each key is there once.
    pub fn in_order(members: impl Iterator<Item = (K, V)>) -> Self {
        let mut members: Vec<_> = members.collect();
        members.sort_by(|one, other| one.0.cmp(&other.0));
        members.dedup_by(|one, other| one.0 == other.0);
        Self(members)
    }
}

impl<K: Serialize, V: Serialize> Serialize for Members<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<K: JsonSchema, V: JsonSchema> JsonSchema for Members<K, V> {
    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<K, V>::schema_name()
    }

    fn inline_schema() -> bool {
        BTreeMap::<K, V>::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<K, V>::json_schema(generator)
    }
}

impl JsonSchema for Milliseconds {
    fn schema_name() -> Cow<'static, str> {
        "Milliseconds".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        date_time(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")
    }
}

impl JsonSchema for Seconds {
    fn schema_name() -> Cow<'static, str> {
        "Seconds".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        date_time(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")
    }
}

fn date_time(pattern: &str) -> Schema {
    json_schema!({"type": "string", "format": "date-time", "pattern": pattern})
}
