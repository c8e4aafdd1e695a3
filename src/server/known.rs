//! Names that a request gives: one that nobody knows is answered with those that are known.

use super::problem::{Problem, ProblemType};
use crate::model::Catalogue;
use crate::suggest::did_you_mean;

/// Says that there is no such thing, which there is, and which may be meant.
pub fn unknown<'a>(what: &str, given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let given: String = given.chars().take(200).collect();
    let near = did_you_mean(&given, known.iter().copied());
    let near = near.map_or(String::new(), |near| format!("; {near}"));
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!("there is no {what} `{given}` (there are: {known}){near}")
}

/// Checks the name of a trigger that a query gives.
///
/// # Errors
/// If the vendor has no such trigger.
pub fn check_trigger(catalogue: &Catalogue, given: Option<&str>) -> Result<(), Problem> {
    check("trigger", given, catalogue.triggers.iter().map(|one| one.name))
}

/// Checks the kind and the state of subjects that a query gives.
///
/// # Errors
/// If the vendor has no such kind, or the kind (without one: any) no such state.
pub fn check_subjects(
    catalogue: &Catalogue,
    kind: Option<&str>,
    state: Option<&str>,
) -> Result<(), Problem> {
    check("kind", kind, catalogue.subjects.iter().map(|one| one.kind))?;
    let kinds = catalogue.subjects.iter().filter(|one| kind.is_none_or(|kind| kind == one.kind));
    let mut states: Vec<&str> = kinds.flat_map(|one| one.states.iter().copied()).collect();
    states.sort_unstable();
    states.dedup();
    check("state", state, states)
}

fn check<'a>(
    what: &str,
    given: Option<&str>,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Result<(), Problem> {
    match given {
        Some(given) if !known.clone().into_iter().any(|one| one == given) => {
            Err(Problem::new(ProblemType::Unprocessable, unknown(what, given, known)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_answered_with_what_is_known_and_what_is_near() {
        let detail = unknown("colour", "rad", ["red", "blue"]);
        assert_eq!(detail, "there is no colour `rad` (there are: red, blue); did you mean `red`?");
        assert_eq!(unknown("colour", "x", []), "there is no colour `x` (there are: none)");
    }
}
