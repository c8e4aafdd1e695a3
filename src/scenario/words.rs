//! The phrases that do something, shared by scenario files and Gherkin: the actions of a vendor's
//! catalogue, time, faults, and holding deliveries back.

use std::time::Duration;

use crate::model::api_fault::ApiFault;
use crate::model::{Catalogue, Fault, Release};
use crate::phrase::{ParsedCall, Phrase, PhraseError, call, row};
use crate::policy::{api_fault, fault};
use crate::suggest::{did_you_mean, nearest};
use crate::text::names;

/// Something to do in a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Instruction {
    /// An action at the vendor.
    Action(ParsedCall),
    /// Virtual time passes.
    Pass(Duration),
    /// A fault is set up.
    Fault(Box<Fault>),
    /// A fault of the vendor's own API is set up.
    ApiFault(ApiFault),
    /// Deliveries are held back from now on.
    Hold,
    /// The held webhooks are delivered.
    Release(Release),
    /// A webhook is delivered again, with the same bytes.
    SendAgain(WhichWebhook, String),
    /// A failed attempt is followed by this many retries, this far apart.
    Retries(u32, Duration),
    /// Faults that were set up before no longer strike.
    FaultsOver,
    /// The vendor sends to the endpoint again.
    Reactivate,
    /// From now on the vendor uses its tokens in this way.
    TokenUse(Tokens),
    /// Dead letters are sent again: all of them, or those of the subject of this name.
    DeadLetters(Option<String>),
}

/// How a vendor uses its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tokens {
    /// Each attempt requests its own.
    ForEachAttempt,
    /// A token is used until it expires.
    UntilTheyExpire,
}

/// Which webhook of a subject.
#[derive(Clone, Debug, PartialEq)]
pub enum WhichWebhook {
    /// The first one.
    First,
    /// The last one.
    Last,
    /// The last one of this trigger.
    Trigger(String),
}

/// The phrases that belong to no vendor.
pub const PHRASES: &[Phrase<Instruction>] = &[
    Phrase::new(
        "{duration} pass",
        "virtual time passes; everything that is due in it happens and is delivered",
        |values| values.duration().map(Instruction::Pass),
    ),
    Phrase::new("{duration} passes", "the same", |values| values.duration().map(Instruction::Pass)),
    Phrase::new("deliveries are held back", "webhooks wait until they are released", |_| {
        Ok(Instruction::Hold)
    }),
    Phrase::new(
        "the held webhooks are delivered in order",
        "in the order in which they were caused",
        |_| Ok(Instruction::Release(Release::InOrder)),
    ),
    Phrase::new("the held webhooks are delivered in reverse order", "the last one first", |_| {
        Ok(Instruction::Release(Release::Reversed))
    }),
    Phrase::new(
        "the held webhooks are delivered in any order",
        "in an order that the seed decides",
        |_| Ok(Instruction::Release(Release::Shuffled)),
    ),
    Phrase::new(
        "the held webhooks are delivered after all their tokens were requested",
        "in order, as a vendor sends them that works on several at a time",
        |_| Ok(Instruction::Release(Release::TokensFirst)),
    ),
    Phrase::new(
        "the first webhook of {who} is delivered again",
        "the same bytes again",
        |values| Ok(Instruction::SendAgain(WhichWebhook::First, values.text("who"))),
    ),
    Phrase::new("the last webhook of {who} is delivered again", "the same bytes again", |values| {
        Ok(Instruction::SendAgain(WhichWebhook::Last, values.text("who")))
    }),
    Phrase::new("the {trigger} of {who} is delivered again", "the same bytes again", |values| {
        let trigger = WhichWebhook::Trigger(values.text("trigger"));
        Ok(Instruction::SendAgain(trigger, values.text("who")))
    }),
    Phrase::new(
        "deliveries are retried {number} times, {duration} apart",
        "what happens after a failed attempt",
        |values| Ok(Instruction::Retries(values.number(1, MOST_RETRIES)?, values.duration()?)),
    ),
    Phrase::new("the faults are over", "ends all faults so far, also for later attempts", |_| {
        Ok(Instruction::FaultsOver)
    }),
    Phrase::new(
        "the endpoint is reactivated",
        "later webhooks are sent again; missed ones are not",
        |_| Ok(Instruction::Reactivate),
    ),
    Phrase::new("a token is fetched for each attempt", "the vendor keeps no token", |_| {
        Ok(Instruction::TokenUse(Tokens::ForEachAttempt))
    }),
    Phrase::new(
        "tokens are used until they expire",
        "the vendor keeps its token, and requests a new one once after a 401",
        |_| Ok(Instruction::TokenUse(Tokens::UntilTheyExpire)),
    ),
    Phrase::new(
        "the dead letters are sent again",
        "by hand, after all retries: the same bytes, with the full number of attempts",
        |_| Ok(Instruction::DeadLetters(None)),
    ),
    Phrase::new("the dead letters of {who} are sent again", "only those", |values| {
        Ok(Instruction::DeadLetters(Some(values.text("who"))))
    }),
];

/// The most retries that can be asked for.
const MOST_RETRIES: u32 = 1000;

/// Reads an instruction.
///
/// # Errors
/// If it is not a phrase, or one of its values is invalid.
pub fn read(text: &str, catalogue: &'static Catalogue) -> Result<Instruction, PhraseError> {
    let fault =
        fault::read(text).map(|fault| fault.map(|fault| Instruction::Fault(Box::new(fault))));
    let api = || api_fault::read(text).map(|fault| fault.map(Instruction::ApiFault));
    if let Some(instruction) = fault.or_else(api).or_else(|| row::read(PHRASES, text)) {
        return instruction
            .and_then(|instruction| with_known_trigger(instruction, catalogue))
            .map_err(PhraseError::Value);
    }
    let near = match call::read(catalogue, text) {
        Ok(call) => return Ok(Instruction::Action(call)),
        Err(PhraseError::Unknown(near)) => near,
        Err(wrong) => return Err(wrong),
    };
    // For a mistyped phrase, suggest the vendor's own phrases first.
    let common = || nearest(text, PHRASES.iter().map(|phrase| phrase.pattern)).map(str::to_owned);
    Err(PhraseError::Unknown(near.or_else(common)))
}

/// Checks that the vendor has the trigger that the instruction names.
fn with_known_trigger(
    instruction: Instruction,
    catalogue: &'static Catalogue,
) -> Result<Instruction, String> {
    let named = match &instruction {
        Instruction::Fault(fault) => fault.which.trigger.as_deref(),
        Instruction::SendAgain(WhichWebhook::Trigger(trigger), _) => Some(trigger.as_str()),
        _ => None,
    };
    let Some(trigger) = named.filter(|trigger| catalogue.trigger(trigger).is_none()) else {
        return Ok(instruction);
    };
    let known = || catalogue.triggers.iter().map(|trigger| trigger.name);
    let question =
        did_you_mean(trigger, known()).map_or(String::new(), |question| format!(" ({question})"));
    let (title, all) = (catalogue.title, names(known()));
    Err(format!("{title} has no trigger `{trigger}`{question}; there are {all}"))
}
