//! How faults are said, and what they do to a request.
//!
//! `every positionCalled of Anna is delivered twice`: which webhooks, then what happens to them.
//! The same words in Gherkin, in scenario files and wherever else faults are given.

use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use regex::{Captures, Regex};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::{HeaderValue, Request};
use crate::model::fault::{Amount, BodyDamage, CredentialDamage};
use crate::model::settings::duration;
use crate::model::{Effect, Fault, Secret, Webhook, Which};
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
    ("arrives truncated", "the last third of the body is missing"),
    ("arrives as invalid JSON", "the body is not JSON"),
    ("arrives with broken UTF-8", "the body is not UTF-8"),
    ("arrives with content type {text}", "another Content-Type"),
    ("arrives with trigger {text}", "a body that names another trigger"),
    ("arrives without field {text}", "the field at this dotted path is taken out"),
    ("arrives with field {text} as {json}", "the field is set to this JSON value, or added"),
    ("arrives with a body of {number} kB", "grown by a field of padding"),
    ("is reset in mid-body", "the connection is reset after half of the body"),
    ("is sent slowly over {duration}", "the body trickles in over this long a real time"),
    ("arrives without credentials", "no credentials at all"),
    ("arrives with wrong credentials", "credentials of the right form that are not right"),
    ("arrives with malformed credentials", "credentials that are not even of the right form"),
];

/// The most keys of a path.
const DEEPEST: usize = 100;

/// Which webhooks a fault can strike, as it is said.
pub const WHICH: &[(&str, &str)] = &[
    ("every webhook", "all of them"),
    ("every {trigger}", "all of this trigger"),
    ("the next webhook", "only the next one"),
    ("the next {trigger}", "only the next one of this trigger"),
    ("{number}% of webhooks", "so many of a hundred, by the seed"),
    ("… of {who}", "behind any of these: only about this subject"),
    ("attempt {number} of …", "before any of these: only this attempt of each delivery"),
];

static SAID: LazyLock<Regex> = LazyLock::new(|| {
    let name = phrase::NAME;
    let which = format!(
        r"^(?:attempt (?<attempt>\d{{1,4}}) of )?(?:(?<every>every)|(?<next>the next)|(?<share>\d{{1,3}}(?:\.\d+)?)% of) (?<what>webhooks?|[A-Za-z][\w.\-]*)(?: of (?<who>{name}))? (?<effect>(?:is|arrives) .+)$"
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
    let which = Which {
        amount,
        trigger: group("what")
            .filter(|what| !["webhook", "webhooks"].contains(what))
            .map(str::to_owned),
        name: group("who").map(unquoted),
        attempt,
    };
    Ok(Fault { which, effect, said: text.to_owned() })
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
    let length = |most: Duration| {
        duration(value(0)).filter(|length| *length <= most).ok_or_else(|| {
            format!("`{}` must be a length of time such as 90s, at most {most:?}", value(0))
        })
    };
    let text = unquoted(value(0));
    Ok(match pattern {
        "is delivered twice" => Effect::Repeat(2),
        "is delivered {number} times" => Effect::Repeat(number(2, 1000)?),
        "is delivered twice at the same instant" => Effect::Simultaneous(2),
        "is delivered {number} times at the same instant" => Effect::Simultaneous(number(2, 64)?),
        "is overtaken by the next one" => Effect::Overtaken(1),
        "is overtaken by the next {number}" => Effect::Overtaken(number(1, 1000)?),
        "is delayed by {duration}" => Effect::Delayed(length(Duration::from_secs(366 * 86_400))?),
        "is lost" => Effect::Lost,
        "arrives but its answer is lost" => Effect::AnswerLost,
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
        "is reset in mid-body" => Effect::Reset,
        "is sent slowly over {duration}" => Effect::Slow(length(Duration::from_secs(60))?),
        "arrives without credentials" => Effect::Credentials(CredentialDamage::Missing),
        "arrives with wrong credentials" => Effect::Credentials(CredentialDamage::Wrong),
        "arrives with malformed credentials" => Effect::Credentials(CredentialDamage::Malformed),
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

/// Whether a fault is about a webhook; draws of a share and numbers of attempts left aside.
pub fn matches(which: &Which, webhook: &Webhook, name: Option<&str>) -> bool {
    which.trigger.as_ref().is_none_or(|trigger| trigger == webhook.trigger)
        && which.name.as_ref().is_none_or(|wanted| name == Some(wanted))
}

/// Damages a body. A path that leads nowhere, or a body that is not JSON, stays as it is.
pub fn damage(body: &Bytes, damage: &BodyDamage, trigger_pointer: Option<&str>) -> Bytes {
    match damage {
        BodyDamage::Truncated => body.slice(..body.len() * 2 / 3),
        BodyDamage::InvalidJson => [b"{,".as_slice(), body].concat().into(),
        BodyDamage::BrokenUtf8 => broken_utf8(body),
        BodyDamage::Grown(size) => {
            let padding = "x".repeat(size.saturating_sub(body.len()));
            edited(body, |json| set(json, &["padding"], Json::String(padding)))
        }
        BodyDamage::Trigger(name) => edited(body, |json| {
            if let Some(found) = trigger_pointer.and_then(|pointer| json.pointer_mut(pointer)) {
                *found = Json::String(name.clone());
            }
        }),
        BodyDamage::Without(path) => edited(body, |json| {
            let (parents, last) = split(path);
            match parents.iter().try_fold(json, |json, key| step_into(json, key)) {
                Some(Json::Object(object)) => drop(object.shift_remove(last)),
                Some(Json::Array(list)) => {
                    if let Some(place) = last.parse().ok().filter(|place| *place < list.len()) {
                        list.remove(place);
                    }
                }
                _ => {}
            }
        }),
        BodyDamage::With(path, value) => edited(body, |json| {
            let keys: Vec<&str> = path.split('.').collect();
            set(json, &keys, value.clone());
        }),
    }
}

fn split(path: &str) -> (Vec<&str>, &str) {
    let mut keys: Vec<&str> = path.split('.').collect();
    let last = keys.pop().unwrap_or_default();
    (keys, last)
}

/// The member of this name, or of this number in a list.
fn step_into<'a>(json: &'a mut Json, key: &str) -> Option<&'a mut Json> {
    match json {
        Json::Array(list) => list.get_mut(key.parse::<usize>().ok()?),
        other => other.get_mut(key),
    }
}

fn edited(body: &Bytes, edit: impl FnOnce(&mut Json)) -> Bytes {
    let Ok(mut json) = serde_json::from_slice::<Json>(body) else { return body.clone() };
    edit(&mut json);
    json.to_string().into()
}

fn set(json: &mut Json, keys: &[&str], value: Json) {
    match (keys, json) {
        ([], place) => *place = value,
        ([key, rest @ ..], Json::Object(object)) => {
            let place = object.entry(*key).or_insert(Json::Null);
            if !rest.is_empty() && !place.is_object() {
                *place = Json::Object(serde_json::Map::new());
            }
            set(place, rest, value);
        }
        ([key, rest @ ..], list @ Json::Array(_)) => {
            if let Some(place) = step_into(list, key) {
                set(place, rest, value);
            }
        }
        _ => {}
    }
}

/// Puts a byte that begins no character behind the first quote of a value.
fn broken_utf8(body: &Bytes) -> Bytes {
    let place =
        body.windows(2).position(|pair| pair == b":\"").map_or(body.len() / 2, |found| found + 2);
    [&body[..place], &[0xC3, 0x28][..], &body[place..]].concat().into()
}

/// Damages the credentials of a request.
pub fn damage_credentials(request: &mut Request, damage: CredentialDamage) {
    if damage == CredentialDamage::Missing {
        request.headers.retain(|header| matches!(header.value, HeaderValue::Plain(_)));
        return;
    }
    for header in &mut request.headers {
        if let HeaderValue::Secret(secret) = &mut header.value {
            *secret = Secret::new(match damage {
                CredentialDamage::Malformed => String::new(),
                _ => turned(secret.reveal()),
            });
        }
    }
}

/// Credentials of the same form that give nothing away of the right ones: a receiver may well log
/// what it refuses. The same value always gives the same one.
fn turned(text: &str) -> String {
    // The scheme stays: `Bearer …` is of another form than `Qxwrkt …`.
    let (scheme, rest) = match text.split_once(' ') {
        Some((scheme, _)) => text.split_at(scheme.len() + 1),
        None => ("", text),
    };
    let digest = Sha256::digest(text.as_bytes());
    let mut bytes = digest.iter().cycle();
    let turned: String = rest
        .chars()
        .map(|letter| {
            let draw = bytes.next().copied().unwrap_or_default();
            match letter {
                'a'..='z' => char::from(b'a' + draw % 26),
                'A'..='Z' => char::from(b'A' + draw % 26),
                '0'..='9' => char::from(b'0' + draw % 10),
                other => other,
            }
        })
        .collect();
    // Nothing to turn, or turned into itself: then longer.
    if turned == rest { format!("{text}x") } else { format!("{scheme}{turned}") }
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
    fn every_effect_can_be_said() {
        for (pattern, _) in EFFECTS {
            let text = pattern
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
            "every webhook arrives without field \"\"",
            "every webhook arrives without field \"a..b\"",
            "every webhook arrives with field \".\" as 1",
            &format!("every webhook arrives with field \"{}b\" as 1", "a.".repeat(50_000)),
        ] {
            assert!(read(text).expect("it begins like a fault").is_err(), "{text}");
        }
    }

    #[test]
    fn bodies_are_damaged_where_it_is_said() {
        let body = Bytes::from_static(br#"{"a":{"b":1},"type":"x"}"#);
        let damaged =
            |what| String::from_utf8_lossy(&damage(&body, &what, Some("/type"))).into_owned();
        assert_eq!(damaged(BodyDamage::Without("a.b".into())), r#"{"a":{},"type":"x"}"#);
        assert_eq!(damaged(BodyDamage::Trigger("y".into())), r#"{"a":{"b":1},"type":"y"}"#);
        assert_eq!(
            damaged(BodyDamage::With("a.c".into(), Json::Null)),
            r#"{"a":{"b":1,"c":null},"type":"x"}"#
        );
        assert_eq!(damaged(BodyDamage::Without("no.where".into())), r#"{"a":{"b":1},"type":"x"}"#);
        assert_eq!(
            damage(&body, &BodyDamage::Grown(300), None).len(),
            300 + r#","padding":"""#.len()
        );
        assert!(std::str::from_utf8(&damage(&body, &BodyDamage::BrokenUtf8, None)).is_err());
        assert!(
            serde_json::from_slice::<Json>(&damage(&body, &BodyDamage::Truncated, None)).is_err()
        );
    }

    #[test]
    fn wrong_credentials_keep_their_form_and_are_wrong() {
        for secret in ["key-zZ9", "a", "7", "---", ""] {
            let wrong = turned(secret);
            assert_ne!(wrong, secret);
            assert_eq!(wrong, turned(secret));
            assert!(secret.len() <= wrong.len() && wrong.len() <= secret.len() + 1);
        }
    }
}
