//! A Gherkin scenario as parsed data. The rehearsal and the run use the same parsed steps.

use std::sync::Arc;

use cucumber::gherkin::{Scenario, Step};

use super::source::{Place, Source};
use super::table::rows;
use super::words::{self, ParsedStep};
use crate::model::{Catalogue, Problem};
use crate::phrase::{PhraseError, with_a_name};
use crate::scenario::rehearse::Mistake;
use crate::suggest::question;
use crate::vendors::Registry;

/// A scenario whose steps have been read.
pub struct ParsedScenario {
    /// The text after `Scenario:`.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// Its tags and its feature's.
    pub tags: Vec<String>,
    /// Its steps, in order.
    pub steps: Arc<[PlannedStep]>,
}

/// A parsed step, with its text and its place.
pub struct PlannedStep {
    /// `Given`, `When`, `Then`, `And`, `But` as written.
    pub keyword: String,
    /// The text after the keyword.
    pub text: String,
    /// Where the text stands.
    pub place: Place,
    /// What it means.
    pub parsed: ParsedStep,
}

/// Reads every step of a scenario.
///
/// # Errors
/// Every step that is not a phrase, or has an invalid value or table.
pub fn parse(
    source: &Source,
    scenario: &Scenario,
    registry: Registry,
) -> Result<ParsedScenario, Vec<Problem>> {
    let mut catalogue = None;
    let (mut steps, mut problems) = (Vec::new(), Vec::new());
    for step in &scenario.steps {
        let place = source.place_of_step(step.position.line, &step.keyword, &step.value);
        let parsed = match read(step, registry, catalogue) {
            Ok(parsed) => parsed,
            Err(mistake) => {
                let wants_account = catalogue.is_none();
                problems.push(source.problem(place, mistake));
                // Without an account every other step would be one more mistake.
                if wants_account {
                    break;
                }
                continue;
            }
        };
        if let ParsedStep::Account(account) = &parsed {
            catalogue = Some(account.vendor.catalogue());
        }
        let keyword = step.keyword.trim().to_owned();
        steps.push(PlannedStep { keyword, text: step.value.clone(), place, parsed });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(ParsedScenario {
        name: scenario.name.clone(),
        line: scenario.position.line,
        tags: scenario.tags.clone(),
        steps: steps.into(),
    })
}

/// Reads a step. `catalogue` belongs to the account opened last.
fn read(
    step: &Step,
    registry: Registry,
    catalogue: Option<&'static Catalogue>,
) -> Result<ParsedStep, Mistake> {
    if step.docstring.is_some() {
        return Err(Mistake::here("no step takes a doc string"));
    }
    let table = rows(step.table.as_ref()).map_err(Mistake::here)?;
    let parsed =
        words::read(&step.value, &table, registry, catalogue).map_err(|wrong| match wrong {
            PhraseError::Unknown(near) => {
                let reads = |text: &str| words::read(text, &table, registry, catalogue).is_ok();
                match with_a_name(&step.value, reads) {
                    Some(meant) => unnamed(&step.value, &meant),
                    None => unknown(&step.value, near.as_deref()),
                }
            }
            PhraseError::Value(message) => Mistake::here(message),
        })?;
    if step.table.is_some() && !parsed.takes_table() {
        return Err(Mistake::here("this step takes no table"));
    }
    Ok(parsed)
}

/// A step that would be one if a name in it began with a capital letter.
fn unnamed(text: &str, meant: &str) -> Mistake {
    let help = format!("a name begins with a capital letter: `{meant}`");
    Mistake { help: vec![help], ..unknown(text, None) }
}

fn unknown(text: &str, near: Option<&str>) -> Mistake {
    let list = "`standin vendors --steps` lists every phrase".to_owned();
    Mistake {
        title: format!("no step says `{text}`"),
        label: "not a known phrase",
        help: near.map(question).into_iter().chain([list]).collect(),
    }
}
