//! How faults are said.
//!
//! `every positionCalled of Anna is delivered twice`: which webhooks, then what happens to them.
//! The same words in Gherkin, in scenario files and wherever else faults are given. What they do to
//! a body is in [`damage`](super::damage), to credentials in [`sign`].

use std::sync::LazyLock;
use std::time::Duration;

use regex::{Captures, Regex};

use crate::model::fault::{Amount, BodyDamage, CredentialDamage};
use crate::model::policy::SignedPart;
use crate::model::{Authentication, Effect, Fault, RequestKind, Webhook, Which};
use crate::policy::{sign, token};
use crate::text::duration;
use crate::vendors::phrase::{self, unquoted};

/// Every effect as it is said, with what it does.
pub const EFFECTS: &[(&str, &str)] = &[
    ("is delivered twice", "once more after the first, with the same bytes"),
    ("is delivered {number} times", "again and again, one after the other"),
    ("is delivered twice at the same instant", "two at once, on connections of their own"),
    ("is delivered {number} times at the same instant", "so many at once"),
    ("is overtaken by the next one", "held back until the next webhook has been delivered"),
    ("is overtaken by the next {number}", "held back until so many have been delivered"),
    ("is delayed by {duration}", "leaves later, in virtual time"),
    ("is lost", "never sent"),
    ("arrives but its answer is lost", "a failed attempt for the vendor, not for the receiver"),
    (
        "is answered {number} by a gateway",
        "never arrives; the vendor sees this status, and retries",
    ),
    (
        "is answered {number} by a gateway with Retry-After {duration}",
        "the same, and is asked to wait so long",
    ),
    (
        "arrives but is answered {number} by a gateway",
        "the vendor sees this status in place of the receiver's answer",
    ),
    (
        "is answered with {text} by a gateway",
        "of a token request: never arrives; the vendor sees a 200 with this body",
    ),
    ("times out on its way", "never arrives; the vendor waits in vain, and retries"),
    ("arrives truncated", "the last third of the body is missing"),
    ("arrives as invalid JSON", "the body is not JSON"),
    ("arrives with broken UTF-8", "the body is not UTF-8"),
    ("arrives with content type {text}", "another Content-Type"),
    ("arrives with trigger {text}", "a body that names another trigger"),
    ("arrives without field {text}", "the field at this dotted path is taken out"),
    ("arrives with field {text} as {json}", "the field is set to this JSON value, or added"),
    ("arrives with a body of {number} kB", "grown by a field of padding"),
    ("arrives in another JSON form", "the same JSON in other bytes, signed as sent: all is well"),
    ("is tampered with after signing", "one more value in the body; the signature is the old one"),
    (
        "is re-serialised after signing",
        "the same JSON in other bytes; the signature is the old one",
    ),
    ("is reset in mid-body", "the connection is reset after half of the body"),
    ("is sent slowly over {duration}", "the body trickles in over this long a real time"),
    ("arrives without credentials", "no credentials at all"),
    ("arrives with empty credentials", "the header is there, and empty"),
    ("arrives with malformed credentials", "credentials that are not even of the right form"),
    (
        "arrives with wrong credentials",
        "credentials of the right form that are not right: a made-up token, a signature made with another secret",
    ),
    ("arrives with an expired token", "one that the receiver gave out, and that has expired"),
    ("arrives with a revoked token", "one that the receiver gave out and then revoked"),
    ("arrives with the token of another client", "one that the receiver gave to somebody else"),
    (
        "arrives signed for another URL",
        "signed for the path / of the receiver, in place of the URL",
    ),
    ("arrives with two signatures", "a wrong one, then the right one, in two header lines"),
];

/// The longest that a webhook is delayed, or that a gateway asks to wait.
const LONGEST_DELAY: Duration = Duration::from_secs(366 * DAY);
/// A day in seconds.
const DAY: u64 = 86_400;

/// The most keys of a path.
const DEEPEST: usize = 100;

/// Which webhooks a fault can strike, as it is said.
pub const WHICH: &[(&str, &str)] = &[
    ("every webhook", "all of them"),
    ("every {trigger}", "all of this trigger"),
    ("the next webhook", "only the next one"),
    ("the next {trigger}", "only the next one of this trigger"),
    ("{number}% of webhooks", "so many of a hundred, by the seed"),
    ("every token request", "each request for a token that a webhook needs"),
    ("the next token request", "only that for the next webhook"),
    ("… of {who}", "behind any of these: only about this subject"),
    ("attempt {number} of …", "before any of these: only this attempt of each delivery"),
];

static SAID: LazyLock<Regex> = LazyLock::new(|| {
    let name = phrase::NAME;
    let which = format!(
        r"^(?:attempt (?<attempt>\d{{1,4}}) of )?(?:(?<every>every)|(?<next>the next)|(?<share>\d{{1,3}}(?:\.\d+)?)% of) (?<what>token requests?|webhooks?|[A-Za-z][\w.\-]*)(?: of (?<who>{name}))? (?<effect>(?:is|arrives|times) .+)$"
    );
    Regex::new(&which).unwrap_or_else(|error| panic!("the pattern of faults: {error}"))
});

/// Reads a fault. None if the text does not begin like one.
///
/// # Errors
/// If it begins like a fault and its effect is unknown or a value in it is wrong: what would be right.
pub fn read(text: &str) -> Option<Result<Fault, String>> {
    let said = SAID.captures(text)?;
    Some(fault(text, &said))
}

fn fault(text: &str, said: &Captures<'_>) -> Result<Fault, String> {
    let group = |name: &str| said.name(name).map(|found| found.as_str());
    let number = |name: &str| group(name).and_then(|digits| digits.parse::<f64>().ok());
    let amount = match (group("every"), group("next"), number("share").unwrap_or_default()) {
        (Some(_), ..) => Amount::Every,
        (_, Some(_), _) => Amount::Next,
        (_, _, share) if (0.0..=100.0).contains(&share) => Amount::Share(share / 100.0),
        (_, _, share) => {
            return Err(format!(
                "{share}% of webhooks are more than there are: a share is at most 100%"
            ));
        }
    };
    let attempt = number("attempt").map(|attempt| attempt as u32);
    if attempt == Some(0) {
        return Err("attempts are counted from 1".to_owned());
    }
    let effect = effect(group("effect").unwrap_or_default())?;
    if attempt.is_some() && matches!(effect, Effect::Delayed(_) | Effect::Overtaken(_)) {
        return Err("this happens to a whole delivery: leave out `attempt … of`".to_owned());
    }
    let what = group("what").unwrap_or_default();
    let request = match what {
        "token request" | "token requests" => RequestKind::Token,
        _ => RequestKind::Webhook,
    };
    if let Some(other) = never_strikes(request, &effect) {
        return Err(other.to_owned());
    }
    let any = request == RequestKind::Token || ["webhook", "webhooks"].contains(&what);
    let which = Which {
        request,
        amount,
        trigger: (!any).then(|| what.to_owned()),
        name: group("who").map(unquoted),
        attempt,
    };
    Ok(Fault { which, effect, said: text.to_owned() })
}

/// Why an effect is none of requests of this kind, if it is not.
fn never_strikes(request: RequestKind, effect: &Effect) -> Option<&'static str> {
    let of_tokens = match effect {
        Effect::Lost
        | Effect::AnswerLost
        | Effect::Gateway { .. }
        | Effect::AnswerReplaced(_)
        | Effect::AnswerBody(_)
        | Effect::TimedOut
        | Effect::Reset
        | Effect::Slow(_)
        | Effect::ContentType(_) => true,
        Effect::Credentials(damage) => {
            use CredentialDamage::{Empty, Malformed, Missing, Wrong};
            matches!(damage, Missing | Empty | Malformed | Wrong)
        }
        _ => false,
    };
    match (request, effect) {
        (RequestKind::Token, _) if !of_tokens => {
            Some("this happens to webhooks, and not to token requests")
        }
        (RequestKind::Webhook, Effect::AnswerBody(_)) => Some(
            "of the answer to a webhook only the status counts; of one to a token request the body: `every token request is answered with …`",
        ),
        _ => None,
    }
}

fn effect(text: &str) -> Result<Effect, String> {
    let found = EFFECTS
        .iter()
        .find_map(|(pattern, _)| phrase::capture(pattern, text).map(|values| (*pattern, values)));
    let Some((pattern, values)) = found else {
        let near = phrase::nearest_phrase(text, EFFECTS.iter().map(|(pattern, _)| *pattern));
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(format!("`{text}` is not a fault{near}"));
    };
    let value = |place: usize| values.get(place).map_or("", |(_, text)| text.as_str());
    let number = |least: u32, most: u32| {
        value(0)
            .parse::<u32>()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| format!("`{}` must be a whole number from {least} to {most}", value(0)))
    };
    let length = |place: usize, most: Duration| {
        duration(value(place)).filter(|length| *length <= most).ok_or_else(|| {
            let most = match most.as_secs() {
                seconds if seconds % DAY == 0 => format!("{} days", seconds / DAY),
                seconds => format!("{seconds}s"),
            };
            format!("`{}` must be a length of time such as 90s, at most {most}", value(place))
        })
    };
    let status = || {
        let why = match value(0).parse::<u16>() {
            // Whether the vendor takes it for a success is not known here.
            Ok(status @ 201..600) => return Ok(status),
            Ok(200) => "what a gateway accepted would never be sent again",
            Ok(100..200) => "behind a lower one another answer is still to come",
            _ => "HTTP has no others that are a refusal or a failure",
        };
        Err(format!("`{}` must be a status from 201 to 599: {why}", value(0)))
    };
    let text = unquoted(value(0));
    Ok(match pattern {
        "is delivered twice" => Effect::Repeat(2),
        "is delivered {number} times" => Effect::Repeat(number(2, 1000)?),
        "is delivered twice at the same instant" => Effect::Simultaneous(2),
        "is delivered {number} times at the same instant" => Effect::Simultaneous(number(2, 64)?),
        "is overtaken by the next one" => Effect::Overtaken(1),
        "is overtaken by the next {number}" => Effect::Overtaken(number(1, 1000)?),
        "is delayed by {duration}" => Effect::Delayed(length(0, LONGEST_DELAY)?),
        "is lost" => Effect::Lost,
        "arrives but its answer is lost" => Effect::AnswerLost,
        "is answered {number} by a gateway" => {
            Effect::Gateway { status: status()?, retry_after: None }
        }
        "is answered {number} by a gateway with Retry-After {duration}" => {
            Effect::Gateway { status: status()?, retry_after: Some(length(1, LONGEST_DELAY)?) }
        }
        "arrives but is answered {number} by a gateway" => Effect::AnswerReplaced(status()?),
        "is answered with {text} by a gateway" => Effect::AnswerBody(text),
        "times out on its way" => Effect::TimedOut,
        "arrives truncated" => Effect::Body(BodyDamage::Truncated),
        "arrives as invalid JSON" => Effect::Body(BodyDamage::InvalidJson),
        "arrives with broken UTF-8" => Effect::Body(BodyDamage::BrokenUtf8),
        "arrives with content type {text}" => content_type(text)?,
        "arrives with trigger {text}" => Effect::Body(BodyDamage::Trigger(text)),
        "arrives without field {text}" => Effect::Body(BodyDamage::Without(path(text)?)),
        "arrives with field {text} as {json}" => {
            let value = serde_json::from_str(value(1))
                .map_err(|error| format!("`{}` is not JSON: {error}", value(1)))?;
            Effect::Body(BodyDamage::With(path(text)?, value))
        }
        "arrives with a body of {number} kB" => {
            Effect::Body(BodyDamage::Grown(number(1, 65_536)? as usize * 1000))
        }
        "arrives in another JSON form" => Effect::Body(BodyDamage::OtherForm),
        "is tampered with after signing" => Effect::AfterSigning(BodyDamage::Tampered),
        "is re-serialised after signing" => Effect::AfterSigning(BodyDamage::Spaced),
        "is reset in mid-body" => Effect::Reset,
        "is sent slowly over {duration}" => Effect::Slow(length(0, Duration::from_secs(60))?),
        "arrives without credentials" => Effect::Credentials(CredentialDamage::Missing),
        "arrives with empty credentials" => Effect::Credentials(CredentialDamage::Empty),
        "arrives with wrong credentials" => Effect::Credentials(CredentialDamage::Wrong),
        "arrives signed for another URL" => Effect::Credentials(CredentialDamage::OtherUrl),
        "arrives with two signatures" => Effect::Credentials(CredentialDamage::Doubled),
        "arrives with malformed credentials" => Effect::Credentials(CredentialDamage::Malformed),
        "arrives with an expired token" => Effect::Credentials(CredentialDamage::Expired),
        "arrives with a revoked token" => Effect::Credentials(CredentialDamage::Revoked),
        "arrives with the token of another client" => {
            Effect::Credentials(CredentialDamage::OtherClient)
        }
        other => panic!("no effect is behind the pattern {other}"),
    })
}

/// A dotted path: keys with a dot between them, and not more than a body could have.
fn path(text: String) -> Result<String, String> {
    let deep = text.split('.').count() > DEEPEST;
    if deep || text.split('.').any(str::is_empty) {
        return Err(format!(
            "a field is said like `data.position.id`: up to {DEEPEST} keys, with a dot between them"
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

/// Why a fault is none, or cannot be made, under the credentials that are set up: what standin.yaml
/// lacks for it.
pub fn lacks(fault: &Fault, authentication: &Authentication) -> Option<String> {
    let about_credentials = fault.which.request == RequestKind::Token
        || matches!(fault.effect, Effect::Credentials(_) | Effect::AfterSigning(_));
    if about_credentials && !sign::has_credentials(authentication) {
        return Some("no credentials are set up for this vendor in standin.yaml".to_owned());
    }
    let (Effect::Credentials(damage), Authentication::Token(oauth)) =
        (&fault.effect, authentication)
    else {
        return None;
    };
    let lacking = token::lacking(oauth, *damage)?;
    Some(format!("standin.yaml gives no `oauth.{lacking}` for this vendor"))
}

/// Whether a fault is one of tokens alone.
pub fn needs_tokens(fault: &Fault) -> bool {
    use CredentialDamage::{Expired, OtherClient, Revoked};
    fault.which.request == RequestKind::Token
        || matches!(fault.effect, Effect::Credentials(Expired | Revoked | OtherClient))
}

/// What a vendor must sign for a fault to be one: none if it need not sign anything.
pub fn must_sign(effect: &Effect) -> Option<&'static [SignedPart]> {
    match effect {
        Effect::Credentials(CredentialDamage::OtherUrl) => Some(&[SignedPart::Url]),
        Effect::Credentials(CredentialDamage::Doubled) => Some(&[]),
        Effect::AfterSigning(_) => Some(&[SignedPart::Body]),
        _ => None,
    }
}

/// Whether a fault is about a webhook; draws of a share and numbers of attempts left aside.
pub fn matches(which: &Which, webhook: &Webhook) -> bool {
    let name = webhook.name.as_deref();
    which.trigger.as_ref().is_none_or(|trigger| trigger == webhook.trigger)
        && which.name.as_ref().is_none_or(|wanted| name == Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        read(text).expect("it begins like a fault").expect("it is one")
    }

    #[test]
    fn a_fault_says_which_webhooks_and_what_happens_to_them() {
        let fault =
            fault("attempt 1 of every positionCalled of Anna arrives but its answer is lost");
        assert_eq!(fault.which.amount, Amount::Every);
        assert_eq!(fault.which.trigger.as_deref(), Some("positionCalled"));
        assert_eq!(fault.which.name.as_deref(), Some("Anna"));
        assert_eq!(fault.which.attempt, Some(1));
        assert_eq!(fault.effect, Effect::AnswerLost);
    }

    #[test]
    fn shares_and_values_are_read() {
        assert_eq!(fault("2.5% of webhooks is lost").which.amount, Amount::Share(0.025));
        let with = fault(r#"the next webhook arrives with field "data.a" as {"b": [1]}"#);
        let value = serde_json::json!({"b": [1]});
        assert_eq!(with.effect, Effect::Body(BodyDamage::With("data.a".to_owned(), value)));
    }

    #[test]
    fn what_happens_on_the_way_is_told_apart() {
        let retry_after = Some(Duration::from_secs(90));
        for (text, effect) in [
            ("is answered 503 by a gateway", Effect::Gateway { status: 503, retry_after: None }),
            (
                "is answered 429 by a gateway with Retry-After 90s",
                Effect::Gateway { status: 429, retry_after },
            ),
            ("arrives but is answered 504 by a gateway", Effect::AnswerReplaced(504)),
            ("times out on its way", Effect::TimedOut),
        ] {
            let fault = fault(&format!("attempt 2 of every visit.created of Anna {text}"));
            assert_eq!(fault.effect, effect);
            assert_eq!(fault.which.trigger.as_deref(), Some("visit.created"));
        }
        let accepted = effect("is answered 200 by a gateway").expect_err("that is accepted");
        assert!(accepted.contains("would never be sent again"), "{accepted}");
        let unknown = effect("is answered 999 by a gateway").expect_err("there is none");
        assert!(
            unknown.ends_with("HTTP has no others that are a refusal or a failure"),
            "{unknown}"
        );
    }

    #[test]
    fn token_requests_are_struck_by_what_can_happen_to_them() {
        let struck = fault("attempt 2 of every token request of Anna is answered 500 by a gateway");
        assert_eq!((struck.which.request, struck.which.attempt), (RequestKind::Token, Some(2)));
        assert_eq!((struck.which.trigger, struck.which.name.as_deref()), (None, Some("Anna")));
        let body = fault(r#"the next token request is answered with "{}" by a gateway"#);
        assert_eq!(body.effect, Effect::AnswerBody("{}".to_owned()));
        assert_eq!(fault("every webhook is lost").which.request, RequestKind::Webhook);
        for text in [
            "every token request is delivered twice",
            "every token request arrives truncated",
            "every token request arrives with an expired token",
            r#"every webhook is answered with "{}" by a gateway"#,
        ] {
            assert!(read(text).expect("it begins like a fault").is_err(), "{text}");
        }
    }

    #[test]
    fn every_effect_can_be_said() {
        for (pattern, _) in EFFECTS {
            let text = pattern
                .replace("{number} by a gateway", "503 by a gateway")
                .replace("{number}", "3")
                .replace("{duration}", "10s")
                .replace("{text}", "\"a\"")
                .replace("{json}", "null");
            assert!(effect(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_unknown_effect_suggests_the_nearest() {
        let problem = read("every webhook is delivered twise").expect("begins so").expect_err("no");
        assert!(problem.contains("did you mean `is delivered twice`?"), "{problem}");
        assert!(read("staff call Anna").is_none());
    }

    #[test]
    fn values_out_of_bounds_are_refused() {
        for text in [
            "999% of webhooks is lost",
            "attempt 0 of every webhook is lost",
            "every webhook is answered 200 by a gateway",
            "every webhook is answered 600 by a gateway",
            "every webhook is answered 503 by a gateway with Retry-After soon",
            "every webhook arrives without field \"\"",
            "every webhook arrives without field \"a..b\"",
            "every webhook arrives with field \".\" as 1",
            &format!("every webhook arrives with field \"{}b\" as 1", "a.".repeat(50_000)),
        ] {
            assert!(read(text).expect("it begins like a fault").is_err(), "{text}");
        }
    }
}
