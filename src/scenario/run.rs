//! Does things in a run: the one way from words to the driver, for scenario files and Gherkin.

use std::time::Duration;

use super::words::{Instruction, Tokens, WhichWebhook};
use crate::driver::{DriveError, Driver};
use crate::journal::JournalError;
use crate::journal::entry::DeliveryId;
use crate::model::PolicyChange;
use crate::model::policy::TokenUse;
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
    /// The journal cannot be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<DriveError> for Impossible {
    fn from(error: DriveError) -> Self {
        match error {
            DriveError::NotDone(error) => Self::NotDone(error),
            DriveError::Journal(error) => Self::Journal(error),
        }
    }
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

/// Does what a step says.
///
/// # Errors
/// If it is not possible now. Nothing was sent then.
pub async fn perform(
    driver: &mut Driver,
    account: AccountIndex,
    instruction: &Instruction,
    text: &str,
) -> Result<(), Impossible> {
    match instruction {
        Instruction::Action(spoken) => {
            driver.say(account, spoken, text).await?;
        }
        Instruction::Pass(length) => driver.pass(*length).await?,
        Instruction::Fault(fault) => driver.arm((**fault).clone())?,
        Instruction::Hold => driver.hold()?,
        Instruction::Release(release) => driver.release(*release).await?,
        Instruction::SendAgain(which, name) => {
            let id = find(driver, account, which, name).map_err(Impossible::NoSuchWebhook)?;
            driver.repeat(id).await?;
        }
        Instruction::Retries(times, apart) => {
            let change = PolicyChange::Retries { times: *times, apart: *apart };
            driver.change_policy(account, change)?;
        }
        Instruction::FaultsOver => driver.disarm()?,
        Instruction::Reactivate => driver.reactivate(account)?,
        Instruction::TokenUse(tokens) => {
            let token_use = match tokens {
                Tokens::ForEachAttempt => TokenUse::PerAttempt,
                Tokens::UntilTheyExpire => TokenUse::Cached { margin: Duration::ZERO },
            };
            driver.change_policy(account, PolicyChange::TokenUse(token_use))?;
        }
        Instruction::DeadLetters(name) => {
            driver.send_dead_letters(account, name.as_deref()).await?
        }
    }
    Ok(())
}

/// The webhook that is meant. What belongs to a subject and has no name of its own goes by the
/// subject's: the message that tells Anna of her visit is Anna's.
fn find(
    driver: &Driver,
    account: AccountIndex,
    which: &WhichWebhook,
    name: &str,
) -> Result<DeliveryId, String> {
    let run = driver.run();
    let mut deliveries = run.deliveries_of(account, name);
    let found = match which {
        WhichWebhook::First => deliveries.next(),
        WhichWebhook::Last => deliveries.next_back(),
        WhichWebhook::Trigger(trigger) => {
            deliveries.rfind(|delivery| delivery.webhook.trigger == trigger)
        }
    };
    found.map(|delivery| delivery.id).ok_or_else(|| match which {
        WhichWebhook::Trigger(trigger) => format!("no {trigger} of {name} has been caused yet"),
        _ => format!("no webhook of {name} has been caused yet"),
    })
}
