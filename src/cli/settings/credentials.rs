//! How a vendor authenticates: the keys `headers`, `secret`, `signature` and `oauth` of its section.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_saphyr::Location;

use super::deliver::Base;
use super::section::Reader;
use super::{headers, oauth, vendor_signature};
use crate::delivery::Allowed;
use crate::model::signature::KeyForm;
use crate::model::{Authentication, Policy, Problem, Secret};
use crate::policy::{sign, signed};

/// Reads the credentials into the policy.
///
/// # Errors
/// If anything in them is wrong, or the vendor authenticates in another way.
pub fn read(
    reader: &Reader<'_>,
    policy: &mut Policy,
    base: &Base,
    allowed: &Allowed,
) -> Result<(), Problem> {
    vendor_signature::read(reader, policy)?;
    read_headers(reader, policy)?;
    read_secret(reader, policy)?;
    read_oauth(reader, policy, base, allowed)
}

fn read_headers(reader: &Reader<'_>, policy: &mut Policy) -> Result<(), Problem> {
    let right = "a map name: text (a number in quotes)";
    let Some((given, at)) = reader.get::<BTreeMap<String, String>>("headers", right)? else {
        return Ok(());
    };
    let Authentication::Headers(known) = &mut policy.authentication else {
        let title =
            format!("{} does not authenticate by request headers", reader.catalogue().title);
        return Err(reader.problem(at, title, &[]));
    };
    for (name, value) in given {
        check_header(reader, at, &name, &value)?;
        if known.keys().any(|other| other.eq_ignore_ascii_case(&name)) {
            let title = format!("the header `{name}` is given twice");
            let help = "upper and lower case are the same in header names".to_owned();
            return Err(reader.problem(at, title, &[help]));
        }
        known.insert(name, Secret::new(value));
    }
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
        policy.authentication = other_login(reader, &policy.authentication, at)?;
    }
    match &mut policy.authentication {
        Authentication::Token(oauth) => {
            oauth::read(reader.source, at, &given, (base, allowed), oauth)
        }
        _ => Ok(()),
    }
}

/// The login with tokens of a vendor that signs unless it is chosen.
fn other_login(
    reader: &Reader<'_>,
    usual: &Authentication,
    at: Location,
) -> Result<Authentication, Problem> {
    let title = reader.catalogue().title;
    let mut others = reader.vendor.other_logins().into_iter();
    let other = others.find(|login| matches!(login, Authentication::Token(_)));
    let other =
        other.ok_or_else(|| reader.problem(at, format!("{title} does not use tokens"), &[]))?;
    if sign::has_credentials(usual) {
        let help = "remove `secret`, or remove `oauth`".to_owned();
        let title = format!("{title} signs or sends tokens, not both");
        return Err(reader.problem(at, title, &[help]));
    }
    Ok(other)
}
