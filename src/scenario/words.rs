//! The words for doing things, shared by scenario files and Gherkin: the actions of a vendor's
//! catalogue, time, faults, and holding deliveries back.

use std::time::Duration;

use crate::engine::Release;
use crate::model::{Catalogue, Fault};
use crate::policy::fault;
use crate::text::{duration, no_duration};
use crate::vendors::phrase::{self, Misspoken, Spoken, unquoted};

/// Something to do in a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Doing {
    /// An action at the vendor.
    Action(Spoken),
    /// Virtual time passes.
    Pass(Duration),
    /// A fault is set up.
    Fault(Box<Fault>),
    /// Deliveries are held back from now on.
    Hold,
    /// What was held back is delivered.
    Release(Release),
    /// A webhook is delivered once more, with the same bytes.
    Again(Again, String),
    /// Failed attempts are followed by so many more, so far apart.
    Retries(u32, Duration),
    /// No fault that was set up before strikes any more.
    FaultsOver,
    /// The vendor sends to the endpoint again.
    Reactivate,
    /// From now on the vendor keeps its tokens, or does not.
    TokenUse(Tokens),
    /// What the vendor keeps of which every attempt has failed is sent again: all of it, or that
    /// of this name.
    DeadLetters(Option<String>),
}

/// How a vendor uses its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tokens {
    /// Each attempt asks for its own.
    ForEachAttempt,
    /// Each is used until it expires.
    UntilTheyExpire,
}

/// Which webhook of a subject.
#[derive(Clone, Debug, PartialEq)]
pub enum Again {
    /// The first one.
    First,
    /// The last one.
    Last,
    /// The last one of this trigger.
    Trigger(String),
}

/// The vendor-free phrases, with what each does.
pub const PHRASES: &[(&str, &str)] = &[
    ("{duration} pass", "virtual time moves on; what is due meanwhile happens and is delivered"),
    ("{duration} passes", "the same"),
    ("deliveries are held back", "webhooks wait until they are released"),
    ("the held webhooks are delivered in order", "released as they were caused"),
    ("the held webhooks are delivered in reverse order", "released, the last one first"),
    ("the held webhooks are delivered in any order", "released in an order that the seed decides"),
    ("the first webhook of {who} is delivered again", "the same bytes once more"),
    ("the last webhook of {who} is delivered again", "the same bytes once more"),
    ("the {trigger} of {who} is delivered again", "the same bytes once more"),
    (
        "deliveries are retried {number} times, {duration} apart",
        "what happens after a failed attempt",
    ),
    ("the faults are over", "no fault set up before strikes any more, further attempts included"),
    (
        "the endpoint is reactivated",
        "after it was deactivated: what comes is sent, and what was missed is not",
    ),
    ("a token is fetched for each attempt", "the vendor keeps no token"),
    (
        "tokens are used until they expire",
        "the vendor keeps its token, and on a 401 asks for a fresh one once",
    ),
    (
        "the dead letters are sent again",
        "by hand, after all that is still to come: the same bytes, and all the attempts again",
    ),
    ("the dead letters of {who} are sent again", "only those"),
];

/// The most attempts that can be asked for.
const MOST_RETRIES: u32 = 1000;

/// Reads what is to be done.
///
/// # Errors
/// If it is no phrase, or a value in it is wrong.
pub fn read(text: &str, catalogue: &'static Catalogue) -> Result<Doing, Misspoken> {
    if let Some(doing) = read_common(text, catalogue) {
        return doing.map_err(Misspoken::Value);
    }
    let near = match phrase::read(catalogue, text) {
        Ok(spoken) => return Ok(Doing::Action(spoken)),
        Err(Misspoken::Unknown(near)) => near,
        Err(wrong) => return Err(wrong),
    };
    // A vendor's own phrase is the likelier one to be meant.
    let common = || phrase::nearest_phrase(text, PHRASES.iter().map(|(pattern, _)| *pattern));
    Err(Misspoken::Unknown(near.or_else(common)))
}

fn read_common(text: &str, catalogue: &'static Catalogue) -> Option<Result<Doing, String>> {
    if let Some(read) = fault::read(text)
        && !text.ends_with(" is delivered again")
    {
        return Some(read.and_then(|fault| known_trigger(fault, catalogue)));
    }
    let (pattern, values) = PHRASES
        .iter()
        .find_map(|(pattern, _)| phrase::capture(pattern, text).map(|values| (*pattern, values)))?;
    let value = |place: usize| values.get(place).map_or("", |(_, text)| text.as_str());
    let length = |place| {
        duration(value(place)).ok_or_else(|| {
            format!("{}; it is said like 90s, 4 minutes or 1h 30m", no_duration(value(place)))
        })
    };
    Some(match pattern {
        "{duration} pass" | "{duration} passes" => length(0).map(Doing::Pass),
        "deliveries are held back" => Ok(Doing::Hold),
        "the held webhooks are delivered in order" => Ok(Doing::Release(Release::InOrder)),
        "the held webhooks are delivered in reverse order" => Ok(Doing::Release(Release::Reversed)),
        "the held webhooks are delivered in any order" => Ok(Doing::Release(Release::Shuffled)),
        "the first webhook of {who} is delivered again" => {
            Ok(Doing::Again(Again::First, unquoted(value(0))))
        }
        "the last webhook of {who} is delivered again" => {
            Ok(Doing::Again(Again::Last, unquoted(value(0))))
        }
        "the {trigger} of {who} is delivered again" => check_trigger(value(0), catalogue)
            .map(|()| Doing::Again(Again::Trigger(value(0).to_owned()), unquoted(value(1)))),
        "deliveries are retried {number} times, {duration} apart" => retries(value(0), length(1)),
        "the faults are over" => Ok(Doing::FaultsOver),
        "the endpoint is reactivated" => Ok(Doing::Reactivate),
        "a token is fetched for each attempt" => Ok(Doing::TokenUse(Tokens::ForEachAttempt)),
        "tokens are used until they expire" => Ok(Doing::TokenUse(Tokens::UntilTheyExpire)),
        "the dead letters are sent again" => Ok(Doing::DeadLetters(None)),
        "the dead letters of {who} are sent again" => {
            Ok(Doing::DeadLetters(Some(unquoted(value(0)))))
        }
        other => panic!("nothing is done by the pattern {other}"),
    })
}

fn retries(number: &str, apart: Result<Duration, String>) -> Result<Doing, String> {
    let times = number.parse().ok().filter(|times| (1..=MOST_RETRIES).contains(times));
    let times = times
        .ok_or_else(|| format!("`{number}` must be a whole number from 1 to {MOST_RETRIES}"))?;
    Ok(Doing::Retries(times, apart?))
}

fn known_trigger(fault: Fault, catalogue: &'static Catalogue) -> Result<Doing, String> {
    if let Some(trigger) = &fault.which.trigger {
        check_trigger(trigger, catalogue)?;
    }
    Ok(Doing::Fault(Box::new(fault)))
}

fn check_trigger(trigger: &str, catalogue: &'static Catalogue) -> Result<(), String> {
    if catalogue.trigger(trigger).is_some() {
        return Ok(());
    }
    let names = || catalogue.triggers.iter().map(|trigger| trigger.name);
    Err(format!(
        "{} has no trigger `{trigger}`{}; there are {}",
        catalogue.title,
        crate::model::settings::nearest(trigger, names())
            .map_or(String::new(), |near| format!(" (did you mean `{near}`?)")),
        crate::text::names(names()),
    ))
}
