//! The phrases for expectations.

use crate::contract::expectation::{
    ApiExpectation, Belief, EndpointState, Expectation, ExpectedAnswer, ExpectedLeave,
    TokenExpectation, Which,
};
use crate::phrase::{Phrase, Values};

/// The phrases for expectations.
pub const EXPECTATIONS: &[Phrase<Expectation>] = &[
    // Webhooks and answers.
    Phrase::new(
        "every webhook is accepted",
        "each delivery so far was accepted in the end, after its retries",
        |_| Ok(Expectation::EveryAccepted),
    ),
    Phrase::new(
        "the last webhook is accepted",
        "the last delivery was accepted in the end",
        |_| Ok(Expectation::Answer(Which::Last, ExpectedAnswer::Accepted)),
    ),
    Phrase::new("the last webhook is refused", "the last delivery ended with a 4xx", |_| {
        Ok(Expectation::Answer(Which::Last, ExpectedAnswer::Refused))
    }),
    Phrase::new(
        "the last webhook is accepted or refused",
        "no 5xx, redirect, time-out or broken connection",
        |_| Ok(Expectation::Answer(Which::Last, ExpectedAnswer::Either)),
    ),
    Phrase::new(
        "the {trigger} of {who} is accepted",
        "the same for the last one of this trigger about this subject",
        |values| Ok(Expectation::Answer(which(values), ExpectedAnswer::Accepted)),
    ),
    Phrase::new(
        "the {trigger} of {who} is refused",
        "a receiver may accept what it does not use, so name the webhook that matters",
        |values| Ok(Expectation::Answer(which(values), ExpectedAnswer::Refused)),
    ),
    Phrase::new(
        "the {trigger} of {who} is accepted or refused",
        "no 5xx, redirect, time-out or broken connection",
        |values| Ok(Expectation::Answer(which(values), ExpectedAnswer::Either)),
    ),
    Phrase::new(
        "the last webhook took one attempt",
        "it was accepted or given up after one attempt",
        |_| Ok(Expectation::Attempts(1)),
    ),
    Phrase::new(
        "the last webhook took {number} attempts",
        "this many attempts were made",
        |values| Ok(Expectation::Attempts(values.number(0, u32::MAX)?)),
    ),
    Phrase::new(
        "the answer repeats the challenge",
        "that of the last webhook, whose body has a `challenge`: as plain text, in a form or in JSON",
        |_| Ok(Expectation::ChallengeRepeated),
    ),
    Phrase::new(
        "the answer gives leave to send",
        "that of the last handshake: `WebHook-Allowed-Origin` is the origin that asks, or `*`",
        |_| Ok(Expectation::Leave(ExpectedLeave::Given)),
    ),
    Phrase::new(
        "the answer gives whole leave to send, or none",
        "with `WebHook-Allowed-Origin` as above there is also `WebHook-Allowed-Rate`: a number, or `*`",
        |_| Ok(Expectation::Leave(ExpectedLeave::GivenWholeOrNot)),
    ),
    Phrase::new(
        "the answer allows POST",
        "that of the last handshake, in its header `Allow`",
        |_| Ok(Expectation::Leave(ExpectedLeave::OfPost)),
    ),
    Phrase::new("no answer is a server error", "no answer so far was a 5xx", |_| {
        Ok(Expectation::NoServerError)
    }),
    Phrase::new("every answer comes in time", "within `ack_within`", |_| Ok(Expectation::InTime)),
    // What the receiver believes.
    Phrase::new(
        "the receiver has {who}'s {kind} as {text}",
        "eventually believes this state (field `status`, or `state`)",
        |values| Ok(state(values, Belief::Eventually)),
    ),
    Phrase::new(
        "the receiver still has {who}'s {kind} as {text}",
        "believes this state, and keeps believing it",
        |values| Ok(state(values, Belief::Still)),
    ),
    Phrase::new(
        "the receiver has {who}'s {kind} as {text}, or not at all",
        "the same, or a 404: for subjects that a receiver may delete",
        |values| Ok(state(values, Belief::OrUnknown)),
    ),
    Phrase::new(
        "the receiver has {who}'s {kind} with:",
        "eventually believes the fields of the table | field | value |",
        |values| {
            let fields = values.fields()?;
            Ok(Expectation::Fields { who: values.text("who"), kind: values.text("kind"), fields })
        },
    ),
    Phrase::new(
        "the receiver has {who}'s {kind} as the vendor has it",
        "eventually agrees with the vendor in every field of the probe",
        |values| Ok(Expectation::Truth { who: values.text("who"), kind: values.text("kind") }),
    ),
    Phrase::new(
        "the receiver does not know {who}'s {kind}",
        "the probe eventually answers 404, and keeps answering it",
        |values| Ok(Expectation::NotKnown { who: values.text("who"), kind: values.text("kind") }),
    ),
    // Effects.
    Phrase::new(
        "the effects on {who} are noted",
        "remembers the probe's count of effects",
        |values| Ok(Expectation::NoteEffects(values.text("who"))),
    ),
    Phrase::new("the effects on {who} are unchanged", "the count equals the noted one", |values| {
        Ok(Expectation::EffectsUnchanged(values.text("who")))
    }),
    Phrase::new(
        "the effects on {who} equal those on {whom}",
        "the probe counts the same for both",
        |values| Ok(Expectation::EffectsEqual(values.text("who"), values.text("whom"))),
    ),
    // The endpoint and dead letters.
    Phrase::new(
        "the endpoint is deactivated",
        "its attempts have failed for too long: nothing more is sent",
        |_| Ok(Expectation::Endpoint(EndpointState::Deactivated)),
    ),
    Phrase::new("the endpoint is active", "the vendor sends to it", |_| {
        Ok(Expectation::Endpoint(EndpointState::Active))
    }),
    Phrase::new("no webhook was sent", "the vendor sent no request with a webhook", |_| {
        Ok(Expectation::NoWebhookSent)
    }),
    Phrase::new(
        "the last webhook is a dead letter",
        "each of its attempts failed, and the vendor keeps it",
        |_| Ok(Expectation::LastIsDeadLetter),
    ),
    Phrase::new(
        "no webhook is a dead letter",
        "each was accepted in the end, or was sent again",
        |_| Ok(Expectation::DeadLetters(0)),
    ),
    Phrase::new("one webhook is a dead letter", "the vendor keeps one now", |_| {
        Ok(Expectation::DeadLetters(1))
    }),
    Phrase::new("{number} webhooks are dead letters", "the vendor keeps this many now", |values| {
        Ok(Expectation::DeadLetters(count(values)?))
    }),
    // Token requests.
    Phrase::new("no token request was made", "the vendor has requested no token so far", |_| {
        Ok(Expectation::Tokens(TokenExpectation::Count(0)))
    }),
    Phrase::new("one token request was made", "the vendor has requested one token so far", |_| {
        Ok(Expectation::Tokens(TokenExpectation::Count(1)))
    }),
    Phrase::new(
        "{number} token requests were made",
        "the vendor has requested this many so far",
        |values| Ok(Expectation::Tokens(TokenExpectation::Count(count(values)?))),
    ),
    Phrase::new(
        "at most one token request was made",
        "the vendor has not requested more so far",
        |_| Ok(Expectation::Tokens(TokenExpectation::AtMost(1))),
    ),
    Phrase::new(
        "at most {number} token requests were made",
        "the vendor has not requested more so far",
        |values| Ok(Expectation::Tokens(TokenExpectation::AtMost(count(values)?))),
    ),
    Phrase::new("every token request is accepted", "each was answered with a token", |_| {
        Ok(Expectation::Tokens(TokenExpectation::EveryAccepted))
    }),
    Phrase::new("the last token request is accepted", "it was answered with a token", |_| {
        Ok(last_token_request(ExpectedAnswer::Accepted))
    }),
    Phrase::new("the last token request is refused", "it was answered with a 4xx", |_| {
        Ok(last_token_request(ExpectedAnswer::Refused))
    }),
    Phrase::new(
        "the last token request is accepted or refused",
        "no 5xx, redirect, time-out or broken connection",
        |_| Ok(last_token_request(ExpectedAnswer::Either)),
    ),
    Phrase::new(
        "every token request has:",
        "the fields of its form, and `method` and `content-type`, by the table | field | value |",
        |values| Ok(Expectation::Tokens(TokenExpectation::EveryHas(values.fields()?))),
    ),
    Phrase::new(
        "the last two token requests are {duration} apart",
        "in virtual time; shows the wait before a retry, or how long a token is used",
        |values| Ok(Expectation::Tokens(TokenExpectation::Apart(values.duration()?))),
    ),
    Phrase::new(
        "no webhook was sent without a token",
        "each carried one from an earlier token request",
        |_| Ok(Expectation::Tokens(TokenExpectation::NoneWithout)),
    ),
    // Calls of the vendor's API.
    Phrase::new(
        "the receiver has read the {kind} of {who} from {vendor}",
        "eventually reads it from the vendor's API: by its id, or in a list",
        |values| {
            let [who, kind, vendor] = ["who", "kind", "vendor"].map(|name| values.text(name));
            Ok(Expectation::Api(ApiExpectation::Read { who, kind, vendor }))
        },
    ),
    Phrase::new(
        "the receiver has read the {kind} of {who} after the last webhook",
        "the same, since the last webhook about it began to be sent",
        |values| {
            let [who, kind] = ["who", "kind"].map(|name| values.text(name));
            Ok(Expectation::Api(ApiExpectation::ReadAfterLast { who, kind }))
        },
    ),
    Phrase::new(
        "the receiver has subscribed to {trigger}",
        "eventually has an endpoint registered for it through the vendor's API",
        |values| Ok(Expectation::Api(ApiExpectation::Subscribed(values.text("trigger")))),
    ),
    Phrase::new("the receiver has not called the API", "no call so far, whatever it asks", |_| {
        Ok(Expectation::Api(ApiExpectation::Calls(0)))
    }),
    Phrase::new("the receiver has called the API once", "one call, refused ones included", |_| {
        Ok(Expectation::Api(ApiExpectation::Calls(1)))
    }),
    Phrase::new(
        "the receiver has called the API {number} times",
        "eventually this many calls, refused ones included, and no more within `quiet_for`",
        |values| Ok(Expectation::Api(ApiExpectation::Calls(count(values)?))),
    ),
    Phrase::new("the receiver has called the API at most once", "no more so far", |_| {
        Ok(Expectation::Api(ApiExpectation::CallsAtMost(1)))
    }),
    Phrase::new(
        "the receiver has called the API at most {number} times",
        "no more so far, nor within `quiet_for`",
        |values| Ok(Expectation::Api(ApiExpectation::CallsAtMost(count(values)?))),
    ),
];

fn which(values: &Values<'_>) -> Which {
    Which::Of { trigger: values.text("trigger"), who: values.text("who") }
}

fn state(values: &Values<'_>, belief: Belief) -> Expectation {
    let [who, kind, state] = ["who", "kind", "text"].map(|placeholder| values.text(placeholder));
    Expectation::State { who, kind, state, belief }
}

fn count(values: &Values<'_>) -> Result<usize, String> {
    values.number(0, u32::MAX).map(|count| count as usize)
}

fn last_token_request(expected: ExpectedAnswer) -> Expectation {
    Expectation::Tokens(TokenExpectation::Last(expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase::row;

    #[test]
    fn the_pattern_of_every_expectation_can_be_read() {
        let table = [("status".to_owned(), "open".to_owned())];
        for expectation in EXPECTATIONS {
            let text = expectation
                .pattern
                .replace("{who}", "Anna")
                .replace("{whom}", "Bo")
                .replace("{kind}", "position")
                .replace("{vendor}", "Ombori")
                .replace("{trigger}", "positionCalled")
                .replace("{text}", "\"completed\"")
                .replace("{duration}", "5 minutes")
                .replace("{number}", "3");
            assert!(
                matches!(row::read_with_table(EXPECTATIONS, &text, &table), Some(Ok(_))),
                "{text}"
            );
        }
    }
}
