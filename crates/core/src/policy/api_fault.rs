//! Reads faults of a vendor's own API: first which calls, then what happens to them, as in `the
//! next 3 reads from the API are answered 429`.

use crate::model::api_fault::{ApiCalls, ApiEffect, ApiFault, Race};
use crate::phrase::{Phrase, row};

/// The calls that a fault can strike, and how many of them.
pub const CALLS: &[Phrase<(ApiCalls, Option<u32>)>] = &[
    Phrase::new("every call of the API", "all of them", |_| Ok((ApiCalls::All, None))),
    Phrase::new("the next call of the API", "only the next one", |_| Ok((ApiCalls::All, Some(1)))),
    Phrase::new("the next {number} calls of the API", "this many", |values| {
        Ok((ApiCalls::All, Some(values.number(1, MOST)?)))
    }),
    Phrase::new("every read from the API", "calls that change nothing", |_| {
        Ok((ApiCalls::Reads, None))
    }),
    Phrase::new("the next read from the API", "only the next one", |_| {
        Ok((ApiCalls::Reads, Some(1)))
    }),
    Phrase::new("the next {number} reads from the API", "this many", |values| {
        Ok((ApiCalls::Reads, Some(values.number(1, MOST)?)))
    }),
    Phrase::new("every write to the API", "calls that change something", |_| {
        Ok((ApiCalls::Writes, None))
    }),
    Phrase::new("the next write to the API", "only the next one", |_| {
        Ok((ApiCalls::Writes, Some(1)))
    }),
    Phrase::new("the next {number} writes to the API", "this many", |values| {
        Ok((ApiCalls::Writes, Some(values.number(1, MOST)?)))
    }),
    Phrase::new("every token request to the API", "calls of its OAuth server", |_| {
        Ok((ApiCalls::TokenRequests, None))
    }),
    Phrase::new("the next token request to the API", "only the next one", |_| {
        Ok((ApiCalls::TokenRequests, Some(1)))
    }),
    Phrase::new("the next {number} token requests to the API", "this many", |values| {
        Ok((ApiCalls::TokenRequests, Some(values.number(1, MOST)?)))
    }),
];

/// What can happen to a call. The plural forms of the verbs are `are`, `take` and `have`.
pub const EFFECTS: &[Phrase<ApiEffect>] = &[
    Phrase::new("is answered {number}", "with this status; nothing is done", |values| {
        Ok(ApiEffect::Status(values.number(300, 599)? as u16))
    }),
    Phrase::new("is answered with HTML", "by a gateway; nothing is done", |_| Ok(ApiEffect::Html)),
    Phrase::new(
        "is one version behind",
        "the subject as it was before its last change, and 404 if it is new",
        |_| Ok(ApiEffect::Stale),
    ),
    Phrase::new("is refused for its token", "as if it had expired or been revoked", |_| {
        Ok(ApiEffect::TokenRefused)
    }),
    Phrase::new(
        "is refused for its scope",
        "the token is good, but not for this call: 403",
        |_| Ok(ApiEffect::ScopeRefused),
    ),
    Phrase::new("takes {duration} longer", "the answer comes later, in real time", |values| {
        let length = values.duration()?;
        if length.as_secs() > LONGEST_SECONDS {
            return Err(format!("an answer is at most {LONGEST_SECONDS} s late"));
        }
        Ok(ApiEffect::Slow(length))
    }),
    Phrase::new("has its webhooks before the answer", "the receiver handles them first", |_| {
        Ok(ApiEffect::Race(Race::Before))
    }),
    Phrase::new("has its webhooks after the answer", "they are sent later", |_| {
        Ok(ApiEffect::Race(Race::After))
    }),
    Phrase::new("has its webhooks with the answer", "both are sent at the same time", |_| {
        Ok(ApiEffect::Race(Race::With))
    }),
    Phrase::new(
        "has its webhooks at any time",
        "before, with or after it; the seed decides",
        |_| Ok(ApiEffect::Race(Race::Any)),
    ),
];

/// The most calls that can be counted down.
const MOST: u32 = 9999;
/// The longest delay of an answer.
const LONGEST_SECONDS: u64 = 120;

/// The verbs that an effect can begin with, and their singular.
const VERBS: &[(&str, &str)] = &[
    (" is ", "is "),
    (" are ", "is "),
    (" takes ", "takes "),
    (" take ", "takes "),
    (" has ", "has "),
    (" have ", "has "),
];

/// Reads a fault. `None` if the text does not begin like one.
///
/// # Errors
/// If it begins like a fault, and its effect is unknown or a value is invalid.
pub fn read(text: &str) -> Option<Result<ApiFault, String>> {
    let (place, verb, singular) = VERBS
        .iter()
        .filter_map(|(verb, singular)| Some((text.find(verb)?, *verb, *singular)))
        .min()?;
    let calls = row::read(CALLS, &text[..place])?;
    let effect = format!("{singular}{}", text[place + verb.len()..].replace("their ", "its "));
    Some(calls.and_then(|(calls, left)| {
        let unknown = || Err(format!("`{effect}` is not a fault of an API"));
        let effect = row::read(EFFECTS, &effect).unwrap_or_else(unknown)?;
        match (calls, effect) {
            (ApiCalls::Writes, ApiEffect::Stale) => {
                Err("only what is read can be one version behind".to_owned())
            }
            (ApiCalls::Reads, ApiEffect::Race(_)) => {
                Err("a call that only reads causes no webhooks".to_owned())
            }
            (ApiCalls::TokenRequests, ApiEffect::TokenRefused | ApiEffect::ScopeRefused) => {
                Err("a request for a token carries none".to_owned())
            }
            (ApiCalls::TokenRequests, ApiEffect::Stale | ApiEffect::Race(_)) => {
                Err("a request for a token reads no subject and causes no webhooks".to_owned())
            }
            _ => Ok(ApiFault { calls, left, effect, text: text.to_owned() }),
        }
    }))
}

/// Whether a fault is about tokens, which not every API gives.
pub fn needs_tokens(fault: &ApiFault) -> bool {
    fault.calls == ApiCalls::TokenRequests
        || matches!(fault.effect, ApiEffect::TokenRefused | ApiEffect::ScopeRefused)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn effect(text: &str) -> (ApiCalls, Option<u32>, ApiEffect) {
        let fault = read(text).expect("it begins like a fault").expect("it is one");
        assert_eq!(fault.text, text);
        (fault.calls, fault.left, fault.effect)
    }

    #[test]
    fn one_call_and_several_are_said_in_their_own_grammar() {
        let stale = (ApiCalls::Reads, Some(1), ApiEffect::Stale);
        assert_eq!(effect("the next read from the API is one version behind"), stale);
        let scope = (ApiCalls::Writes, Some(2), ApiEffect::ScopeRefused);
        assert_eq!(effect("the next 2 writes to the API are refused for their scope"), scope);
        let html = (ApiCalls::TokenRequests, None, ApiEffect::Html);
        assert_eq!(effect("every token request to the API is answered with HTML"), html);
        let status = (ApiCalls::All, Some(3), ApiEffect::Status(429));
        assert_eq!(effect("the next 3 calls of the API are answered 429"), status);
        let slow = (ApiCalls::All, None, ApiEffect::Slow(Duration::from_secs(2)));
        assert_eq!(effect("every call of the API takes 2s longer"), slow);
        let race = (ApiCalls::Writes, Some(2), ApiEffect::Race(Race::Before));
        assert_eq!(
            effect("the next 2 writes to the API have their webhooks before the answer"),
            race
        );
        let token = (ApiCalls::All, None, ApiEffect::TokenRefused);
        assert_eq!(effect("every call of the API is refused for its token"), token);
    }

    #[test]
    fn what_cannot_be_is_refused_and_other_texts_are_left_to_others() {
        assert!(matches!(read("every read from the API is answered 200"), Some(Err(_))));
        assert!(matches!(read("every write to the API is one version behind"), Some(Err(_))));
        assert!(matches!(read("every call of the API is blue"), Some(Err(_))));
        assert!(read("every webhook is delivered twice").is_none());
        assert!(read("Anna takes a walk-in ticket").is_none());
    }
}
