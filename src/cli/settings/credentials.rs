//! How a vendor authenticates: the keys `headers`, `secret`, `signature` and `oauth` of its section.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_saphyr::Location;

use super::deliver::Base;
use super::section::Reader;
use super::{headers, oauth, vendor_signature};
use crate::delivery::Allowed;
use crate::model::policy::TokenUse;
use crate::model::signature::KeyForm;
use crate::model::{Authentication, OAuth, Policy, Problem, Secret};
use crate::policy::signed;
use crate::vendors::Vendor;

/// The keys that say how a vendor authenticates. `secret` is the key of a signature.
const LOGINS: &[&str] = &["signature", "secret", "headers", "oauth"];

/// Reads the credentials into the policy.
///
/// # Errors
/// If anything in them is wrong, or there is more than one login.
pub fn read(
    reader: &Reader<'_>,
    policy: &mut Policy,
    base: &Base,
    allowed: &Allowed,
) -> Result<(), Problem> {
    must_be_one(reader)?;
    vendor_signature::read(reader, policy)?;
    read_headers(reader, policy)?;
    read_secret(reader, policy)?;
    read_oauth(reader, policy, base, allowed)
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

fn read_headers(reader: &Reader<'_>, policy: &mut Policy) -> Result<(), Problem> {
    let right = "a map name: text (a number in quotes)";
    let Some((given, at)) = reader.get::<BTreeMap<String, String>>("headers", right)? else {
        return Ok(());
    };
    let mut headers: BTreeMap<String, Secret> = BTreeMap::new();
    for (name, value) in given {
        check_header(reader, at, &name, &value)?;
        if headers.keys().any(|other| other.eq_ignore_ascii_case(&name)) {
            let title = format!("the header `{name}` is given twice");
            let help = "upper and lower case are the same in header names".to_owned();
            return Err(reader.problem(at, title, &[help]));
        }
        headers.insert(name, Secret::new(value));
    }
    policy.authentication = Authentication::Headers(headers);
    Ok(())
}

fn check_header(reader: &Reader<'_>, at: Location, name: &str, value: &str) -> Result<(), Problem> {
    if !headers::sendable(name, value) {
        let (title, help) = headers::unsendable(name);
        return Err(reader.problem(at, title, &[help]));
    }
    if value.trim().is_empty() {
        let (title, help) = headers::empty(name);
        return Err(reader.problem(at, title, &[help]));
    }
    if value.trim() != value {
        let title = format!("the value of the header `{name}` begins or ends with white space");
        let help = "receivers do not see it: remove it, or is a variable of the environment empty?";
        return Err(reader.problem(at, title, &[help.to_owned()]));
    }
    if headers::is_ours(name) {
        let title = format!("the header `{name}` cannot be set");
        let help = "it follows from the URL and the body".to_owned();
        return Err(reader.problem(at, title, &[help]));
    }
    Ok(())
}

fn read_secret(reader: &Reader<'_>, policy: &mut Policy) -> Result<(), Problem> {
    let right = match reader.section.get("secret").map(|given| &given.value) {
        Some(Json::Number(_) | Json::Bool(_)) => "text: put it in quotes",
        _ => "text",
    };
    let Some((secret, at)) = reader.get::<String>("secret", right)? else { return Ok(()) };
    let Authentication::Signature(signature) = &mut policy.authentication else {
        let title = format!("{} does not sign, so it needs no `secret`", reader.catalogue().title);
        let help = "use request headers instead: `headers: { X-Api-Key: … }`".to_owned();
        let other = "or say how it signs: `signature: { header: X-Signature }`".to_owned();
        return Err(reader.problem(at, title, &[help, other]));
    };
    if secret.is_empty() {
        let help = "give it a value, or leave it out: then nothing is signed".to_owned();
        return Err(reader.problem(at, "`secret` is empty", &[help]));
    }
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
    base: &Base,
    allowed: &Allowed,
) -> Result<(), Problem> {
    let right = "a map: `endpoint`, `client_secret` and optional keys";
    let Some((given, at)) = reader.get::<BTreeMap<String, Json>>("oauth", right)? else {
        return Ok(());
    };
    if !matches!(policy.authentication, Authentication::Token(_)) {
        policy.authentication = with_tokens(reader.vendor, &given);
    }
    match &mut policy.authentication {
        Authentication::Token(oauth) => {
            oauth::read(reader.source, at, &given, (base, allowed), oauth)
        }
        _ => Ok(()),
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
