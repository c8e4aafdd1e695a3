//! Compares values by their meaning. A table holds only text, and receivers store the same thing in
//! many ways: an amount without its last zero, an instant in another zone, a list in another order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::decimal::Decimal;

/// Longer lists are compared in their order.
const LONGEST_SET: usize = 500;

/// The factors that a suggestion tries: parts of a currency.
const FACTORS: [u32; 3] = [10, 100, 1000];

/// How the values of one field are compared, and what the receiver's words mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Only the same text is equal.
    pub strict: bool,
    /// The receiver's number is the vendor's times this.
    pub factor: Option<u32>,
    /// The zone of the receiver's times that have no offset.
    pub zone: Option<TimeZone>,
    /// The receiver's word → the vendor's words that it stands for.
    pub words: BTreeMap<String, Vec<String>>,
}

impl Comparison {
    /// Whether the receiver's value means what the vendor's does.
    pub fn agrees(&self, expected: &Json, actual: &Json) -> bool {
        // A word that stands for one is translated already.
        if let Some(words) = self.words.get(&shown(actual)).filter(|words| words.len() > 1) {
            return words.iter().any(|word| *word == shown(expected));
        }
        if self.strict {
            return shown(expected) == shown(actual);
        }
        let scaled = |factor| number(expected)?.times(factor);
        if let Some(scaled) = self.factor.and_then(scaled) {
            return number(actual) == Some(scaled);
        }
        same(expected, actual) || self.is_same_local_time(expected, actual)
    }

    /// The vendor's value, or the first of the vendor's words that the receiver folds into one. So values that look
    /// the same at the receiver are equal.
    pub fn folded(&self, value: Json) -> Json {
        let word = shown(&value);
        let words = self.words.values().find(|words| words.len() > 1 && words.contains(&word));
        words.and_then(|words| words.first()).map_or(value, |word| Json::String(word.clone()))
    }

    /// When the clocks go back, a local time is two moments.
    fn is_same_local_time(&self, expected: &Json, actual: &Json) -> bool {
        let there = || Some(moment(expected)?.to_zoned(self.zone.clone()?).datetime());
        both(there(), local(actual))
    }

    /// The receiver's word for what it has and the vendor's words that it stands for, if `translate` has no word for what
    /// is expected.
    pub fn lacking(&self, expected: &str, actual: &str) -> Option<(&String, &Vec<String>)> {
        let has_word = |wanted: &str, words: &[String]| words.iter().any(|word| word == wanted);
        if self.words.values().any(|words| has_word(expected, words)) {
            return None;
        }
        // A word that stands for several is not translated.
        self.words.iter().find(|(word, words)| **word == actual || has_word(actual, words))
    }

    /// The setting of the probe that would make two values of a field equal, if there is one.
    pub fn suggestion(&self, field: &str, expected: &Json, actual: &Json) -> Option<String> {
        let with = |option: &str| format!("`compare: {{ {field}: {{ {option} }} }}`");
        if self.strict && same(expected, actual) {
            return Some(format!("{} makes them differ", with("strict: true")));
        }
        if let Some((word, words)) = self.lacking(&shown(expected), &shown(actual)) {
            let (words, expected) = (words.join(", "), shown(expected));
            return Some(format!(
                "`translate` has no word for `{expected}`; if the receiver says `{word}` for it, too, \
                 write `{word}: [{words}, {expected}]` for `{field}`"
            ));
        }
        let scaled = |factor: &&u32| {
            let scaled = number(expected).and_then(|number| number.times(**factor));
            scaled.is_some() && scaled == number(actual)
        };
        if let Some(factor) = FACTORS.iter().find(scaled) {
            return Some(format!("{} would make them equal", with(&format!("factor: {factor}"))));
        }
        let (at, local) = (moment(expected)?, local(actual)?);
        let apart = local.to_zoned(TimeZone::UTC).ok()?.timestamp().duration_since(at);
        let is_offset = apart.as_secs().abs() <= 14 * 3600 && apart.as_secs() % 900 == 0;
        is_offset.then(|| format!("{} would make them equal", with("zone: the receiver's zone")))
    }
}

/// Whether two values mean the same: one is the text of the other, both are empty, or they are the
/// same number, truth value or instant. Lists are compared as sets, objects key by key.
pub fn same(expected: &Json, actual: &Json) -> bool {
    if expected == actual || shown(expected) == shown(actual) {
        return true;
    }
    match (expected, actual) {
        (Json::Array(left), Json::Array(right)) => same_lists(left, right),
        (Json::Object(left), Json::Object(right)) => {
            let mut keys = left.keys().chain(right.keys());
            keys.all(|key| same(&at(left, key), &at(right, key)))
        }
        _ => {
            (is_empty(expected) && is_empty(actual))
                || both(number(expected), number(actual))
                || same_truths(expected, actual)
                || same_instants(expected, actual)
        }
    }
}

/// Whether a value says nothing.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(list) => list.is_empty(),
        Json::Object(object) => object.is_empty(),
        _ => false,
    }
}

fn at(object: &serde_json::Map<String, Json>, key: &str) -> Json {
    object.get(key).cloned().unwrap_or_default()
}

fn both<T: PartialEq>(left: Option<T>, right: Option<T>) -> bool {
    left.is_some() && left == right
}

fn same_lists(left: &[Json], right: &[Json]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    if left.len() > LONGEST_SET {
        return left.iter().zip(right).all(|(left, right)| same(left, right));
    }
    let mut rest: Vec<&Json> = right.iter().collect();
    left.iter().all(|one| {
        let found = rest.iter().position(|other| same(one, other));
        found.map(|place| rest.swap_remove(place)).is_some()
    })
}

fn number(value: &Json) -> Option<Decimal> {
    match value {
        Json::Number(number) => Decimal::parse(&number.to_string()),
        Json::String(text) => Decimal::parse(text),
        _ => None,
    }
}

/// The vendor's `false` is also written 0, and `true` 1. Its number is no truth value, but its text is if the receiver
/// has one: some flags of vendors are the texts `0` and `1`.
fn same_truths(expected: &Json, actual: &Json) -> bool {
    let truth = |value: &Json| match shown(value).as_str() {
        "false" | "0" => Some(false),
        "true" | "1" => Some(true),
        _ => None,
    };
    let is_truth = matches!(shown(expected).as_str(), "false" | "true");
    let is_flag = expected.is_string() && actual.is_boolean();
    (is_truth || is_flag) && both(truth(expected), truth(actual))
}

/// An instant is a text with an offset, or else the number of its seconds or milliseconds. Texts without an offset are
/// the same if they say the same day and time.
fn same_instants(expected: &Json, actual: &Json) -> bool {
    let Some(at) = moment(expected) else { return both(local(expected), local(actual)) };
    let milliseconds = Decimal::from(at.as_millisecond());
    let count = number(actual);
    moment(actual) == Some(at)
        || both(count, Some(milliseconds))
        || both(count.and_then(|seconds| seconds.times(1000)), Some(milliseconds))
}

fn moment(value: &Json) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// A day and a time, without an offset. A day alone does not count.
fn local(value: &Json) -> Option<DateTime> {
    let text = value.as_str()?;
    if moment(value).is_some() || !text.contains(':') { None } else { text.parse().ok() }
}

/// A value as text.
pub fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a field is the state of a subject.
pub fn is_state(field: &str) -> bool {
    matches!(field, "status" | "state")
}

/// A field of what the vendor knows, or null if there is none. The state is called `state` by some
/// vendors and `status` by others, and a probe may use either.
pub fn field_of(truth: &Json, field: &str) -> Json {
    match (at_path(truth, field), field) {
        (Json::Null, "status") => at_path(truth, "state"),
        (Json::Null, "state") => at_path(truth, "status"),
        (value, _) => value,
    }
}

/// The value at a dotted path in the vendor's truth, or null if the path does not exist.
fn at_path<'a>(truth: &'a Json, path: &str) -> Json {
    let at = |json: &'a Json, key: &str| match json {
        Json::Array(list) => list.get(key.parse::<usize>().ok()?),
        json => json.get(key),
    };
    let found = path.split('.').try_fold(truth, at);
    found.cloned().unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn are(equal: bool, pairs: &[(Json, Json)]) {
        for (left, right) in pairs {
            assert_eq!(same(left, right), equal, "{left} and {right}");
            let (left, right) = (right, left);
            // Only the vendor's side is read as an instant or a truth value.
            let is_truth = |value| matches!(shown(value).as_str(), "false" | "true");
            if moment(right).is_none() && !is_truth(left) && !is_truth(right) {
                assert_eq!(same(left, right), equal, "{left} and {right}");
            }
        }
    }

    #[test]
    fn values_are_compared_by_their_meaning() {
        are(
            true,
            &[
                (json!("3"), json!(3)),
                (json!("2031-03-04T08:00:00Z"), json!("2031-03-04T09:00:00.000+01:00")),
                (json!("2031-03-04T08:00:00Z"), json!(1_930_377_600)),
                (json!("2031-03-04T08:00:00.250Z"), json!(1_930_377_600_250_i64)),
                (json!("2031-03-04T08:00:00Z"), json!("1930377600")),
                (json!("2031-03-04T08:00:00.250Z"), json!(1_930_377_600.25)),
                (json!("91.50"), json!(91.5)),
                (json!(303), json!("303.00")),
                (json!(0.1), json!("0.10")),
                (json!("-0.50"), json!("-0.5")),
                (json!(null), json!("")),
                (json!([]), json!(null)),
                (json!({}), json!("")),
                (json!(false), json!(0)),
                (json!(false), json!("0")),
                (json!(true), json!("true")),
                (json!("0"), json!(false)),
                (json!("1"), json!(true)),
                (json!("2031-03-04T08:00:00"), json!("2031-03-04T08:00")),
                (json!("2031-03-04T08:00:00"), json!("2031-03-04 08:00:00")),
                (json!(["a", "b", "a"]), json!(["b", "a", "a"])),
                (json!({"a": 1, "b": null}), json!({"a": "1"})),
            ],
        );
    }

    #[test]
    fn what_means_something_else_is_not_the_same() {
        are(
            false,
            &[
                (json!("3"), json!(4)),
                (json!("null"), json!("")),
                (json!("007"), json!("7")),
                (json!("A1"), json!("a1")),
                (json!("1"), json!("true")),
                (json!("1"), json!(false)),
                (json!("2"), json!(true)),
                (json!("2031-03-04T08:00:00"), json!("2031-03-04T08:01")),
                (json!("2031-03-04T00:00:00"), json!("20310304")),
                (json!(1), json!(true)),
                (json!(0), json!(null)),
                (json!(0), json!("")),
                (json!(false), json!("")),
                (json!(["a", "a", "b"]), json!(["a", "b", "b"])),
                (json!(["a"]), json!([])),
                (json!({"a": 1}), json!({"a": 1, "b": 2})),
                (json!("2031-03-04T08:00:00Z"), json!("2031-03-04T08:00:01Z")),
                (json!("2031-03-04T08:00:00Z"), json!("2031-03-04T08:00:00")),
            ],
        );
    }

    #[test]
    fn a_field_has_its_own_rules_and_a_failure_names_the_missing_one() {
        let usual = Comparison::default();
        let cents = Comparison { factor: Some(100), ..usual.clone() };
        assert!(cents.agrees(&json!(91.5), &json!(9150)));
        assert!(!cents.agrees(&json!(91.5), &json!(91.5)));
        assert_eq!(
            usual.suggestion("payment.amount", &json!("91.50"), &json!(9150)).as_deref(),
            Some("`compare: { payment.amount: { factor: 100 } }` would make them equal")
        );
        let strict = Comparison { strict: true, ..usual.clone() };
        assert!(!strict.agrees(&json!("91.50"), &json!(91.5)));
        assert!(strict.agrees(&json!("91.5"), &json!(91.5)));
        assert!(strict.suggestion("label", &json!("91.50"), &json!(91.5)).is_some());
        let berlin = TimeZone::get("Europe/Berlin").expect("a bundled zone");
        let berlin = Comparison { zone: Some(berlin), ..usual.clone() };
        let (at, local) = (json!("2031-03-04T08:00:00Z"), json!("2031-03-04 09:00:00"));
        assert!(berlin.agrees(&at, &local));
        assert!(!usual.agrees(&at, &local));
        for at in ["2031-10-26T00:30:00Z", "2031-10-26T01:30:00Z"] {
            assert!(berlin.agrees(&json!(at), &json!("2031-10-26 02:30:00")), "{at}");
        }
        assert!(usual.suggestion("date", &at, &local).is_some_and(|hint| hint.contains("zone")));
        assert_eq!(usual.suggestion("date", &at, &json!("2031-03-04 09:07:00")), None);
        assert_eq!(usual.suggestion("label", &json!("A1"), &json!("A2")), None);
    }

    #[test]
    fn a_word_that_the_translation_lacks_is_suggested() {
        let words = [("off", vec!["cancelled"]), ("on", vec!["open", "paid"])];
        let owned = |(word, words): (&str, Vec<&str>)| {
            (word.to_owned(), words.into_iter().map(str::to_owned).collect())
        };
        let words = Comparison { words: words.map(owned).into(), ..Comparison::default() };
        let hint = |expected, actual| words.suggestion("status", &json!(expected), &json!(actual));
        let told = |text: &str| Some(format!("`{text}` for `status`"));
        let end = |hint: Option<String>| {
            hint.and_then(|hint| Some(hint.split_once("write ")?.1.to_owned()))
        };
        assert_eq!(end(hint("denied", "cancelled")), told("off: [cancelled, denied]"));
        assert_eq!(end(hint("denied", "on")), told("on: [open, paid, denied]"));
        assert_eq!(hint("open", "cancelled"), None, "these are two words of the receiver");
        assert_eq!(hint("denied", "lost"), None);
    }

    #[test]
    fn a_coarse_word_stands_for_several() {
        let words = [("open".to_owned(), vec!["BOOKED".to_owned(), "WAITING".to_owned()])].into();
        let coarse = Comparison { words, ..Comparison::default() };
        assert!(coarse.agrees(&json!("BOOKED"), &json!("open")));
        assert!(coarse.agrees(&json!("WAITING"), &json!("open")));
        assert!(!coarse.agrees(&json!("SERVING"), &json!("open")));
        assert!(!coarse.agrees(&json!("open"), &json!("open")), "it is a word of the receiver");
        assert!(coarse.agrees(&json!("SERVING"), &json!("SERVING")));
    }

    #[test]
    fn a_path_that_does_not_exist_is_null() {
        let truth = json!({"guest": {"name": "Anna"}});
        assert_eq!(at_path(&truth, "guest.name"), json!("Anna"));
        assert_eq!(at_path(&truth, "guest.age"), Json::Null);
    }

    #[test]
    fn words_that_the_receiver_folds_into_one_are_the_same_state() {
        let words = ["WAITING", "BOOKED"].map(str::to_owned).to_vec();
        let words = BTreeMap::from([
            ("open".to_owned(), words),
            ("done".to_owned(), vec!["COMPLETE".to_owned()]),
        ]);
        let comparison = Comparison { words, ..Comparison::default() };
        let folded = |word: &str| comparison.folded(Json::from(word));
        assert_eq!(folded("BOOKED"), folded("WAITING"));
        assert!(comparison.agrees(&folded("BOOKED"), &Json::from("open")));
        assert_eq!(folded("COMPLETE"), Json::from("COMPLETE"));
    }
}
