//! Plays a scenario in the simulation alone, before anything is sent.
//!
//! What is wrong where it stands is a [`Problem`]. What is right but cannot be judged against this
//! receiver, as it is set up, is a reason to skip the scenario: it never counts as passed.

mod expectations;
mod needs;
mod rehearser;

use rehearser::{Rehearser, SetUp};

use super::scenario::{ParsedScenario, PlannedStep};
use super::source::{Place, Source};
use crate::chance::Chance;
use crate::model::{Problem, Subject};
use crate::scenario::rehearse::Mistake;
use crate::under_test::UnderTest;

/// What a rehearsal found.
pub struct Rehearsed {
    /// Why the scenario must be skipped, if it must.
    pub skip: Option<String>,
    /// The vendor and subject of its first webhook, if it causes any.
    pub first: Option<(&'static str, Subject)>,
}

/// Plays a scenario without sending anything, with this stream of chance. What is only impossible
/// as the vendor is set up in standin.yaml is a reason to skip the scenario.
///
/// # Errors
/// If a step cannot be done where it stands, or expects what cannot be.
pub fn rehearse(
    source: &Source,
    scenario: &ParsedScenario,
    under_test: &UnderTest,
    chance: &Chance,
) -> Result<Rehearsed, Problem> {
    let play = |set_up| play(source, scenario, Rehearser::new(under_test, chance, set_up));
    match play(SetUp::AsConfigured) {
        Ok((rehearsed, agrees))
            if rehearsed.skip.is_none() && has_settings(under_test, &rehearsed) =>
        {
            // The receiver cannot have a state that the vendor itself has left.
            let (_, usual) = play(SetUp::ByDefault)?;
            let other = agrees.iter().zip(&usual).any(|(here, usually)| *usually && !*here);
            let why = || "the settings in standin.yaml change how this story goes".to_owned();
            Ok(Rehearsed { skip: other.then(why), ..rehearsed })
        }
        Ok((rehearsed, _)) => Ok(rehearsed),
        Err(problem) => {
            play(SetUp::ByDefault).map_err(|_| problem.clone())?;
            let why = format!("not possible as standin.yaml sets up the vendor: {}", problem.title);
            Ok(Rehearsed { skip: Some(why), first: None })
        }
    }
}

/// Whether standin.yaml has settings for the vendor of this story.
fn has_settings(under_test: &UnderTest, rehearsed: &Rehearsed) -> bool {
    let vendor = rehearsed.first.as_ref().map(|(vendor, _)| *vendor);
    let target = vendor.and_then(|vendor| under_test.target.vendors.get(vendor));
    target.is_some_and(|target| !target.settings.is_empty())
}

/// Plays all steps. Also gives, for each expected state or field, whether the vendor agrees.
fn play(
    source: &Source,
    scenario: &ParsedScenario,
    mut rehearser: Rehearser<'_>,
) -> Result<(Rehearsed, Vec<bool>), Problem> {
    if scenario.steps.is_empty() {
        // It would pass, and nothing would have been judged.
        return Err(whole(source, scenario, "has no steps"));
    }
    let mistaken = |step: &PlannedStep, mistake| source.problem(step.place, mistake);
    for (index, step) in scenario.steps.iter().enumerate() {
        rehearser.step(index, &step.parsed).map_err(|mistake| mistaken(step, mistake))?;
    }
    if let Some((index, mistake)) = rehearser.left_over() {
        return Err(mistaken(&scenario.steps[index], mistake));
    }
    if !rehearser.expects {
        // It would pass whatever the receiver does.
        return Err(whole(source, scenario, "expects nothing"));
    }
    rehearser.skip_for_tags(&scenario.tags);
    rehearser.skip_for_urls();
    let first = rehearser.first();
    Ok((Rehearsed { skip: rehearser.skip, first }, rehearser.agrees))
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
