//! The key `senders`: senders of the user's own. Their keys stay out of the file.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use serde_saphyr::Spanned;

use super::keys::Section;
use super::oauth::part::Part;
use super::places::at_own_key;
use super::sender_keys::SenderSection;
use super::signature::{self, Described};
use super::source::{Source, keep};
use crate::model::Problem;
use crate::model::signature::Signature;
use crate::policy::senders::{KEY_PLACE, Proof, find};

/// A sender of the user's own.
#[derive(Debug)]
pub struct OwnSender {
    /// Its name on the command line.
    pub name: String,
    /// What it sends, in a few words.
    pub about: Option<String>,
    /// The variable of the environment with its key.
    pub variable: Option<String>,
    /// How it proves that it sends a request.
    pub proof: Proof,
    /// How it signs, or the header with its key and its value.
    pub described: Described,
}

/// Keys that would hold a secret. They are not there.
const NOT_HERE: &[&str] = &["secret", "key", "private_key"];

/// A longer name of a variable has an underscore, or it may be a key.
const LONGEST_WORD: usize = 20;

/// Reads all of them.
pub fn read(
    source: &Source<'_>,
    written: &BTreeMap<String, Spanned<Section>>,
    problems: &mut Vec<Problem>,
) -> Vec<OwnSender> {
    written.iter().filter_map(|(name, section)| sender(source, name, section, problems)).collect()
}

/// A sender. `None` if anything of it is wrong: each mistake joins the others.
fn sender(
    source: &Source<'_>,
    name: &str,
    section: &Spanned<Section>,
    problems: &mut Vec<Problem>,
) -> Option<OwnSender> {
    let (at, before) = (section.referenced, problems.len());
    if let Some((title, help)) = unfit(name) {
        problems.push(at_own_key(source.problem(at, title, &[help]), name));
    }
    let given = section.value.iter().map(|(key, value)| (key.clone(), value.value.clone()));
    let given: Map<String, Json> = given.collect();
    let part = Part { source, at, name, known: SenderSection::KEYS, given: &given };
    for key in NOT_HERE.iter().filter(|key| given.contains_key(**key)) {
        let help = "name the variable of the environment that holds it: `key_env: NAME`".to_owned();
        let title = format!("`{name}.{key}`: the key of a sender is not in this file");
        problems.push(part.problem(key, title, &[help]));
    }
    problems.extend(part.unknown_keys(NOT_HERE));
    let (about, variable) = (keep(about(&part), problems), keep(variable(&part), problems));
    let proof = proof(&given);
    let described = match proof {
        Proof::Signature => signature::read(&part, problems),
        Proof::Key => keep(in_header(&part), problems),
        Proof::None => keep(alone(&part, &["about", "header"], "that has no login"), problems),
    };
    let sender = OwnSender {
        name: name.to_owned(),
        about: about?,
        variable: variable?,
        described: described?,
        proof,
    };
    (problems.len() == before).then_some(sender)
}

/// How a sender proves that it sends a request.
fn proof(given: &Map<String, Json>) -> Proof {
    let text = |key: &str| given.get(key).and_then(Json::as_str);
    match (text("header"), text("value")) {
        (Some(signature::OFF), _) => Proof::None,
        (_, Some(value)) if value.contains(KEY_PLACE) => Proof::Key,
        _ => Proof::Signature,
    }
}

/// A sender without a signature, so with these keys only. `which` says why.
fn alone(part: &Part<'_>, keys: &[&str], which: &str) -> Result<Described, Problem> {
    let others = SenderSection::KEYS.iter().map(|key| key.name).filter(|key| !keys.contains(key));
    match others.into_iter().find(|key| part.get(key).is_some()) {
        Some(key) => {
            let title = format!("`{}.{key}` is not for a sender {which}", part.name);
            Err(part.problem(key, title, &["leave it out".to_owned()]))
        }
        None => Ok(Described { signature: Signature::default(), over: String::new() }),
    }
}

/// Whether this is what may stand before a key: nothing, or a scheme with a space (RFC 9110, section 11.1).
fn is_scheme(text: &str) -> bool {
    let letters = text.strip_suffix(' ').unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.is_empty() || (!letters.is_empty() && letters.bytes().all(fits))
}

/// A sender with its key in a header.
fn in_header(part: &Part<'_>) -> Result<Described, Problem> {
    let keys = ["about", "header", "key_env", "value"];
    let described = alone(part, &keys, "that sends its key as it is")?;
    let wrong = |key: &str, why: &str, help: &str| {
        part.problem(key, format!("`{}.{key}` {why}", part.name), &[help.to_owned()])
    };
    let Some(header) = part.text("header")? else {
        let help = "write the header that carries the key: `header: X-Api-Key`";
        return Err(wrong("value", "needs a `header`", help));
    };
    let header = signature::header_name(part, "header", header)?;
    let value = part.text("value")?.unwrap_or(KEY_PLACE);
    // A receiver may repeat the whole value, or what follows its scheme: what else is shown of it has no secret.
    let scheme = value.strip_suffix(KEY_PLACE).filter(|scheme| is_scheme(scheme));
    if scheme.is_none() {
        let help = "write `{key}`, or a scheme, a space and the key: `Bearer {key}`";
        return Err(wrong("value", "is neither a key nor a scheme with a key", help));
    }
    let signature = Signature { header, value: value.to_owned(), ..described.signature };
    Ok(Described { signature, ..described })
}

/// Why a sender cannot have this name, and what to do.
fn unfit(name: &str) -> Option<(String, String)> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if name.is_empty() || name.starts_with('-') || !name.bytes().all(fits) {
        let help = "write letters, digits, `-` and `_`".to_owned();
        return Some((format!("`{name}` is no name of a sender"), help));
    }
    find(name).map(|_| {
        let help = format!("give yours another name; `like: {name}` takes over how it signs");
        (format!("there is a well-known sender `{name}`"), help)
    })
}

fn about(part: &Part<'_>) -> Result<Option<String>, Problem> {
    match part.text("about")? {
        Some(text) if text.contains("${") => {
            let title = format!("`{}.about` is shown, and takes no `${{…}}`", part.name);
            Err(part.problem("about", title, &[]))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

/// The name of a variable. The message does not repeat it: it may be a key in the wrong place.
fn variable(part: &Part<'_>) -> Result<Option<String>, Problem> {
    let fits = |name: &str| {
        let sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let is_long = name.len() > LONGEST_WORD && !name.contains('_');
        name.bytes().all(sign)
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && !is_long
    };
    match part.text("key_env")? {
        Some(name) if !fits(name) => {
            let title = format!("`{}.key_env` takes the name of a variable", part.name);
            let help = "write upper-case letters, digits and `_`: `ACME_SECRET`; the key itself stays out of this file";
            Err(part.problem("key_env", title, &[help.to_owned()]))
        }
        name => Ok(name.map(str::to_owned)),
    }
}
