//! Judges expectations.
//!
//! Before that the run settles: everything that is due has been sent, retries included. Judging
//! waits until the receiver believes what it should, and a failure shows each reading. Expectations
//! are parsed data, so they can be judged on any [`Stage`], even without a feature file.

mod answers;
mod api;
mod beliefs;
mod dead_letters;
mod effects;
mod handshake;
mod limited;
mod tokens;
mod watch;

pub(super) use beliefs::STATE;
pub(super) use tokens::{FIELDS as TOKEN_REQUEST_FIELDS, SECRET_FIELDS};

use super::expectation::Expectation;
use super::finding::{Finding, internal};
use super::stage::Stage;

/// Waits until everything that is due has been sent, retries included.
///
/// # Errors
/// If what happens cannot be recorded.
pub async fn settle(stage: &mut Stage) -> Finding {
    stage.driver.settle().await.map_err(|error| internal(error.to_string()))
}

/// Judges an expectation on this stage.
///
/// # Errors
/// The failure: what was expected, and what was found.
pub async fn judge(stage: &mut Stage, expectation: &Expectation) -> Finding {
    settle(stage).await?;
    compare(stage, expectation).await?;
    limited::reached(stage, expectation)
}

/// Compares what came with what is expected.
async fn compare(stage: &mut Stage, expectation: &Expectation) -> Finding {
    match expectation {
        Expectation::EveryAccepted => answers::every_accepted(stage),
        Expectation::Answer(which, expected) => answers::answered(stage, which, *expected),
        Expectation::ChallengeRepeated => handshake::challenge_repeated(stage),
        Expectation::Leave(expected) => handshake::leave(stage, *expected),
        Expectation::NoServerError => answers::no_server_error(stage),
        Expectation::InTime => answers::in_time(stage),
        Expectation::Attempts(wanted) => answers::attempts(stage, *wanted),
        Expectation::State { who, kind, state, belief } => {
            beliefs::state(stage, who, kind, state, *belief).await
        }
        Expectation::Fields { who, kind, fields } => {
            beliefs::fields(stage, who, kind, fields).await
        }
        Expectation::Truth { who, kind } => beliefs::truth(stage, who, kind).await,
        Expectation::NotKnown { who, kind } => beliefs::not_known(stage, who, kind).await,
        Expectation::NoteEffects(who) => effects::note(stage, who).await,
        Expectation::EffectsUnchanged(who) => effects::unchanged_since_noted(stage, who).await,
        Expectation::EffectsEqual(who, whom) => effects::equal(stage, who, whom).await,
        Expectation::Endpoint(state) => answers::endpoint(stage, *state),
        Expectation::Tokens(expectation) => tokens::judge(stage, expectation),
        Expectation::NoWebhookSent => tokens::no_webhook_sent(stage),
        Expectation::LastIsDeadLetter => dead_letters::last(stage),
        Expectation::DeadLetters(wanted) => dead_letters::count(stage, *wanted),
        Expectation::Api(expectation) => api::judge(stage, expectation).await,
    }
}
