//! Does things in a run: the one way from words to the engine, for scenario files and Gherkin.

use std::time::Duration;

use super::words::{Again, Instruction, Tokens};
use crate::engine::Engine;
use crate::model::policy::TokenUse;
use crate::model::{Authentication, Retries};
use crate::sim::{AccountIndex, NotDone};

/// Why something could not be done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Impossible {
    /// The vendor does not do it now.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The subject has no such webhook.
    #[error("{0}")]
    NoSuchWebhook(String),
}

impl Impossible {
    /// The phrases that would be legal instead, if that is what stands against it.
    pub fn legal(&self) -> &[&'static str] {
        match self {
            Self::NotDone(NotDone::Refused(refusal)) => &refusal.legal,
            _ => &[],
        }
    }
}

/// Does what was said.
///
/// # Errors
/// If it is not possible now. Nothing was sent then.
pub async fn perform(
    engine: &mut Engine,
    account: AccountIndex,
    instruction: &Instruction,
    said: &str,
) -> Result<(), Impossible> {
    match instruction {
        Instruction::Action(spoken) => {
            engine.say(account, spoken, said).await?;
        }
        Instruction::Pass(length) => engine.pass(*length).await,
        Instruction::Fault(fault) => engine.arm((**fault).clone()),
        Instruction::Hold => engine.hold(),
        Instruction::Release(release) => engine.release(*release).await,
        Instruction::Again(which, name) => {
            let index = find(engine, account, which, name).map_err(Impossible::NoSuchWebhook)?;
            engine.repeat(index).await;
        }
        Instruction::Retries(times, apart) => {
            let policy = &mut engine.route_mut(account).policy;
            let waits = vec![*apart; *times as usize];
            policy.retries = Retries { waits, jitter: 0.0, ..policy.retries.clone() };
        }
        Instruction::FaultsOver => engine.disarm(),
        Instruction::Reactivate => engine.reactivate(account),
        Instruction::TokenUse(tokens) => {
            if let Authentication::Token(oauth) =
                &mut engine.route_mut(account).policy.authentication
            {
                oauth.token_use = match tokens {
                    Tokens::ForEachAttempt => TokenUse::PerAttempt,
                    Tokens::UntilTheyExpire => TokenUse::Cached { margin: Duration::ZERO },
                };
            }
        }
        Instruction::DeadLetters(name) => engine.send_dead_letters(account, name.as_deref()).await,
    }
    Ok(())
}

/// The webhook that is meant. What belongs to a subject and has no name of its own goes by the
/// subject's: the message that tells Anna of her visit is Anna's.
fn find(
    engine: &Engine,
    account: AccountIndex,
    which: &Again,
    name: &str,
) -> Result<usize, String> {
    let mut deliveries = engine.deliveries_of(account, name);
    let found = match which {
        Again::First => deliveries.next(),
        Again::Last => deliveries.last(),
        Again::Trigger(trigger) => {
            deliveries.filter(|(_, delivery)| delivery.webhook.trigger == trigger).last()
        }
    };
    found.map(|(index, _)| index).ok_or_else(|| match which {
        Again::Trigger(trigger) => format!("no {trigger} of {name} has been caused yet"),
        _ => format!("no webhook of {name} has been caused yet"),
    })
}
