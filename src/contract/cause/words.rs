//! The receiver has words of its own for the vendor's states, and `translate` lacks some of them.

use std::collections::{BTreeMap, BTreeSet};

use super::failures::{Cause, FEWEST, Place, unexplained};
use crate::contract::probed;
use crate::model::result::{Difference, FeatureResult, ScenarioFailure};
use crate::text::{counted, either};
use crate::under_test::UnderTest;

/// What `translate` lacks for one field of a probe.
#[derive(Default)]
struct Lacking {
    failures: BTreeSet<Place>,
    /// The receiver's word → the vendor's words that it was compared with.
    missing: BTreeMap<String, BTreeSet<String>>,
    /// The receiver's word → the vendor's words that it stands for already.
    known: BTreeMap<String, Vec<String>>,
}

/// A difference that a word under `translate` would mend.
struct Untranslated {
    word: String,
    known: Vec<String>,
    expected: String,
}

/// The most words of a cause. More are no words: the place of the field is wrong.
const MOST_WORDS: usize = 8;
/// The longest word, in characters.
const LONGEST_WORD: usize = 40;

/// A cause for each field of a probe that differs only since words are not translated.
pub fn causes(under_test: &UnderTest, features: &[FeatureResult]) -> Vec<Cause> {
    let mut found = BTreeMap::<(&str, &str), Lacking>::new();
    for (place, scenario, failure) in unexplained(features) {
        // A fault can be why a change has not come.
        if scenario.exchanges.iter().any(|one| one.fault.is_some()) {
            continue;
        }
        let Some((probe, differences)) = untranslated(under_test, failure) else { continue };
        for (field, one) in differences {
            let lacking = found.entry((probe, field)).or_default();
            lacking.failures.insert(place);
            lacking.missing.entry(one.word.clone()).or_default().insert(one.expected);
            lacking.known.insert(one.word, one.known);
        }
    }
    let enough = found.into_iter().filter(|(_, lacking)| {
        lacking.failures.len() >= FEWEST && lacking.missing.len() <= MOST_WORDS
    });
    let alike = |((probe, field), mut lacking): ((&str, &str), Lacking)| {
        lacking.failures.extend(lacking.of_the_same(under_test, (probe, field), features));
        lacking.cause(probe, field)
    };
    enough.map(alike).collect()
}

/// The probe of a failure and its differences by their fields, if words would mend all of them.
fn untranslated<'a>(
    under_test: &UnderTest,
    failure: &'a ScenarioFailure,
) -> Option<(&'a str, Vec<(&'a str, Untranslated)>)> {
    let exchange = failure.probe.as_ref().filter(|exchange| exchange.is_known)?;
    let probe = exchange.probe.as_str();
    let one = |one: &'a Difference| Some((one.field.as_str(), of(under_test, probe, one)?));
    let all: Option<Vec<_>> = failure.differences.iter().map(one).collect();
    all.filter(|all| !all.is_empty()).map(|all| (probe, all))
}

fn of(under_test: &UnderTest, probe: &str, difference: &Difference) -> Option<Untranslated> {
    let Difference { field, expected, actual, .. } = difference;
    let (vendor, kind) = probed::parts(probe)?;
    let comparison = under_test.probe(vendor, kind)?.comparisons.get(field);
    let expected = expected.clone();
    if let Some((word, known)) = comparison.and_then(|one| one.lacking(&expected, actual)) {
        return Some(Untranslated { word: word.clone(), known: known.clone(), expected });
    }
    // Without `translate`, a word for a state may be the receiver's own.
    let states = states_of(under_test, vendor, kind)?;
    let is_state = |word: &str| states.contains(&word);
    let is_own = matches!(field.as_str(), "status" | "state")
        && comparison.is_none_or(|one| one.words.is_empty())
        && is_state(&expected)
        && !is_state(actual)
        && actual != "null"
        && is_word(actual);
    is_own.then(|| Untranslated { word: actual.clone(), known: Vec::new(), expected })
}

/// Whether it can be written in standin.yaml as it is.
fn is_word(text: &str) -> bool {
    let is_plain = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-' | '.');
    !text.is_empty() && text.chars().count() <= LONGEST_WORD && text.chars().all(is_plain)
}

fn states_of(under_test: &UnderTest, vendor: &str, kind: &str) -> Option<&'static [&'static str]> {
    let catalogue = under_test.registry.find(vendor)?.catalogue();
    catalogue.subjects.iter().find(|one| one.kind == kind).map(|one| one.states)
}

impl Lacking {
    /// The failures under faults that these words explain, too.
    fn of_the_same(
        &self,
        under_test: &UnderTest,
        (probe, field): (&str, &str),
        features: &[FeatureResult],
    ) -> Vec<Place> {
        let is_lacking = |one: &Untranslated| {
            self.missing.get(&one.word).is_some_and(|words| words.contains(&one.expected))
        };
        let same = unexplained(features).filter(|(_, _, failure)| {
            untranslated(under_test, failure).is_some_and(|(other, differences)| {
                other == probe
                    && differences.iter().all(|(at, one)| *at == field && is_lacking(one))
            })
        });
        same.map(|(place, ..)| place).collect()
    }

    fn cause(self, probe: &str, field: &str) -> Cause {
        let Self { failures, missing, mut known } = self;
        let said = missing.iter().map(|(word, expected)| {
            format!("`{word}` where the vendor has {}", either(expected.iter().map(String::as_str)))
        });
        let said: Vec<String> = said.collect();
        let entries = missing.iter().map(|(word, expected)| {
            let known = known.remove(word).unwrap_or_default();
            let new = expected.iter().filter(|one| !known.contains(one));
            match &known.iter().chain(new).map(String::as_str).collect::<Vec<_>>()[..] {
                [one] => format!("{word}: {one}"),
                all => format!("{word}: [{}]", all.join(", ")),
            }
        });
        let entries: Vec<String> = entries.collect();
        let text = format!(
            "in {}, `{field}` of the probe `{probe}` is {}. If these words mean the same, write `{}` for `{field}` under \
             `translate`. If not, the receiver has not stored what the webhook says",
            counted(failures.len() as u64, "scenario"),
            said.join(", and "),
            entries.join(", ")
        );
        Cause { text, failures: failures.into_iter().collect() }
    }
}
