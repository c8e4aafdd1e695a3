//! How a vendor authenticates: the keys `headers`, `secret`, `signature` and `oauth` of its section.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_saphyr::Location;

use super::deliver::Base;
use super::places;
use super::section::Reader;
use super::source::keep;
use super::{headers, oauth, vendor_signature};
use crate::delivery::Allowed;
use crate::model::policy::TokenUse;
use crate::model::signature::KeyForm;
use crate::model::{Authentication, OAuth, Policy, Problem, Secret};
use crate::policy::signed;
use crate::vendors::Vendor;

/// The keys that say how a vendor authenticates. `secret` is the key of a signature.
const LOGINS: &[&str] = &["signature", "secret", "headers", "oauth"];

/// Reads the credentials into the policy. Adds each mistake to the list.
pub fn read(
    reader: &Reader<'_>,
    policy: &mut Policy,
    base: &Base,
    allowed: &Allowed,
    problems: &mut Vec<Problem>,
) {
    if keep(must_be_one(reader), problems).is_none() {
        // Which one is meant, and so what else is wrong, is not known.
        return;
    }
    let before = problems.len();
    vendor_signature::read(reader, policy, problems);
    let secret = keep(given_secret(reader), problems).flatten();
    // Whether it fits a signature that is wrong is not known.
    if let Some(secret) = secret.filter(|_| problems.len() == before) {
        keep(set_secret(reader, secret, policy), problems);
    }
    read_headers(reader, policy, problems);
    read_oauth(reader, policy, (base, allowed), problems);
}

/// Fails if the section has two logins.
fn must_be_one(reader: &Reader<'_>) -> Result<(), Problem> {
    let given = |key: &str| reader.section.get(key).filter(|given| !given.value.is_null());
    // A secret beside `signature` is its key.
    let is_key = given("signature").is_some();
    let logins = LOGINS.iter().filter(|key| **key != "secret" || !is_key);
    let mut logins = logins.filter_map(|key| Some((*key, given(key)?.referenced)));
    let (Some((one, _)), Some((other, at))) = (logins.next(), logins.next()) else {
        return Ok(());
    };
    let title = format!("`{}` has two logins: `{one}` and `{other}`", reader.catalogue().vendor);
    let help = match other {
        "headers" => {
            "remove one of the two; headers that carry no credentials go into `request_headers`"
        }
        _ => "remove one of the two",
    };
    Err(reader.problem(at, title, &[help.to_owned()]))
}

fn read_headers(reader: &Reader<'_>, policy: &mut Policy, problems: &mut Vec<Problem>) {
    let right = "a map name: text (a number in quotes)";
    let given = keep(reader.get::<BTreeMap<String, String>>("headers", right), problems);
    let Some((given, at)) = given.flatten() else { return };
    let mut headers: BTreeMap<String, Secret> = BTreeMap::new();
    for (name, value) in given {
        let is_twice = headers.keys().any(|other| other.eq_ignore_ascii_case(&name));
        let twice = || {
            let help = "upper and lower case are the same in header names".to_owned();
            (format!("the header `{name}` is given twice"), help)
        };
        let wrong = unfit_header(&name, &value).or_else(|| is_twice.then(twice));
        problems.extend(
            wrong.map(|(title, help)| places::at_key(reader.problem(at, title, &[help]), &[&name])),
        );
        headers.insert(name, Secret::new(value));
    }
    policy.authentication = Authentication::Headers(headers);
}

/// Why a header cannot carry credentials, and what would be right.
fn unfit_header(name: &str, value: &str) -> Option<(String, String)> {
    if !headers::sendable(name, value) {
        return Some(headers::unsendable(name));
    }
    if value.trim().is_empty() {
        return Some(headers::empty(name));
    }
    if value.trim() != value {
        let title = format!("the value of the header `{name}` begins or ends with white space");
        let help = "receivers do not see it: remove it, or is a variable of the environment empty?";
        return Some((title, help.to_owned()));
    }
    headers::is_ours(name).then(|| {
        let title = format!("the header `{name}` cannot be set");
        (title, "it follows from the URL and the body".to_owned())
    })
}

/// The key of a signature, and its place.
fn given_secret(reader: &Reader<'_>) -> Result<Option<(String, Location)>, Problem> {
    let right = match reader.section.get("secret").map(|given| &given.value) {
        Some(Json::Number(_) | Json::Bool(_)) => "text: put it in quotes",
        _ => "text",
    };
    let given = reader.get::<String>("secret", right)?;
    match given {
        Some((secret, at)) if secret.is_empty() => {
            let help = "give it a value, or leave it out: then nothing is signed".to_owned();
            Err(reader.problem(at, "`secret` is empty", &[help]))
        }
        given => Ok(given),
    }
}

fn set_secret(
    reader: &Reader<'_>,
    (secret, at): (String, Location),
    policy: &mut Policy,
) -> Result<(), Problem> {
    let Authentication::Signature(signature) = &mut policy.authentication else {
        let title = format!("{} does not sign, so it needs no `secret`", reader.catalogue().title);
        let help = "use request headers instead: `headers: { X-Api-Key: … }`".to_owned();
        let other = "or say how it signs: `signature: { header: X-Signature }`".to_owned();
        return Err(reader.problem(at, title, &[help, other]));
    };
    // A block of PEM ends with a line break.
    if signature.key != KeyForm::Private && secret.trim() != secret {
        let title = "`secret` has white space at its beginning or its end";
        let help = "remove it; copying often adds a line break".to_owned();
        return Err(reader.problem(at, title, &[help]));
    }
    signature.secret = Some(Secret::new(secret));
    signed::check(signature)
        .map_err(|why| reader.problem(at, format!("`secret` cannot be used: {why}"), &[]))?;
    Ok(())
}

fn read_oauth(
    reader: &Reader<'_>,
    policy: &mut Policy,
    to: (&Base, &Allowed),
    problems: &mut Vec<Problem>,
) {
    let right = "a map: `endpoint`, `client_secret` and optional keys";
    let given = keep(reader.get::<BTreeMap<String, Json>>("oauth", right), problems);
    let Some((given, at)) = given.flatten() else { return };
    if !matches!(policy.authentication, Authentication::Token(_)) {
        policy.authentication = with_tokens(reader.vendor, &given);
    }
    if let Authentication::Token(oauth) = &mut policy.authentication {
        oauth::read(reader.source, at, &given, to, oauth, problems);
    }
}

/// How a vendor whose usual login is another one asks for tokens: as it documents, if it does and standin.yaml does
/// not describe a client with credentials of its own.
///
/// Assumed of such a client: its id is the vendor's name, and it keeps a token until shortly before it expires (RFC
/// 6749, sections 4.4 and 5.1).
fn with_tokens(vendor: &dyn Vendor, given: &BTreeMap<String, Json>) -> Authentication {
    let documented = vendor.other_logins().into_iter();
    let mut documented = documented.filter(|_| !oauth::is_of_a_client(given));
    let documented = documented.find(|login| matches!(login, Authentication::Token(_)));
    documented.unwrap_or_else(|| {
        Authentication::Token(Box::new(OAuth {
            token_use: TokenUse::CACHED,
            ..OAuth::of(vendor.catalogue().vendor)
        }))
    })
}
