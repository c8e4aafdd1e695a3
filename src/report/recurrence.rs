//! What became of a failure that was tried again, as text. If it came again, there is nothing to say.

use super::text::{Colour, YELLOW};
use crate::model::result::{Recurrence, ScenarioFailure, ScenarioResult};

/// What a failure is called that did not come again.
fn label(scenario: &ScenarioResult) -> Option<&'static str> {
    let recurrence = scenario.failure.as_ref()?.recurrence?;
    recurrence.note().map(|_| recurrence.name())
}

/// This behind how long the scenario took: `, flaky`.
pub(super) fn behind(scenario: &ScenarioResult) -> String {
    label(scenario).map_or_else(String::new, |label| format!(", {label}"))
}

/// This before the message: `flaky: `.
pub(super) fn before(scenario: &ScenarioResult, colour: Colour) -> String {
    label(scenario).map_or_else(String::new, |label| colour.paint(YELLOW, &format!("{label}: ")))
}

/// A line about it in the failure.
pub(super) fn line(failure: &ScenarioFailure, colour: Colour) -> Option<String> {
    let recurrence: Recurrence = failure.recurrence?;
    let name = colour.paint(YELLOW, recurrence.name());
    recurrence.note().map(|note| format!("  {name}: {note}"))
}
