//! The phrases for the effects of faults.

use std::time::Duration;

use crate::model::fault::{AssertionDamage, BodyDamage, CredentialDamage, Near, WireForm};
use crate::model::{Effect, unreadable};
use crate::phrase::{Phrase, Values};
use crate::policy::lone;

/// Every effect.
pub const EFFECTS: &[Phrase<Effect>] = &[
    // When and how often it is delivered.
    Phrase::new("is delivered twice", "a second time after the first, with the same bytes", |_| {
        Ok(Effect::Repeat(2))
    }),
    Phrase::new("is delivered {number} times", "this many times, one after the other", |values| {
        Ok(Effect::Repeat(values.number(2, MOST_REPEATED)?))
    }),
    Phrase::new(
        "is delivered twice at the same instant",
        "two at once, on connections of their own",
        |_| Ok(Effect::Simultaneous(2)),
    ),
    Phrase::new("is delivered {number} times at the same instant", "this many at once", |values| {
        Ok(Effect::Simultaneous(values.number(2, MOST_SIMULTANEOUS)?))
    }),
    Phrase::new(
        "is overtaken by the next one",
        "held back until the next webhook has been delivered",
        |_| Ok(Effect::Overtaken(1)),
    ),
    Phrase::new(
        "is overtaken by the next {number}",
        "held back until this many have been delivered",
        |values| Ok(Effect::Overtaken(values.number(1, MOST_REPEATED)?)),
    ),
    Phrase::new("is delayed by {duration}", "sent later, in virtual time", |values| {
        Ok(Effect::Delayed(at_most(values.duration()?, LONGEST_DELAY)?))
    }),
    // What happens on the way.
    Phrase::new("is lost", "never sent", |_| Ok(Effect::Lost)),
    Phrase::new(
        "arrives but its answer is lost",
        "a failed attempt for the vendor, not for the receiver",
        |_| Ok(Effect::AnswerLost),
    ),
    Phrase::new(
        "is answered {number} by a gateway",
        "never arrives; the vendor sees this status and retries",
        |values| Ok(Effect::Gateway { status: status(values)?, retry_after: None }),
    ),
    Phrase::new(
        "is answered {number} by a gateway with Retry-After {duration}",
        "the same, and the answer asks the vendor to wait this long",
        |values| {
            let retry_after = Some(at_most(values.duration()?, LONGEST_DELAY)?);
            Ok(Effect::Gateway { status: status(values)?, retry_after })
        },
    ),
    Phrase::new(
        "arrives but is answered {number} by a gateway",
        "the vendor sees this status in place of the receiver's answer",
        |values| Ok(Effect::AnswerReplaced(status(values)?)),
    ),
    Phrase::new(
        "is answered with {text} by a gateway",
        "only a token request: it never arrives; the vendor sees a 200 with this body",
        |values| Ok(Effect::AnswerBody(values.text("text"))),
    ),
    Phrase::new(
        "times out on its way",
        "never arrives; the vendor gets no answer and retries",
        |_| Ok(Effect::TimedOut),
    ),
    Phrase::new("is reset mid-body", "the connection is reset after half of the body", |_| {
        Ok(Effect::Reset)
    }),
    Phrase::new(
        "is sent slowly over {duration}",
        "the body trickles in over this time (real time)",
        |values| Ok(Effect::Slow(at_most(values.duration()?, SLOWEST)?)),
    ),
    Phrase::new(
        "arrives, and the vendor hangs up after {duration}",
        "the vendor closes the connection this long afterwards (real time), sees no answer, and retries",
        |values| Ok(Effect::HangUp(at_most(values.duration()?, LATEST_HANG_UP)?)),
    ),
    // Other forms of a request that mean the same.
    Phrase::new("arrives in HTTP/1.0", "the same request in an older version of HTTP", |_| {
        Ok(Effect::Form(WireForm::Http10))
    }),
    Phrase::new("arrives in chunks", "the body comes in chunks, without a Content-Length", |_| {
        Ok(Effect::Form(WireForm::Chunked))
    }),
    Phrase::new(
        "arrives with header names in lower case",
        "`content-type` in place of `Content-Type`",
        |_| Ok(Effect::Form(WireForm::LowerCase)),
    ),
    Phrase::new(
        "arrives with header names in upper case",
        "`CONTENT-TYPE` in place of `Content-Type`",
        |_| Ok(Effect::Form(WireForm::UpperCase)),
    ),
    Phrase::new(
        "waits for 100 Continue before its body",
        "`Expect: 100-continue`: the body comes when the receiver asks for it, or after a second",
        |_| Ok(Effect::Form(WireForm::Expecting)),
    ),
    Phrase::new(
        "arrives on a persistent connection",
        "over a connection that other requests have used, if one is open",
        |_| Ok(Effect::Form(WireForm::Persistent)),
    ),
    Phrase::new(
        "arrives compressed with gzip",
        "`Content-Encoding: gzip`; the signature is that of the body before (assumed)",
        |_| Ok(Effect::Form(WireForm::Gzip)),
    ),
    // The body.
    Phrase::new("arrives truncated", "the last third of the body is missing", |_| {
        Ok(Effect::Body(BodyDamage::Truncated))
    }),
    Phrase::new("arrives as invalid JSON", "the body is not JSON", |_| {
        Ok(Effect::Body(BodyDamage::InvalidJson))
    }),
    Phrase::new("arrives with broken UTF-8", "the body is not UTF-8", |_| {
        Ok(Effect::Body(BodyDamage::BrokenUtf8))
    }),
    Phrase::new(
        "arrives with a byte order mark",
        "three bytes before the JSON, which must not be there",
        |_| Ok(Effect::Body(BodyDamage::ByteOrderMark)),
    ),
    Phrase::new("arrives with content type {text}", "another Content-Type", |values| {
        content_type(values.text("text"))
    }),
    Phrase::new("arrives with trigger {text}", "the body names another trigger", |values| {
        Ok(Effect::Body(BodyDamage::Trigger(values.text("text"))))
    }),
    Phrase::new(
        "arrives without field {text}",
        "the field at this dotted path is removed",
        |values| Ok(Effect::Body(BodyDamage::Without(path(values.text("text"))?))),
    ),
    Phrase::new(
        "arrives with field {text} as {json}",
        "the field is set to this JSON value, or added",
        |values| {
            let json = values.raw("json");
            let value = serde_json::from_str(&lone::marked(json))
                .map_err(|error| format!("`{json}` {}", unreadable::json(&error)))?;
            Ok(Effect::Body(BodyDamage::With(path(values.text("text"))?, value)))
        },
    ),
    Phrase::new("arrives with a body of {number} kB", "grown by a field of padding", |values| {
        Ok(Effect::Body(BodyDamage::Grown(values.number(1, 65_536)? as usize * 1000)))
    }),
    Phrase::new(
        "arrives as reformatted JSON",
        "the same JSON in other bytes, signed as sent: nothing is wrong with it",
        |_| Ok(Effect::Body(BodyDamage::OtherForm)),
    ),
    Phrase::new(
        "arrives as a reformatted form",
        "the same fields in other bytes, signed as sent: nothing is wrong with it",
        |_| Ok(Effect::Body(BodyDamage::OtherForm)),
    ),
    Phrase::new(
        "is tampered with after signing",
        "one more value or field in the body; the signature is the old one",
        |_| Ok(Effect::AfterSigning(BodyDamage::Tampered)),
    ),
    Phrase::new(
        "is re-serialised after signing",
        "the same JSON or form in other bytes; the signature is the old one",
        |_| Ok(Effect::AfterSigning(BodyDamage::Spaced)),
    ),
    // The credentials.
    Phrase::new("arrives without credentials", "no credentials at all", |_| {
        Ok(Effect::Credentials(CredentialDamage::Missing))
    }),
    Phrase::new("arrives with empty credentials", "the header is there, and empty", |_| {
        Ok(Effect::Credentials(CredentialDamage::Empty))
    }),
    Phrase::new(
        "arrives with malformed credentials",
        "credentials that do not even have the right form",
        |_| Ok(Effect::Credentials(CredentialDamage::Malformed)),
    ),
    Phrase::new(
        "arrives with wrong credentials",
        "well-formed but wrong: a made-up token, or a signature made with another secret",
        |_| Ok(Effect::Credentials(CredentialDamage::Wrong)),
    ),
    Phrase::new(
        "arrives with credentials that differ in the first character",
        "the right ones but for that; a signature differs in its bytes",
        |_| Ok(nearly(Near::First)),
    ),
    Phrase::new("arrives with credentials that differ in the middle", "in one character", |_| {
        Ok(nearly(Near::Middle))
    }),
    Phrase::new("arrives with credentials that differ in the last character", "the same", |_| {
        Ok(nearly(Near::Last))
    }),
    Phrase::new(
        "arrives with credentials in another case",
        "one letter is; without letters the last character differs",
        |_| Ok(nearly(Near::Case)),
    ),
    Phrase::new("arrives with credentials with more padding", "an equals sign more", |_| {
        Ok(nearly(Near::Padded))
    }),
    Phrase::new("arrives with the first half of the credentials", "a prefix of them", |_| {
        Ok(nearly(Near::Shorter))
    }),
    Phrase::new("arrives with more than the credentials", "one character more", |_| {
        Ok(nearly(Near::Longer))
    }),
    Phrase::new(
        "arrives with the signature of another body",
        "made with the right secret for the right URL",
        |_| Ok(Effect::Credentials(CredentialDamage::OtherBody)),
    ),
    Phrase::new(
        "arrives with another grant type",
        "a token request with `grant_type=password`",
        |_| Ok(Effect::Credentials(CredentialDamage::OtherGrant)),
    ),
    Phrase::new(
        "arrives with an unknown client id",
        "a token request with the right secret and the id of a client that does not exist",
        |_| Ok(Effect::Credentials(CredentialDamage::UnknownClient)),
    ),
    Phrase::new(
        "arrives with its secret in another field",
        "a token request with `secret` instead of `client_secret`",
        |_| Ok(Effect::Credentials(CredentialDamage::OtherField)),
    ),
    Phrase::new(
        "arrives with an expired assertion",
        "a token request whose JWT expired a day ago",
        |_| Ok(assertion(AssertionDamage::Expired)),
    ),
    Phrase::new("arrives with an assertion that never expires", "its JWT has no `exp`", |_| {
        Ok(assertion(AssertionDamage::Endless))
    }),
    Phrase::new(
        "arrives with an assertion for another audience",
        "its JWT is rightly signed, for somebody else (`aud`)",
        |_| Ok(assertion(AssertionDamage::Audience)),
    ),
    Phrase::new(
        "arrives with an assertion of another issuer",
        "its JWT is rightly signed and says that somebody else made it (`iss`)",
        |_| Ok(assertion(AssertionDamage::Issuer)),
    ),
    Phrase::new(
        "arrives with an assertion about another subject",
        "its JWT is rightly signed and is about somebody else (`sub`)",
        |_| Ok(assertion(AssertionDamage::Subject)),
    ),
    Phrase::new(
        "arrives with an unsigned assertion",
        "its JWT says that its algorithm is `none`",
        |_| Ok(assertion(AssertionDamage::Unsigned)),
    ),
    Phrase::new(
        "arrives with an assertion that was used before",
        "its JWT, with the same `jti`, has brought a token already",
        |_| Ok(assertion(AssertionDamage::Used)),
    ),
    Phrase::new(
        "arrives with an expired token",
        "one that the receiver issued and that has expired",
        |_| Ok(Effect::Credentials(CredentialDamage::Expired)),
    ),
    Phrase::new(
        "arrives with a revoked token",
        "one that the receiver issued and then revoked",
        |_| Ok(Effect::Credentials(CredentialDamage::Revoked)),
    ),
    Phrase::new(
        "arrives with the token of another client",
        "one that the receiver issued to another client",
        |_| Ok(Effect::Credentials(CredentialDamage::OtherClient)),
    ),
    Phrase::new(
        "arrives signed for another URL",
        "signed for the path / of the receiver instead of the URL",
        |_| Ok(Effect::Credentials(CredentialDamage::OtherUrl)),
    ),
    Phrase::new(
        "arrives signed {duration} ago",
        "rightly signed, with a time of sending that long before",
        |values| moved(-1, values.duration()?),
    ),
    Phrase::new(
        "arrives signed {duration} ahead of time",
        "rightly signed, with a time of sending that long after",
        |values| moved(1, values.duration()?),
    ),
    Phrase::new(
        "arrives with a newer time than was signed",
        "the time of sending is now; the signature is a day older",
        |_| Ok(Effect::Credentials(CredentialDamage::OtherTime)),
    ),
    Phrase::new(
        "arrives with another id than was signed",
        "as if somebody sent an old webhook as a new one",
        |_| Ok(Effect::Credentials(CredentialDamage::OtherId)),
    ),
    Phrase::new("arrives without its time of sending", "which the signature covers", |_| {
        Ok(Effect::Credentials(CredentialDamage::NoTime))
    }),
    Phrase::new("arrives without its id", "which the signature covers", |_| {
        Ok(Effect::Credentials(CredentialDamage::NoId))
    }),
    Phrase::new(
        "arrives with a second signature by an older key",
        "behind the right one, in one header, as while a key is replaced",
        |_| Ok(Effect::Credentials(CredentialDamage::WithOlderKey)),
    ),
    Phrase::new(
        "arrives with a second signature by a newer key",
        "before the right one, in one header",
        |_| Ok(Effect::Credentials(CredentialDamage::WithNewerKey)),
    ),
    Phrase::new(
        "arrives with only its first credential wrong",
        "of several request headers, by their names",
        |_| Ok(Effect::Credentials(CredentialDamage::FirstWrong)),
    ),
    Phrase::new(
        "arrives with only its last credential wrong",
        "of several request headers, by their names",
        |_| Ok(Effect::Credentials(CredentialDamage::LastWrong)),
    ),
    Phrase::new(
        "arrives with two signatures",
        "a wrong one, then the right one, in two header lines",
        |_| Ok(Effect::Credentials(CredentialDamage::Doubled)),
    ),
];

/// A time of sending that is this much later, or earlier if the sign is negative.
fn moved(sign: i64, by: Duration) -> Result<Effect, String> {
    let by = at_most(by, LONGEST_DELAY)?.as_secs().cast_signed();
    Ok(Effect::Credentials(CredentialDamage::Moved(sign * by)))
}

fn assertion(damage: AssertionDamage) -> Effect {
    Effect::Credentials(CredentialDamage::Assertion(damage))
}

fn nearly(near: Near) -> Effect {
    Effect::Credentials(CredentialDamage::Nearly(near))
}

/// The most deliveries of one webhook, and the most webhooks that can overtake one.
const MOST_REPEATED: u32 = 1000;
/// The most deliveries of one webhook at the same instant. Each opens a connection.
const MOST_SIMULTANEOUS: u32 = 64;
/// A day in seconds.
const DAY: u64 = 86_400;
/// The longest delay of a webhook, and the longest `Retry-After` of a gateway.
const LONGEST_DELAY: Duration = Duration::from_secs(366 * DAY);
/// The longest time that sending a slow body takes, in real time.
const SLOWEST: Duration = Duration::from_secs(60);
/// The longest time after which a vendor hangs up, in real time.
const LATEST_HANG_UP: Duration = Duration::from_secs(60);
/// The most keys in a path.
const DEEPEST: usize = 100;

fn at_most(length: Duration, most: Duration) -> Result<Duration, String> {
    if length <= most {
        return Ok(length);
    }
    let most = match most.as_secs() {
        seconds if seconds % DAY == 0 => format!("{} days", seconds / DAY),
        seconds => format!("{seconds}s"),
    };
    Err(format!("{length:?} is too long: it is at most {most}"))
}

/// The status that a gateway answers. Whether the vendor accepts it depends on the policy, which
/// is not known here.
fn status(values: &Values<'_>) -> Result<u16, String> {
    let number = values.raw("number");
    let why = match number.parse::<u16>() {
        Ok(status @ 201..600) => return Ok(status),
        Ok(200) => "a webhook that a gateway accepted would never be sent again",
        Ok(100..200) => "a lower status is not final: another one follows it",
        _ => "no other status means that a request was refused or failed",
    };
    Err(format!("`{number}` must be a status from 201 to 599: {why}"))
}

/// A dotted path, not deeper than a body can be.
fn path(text: String) -> Result<String, String> {
    let deep = text.split('.').count() > DEEPEST;
    if deep || text.split('.').any(str::is_empty) {
        return Err(format!(
            "a field is written like `data.position.id`: up to {DEEPEST} keys, separated by dots"
        ));
    }
    Ok(text)
}

fn content_type(text: String) -> Result<Effect, String> {
    let sendable = !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if sendable {
        Ok(Effect::ContentType(text))
    } else {
        Err(format!("`{text}` cannot be sent in a header"))
    }
}
