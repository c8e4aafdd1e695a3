//! Says whether the signature of a request is right and, if it is not, what is probably wrong. It says
//! nothing that would give the right signature or the key away.

mod changed_keys;
mod changed_text;
mod explain;
mod read;

use super::key::CheckingKey;
use super::senders;
use super::signed::{Message, SignError};
use super::template::{self, Item, Place};
use crate::model::signature::{Moment, Signature, SignedPart};
use crate::model::{Secret, signature};

/// A request as it was received.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The URL as the sender knows it, if it is known here.
    pub url: Option<&'a str>,
    /// Name and value of each header.
    pub headers: &'a [(String, String)],
    /// The body, byte by byte.
    pub body: &'a [u8],
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// What is wrong. Empty: the signature is right.
    pub wrong: Vec<String>,
    /// What probably explains it.
    pub hints: Vec<String>,
    /// The text that should have been signed. None if a part of it is missing.
    pub text: Option<Vec<u8>>,
    /// The text that was signed instead, if it was found.
    pub signed_instead: Option<Vec<u8>>,
}

impl Verdict {
    /// Whether the signature is right.
    pub fn is_right(&self) -> bool {
        self.wrong.is_empty()
    }

    fn wrong(text: impl Into<String>) -> Self {
        Self { wrong: vec![text.into()], ..Self::default() }
    }
}

/// The time of the check, and how far from it a time of sending may be, both in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The time of the check, since 1970.
    pub now_s: i64,
    /// How far from it the time of sending may be. None: as far as it likes.
    pub tolerance_s: Option<u64>,
}

/// Checks the signature of a request.
///
/// # Errors
/// If a key or a template cannot be used, or there is no key.
pub fn verify(
    signature: &Signature,
    received: &Received<'_>,
    patience: Patience,
) -> Result<Verdict, SignError> {
    let read = |key: &Secret| CheckingKey::read(signature.algorithm, signature.key, key);
    let keys = signature.keys().map(read).collect::<Result<Vec<_>, _>>()?;
    let items = template::items(&signature.value, signature.joined_by.as_deref())?;
    let value = match header(received, &signature.header) {
        Ok(value) => value,
        Err(why) => {
            let hints = other_sender(signature, received).into_iter().collect();
            return Ok(Verdict { hints, ..Verdict::wrong(why) });
        }
    };
    let held = read::held(&items, signature.joined_by.as_deref(), value);
    let (moment, mut wrong) = moment(signature, &items, received, &held);
    let Some(moment) = moment else {
        return Ok(Verdict { wrong, ..Verdict::default() });
    };
    let Some(url) = received.url.or_else(|| (!signs_url(signature)).then_some("")) else {
        return Ok(Verdict::wrong("the signature covers the URL, which is not given"));
    };
    let content_type = header(received, "content-type").unwrap_or_default();
    let (method, body) = (received.method, received.body);
    let message = Message { moment: &moment, method, url, content_type, body };
    let text = message.text(&signature.over);
    let is_right = |one: &String| {
        let bytes = super::key::decode(signature.encoding, one);
        bytes.is_some_and(|bytes| keys.iter().any(|key| key.is_right(&text, &bytes)))
    };
    let mut verdict = Verdict::default();
    if held.signatures.is_empty() {
        wrong.push(read::no_signature(&items, &signature.header));
        verdict.hints.extend(read::misplaced(&items, value, is_right));
    } else if !held.signatures.iter().any(is_right) {
        wrong.push(match held.signatures.len() {
            1 => "the signature is not that of this request".to_owned(),
            count => format!("none of the {count} signatures is that of this request"),
        });
        let explained = explain::explain(signature, &keys, &message, &held.signatures);
        verdict.hints.push(explained.hint);
        verdict.signed_instead = explained.text;
    }
    wrong.extend(wrong_hash(signature, &message));
    wrong.extend(too_far(signature, &items, &moment, patience));
    Ok(Verdict { wrong, text: Some(text), ..verdict })
}

/// Whether the signature covers the URL.
pub fn signs_url(signature: &Signature) -> bool {
    signature.over.iter().any(|part| matches!(part, SignedPart::Url | SignedPart::Path))
}

/// The value of the header with this name.
fn header<'a>(received: &Received<'a>, name: &str) -> Result<&'a str, String> {
    let mut found = received.headers.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (None, _) => Err(format!("the header {name} is missing")),
        (Some(_), Some(_)) => Err(format!("the header {name} is there twice")),
        (Some((_, value)), None) => Ok(value.trim()),
    }
}

/// The id and the time of sending, and what is wrong with the headers that should say them.
fn moment(
    signature: &Signature,
    items: &[Item],
    received: &Received<'_>,
    held: &read::Held,
) -> (Option<Moment>, Vec<String>) {
    let mut wrong = Vec::new();
    let has = |place| items.iter().any(|item| item.place == Some(place));
    let mut part = |named: &Option<String>, in_value: Option<&String>, place| {
        if has(place) {
            if in_value.is_none() {
                wrong.push(read::no_part(items, place, &signature.header));
            }
            return in_value.cloned();
        }
        match named.as_ref().map(|name| header(received, name)) {
            Some(Ok(value)) => Some(value.to_owned()),
            Some(Err(why)) => {
                wrong.push(why);
                None
            }
            None => None,
        }
    };
    let covers = |part: &SignedPart| signature.over.contains(part);
    let needed = |part: &SignedPart, value: Option<String>| match value {
        None if !covers(part) => Some(String::new()),
        value => value,
    };
    let mut id = None;
    if covers(&SignedPart::Id) {
        id = part(&signature.id_header, held.id.as_ref(), Place::Id);
    }
    let mut time = None;
    if covers(&SignedPart::Timestamp) {
        time = part(&signature.time_header, held.timestamp.as_ref(), Place::Timestamp);
    }
    let (Some(id), Some(time)) =
        (needed(&SignedPart::Id, id), needed(&SignedPart::Timestamp, time))
    else {
        return (None, wrong);
    };
    // A time that is written in another way, with zeros or a sign in front, would not be signed like this.
    let at_s = time.parse::<i64>().ok().filter(|at_s| at_s.to_string() == time);
    match at_s {
        Some(at_s) => (Some(Moment { id, at_s }), wrong),
        None if time.is_empty() => (Some(Moment { id, at_s: 0 }), wrong),
        None => {
            wrong.push(format!("the time of sending is no number of seconds since 1970: `{time}`"));
            (None, wrong)
        }
    }
}

/// What is wrong with the time of sending.
fn too_far(
    signature: &Signature,
    items: &[Item],
    moment: &Moment,
    patience: Patience,
) -> Option<String> {
    let in_value = items.iter().any(|item| item.place == Some(Place::Timestamp));
    if !in_value && signature.time_header.is_none() {
        return None;
    }
    let tolerance = patience.tolerance_s?;
    let away = patience.now_s.saturating_sub(moment.at_s);
    if away.unsigned_abs() <= tolerance {
        return None;
    }
    // After this number of seconds there are milliseconds in place of them.
    const MILLISECONDS_FROM: i64 = 100_000_000_000;
    if moment.at_s > MILLISECONDS_FROM {
        return Some("the time of sending is in milliseconds, and should be in seconds".to_owned());
    }
    let (length, tolerance) = (in_words(away.unsigned_abs()), in_words(tolerance));
    Some(if away > 0 {
        format!("the time of sending is {length} ago, and no more than {tolerance} are allowed")
    } else {
        format!("the time of sending is {length} ahead, and no more than {tolerance} are allowed")
    })
}

/// A length of time in seconds: `2h 3m 4s`.
fn in_words(seconds: u64) -> String {
    let units = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m")];
    let parts = units.into_iter().chain([(seconds % 60, "s")]).filter(|(count, _)| *count > 0);
    let words: Vec<String> = parts.map(|(count, unit)| format!("{count}{unit}")).collect();
    if words.is_empty() { "0s".to_owned() } else { words.join(" ") }
}

/// What is wrong with the hash of the body in the URL.
fn wrong_hash(signature: &Signature, message: &Message<'_>) -> Option<String> {
    let name = signature.body_hash.as_ref().filter(|_| !message.is_form())?;
    let bare = url::Url::parse(message.url).ok()?;
    let given = bare.query_pairs().find(|(one, _)| one == name.as_str());
    let Some((_, given)) = given else {
        return Some(format!("the URL lacks `{name}`, the SHA-256 of a body that is no form"));
    };
    let empty = Message { url: "", ..*message };
    let right = super::signed::url(signature, &empty);
    let is_right = right.ends_with(&format!("={given}"));
    (!is_right).then(|| format!("`{name}` in the URL is not the SHA-256 of this body"))
}

/// The sender whose header is there instead.
fn other_sender(signature: &signature::Signature, received: &Received<'_>) -> Option<String> {
    let is_there = |name: &str| header(received, name).is_ok();
    let other = senders::signing().find(|sender| {
        let header = sender.header();
        !header.eq_ignore_ascii_case(&signature.header) && is_there(header)
    })?;
    Some(format!(
        "there is the header {}, which `{}` sends: check it with `--as {}`",
        other.header(),
        other.name,
        other.name
    ))
}

#[cfg(test)]
mod tests;
