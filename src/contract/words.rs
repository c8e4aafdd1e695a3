//! What a step can say: opening an account, doing something, or expecting something.
//!
//! The vendors' own phrases come from their catalogues; the rest is vendor-free.

use std::time::Duration;

use crate::model::Catalogue;
use crate::model::settings::{duration, names, no_duration};
use crate::scenario::words::{self, Doing};
use crate::vendors::phrase::{self, Misspoken, unquoted};
use crate::vendors::{Registry, Vendor};

/// What a step says.
#[derive(Clone)]
pub enum Said {
    /// Opens an account of a vendor, on a profile if one is named.
    Account(&'static dyn Vendor, Option<String>),
    /// Something is done.
    Do(Doing),
    /// Something is expected.
    Expect(Expectation),
}

/// Something that is expected.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// Every webhook so far.
    EveryAccepted,
    /// The last webhook.
    Last(Welcome),
    /// No answer so far was a 5xx.
    NoServerError,
    /// Every answer so far came in time.
    InTime,
    /// The last webhook took so many attempts.
    Attempts(u32),
    /// The receiver believes that a subject is in this state.
    State {
        /// Whose.
        who: String,
        /// Which kind of subject.
        kind: String,
        /// The state, in the vendor's words.
        state: String,
        /// For how long, and what else will do.
        belief: Belief,
    },
    /// The receiver believes these fields (a table under the step).
    Fields {
        /// Whose.
        who: String,
        /// Which kind of subject.
        kind: String,
    },
    /// The receiver believes what the vendor knows.
    Truth {
        /// Whose.
        who: String,
        /// Which kind of subject.
        kind: String,
    },
    /// The receiver does not know a subject, or not any more.
    NotKnown {
        /// Whose.
        who: String,
        /// Which kind of subject.
        kind: String,
    },
    /// The count of effects is remembered.
    NoteEffects(String),
    /// The count of effects is as it was remembered.
    EffectsUnchanged(String),
    /// Two subjects have had the same effects.
    EffectsEqual(String, String),
    /// The vendor sends nothing more to the endpoint.
    EndpointDeactivated,
    /// The vendor sends to the endpoint.
    EndpointActive,
    /// Something of the requests for tokens.
    Tokens(OfTokens),
    /// No request with a webhook was sent.
    NoWebhookSent,
    /// The last webhook is a dead letter.
    LastIsDeadLetter,
    /// So many webhooks are dead letters.
    DeadLetters(usize),
}

/// What is expected of the requests for tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum OfTokens {
    /// So many were made.
    Count(usize),
    /// So many at the most.
    AtMost(usize),
    /// Each was accepted.
    EveryAccepted,
    /// The last one was received so.
    Last(Welcome),
    /// Each has the fields of the table under the step.
    EveryHas,
    /// The last one was made so long after the one before it, in virtual time.
    Apart(Duration),
    /// Each webhook carried a token that had been asked for.
    NoneWithout,
}

/// How a receiver is to believe something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
    /// Some time or other.
    Eventually,
    /// And it must go on believing so.
    Still,
    /// The same, or it must not know the subject any more.
    OrUnknown,
}

/// How the last webhook should have been received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Welcome {
    /// Accepted.
    Accepted,
    /// Refused with a clear 4xx.
    Refused,
    /// Either: anything but a server error, a redirect, a time-out or a broken connection.
    Either,
}

/// The phrases for accounts, with what each does.
pub const ACCOUNTS: &[(&str, &str)] = &[
    (
        "an {vendor} account",
        "opens an account of its own for this scenario; a table below it sets its settings",
    ),
    ("a {vendor} account", "the same"),
    ("an {vendor} account on profile {text}", "the same, with this version of the payloads"),
    ("a {vendor} account on profile {text}", "the same"),
];

/// The phrases for expectations, with what each holds.
pub const EXPECTATIONS: &[(&str, &str)] = &[
    ("every webhook is accepted", "each delivery so far ended accepted, retries included"),
    ("the last webhook is accepted", "the last delivery ended accepted"),
    ("the last webhook is refused", "the last delivery ended with a clear 4xx"),
    ("the last webhook is accepted or refused", "no 5xx, redirect, time-out or broken connection"),
    ("the last webhook took one attempt", "it was accepted, or given up, at once"),
    ("the last webhook took {number} attempts", "so many attempts were made"),
    ("no answer is a server error", "no answer so far was a 5xx"),
    ("every answer comes in time", "within `ack_within`"),
    (
        "the receiver has {who}'s {kind} as {text}",
        "eventually believes this state (field `status`, or `state`)",
    ),
    (
        "the receiver still has {who}'s {kind} as {text}",
        "believes this state, and goes on believing it",
    ),
    (
        "the receiver has {who}'s {kind} as {text}, or not at all",
        "believes this state or answers 404, and goes on to: of what may well be deleted",
    ),
    (
        "the receiver has {who}'s {kind} with:",
        "eventually believes the fields of the table | field | value |",
    ),
    (
        "the receiver has {who}'s {kind} as the vendor has it",
        "eventually agrees with the vendor in every field of the probe",
    ),
    (
        "the receiver does not know {who}'s {kind}",
        "the probe eventually answers 404, and goes on to do so",
    ),
    ("the effects on {who} are noted", "remembers the probe's count of effects"),
    ("the effects on {who} are unchanged", "the count is as it was noted"),
    ("the effects on {who} equal those on {whom}", "as often for one as for the other"),
    ("the endpoint is deactivated", "its attempts have failed for too long: nothing more is sent"),
    ("the endpoint is active", "the vendor sends to it"),
    ("no webhook was sent", "no request with a webhook left the vendor"),
    ("the last webhook is a dead letter", "each of its attempts failed, and the vendor keeps it"),
    ("no webhook is a dead letter", "each was accepted in the end, or was sent again"),
    ("one webhook is a dead letter", "one is kept now"),
    ("{number} webhooks are dead letters", "so many are kept now"),
    ("no token request was made", "the receiver was asked for no token"),
    ("one token request was made", "it was asked for one token so far"),
    ("{number} token requests were made", "it was asked so often so far"),
    ("at most one token request was made", "it was not asked more often"),
    ("at most {number} token requests were made", "it was not asked more often"),
    ("every token request is accepted", "each was answered with a token"),
    ("the last token request is accepted", "the last one was answered with a token"),
    ("the last token request is refused", "the last one was answered with a clear 4xx"),
    (
        "the last token request is accepted or refused",
        "no 5xx, redirect, time-out or broken connection",
    ),
    (
        "every token request has:",
        "the fields of its form, and `method` and `content-type`, by the table | field | value |",
    ),
    (
        "the last token request was made {duration} after the one before it",
        "in virtual time: when attempts are made again, and for how long a token is used",
    ),
    ("no webhook left without a token", "each carried one that had been asked for before"),
];

/// Reads a step in the words of these vendors. `catalogue` is that of the account opened last.
///
/// # Errors
/// If it is no phrase, or a value in it is wrong.
pub fn read(
    text: &str,
    registry: Registry,
    catalogue: Option<&'static Catalogue>,
) -> Result<Said, Misspoken> {
    if let Some(account) = account(text, registry) {
        return account;
    }
    if let Some(expectation) = expectation(text) {
        return expectation.map(Said::Expect).map_err(Misspoken::Value);
    }
    let Some(catalogue) = catalogue else {
        // Before any account only accounts can be meant, or the phrase of some vendor.
        let known = registry.vendors().any(|vendor| words::read(text, vendor.catalogue()).is_ok());
        return Err(if known {
            Misspoken::Value(format!("open an account first: {}", account_phrases(registry)))
        } else {
            Misspoken::Unknown(nearest(text, registry, None))
        });
    };
    words::read(text, catalogue).map(Said::Do).map_err(|wrong| match wrong {
        Misspoken::Unknown(_) => Misspoken::Unknown(nearest(text, registry, Some(catalogue))),
        value => value,
    })
}

fn account_phrases(registry: Registry) -> String {
    let titles: Vec<String> =
        registry.titles().map(|title| format!("Given an {title} account")).collect();
    names(titles.iter().map(String::as_str))
}

fn nearest(
    text: &str,
    registry: Registry,
    catalogue: Option<&'static Catalogue>,
) -> Option<String> {
    let vendors = registry
        .vendors()
        .map(|vendor| vendor.catalogue())
        .filter(|one| catalogue.is_none_or(|catalogue| catalogue.vendor == one.vendor));
    let actions = vendors.flat_map(|one| one.actions).flat_map(|action| action.phrases).copied();
    let common =
        [ACCOUNTS, EXPECTATIONS, words::PHRASES].into_iter().flatten().map(|(pattern, _)| *pattern);
    phrase::nearest_phrase(text, actions.chain(common))
}

fn account(text: &str, registry: Registry) -> Option<Result<Said, Misspoken>> {
    let values = ACCOUNTS.iter().find_map(|(pattern, _)| phrase::capture(pattern, text))?;
    let value =
        |name: &str| values.iter().find(|(found, _)| found == name).map(|(_, text)| text.as_str());
    let title = value("vendor").unwrap_or_default();
    Some(match registry.titled(title) {
        Some(vendor) => Ok(Said::Account(vendor, value("text").map(unquoted))),
        None => Err(Misspoken::Value(format!(
            "there is no vendor {title}; there are {}",
            names(registry.titles()),
        ))),
    })
}

fn expectation(text: &str) -> Option<Result<Expectation, String>> {
    let (pattern, values) = EXPECTATIONS
        .iter()
        .find_map(|(pattern, _)| phrase::capture(pattern, text).map(|values| (*pattern, values)))?;
    let value =
        |place: usize| values.get(place).map(|(_, text)| unquoted(text)).unwrap_or_default();
    let count = || {
        value(0).parse::<usize>().map_err(|_| format!("`{}` are too many to be counted", value(0)))
    };
    let counted = |of: fn(usize) -> OfTokens| count().map(|count| Expectation::Tokens(of(count)));
    let found = match pattern {
        "{number} webhooks are dead letters" => count().map(Expectation::DeadLetters),
        "{number} token requests were made" => counted(OfTokens::Count),
        "at most {number} token requests were made" => counted(OfTokens::AtMost),
        "the last token request was made {duration} after the one before it" => duration(&value(0))
            .map(|length| Expectation::Tokens(OfTokens::Apart(length)))
            .ok_or_else(|| no_duration(&value(0))),
        "the last webhook took {number} attempts" => match value(0).parse() {
            Ok(attempts) => Ok(Expectation::Attempts(attempts)),
            Err(_) => Err(format!("`{}` attempts are too many", value(0))),
        },
        pattern => Ok(plain(pattern, value)),
    };
    Some(found)
}

/// What a pattern expects in which nothing can be out of bounds.
fn plain(pattern: &str, value: impl Fn(usize) -> String) -> Expectation {
    let state =
        |belief| Expectation::State { who: value(0), kind: value(1), state: value(2), belief };
    match pattern {
        "every webhook is accepted" => Expectation::EveryAccepted,
        "the last webhook is accepted" => Expectation::Last(Welcome::Accepted),
        "the last webhook is refused" => Expectation::Last(Welcome::Refused),
        "the last webhook is accepted or refused" => Expectation::Last(Welcome::Either),
        "no answer is a server error" => Expectation::NoServerError,
        "every answer comes in time" => Expectation::InTime,
        "the receiver has {who}'s {kind} as {text}" => state(Belief::Eventually),
        "the receiver still has {who}'s {kind} as {text}" => state(Belief::Still),
        "the receiver has {who}'s {kind} as {text}, or not at all" => state(Belief::OrUnknown),
        "the receiver has {who}'s {kind} with:" => {
            Expectation::Fields { who: value(0), kind: value(1) }
        }
        "the receiver has {who}'s {kind} as the vendor has it" => {
            Expectation::Truth { who: value(0), kind: value(1) }
        }
        "the receiver does not know {who}'s {kind}" => {
            Expectation::NotKnown { who: value(0), kind: value(1) }
        }
        "the effects on {who} are noted" => Expectation::NoteEffects(value(0)),
        "the effects on {who} are unchanged" => Expectation::EffectsUnchanged(value(0)),
        "the effects on {who} equal those on {whom}" => {
            Expectation::EffectsEqual(value(0), value(1))
        }
        "the endpoint is deactivated" => Expectation::EndpointDeactivated,
        "the endpoint is active" => Expectation::EndpointActive,
        "no webhook was sent" => Expectation::NoWebhookSent,
        "the last webhook is a dead letter" => Expectation::LastIsDeadLetter,
        "no webhook is a dead letter" => Expectation::DeadLetters(0),
        "no token request was made" => Expectation::Tokens(OfTokens::Count(0)),
        "the last webhook took one attempt" => Expectation::Attempts(1),
        "one webhook is a dead letter" => Expectation::DeadLetters(1),
        "at most one token request was made" => Expectation::Tokens(OfTokens::AtMost(1)),
        "the last token request is accepted or refused" => {
            Expectation::Tokens(OfTokens::Last(Welcome::Either))
        }
        "one token request was made" => Expectation::Tokens(OfTokens::Count(1)),
        "every token request is accepted" => Expectation::Tokens(OfTokens::EveryAccepted),
        "the last token request is accepted" => {
            Expectation::Tokens(OfTokens::Last(Welcome::Accepted))
        }
        "the last token request is refused" => {
            Expectation::Tokens(OfTokens::Last(Welcome::Refused))
        }
        "every token request has:" => Expectation::Tokens(OfTokens::EveryHas),
        "no webhook left without a token" => Expectation::Tokens(OfTokens::NoneWithout),
        other => panic!("no expectation is behind the pattern {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::registry::shipped;

    #[test]
    fn every_expectation_can_be_said() {
        for (pattern, _) in EXPECTATIONS {
            let text = pattern
                .replace("{who}", "Anna")
                .replace("{whom}", "Bo")
                .replace("{kind}", "position")
                .replace("{text}", "\"completed\"")
                .replace("{duration}", "5 minutes")
                .replace("{number}", "3");
            assert!(matches!(read(&text, shipped(), None), Ok(Said::Expect(_))), "{text}");
        }
    }

    #[test]
    fn an_account_is_opened_by_the_vendors_title() {
        assert!(matches!(read("an Ombori account", shipped(), None), Ok(Said::Account(_, None))));
        let profile = read("an Ombori account on profile \"2021-01\"", shipped(), None);
        assert!(matches!(profile, Ok(Said::Account(_, Some(name))) if name == "2021-01"));
        assert!(matches!(read("an Acme account", shipped(), None), Err(Misspoken::Value(_))));
    }
}
