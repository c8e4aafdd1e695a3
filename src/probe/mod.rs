//! Reads from the receiver what it believes, until that is as expected or the time is up.
//!
//! A probe is an HTTP GET and the places of the fields in its JSON answer (JSONPath, RFC 9535).
//! It only reads. The contract decides what a reading means.

mod absence;
pub mod compare;
mod decimal;
mod observation;
mod poll;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value as Json;
use serde_json_path::JsonPath;

pub use absence::{Absence, AbsenceRule};
pub use compare::Comparison;
pub use observation::Observation;
pub use poll::{Poll, PollResult, unchanged, until};

use crate::delivery::client::Connections;
use crate::delivery::resolve::Family;
use crate::delivery::{Allowed, Client, ClientError, Secrets, Trust};
use crate::model::{Failure, Secret};

/// The place of the subject's id in a URL.
const ID: &str = "{id}";

/// How to read one kind of subject from the receiver.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The URL, with `{id}` in the place of the subject's id.
    pub url: String,
    /// Request headers.
    pub headers: BTreeMap<String, Secret>,
    /// The vendor's field → its place in the answer.
    pub fields: BTreeMap<String, JsonPath>,
    /// The place of a count that a duplicate must not raise.
    pub effects: Option<JsonPath>,
    /// The place of a mark that the subject was deleted, for a receiver that keeps deleted ones.
    pub gone: Option<JsonPath>,
    /// What else means that the receiver does not know the subject.
    pub absent: AbsenceRule,
    /// How values are compared, by the vendor's field. Other fields are compared as usual.
    pub comparisons: BTreeMap<String, Comparison>,
}

/// The result of one request of a probe.
#[derive(Clone, Debug, PartialEq)]
pub enum ProbeReading {
    /// The receiver does not know this subject, or no longer.
    Absent(Absence),
    /// What the receiver believes, in the vendor's words. A missing field is null.
    Known {
        /// By the vendor's field.
        fields: BTreeMap<String, Json>,
        /// The count of effects, if the probe has one and it is a number.
        effects: Option<i64>,
    },
    /// Nothing listens at the URL: why.
    Unreachable(String),
    /// This machine lacks what the request needs, such as open files: what.
    Local(String),
    /// The probe failed: why.
    Trouble(String),
}

/// Sends the requests of probes.
#[derive(Clone, Debug)]
pub struct Prober {
    client: Client,
    allowed: Allowed,
    within: Duration,
    secrets: Secrets,
}

impl Prober {
    /// A prober whose requests take no longer than this.
    ///
    /// # Errors
    /// If the platform's certificates cannot be read.
    pub fn new(allowed: Allowed, within: Duration) -> Result<Self, ClientError> {
        Self::trusting(&Trust::default(), allowed, within)
    }

    /// The same, with authorities of the user.
    ///
    /// # Errors
    /// If the certificates cannot be used.
    pub fn trusting(
        trust: &Trust,
        allowed: Allowed,
        within: Duration,
    ) -> Result<Self, ClientError> {
        let client = Client::new(trust, within)?;
        Ok(Self { client, allowed, within, secrets: Secrets::default() })
    }

    /// The same, and what is shown of its readings has none of these secrets.
    #[must_use]
    pub fn keeping(self, secrets: Secrets) -> Self {
        Self { secrets, ..self }
    }

    /// The same, over connections of this kind, to addresses of this family.
    #[must_use]
    pub fn connecting(self, connections: Connections, family: Family) -> Self {
        Self { client: self.client.connecting(connections, family), ..self }
    }

    /// The same, with none of the connections that were kept so far.
    #[must_use]
    pub fn with_own_connections(self) -> Self {
        Self { client: self.client.with_own_connections(), ..self }
    }

    /// What nothing that is shown of a reading may repeat.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Reads the subject of this id once.
    pub async fn look(&self, probe: &Probe, id: &str) -> ProbeReading {
        self.observe(probe, id).await.0
    }
}

fn trouble(failure: Failure) -> ProbeReading {
    match failure {
        Failure::Unreachable(why) => ProbeReading::Unreachable(why),
        Failure::Local(why) => ProbeReading::Local(why),
        other => ProbeReading::Trouble(other.to_string()),
    }
}

impl Probe {
    /// The reading in an answer, in the vendor's words.
    pub fn understand(&self, answer: &Json) -> ProbeReading {
        let marked = |path: &JsonPath| {
            path.query(answer).iter().any(|mark| !matches!(mark, Json::Null | Json::Bool(false)))
        };
        if self.gone.as_ref().is_some_and(marked) {
            return ProbeReading::Absent(Absence::Marked);
        }
        let paths = self.fields.values().chain(&self.effects);
        if let Some(absence) = self.absent.in_answer(answer, paths) {
            return ProbeReading::Absent(absence);
        }
        let fields = self
            .fields
            .iter()
            .map(|(field, path)| (field.clone(), self.translated(field, first(path, answer))))
            .collect();
        let effects = self.effects.as_ref().and_then(|path| match first(path, answer) {
            Json::Array(list) => i64::try_from(list.len()).ok(),
            // As some databases write a count.
            Json::String(count) => count.parse().ok(),
            other => other.as_i64(),
        });
        ProbeReading::Known { fields, effects }
    }

    /// The name under which the probe has a field. The state may be called `state` or `status`, and features have one of
    /// the two names.
    pub fn named<'a>(&self, field: &'a str) -> &'a str {
        let other = match field {
            "state" => "status",
            "status" => "state",
            _ => return field,
        };
        let has = |field| self.fields.contains_key(field);
        if has(other) && !has(field) { other } else { field }
    }

    fn translated(&self, field: &str, value: Json) -> Json {
        let word = match &value {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let words = self.comparisons.get(field).and_then(|one| one.words.get(&word));
        match words.map(Vec::as_slice) {
            Some([word]) => Json::String(word.clone()),
            _ => value,
        }
    }

    /// Whether what a reading has for a field means what the vendor has.
    pub fn agrees(&self, field: &str, expected: &Json, actual: &Json) -> bool {
        let comparison = self.comparisons.get(field);
        comparison
            .map_or_else(|| compare::same(expected, actual), |one| one.agrees(expected, actual))
    }

    /// The vendor's value of a field, as the receiver can tell it from others.
    pub fn folded(&self, field: &str, value: Json) -> Json {
        match self.comparisons.get(field) {
            Some(comparison) => comparison.folded(value),
            None => value,
        }
    }

    /// The setting that would make two values of a field equal, if there is one.
    pub fn suggestion(&self, field: &str, expected: &Json, actual: &Json) -> Option<String> {
        let usual = Comparison::default();
        self.comparisons.get(field).unwrap_or(&usual).suggestion(field, expected, actual)
    }
}

fn first(path: &JsonPath, answer: &Json) -> Json {
    path.query(answer).first().cloned().unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn probe() -> Probe {
        let path = |text| JsonPath::parse(text).expect("a JSONPath");
        let words = [("gone".to_owned(), vec!["removed".to_owned()])].into();
        Probe {
            url: "http://127.0.0.1/{id}".to_owned(),
            headers: BTreeMap::new(),
            fields: [
                ("status".to_owned(), path("$.booking.state")),
                ("label".to_owned(), path("$.label")),
            ]
            .into(),
            effects: Some(path("$.sent")),
            gone: Some(path("$.deleted")),
            absent: AbsenceRule::default(),
            comparisons: [("status".to_owned(), Comparison { words, ..Comparison::default() })]
                .into(),
        }
    }

    #[test]
    fn the_receivers_words_are_translated_into_the_vendors() {
        let look = probe().understand(&json!({"booking": {"state": "gone"}, "sent": 3}));
        let fields =
            [("label".to_owned(), Json::Null), ("status".to_owned(), json!("removed"))].into();
        assert_eq!(look, ProbeReading::Known { fields, effects: Some(3) });
    }

    #[test]
    fn a_subject_marked_as_deleted_is_not_known() {
        for mark in [json!(true), json!("2031-03-04T08:00:00Z"), json!(0), json!({})] {
            assert_eq!(
                probe().understand(&json!({"label": "A", "deleted": mark})),
                ProbeReading::Absent(Absence::Marked)
            );
        }
        for mark in [json!(null), json!(false)] {
            let look = probe().understand(&json!({"label": "A", "deleted": mark}));
            assert!(matches!(look, ProbeReading::Known { .. }), "{mark}");
        }
        assert!(matches!(probe().understand(&json!({"label": "A"})), ProbeReading::Known { .. }));
    }

    #[test]
    fn effects_may_be_a_list_to_count() {
        let look = probe().understand(&json!({"sent": ["a", "b"]}));
        assert!(matches!(look, ProbeReading::Known { effects: Some(2), .. }), "{look:?}");
    }
}
