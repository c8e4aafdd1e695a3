//! Plays a story in the simulation alone before anything is sent, so that an action that is not
//! legal where it stands is found while it can still be mended.

use super::file::{Scenario, Source, Step};
use super::words::Doing;
use crate::chance::Chance;
use crate::clock::{after, default_start};
use crate::model::{Problem, Settings};
use crate::sim::{NotDone, Opening, Simulation};

/// Plays the story without sending anything.
///
/// # Errors
/// If an action in it is not legal: where it stands, and what would be.
pub fn rehearse(scenario: &Scenario, source: &Source<'_>) -> Result<(), Problem> {
    let catalogue = scenario.vendor.catalogue();
    let given = scenario.account.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let settings = Settings::check(catalogue.settings, given)
        .unwrap_or_else(|problem| panic!("checked one by one: {problem}"));
    let profile = scenario.profile.unwrap_or_else(|| catalogue.default_profile());
    let mut sim = Simulation::new(Chance::from_seed(0), default_start());
    let account =
        sim.open(scenario.vendor, Opening { name: "rehearsal".to_owned(), profile, settings });
    let mut webhooks = Vec::new();
    for step in &scenario.steps {
        match &step.doing {
            Doing::Action(spoken) => {
                sim.say(account, spoken, &mut webhooks)
                    .map_err(|not_done| refused(source, step, &not_done))?;
            }
            Doing::Pass(length) => sim.advance(after(sim.now(), *length), &mut webhooks),
            _ => {}
        }
    }
    Ok(())
}

fn refused(source: &Source<'_>, step: &Step, not_done: &NotDone) -> Problem {
    let help = match not_done {
        NotDone::Refused(refusal) if refusal.legal.is_empty() => {
            vec!["nothing more can happen to it".to_owned()]
        }
        NotDone::Refused(refusal) => vec![format!("legal now: {}", refusal.legal.join(" · "))],
        NotDone::Unbound(_) => {
            vec!["a name is bound by the action that makes its subject".to_owned()]
        }
    };
    source.step_problem(step, not_done.to_string(), "not possible here", help)
}
