//! Plays a scenario in the simulation alone, before anything is sent.
//!
//! A step that is wrong or impossible is a [`Problem`]. If a scenario is right but cannot be judged
//! with these settings, it is skipped with a reason, and never counts as passed. If only some of its
//! expectations cannot be judged, those are left out, and it passes in part at best.

mod expectations;
mod needs;
mod rehearser;

use std::collections::BTreeMap;

use jiff::Timestamp;

use rehearser::{Rehearser, SetUp};

use super::scenario::{ParsedScenario, PlannedStep};
use super::source::{Place, Source};
use super::turns::Turn;
use crate::chance::Chance;
use crate::clock::default_start;
use crate::model::{Problem, Subject};
use crate::scenario::rehearse::Mistake;
use crate::under_test::UnderTest;

/// The result of a rehearsal.
pub struct Rehearsed {
    /// Whether standin.yaml has a section for its vendor.
    pub set_up: bool,
    /// Why the scenario must be skipped, if it must.
    pub skip: Option<String>,
    /// The expectations that cannot be judged, by the index of their step, and why.
    pub unjudged: BTreeMap<usize, String>,
    /// The vendor of its account.
    pub vendor: Option<&'static str>,
    /// The first subject of its webhooks whose id is its own, if there is one.
    pub first: Option<Subject>,
    /// When it is played.
    pub turn: Turn,
    /// When it ends, in virtual time.
    pub ends: Timestamp,
}

/// Plays a scenario from this start without sending anything, with this stream of chance. If a step
/// is impossible only because of standin.yaml, the scenario is skipped.
///
/// # Errors
/// If a step is impossible at its point in the story, or expects something impossible.
pub fn rehearse(
    source: &Source,
    scenario: &ParsedScenario,
    (under_test, start): (&UnderTest, Timestamp),
    chance: &Chance,
) -> Result<Rehearsed, Problem> {
    let play = |set_up| play(source, scenario, Rehearser::new((under_test, start), chance, set_up));
    match play(SetUp::AsConfigured) {
        Ok((rehearsed, agrees))
            if rehearsed.skip.is_none()
                && differs_from_default((under_test, start), &rehearsed) =>
        {
            // The receiver cannot keep a state that the vendor itself has left.
            // It may be possible with these settings alone.
            let Ok((_, usual)) = play(SetUp::ByDefault) else { return Ok(rehearsed) };
            let other = agrees.iter().zip(&usual).any(|(here, usually)| *usually && !*here);
            let why =
                || "the settings or the start of this run change how this story goes".to_owned();
            Ok(Rehearsed { skip: other.then(why), ..rehearsed })
        }
        Ok((rehearsed, _)) => Ok(rehearsed),
        Err(problem) => {
            let (usual, _) = play(SetUp::ByDefault).map_err(|_| problem.clone())?;
            let why = format!(
                "not possible with the settings or the start of this run: {}",
                problem.title
            );
            // Without a section both would be the same.
            let vendor = usual.vendor;
            let unjudged = BTreeMap::new();
            Ok(Rehearsed {
                set_up: true,
                skip: Some(why),
                unjudged,
                vendor,
                first: None,
                turn: Turn::Beside,
                ends: start,
            })
        }
    }
}

/// Whether standin.yaml has settings for the vendor of this story, or time begins at another moment
/// than by default.
fn differs_from_default(
    (under_test, start): (&UnderTest, Timestamp),
    rehearsed: &Rehearsed,
) -> bool {
    let target = rehearsed.vendor.and_then(|vendor| under_test.target.vendors.get(vendor));
    start != default_start() || target.is_some_and(|target| !target.settings.is_empty())
}

/// Plays all steps. Also returns, for each expected state or field, whether the vendor has it.
fn play(
    source: &Source,
    scenario: &ParsedScenario,
    mut rehearser: Rehearser<'_>,
) -> Result<(Rehearsed, Vec<bool>), Problem> {
    if scenario.steps.is_empty() {
        // Otherwise the scenario would pass without judging anything.
        return Err(whole(source, scenario, "has no steps"));
    }
    let mistaken = |step: &PlannedStep, mistake| source.problem(step.place, mistake);
    for (index, step) in scenario.steps.iter().enumerate() {
        rehearser.step(index, &step.parsed).map_err(|mistake| mistaken(step, mistake))?;
    }
    if let Some((index, mistake)) = rehearser.left_over() {
        return Err(mistaken(&scenario.steps[index], mistake));
    }
    if !rehearser.expects() {
        // Otherwise the scenario would pass whatever the receiver does.
        return Err(whole(source, scenario, "expects nothing"));
    }
    rehearser.skip_for_tags(&scenario.tags);
    rehearser.leave_out_for_urls();
    let (first, agrees) = (rehearser.first(), std::mem::take(&mut rehearser.agrees));
    let (set_up, vendor) = (rehearser.vendor.is_some(), rehearser.vendor_name());
    let (turn, ends) = (rehearser.turn(), rehearser.now());
    let (skip, unjudged) = rehearser.left_out();
    Ok((Rehearsed { set_up, skip, unjudged, vendor, first, turn, ends }, agrees))
}

/// A mistake of a scenario as a whole.
fn whole(source: &Source, scenario: &ParsedScenario, what: &str) -> Problem {
    let place = Place { line: scenario.line, column: 1, length: usize::MAX };
    let mistake = Mistake {
        title: format!("the scenario `{}` {what}", scenario.name),
        label: "nothing to judge",
        help: vec!["`standin vendors --steps` lists every phrase".to_owned()],
    };
    source.problem(place, mistake)
}
