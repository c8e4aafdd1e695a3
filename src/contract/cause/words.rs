//! The receiver has words of its own for the vendor's states, and `translate` lacks some of them.

use std::collections::{BTreeMap, BTreeSet};

use super::failures::{Cause, FEWEST, Place, unexplained};
use crate::contract::probed;
use crate::model::result::{Difference, FeatureResult, ScenarioFailure, ScenarioResult};
use crate::probe::Comparison;
use crate::probe::compare::is_state;
use crate::text::{counted, either};
use crate::under_test::UnderTest;

/// The most words of a cause. More are no words: the place of the field is wrong.
const MOST_WORDS: usize = 8;
/// The longest word, in characters.
const LONGEST_WORD: usize = 40;

/// A failure that words under `translate` would mend.
struct Untranslated<'a> {
    place: Place,
    /// Whether no fault can be the reason.
    is_honest: bool,
    probe: &'a str,
    /// Field, the receiver's word, and the vendor's.
    differences: Vec<(&'a str, &'a str, &'a str)>,
}

/// What `translate` lacks for a field of a probe.
#[derive(Default)]
struct Lacking<'a> {
    /// How many failures without a fault are about it.
    honest: usize,
    /// The receiver's word → the vendor's words that it was compared with.
    words: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// A cause for each field of a probe that differs only since words are not translated.
pub fn causes(under_test: &UnderTest, features: &[FeatureResult]) -> Vec<Cause> {
    let read =
        |(place, scenario, failure)| Untranslated::read(under_test, place, scenario, failure);
    let all: Vec<Untranslated<'_>> = unexplained(features).filter_map(read).collect();
    let mut found = BTreeMap::<(&str, &str), Lacking<'_>>::new();
    // A fault can be why a change has not come.
    for failure in all.iter().filter(|one| one.is_honest) {
        for (field, word, expected) in &failure.differences {
            let lacking = found.entry((failure.probe, field)).or_default();
            lacking.honest += 1;
            lacking.words.entry(word).or_default().insert(expected);
        }
    }
    found.retain(|_, one| one.honest >= FEWEST && one.words.len() <= MOST_WORDS);
    let cause = |((probe, field), lacking): (&(&str, &str), &Lacking<'_>)| {
        let is_about = |one: &&Untranslated<'_>| {
            one.probe == *probe
                && one.differences.iter().all(|(at, word, expected)| {
                    at == field
                        && lacking.words.get(word).is_some_and(|words| words.contains(expected))
                })
        };
        let failures: Vec<Place> = all.iter().filter(is_about).map(|one| one.place).collect();
        let comparison = comparison(under_test, probe, field);
        Cause { text: lacking.text((probe, field), comparison, failures.len()), failures }
    };
    found.iter().map(cause).collect()
}

impl<'a> Untranslated<'a> {
    fn read(
        under_test: &'a UnderTest,
        place: Place,
        scenario: &ScenarioResult,
        failure: &'a ScenarioFailure,
    ) -> Option<Self> {
        let exchange = failure.probe.as_ref().filter(|exchange| exchange.is_known)?;
        let probe = exchange.probe.as_str();
        let difference = |one: &'a Difference| {
            let word = untranslated(under_test, probe, one)?;
            Some((one.field.as_str(), word, one.expected.as_str()))
        };
        let differences: Option<Vec<_>> = failure.differences.iter().map(difference).collect();
        let differences = differences.filter(|all| !all.is_empty())?;
        // A word that `translate` lacks for what is expected is missing whatever comes.
        let lacks_word = |one: &Difference| {
            let comparison = comparison(under_test, probe, &one.field);
            comparison.is_some_and(|all| all.lacking(&one.expected, &one.actual).is_some())
        };
        let is_honest = scenario.exchanges.iter().all(|one| one.fault.is_none())
            || failure.differences.iter().all(lacks_word);
        Some(Self { place, is_honest, probe, differences })
    }
}

/// The receiver's word in a difference, if `translate` says nothing of what the vendor has.
fn untranslated<'a>(
    under_test: &'a UnderTest,
    probe: &str,
    difference: &'a Difference,
) -> Option<&'a str> {
    let Difference { field, expected, actual, .. } = difference;
    let comparison = comparison(under_test, probe, field);
    if let Some((word, _)) = comparison.and_then(|one| one.lacking(expected, actual)) {
        return Some(word);
    }
    // Without `translate`, a word for a state may be the receiver's own.
    let (vendor, kind) = probed::parts(probe)?;
    let subjects = under_test.registry.find(vendor)?.catalogue().subjects;
    let states = subjects.iter().find(|one| one.kind == kind)?.states;
    let is_own = is_state(field)
        && comparison.is_none_or(|one| one.words.is_empty())
        && states.contains(&expected.as_str())
        && !states.contains(&actual.as_str())
        && is_word(actual);
    is_own.then_some(actual.as_str())
}

fn comparison<'a>(under_test: &'a UnderTest, probe: &str, field: &str) -> Option<&'a Comparison> {
    let (vendor, kind) = probed::parts(probe)?;
    under_test.probe(vendor, kind)?.comparisons.get(field)
}

/// Whether it can be written in standin.yaml as it is.
fn is_word(text: &str) -> bool {
    let is_plain = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-' | '.');
    !matches!(text, "" | "null")
        && text.chars().count() <= LONGEST_WORD
        && text.chars().all(is_plain)
}

impl Lacking<'_> {
    fn text(
        &self,
        (probe, field): (&str, &str),
        comparison: Option<&Comparison>,
        failures: usize,
    ) -> String {
        let said = self.words.iter().map(|(word, expected)| {
            format!("`{word}` where the vendor has {}", either(expected.iter().copied()))
        });
        let said: Vec<String> = said.collect();
        let entries = self.words.iter().map(|(word, expected)| {
            let known = comparison.and_then(|one| one.words.get(*word)).into_iter().flatten();
            match &known.map(String::as_str).chain(expected.iter().copied()).collect::<Vec<_>>()[..]
            {
                [one] => format!("{word}: {one}"),
                all => format!("{word}: [{}]", all.join(", ")),
            }
        });
        let entries: Vec<String> = entries.collect();
        format!(
            "in {}, `{field}` of the probe `{probe}` is {}. If these words mean the same, write `{}` for `{field}` under \
             `translate`. If not, the receiver has not stored what the webhook says",
            counted(failures as u64, "scenario"),
            said.join(", and "),
            entries.join(", ")
        )
    }
}
