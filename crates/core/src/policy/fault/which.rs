//! The phrases for the webhooks that a fault strikes: `attempt 1 of every positionCalled of Anna`.

use crate::model::fault::Amount;
use crate::model::{RequestKind, Which};
use crate::phrase::{Phrase, row};

/// The webhooks and token requests that a fault can strike.
pub const WHICH: &[Phrase<Which>] = &[
    Phrase::new("every webhook", "all of them", |_| Ok(webhooks(Amount::Every))),
    Phrase::new("every token request", "each request for a token that a webhook needs", |_| {
        Ok(token_requests(Amount::Every))
    }),
    Phrase::new("every {trigger}", "all of this trigger", |values| {
        Ok(of_trigger(Amount::Every, values.text("trigger")))
    }),
    Phrase::new("the next webhook", "only the next one", |_| Ok(webhooks(Amount::Next))),
    Phrase::new("the next token request", "only the one for the next webhook", |_| {
        Ok(token_requests(Amount::Next))
    }),
    Phrase::new("the next {trigger}", "only the next one of this trigger", |values| {
        Ok(of_trigger(Amount::Next, values.text("trigger")))
    }),
    Phrase::new("{percent}% of webhooks", "this share of them; the seed decides which", |values| {
        Ok(webhooks(share(values.raw("percent"))?))
    }),
    Phrase::new("{percent}% of token requests", "this share of all token requests", |values| {
        Ok(token_requests(share(values.raw("percent"))?))
    }),
    Phrase::new("{percent}% of {trigger}", "this share of one trigger", |values| {
        Ok(of_trigger(share(values.raw("percent"))?, values.text("trigger")))
    }),
];

/// The phrases that narrow [`WHICH`] to one attempt or one subject.
pub const NARROWED: &[Phrase<Narrowed>] = &[
    Phrase::new(
        "attempt {number} of {webhooks}",
        "only this attempt of each delivery; {webhooks} is any of the above",
        |values| {
            let attempt = Narrowing::Attempt(values.number(1, MOST_ATTEMPTS)?);
            Ok(Narrowed { webhooks: values.raw("webhooks").to_owned(), to: attempt })
        },
    ),
    Phrase::new("{webhooks} of {who}", "only those about this subject", |values| {
        let name = Narrowing::Name(values.text("who"));
        Ok(Narrowed { webhooks: values.raw("webhooks").to_owned(), to: name })
    }),
];

/// A phrase for webhooks, and what narrows it.
pub struct Narrowed {
    webhooks: String,
    to: Narrowing,
}

enum Narrowing {
    Attempt(u32),
    Name(String),
}

/// The highest number of an attempt that can be named.
const MOST_ATTEMPTS: u32 = 9999;

/// Reads which webhooks a fault strikes. `None` if the text is not such a phrase.
///
/// # Errors
/// If a value is invalid.
pub fn read(text: &str) -> Option<Result<Which, String>> {
    if let Some(which) = row::read(WHICH, text) {
        return Some(which);
    }
    let Narrowed { webhooks, to } = match row::read(NARROWED, text)? {
        Ok(narrowed) => narrowed,
        Err(problem) => return Some(Err(problem)),
    };
    let which = match read(&webhooks)? {
        Ok(which) => which,
        Err(problem) => return Some(Err(problem)),
    };
    match to {
        Narrowing::Attempt(attempt) if which.attempt.is_none() => {
            Some(Ok(Which { attempt: Some(attempt), ..which }))
        }
        Narrowing::Name(name) if which.name.is_none() => {
            Some(Ok(Which { name: Some(name), ..which }))
        }
        // The text narrows twice in the same way.
        _ => None,
    }
}

fn webhooks(amount: Amount) -> Which {
    Which { request: RequestKind::Webhook, amount, trigger: None, name: None, attempt: None }
}

fn token_requests(amount: Amount) -> Which {
    Which { request: RequestKind::Token, ..webhooks(amount) }
}

fn of_trigger(amount: Amount, trigger: String) -> Which {
    Which { trigger: Some(trigger), ..webhooks(amount) }
}

fn share(percent: &str) -> Result<Amount, String> {
    let share = percent.parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent));
    share
        .map(|percent| Amount::Share(percent / 100.0))
        .ok_or_else(|| format!("`{percent}%` is not a share: it must be from 0% to 100%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_phrase_is_narrowed_by_a_name_and_an_attempt() {
        let which = read("attempt 2 of every token request of \"Who is it\"");
        let which = which.expect("a phrase").expect("valid");
        assert_eq!((which.request, which.attempt), (RequestKind::Token, Some(2)));
        assert_eq!(which.name.as_deref(), Some("Who is it"));
    }

    #[test]
    fn narrowing_twice_in_the_same_way_is_not_a_phrase() {
        assert!(read("every webhook of Anna of Bo").is_none());
        assert!(read("attempt 1 of attempt 2 of every webhook").is_none());
    }
}
