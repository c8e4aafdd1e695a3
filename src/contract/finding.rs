//! The result of judging an expectation: a pass, or a failure that says what was expected and what
//! was found.

use super::expectation::ExpectedAnswer;
use crate::model::result::{Difference, ScenarioFailure};
use crate::model::{Failure, Outcome};

/// The result of judging an expectation.
pub type Finding = Result<(), Box<ScenarioFailure>>;

/// A failure of the receiver.
pub fn failure(message: impl Into<String>) -> Box<ScenarioFailure> {
    Box::new(ScenarioFailure { message: message.into(), ..Default::default() })
}

/// No failure: the answers prove nothing about what was expected, and this is why.
pub fn not_judged(why: impl Into<String>) -> Box<ScenarioFailure> {
    Box::new(ScenarioFailure { not_judged: true, ..*failure(why) })
}

/// A bug in Standin: the rehearsal should have found it.
pub fn internal(message: impl Into<String>) -> Box<ScenarioFailure> {
    Box::new(ScenarioFailure { internal: true, ..*failure(message) })
}

/// No failure of the receiver: this machine lacked what a request needs, so nothing is known of it.
pub fn of_machine(lacked: String) -> Box<ScenarioFailure> {
    Box::new(ScenarioFailure { is_of_machine: true, ..*internal(lacked) })
}

/// A failure with one difference, about this exchange.
pub fn differs(
    message: impl Into<String>,
    difference: Difference,
    exchange: Option<usize>,
) -> Box<ScenarioFailure> {
    Box::new(ScenarioFailure { differences: vec![difference], exchange, ..*failure(message) })
}

/// One field that is not as expected.
pub fn difference(
    field: &str,
    expected: impl Into<String>,
    actual: impl Into<String>,
) -> Difference {
    let (expected, actual) = (expected.into(), actual.into());
    Difference { field: field.to_owned(), expected, actual, hint: None }
}

/// Whether nothing listened at the receiver's address.
pub fn is_unreachable(outcome: Option<&Outcome>) -> bool {
    matches!(outcome, Some(Outcome::Failed(Failure::Unreachable(_))))
}

impl ExpectedAnswer {
    /// Whether a request that ended like this was answered as expected.
    pub fn is(self, outcome: &Outcome) -> bool {
        match self {
            Self::Accepted => *outcome == Outcome::Accepted,
            Self::Refused => *outcome == Outcome::Refused,
            Self::Either => matches!(outcome, Outcome::Accepted | Outcome::Refused),
        }
    }

    /// The expectation in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused with a 4xx",
            Self::Either => "accepted, or refused with a 4xx",
        }
    }
}
