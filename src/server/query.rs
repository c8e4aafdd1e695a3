//! Queries: the parameters of an operation, and a query that was checked against them.

use super::known::unknown;
use super::problem::{Problem, ProblemType};
use crate::suggest::did_you_mean;

/// A parameter of a query.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Which values it takes.
    pub kind: ParameterKind,
    /// What it does.
    pub about: &'static str,
}

/// Which values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Text.
    Text,
    /// A whole number within these bounds.
    Integer(u64, u64),
    /// One of these.
    Choice(&'static [&'static str]),
}

/// A checked query.
#[derive(Debug, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Checks a query against the parameters of an operation.
    ///
    /// # Errors
    /// If a parameter is unknown, is given twice, or has an invalid value.
    pub fn check(known: &'static [Parameter], text: &str) -> Result<Self, Problem> {
        let wrong = |detail: String| Problem::new(ProblemType::InvalidRequest, detail);
        let mut checked: Vec<(&'static str, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            let Some(parameter) = known.iter().find(|one| one.name == name) else {
                let names = known.iter().map(|one| one.name);
                return Err(wrong(unknown("parameter", &name, names)));
            };
            if checked.iter().any(|(given, _)| *given == parameter.name) {
                return Err(wrong(format!("`{name}` is given twice")));
            }
            let right = match parameter.kind {
                ParameterKind::Text if value.is_empty() => Some("a text".to_owned()),
                ParameterKind::Text => None,
                ParameterKind::Integer(least, most) => {
                    let number = value.parse::<u64>().ok();
                    let fits = number.is_some_and(|number| (least..=most).contains(&number));
                    (!fits).then(|| format!("a whole number from {least} to {most}"))
                }
                ParameterKind::Choice(choices) => {
                    (!choices.contains(&value.as_ref())).then(|| one_of(&value, choices))
                }
            };
            if let Some(right) = right {
                return Err(wrong(format!("`{name}` cannot be `{value}`: it takes {right}")));
            }
            checked.push((parameter.name, value.into_owned()));
        }
        Ok(Self(checked))
    }

    /// The value of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that is a whole number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }
}

/// The choices, and which may be meant.
fn one_of(value: &str, choices: &[&str]) -> String {
    let near = did_you_mean(value, choices.iter().copied());
    let near = near.map_or(String::new(), |near| format!("; {near}"));
    format!("one of {}{near}", choices.join(", "))
}
