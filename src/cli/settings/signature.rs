//! A signature as standin.yaml describes it: key by key, alone or in what it differs from a well-known sender.

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::names::{AlgorithmName, EncodingName, KeyFormName, RetriedName};
use super::oauth::part::Part;
use super::source::{keep, suggestion};
use super::{headers, request_headers};
use crate::model::Problem;
use crate::model::signature::{
    Algorithm, Encoding, ID_PLACE, KeyForm, Retried, Signature, SignedPart, TIMESTAMP_PLACE,
};
use crate::policy::senders::{self, Proof};
use crate::policy::sign::is_sendable;
use crate::policy::template::{self, TemplateError};
use crate::policy::verify::signs_url;
use crate::text::{duration, no_duration};

/// The value that turns off what a key is about.
pub const OFF: &str = "off";

/// What is signed, if nothing is said of it.
const USUAL_OVER: &str = "{body}";

/// The shortest and the longest tolerance, in seconds. The contract of a sender wants a webhook accepted that is a
/// minute old, and one refused that is an hour old.
const TOLERANCES: std::ops::RangeInclusive<u64> = 120..=3300;

/// How somebody signs, without a key, and the template of what is signed.
#[derive(Debug)]
pub struct Described {
    /// How it signs.
    pub signature: Signature,
    /// The template of what it signs.
    pub over: String,
}

/// Reads the keys of a part that describe a signature. `None` if anything in them is wrong, or the signature could not
/// be checked: each mistake joins the others.
pub fn read(part: &Part<'_>, problems: &mut Vec<Problem>) -> Option<Described> {
    let before = problems.len();
    let begun = keep(beginning(part), problems);
    // What does not fit together, or is missing, may be due to a key that is wrong: then nothing is said of it.
    let is_clear = begun.is_some() && part.unknown_keys(&[]).is_empty();
    let mut described = begun.unwrap_or_else(plain);
    let signature = &mut described.signature;

    let headers = [header, id_header, time_header].map(|key| keep(key(part, signature), problems));
    if is_clear && headers.iter().all(Option::is_some) {
        keep(headers_must_differ(part, signature), problems);
    }
    let (algorithm, form) =
        (keep(algorithm(part, signature), problems), keep(key_form(part), problems));
    if let (true, Some(()), Some(form)) = (is_clear, algorithm, form) {
        signature.key = form.unwrap_or_else(|| usual_form(signature));
        keep(must_fit_its_key(part, signature), problems);
    }
    let value = [encoding, joined_by, value].map(|key| keep(key(part, signature), problems));
    if is_clear && value.iter().all(Option::is_some) {
        keep(must_be_readable(part, signature), problems);
    }
    if let Some(Some(retried)) = keep(retried(part, "retry_id"), problems) {
        signature.retry_id = retried;
    }
    if let Some(Some(retried)) = keep(retried(part, "retry_time"), problems) {
        signature.retry_time = retried;
    }
    keep(tolerance(part, signature), problems);
    keep(body_hash(part, signature), problems);
    keep(over(part, &mut described), problems);
    if is_clear && problems.len() == before {
        keep(must_be_checkable(part, &described.signature), problems);
    }
    (is_clear && problems.len() == before).then_some(described)
}

/// A signature of the body, of which the user says the rest.
fn plain() -> Described {
    let signature = Signature { over: vec![SignedPart::Body], ..Signature::default() };
    Described { signature, over: USUAL_OVER.to_owned() }
}

/// The signature of the sender that it is like, or a plain one.
fn beginning(part: &Part<'_>) -> Result<Described, Problem> {
    let Some(name) = part.text("like")? else {
        if part.has("header") || !part.unknown_keys(&[]).is_empty() {
            return Ok(plain());
        }
        let title = format!("`{}.header` is missing", part.name);
        let help = "write the header that carries the signature: `header: X-Signature`".to_owned();
        return Err(part.problem("header", title, &[help]));
    };
    let sender = senders::find(name).ok_or_else(|| {
        let known = senders::signing().map(|sender| sender.name);
        let title = format!("there is no well-known sender `{name}`");
        part.problem("like", title, &[suggestion(name, known)])
    })?;
    if sender.proof != Proof::Signature {
        let title = format!("`{}.like`: {name} signs nothing", part.name);
        let help =
            "name a sender that signs, or describe the signature from `header` on".to_owned();
        return Err(part.problem("like", title, &[help]));
    }
    let signature = sender.signature().map_err(|why| wrong(part, "like", &why))?;
    Ok(Described { signature, over: sender.over().to_owned() })
}

/// The mistake that a template is wrong.
fn wrong(part: &Part<'_>, key: &str, why: &TemplateError) -> Problem {
    part.problem(key, format!("`{}.{key}`: {why}", part.name), &[])
}

fn header(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    if let Some(name) = part.text("header")? {
        signature.header = header_name(part, "header", name)?;
    }
    Ok(())
}

fn id_header(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    if let Some(name) = unless_off(part, "id_header")? {
        signature.id_header = name.map(|name| header_name(part, "id_header", name)).transpose()?;
    }
    Ok(())
}

fn time_header(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    if let Some(name) = unless_off(part, "time_header")? {
        signature.time_header =
            name.map(|name| header_name(part, "time_header", name)).transpose()?;
    }
    Ok(())
}

/// A header can carry one thing only.
fn headers_must_differ(part: &Part<'_>, signature: &Signature) -> Result<(), Problem> {
    let named = [
        ("time_header", signature.time_header.as_ref()),
        ("id_header", signature.id_header.as_ref()),
        ("header", Some(&signature.header)),
    ];
    let named: Vec<(&str, &String)> =
        named.into_iter().filter_map(|(key, name)| Some((key, name?))).collect();
    for (place, (key, name)) in named.iter().enumerate() {
        let same = named[place + 1..].iter().find(|(_, other)| other.eq_ignore_ascii_case(name));
        if let Some((other, _)) = same {
            // The other one may be that of the sender that this one is like.
            let key = if part.get(key).is_some() { key } else { other };
            let title = format!("the header `{name}` would carry two things");
            return Err(part.problem(key, title, &["give each a header of its own".to_owned()]));
        }
    }
    Ok(())
}

/// The name of a header that the sender sets itself.
///
/// # Errors
/// If it cannot be one.
pub fn header_name(part: &Part<'_>, key: &str, name: &str) -> Result<String, Problem> {
    let wrong = if headers::sendable(name, "") {
        request_headers::not_to_set(name)
    } else {
        Some(headers::unsendable(name))
    };
    match wrong {
        Some((title, help)) => Err(part.problem(key, title, &[help])),
        None => Ok(name.to_owned()),
    }
}

fn algorithm(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    let right = "`hmac-sha1`, `hmac-sha256`, `hmac-sha512`, `ed25519` or `ecdsa-p256`";
    match choice(part, "algorithm", right)? {
        None => {}
        Some(AlgorithmName::HmacSha1) => signature.algorithm = Algorithm::HmacSha1,
        Some(AlgorithmName::HmacSha256) => signature.algorithm = Algorithm::HmacSha256,
        Some(AlgorithmName::HmacSha512) => signature.algorithm = Algorithm::HmacSha512,
        Some(AlgorithmName::Ed25519) => signature.algorithm = Algorithm::Ed25519,
        Some(AlgorithmName::EcdsaP256) => signature.algorithm = Algorithm::EcdsaP256,
    }
    Ok(())
}

fn encoding(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    match choice(part, "encoding", "`hex`, `base64` or `base64url`")? {
        None => {}
        Some(EncodingName::Hex) => signature.encoding = Encoding::Hex,
        Some(EncodingName::Base64) => signature.encoding = Encoding::Base64,
        Some(EncodingName::Base64Url) => signature.encoding = Encoding::Base64Url,
    }
    Ok(())
}

/// How the key is written, if that is said.
fn key_form(part: &Part<'_>) -> Result<Option<KeyForm>, Problem> {
    let given = choice(part, "key_form", "`text`, `base64`, `whsec` or `private`")?;
    Ok(given.map(|given| match given {
        KeyFormName::Text => KeyForm::Text,
        KeyFormName::Base64 => KeyForm::Base64,
        KeyFormName::Whsec => KeyForm::Whsec,
        KeyFormName::Private => KeyForm::Private,
    }))
}

/// Whether a key of this form is one for the algorithm.
fn fits_its_key(signature: &Signature) -> bool {
    signature.algorithm.is_symmetric() == (signature.key != KeyForm::Private)
}

/// How a key of the algorithm is written, if nothing is said of it.
fn usual_form(signature: &Signature) -> KeyForm {
    match signature.algorithm.is_symmetric() {
        _ if fits_its_key(signature) => signature.key,
        true => KeyForm::Text,
        false => KeyForm::Private,
    }
}

fn must_fit_its_key(part: &Part<'_>, signature: &Signature) -> Result<(), Problem> {
    if fits_its_key(signature) {
        return Ok(());
    }
    let (takes, help) = if signature.algorithm.is_symmetric() {
        ("takes a secret that both sides have", "write `text`, `base64` or `whsec`")
    } else {
        ("signs with a private key", "write `private`, or leave it out")
    };
    let title = format!("`{}.key_form`: {} {takes}", part.name, signature.algorithm.name());
    Err(part.problem("key_form", title, &[help.to_owned()]))
}

/// The mistake that a key has such a value.
fn unfit(part: &Part<'_>, key: &str, why: &str, help: &str) -> Problem {
    part.problem(key, format!("`{}.{key}` {why}", part.name), &[help.to_owned()])
}

/// What is signed.
fn over(part: &Part<'_>, described: &mut Described) -> Result<(), Problem> {
    if let Some(template) = part.text("over")? {
        let parts = template::signed_parts(template).map_err(|why| wrong(part, "over", &why))?;
        described.signature.over = parts;
        template.clone_into(&mut described.over);
    }
    Ok(())
}

fn joined_by(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    if let Some(joint) = unless_off(part, "joined_by")? {
        let fits = |joint: &str| {
            joint.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !b"{}".contains(&byte))
        };
        if joint.is_some_and(|joint| !fits(joint)) {
            let help = "write printable ASCII without braces, such as `,`";
            return Err(unfit(part, "joined_by", "cannot stand in a header", help));
        }
        signature.joined_by = joint.map(str::to_owned);
    }
    Ok(())
}

fn value(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    if let Some(template) = part.text("value")? {
        if !is_sendable(template) {
            let help = "write printable ASCII without white space at its ends";
            return Err(unfit(part, "value", "is not allowed in a header", help));
        }
        template.clone_into(&mut signature.value);
    }
    Ok(())
}

/// A receiver can read what the header carries.
fn must_be_readable(part: &Part<'_>, signature: &Signature) -> Result<(), Problem> {
    // Where one of the two is that of another sender, the other one is to be changed.
    let key = if part.get("value").is_some() { "value" } else { "joined_by" };
    template::items(&signature.value, signature.joined_by.as_deref())
        .map_err(|why| wrong(part, key, &why))?;
    let alphabet = |sign: char| match signature.encoding {
        Encoding::Hex => sign.is_ascii_hexdigit(),
        Encoding::Base64 => sign.is_ascii_alphanumeric() || "+/=".contains(sign),
        Encoding::Base64Url => sign.is_ascii_alphanumeric() || "-_".contains(sign),
    };
    let is_in_id = |sign: char| {
        signature.value.contains(ID_PLACE) && (sign.is_ascii_alphanumeric() || sign == '-')
    };
    let joint = signature.joined_by.as_deref().unwrap_or(" ");
    if joint.chars().all(alphabet) || joint.chars().all(is_in_id) {
        let help = "take a sign that neither a signature nor an id can have, such as `,`";
        return Err(unfit(part, "joined_by", "may be a part of what it joins", help));
    }
    Ok(())
}

/// What a retry does with the id or the time of sending, if this key says so.
fn retried(part: &Part<'_>, key: &'static str) -> Result<Option<Retried>, Problem> {
    let name = choice(part, key, "`new` or `same`")?;
    Ok(name.map(|name| match name {
        RetriedName::New => Retried::New,
        RetriedName::Same => Retried::Same,
    }))
}

/// How old the time of sending may be.
fn tolerance(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    let Some(length) = unless_off(part, "tolerance")? else { return Ok(()) };
    let Some(length) = length else {
        signature.tolerance_s = None;
        return Ok(());
    };
    let fits =
        |length: &Duration| TOLERANCES.contains(&length.as_secs()) && length.subsec_nanos() == 0;
    let right =
        format!("`{}.tolerance` takes a length of time from 2m to 55m, or `off`", part.name);
    match duration(length) {
        Some(length) if fits(&length) => signature.tolerance_s = Some(length.as_secs()),
        Some(_) => {
            let help = "a webhook that is a minute old must be accepted, and one that is an hour old refused";
            return Err(part.problem("tolerance", right, &[help.to_owned()]));
        }
        None => {
            let title = format!("{right}; {}", no_duration(length));
            return Err(part.problem("tolerance", title, &[]));
        }
    }
    Ok(())
}

fn body_hash(part: &Part<'_>, signature: &mut Signature) -> Result<(), Problem> {
    if let Some(name) = unless_off(part, "body_hash")? {
        signature.body_hash = name.map(|name| parameter(part, name)).transpose()?;
    }
    Ok(())
}

fn parameter(part: &Part<'_>, name: &str) -> Result<String, Problem> {
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        return Ok(name.to_owned());
    }
    let title = format!("`{}.body_hash` takes the name of a parameter, or `off`", part.name);
    Err(part.problem("body_hash", title, &["write letters, digits, `-` and `_`".to_owned()]))
}

/// A receiver can check the signature only if the request tells all of what is signed.
fn must_be_checkable(part: &Part<'_>, signature: &Signature) -> Result<(), Problem> {
    let wrong = |key: &str, why: &str, help: &str| Err(unfit(part, key, why, help));
    let signs = |part: SignedPart| signature.over.contains(&part);
    let tells_id = signature.id_header.is_some() || signature.value.contains(ID_PLACE);
    let tells_time = signature.time_header.is_some() || signature.value.contains(TIMESTAMP_PLACE);
    if signs(SignedPart::Id) && !tells_id {
        let help = "add `id_header`, or put `{id}` into `value`";
        return wrong("over", "signs an id that no header tells", help);
    }
    if signs(SignedPart::Timestamp) && !tells_time {
        let help = "add `time_header`, or put `{timestamp}` into `value`";
        return wrong("over", "signs a time that no header tells", help);
    }
    if signature.tolerance_s.is_some() && !signs(SignedPart::Timestamp) {
        let help = "put `{timestamp}` into `over`, or write `tolerance: off`";
        return wrong("tolerance", "applies only to a time that is signed", help);
    }
    if part.get("retry_id").is_some() && !tells_id {
        let help = "add `id_header`, or put `{id}` into `value`";
        return wrong("retry_id", "applies only to an id that a header tells", help);
    }
    if part.get("retry_time").is_some() && !tells_time {
        let help = "add `time_header`, or put `{timestamp}` into `value`";
        return wrong("retry_time", "applies only to a time that a header tells", help);
    }
    if signature.body_hash.is_some() && !signs_url(signature) {
        let help = "put `{url}` into `over`, or write `body_hash: off`";
        return wrong("body_hash", "is in the URL, which is not signed", help);
    }
    Ok(())
}

/// The text of a key, where `off` means none of it. The outer `None`: the key is not there.
fn unless_off<'a>(part: &'a Part<'_>, key: &str) -> Result<Option<Option<&'a str>>, Problem> {
    Ok(part.text(key)?.map(|text| Some(text).filter(|text| *text != OFF)))
}

/// The value of a key that takes one of a few names.
fn choice<T: DeserializeOwned>(
    part: &Part<'_>,
    key: &str,
    right: &str,
) -> Result<Option<T>, Problem> {
    let Some(text) = part.text(key)? else { return Ok(None) };
    serde_json::from_value(text.into())
        .map(Some)
        .map_err(|_| part.problem(key, format!("`{}.{key}` takes {right}", part.name), &[]))
}
