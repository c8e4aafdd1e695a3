//! Carries out instructions in a run, for scenario files and Gherkin.

use std::time::Duration;

use super::words::{Instruction, Tokens, WhichWebhook};
use crate::driver::{Drive, DriveError};
use crate::journal::JournalError;
use crate::journal::entry::DeliveryId;
use crate::model::PolicyChange;
use crate::model::policy::TokenUse;
use crate::run::Run;
use crate::sim::{AccountIndex, NotDone};

/// Why an instruction could not be carried out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Impossible {
    /// The vendor refuses it now.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The subject has no such webhook.
    #[error("{0}")]
    NoSuchWebhook(String),
    /// No webhook is a dead letter, so none was sent again. The receiver's answers decide this.
    #[error("there is no dead letter to send again")]
    NoDeadLetter,
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
    /// The phrases that are legal instead, if the vendor refused it.
    pub fn legal(&self) -> &[&'static str] {
        match self {
            Self::NotDone(NotDone::Refused(refusal)) => &refusal.legal,
            _ => &[],
        }
    }
}

/// Carries out an instruction.
///
/// # Errors
/// If it is not possible now. Then it has sent nothing.
pub async fn perform(
    driver: &mut impl Drive,
    account: AccountIndex,
    instruction: &Instruction,
    text: &str,
) -> Result<(), Impossible> {
    match instruction {
        Instruction::Action(spoken) => {
            let (spoken, text) = (spoken.clone(), text.to_owned());
            driver.input(move |run| run.act(account, &spoken, &text)).await??;
            driver.send_due().await?;
        }
        Instruction::Pass(length) => driver.pass(*length).await?,
        Instruction::Fault(fault) => {
            let fault = (**fault).clone();
            driver.input(|run| run.arm(fault)).await?;
        }
        Instruction::ApiFault(fault) => {
            let fault = fault.clone();
            driver.input(|run| run.arm_api(fault)).await?;
        }
        Instruction::Hold => driver.input(Run::hold).await?,
        Instruction::Release(release) => {
            let release = *release;
            driver.input(move |run| run.release(release)).await?;
            driver.send_due().await?;
        }
        Instruction::SendAgain(which, name) => {
            let found = driver.ask(|run| find(run, account, which, name));
            let id = found.map_err(Impossible::NoSuchWebhook)?;
            driver.input(move |run| run.repeat(id)).await?;
            driver.send_due().await?;
        }
        Instruction::Retries(times, apart) => {
            let change = PolicyChange::Retries { times: *times, apart: *apart };
            driver.input(move |run| run.change_policy(account, change)).await?;
        }
        Instruction::FaultsOver => driver.input(Run::disarm).await?,
        Instruction::Reactivate => driver.input(move |run| run.reactivate(account)).await?,
        Instruction::TokenUse(tokens) => {
            let token_use = match tokens {
                Tokens::ForEachAttempt => TokenUse::PerAttempt,
                Tokens::UntilTheyExpire => TokenUse::Cached { margin: Duration::ZERO },
            };
            let change = PolicyChange::TokenUse(token_use);
            driver.input(move |run| run.change_policy(account, change)).await?;
        }
        Instruction::DeadLetters(name) => {
            // Which deliveries are dead letters is known only after all attempts.
            driver.settle().await?;
            let name = name.clone();
            let again = driver.input(move |run| run.send_dead_letters(account, name.as_deref()));
            if again.await? == 0 {
                return Err(Impossible::NoDeadLetter);
            }
            driver.settle().await?;
        }
    }
    Ok(())
}

/// The webhook that the instruction names. A subject without a name uses the name of the subject
/// that it belongs to: a message about Anna's visit is Anna's.
fn find(
    run: &Run,
    account: AccountIndex,
    which: &WhichWebhook,
    name: &str,
) -> Result<DeliveryId, String> {
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
