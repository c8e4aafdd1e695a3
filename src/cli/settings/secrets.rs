//! Which values of standin.yaml are secrets, and so appear nowhere, whoever repeats them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::environment;
use super::keys::{self, SettingsFile, Shown};
use crate::delivery::Secrets;
use crate::driver::VendorTarget;
use crate::model::Secret;
use crate::policy::{sign, url};
use crate::probe::Probe;
use crate::vendors::Registry;

/// Headers whose values are no secrets. They would otherwise hide what every receiver says.
const HARMLESS_HEADERS: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-type",
    "host",
    "origin",
    "referer",
    "user-agent",
];

/// All secrets of the settings, with these values from the environment.
pub fn all(
    vendors: &BTreeMap<&'static str, VendorTarget>,
    probes: &BTreeMap<(String, String), Probe>,
    filled: Vec<String>,
) -> Secrets {
    let logins = vendors.values().flat_map(|one| sign::secrets(&one.policy.authentication));
    let keys =
        vendors.values().flat_map(|one| one.api_keys.key.iter().chain(&one.api_keys.client_secret));
    let is_secret = |name: &str| !HARMLESS_HEADERS.contains(&name.to_ascii_lowercase().as_str());
    let headers = probes.values().flat_map(|probe| &probe.headers);
    let headers = headers.filter(|(name, _)| is_secret(name)).map(|(_, value)| value);
    let probed = probes.values().map(|probe| probe.url.as_str());
    let sent = vendors.values().flat_map(VendorTarget::addresses);
    let sent = sent.flat_map(|one| [one.sent.as_str(), one.known.as_str()]);
    let queries = probed.chain(sent).flat_map(url::secrets);
    let given = logins.into_iter().chain(keys).chain(headers).cloned();
    Secrets::new(given.chain(queries).chain(filled.into_iter().map(Secret::new)))
}

/// The values of the environment that settings take where a secret may stand: everywhere but in addresses,
/// whose queries count, and in settings of an account.
pub fn filled(written: &SettingsFile, registry: Registry) -> Vec<String> {
    let mut found = Vec::new();
    for section in written.vendors.values() {
        for (key, value) in &section.value {
            below(registry, key, &value.value, &mut found);
        }
    }
    for section in written.probes.values() {
        let get = section.value.get.iter();
        get.for_each(|get| in_query(&get.value, &mut found));
        section.value.headers.values().for_each(|value| referenced(value, &mut found));
    }
    found
}

/// The values below a key.
fn below(registry: Registry, key: &str, value: &Json, found: &mut Vec<String>) {
    let mut settings = registry.vendors().flat_map(|vendor| vendor.catalogue().settings);
    match (keys::shown(key), value) {
        (Some(Shown::Keys), Json::Object(object)) => {
            object.iter().for_each(|(key, value)| below(registry, key, value, found));
        }
        (Some(Shown::All), _) => texts(value, &mut |text| in_query(text, found)),
        (None, _) if settings.any(|setting| setting.name == key) => {}
        _ => texts(value, &mut |text| referenced(text, found)),
    }
}

/// Every text in a value.
fn texts(value: &Json, each: &mut dyn FnMut(&str)) {
    match value {
        Json::String(text) => each(text),
        Json::Array(list) => list.iter().for_each(|one| texts(one, each)),
        Json::Object(object) => object.values().for_each(|one| texts(one, each)),
        _ => {}
    }
}

fn in_query(url: &str, found: &mut Vec<String>) {
    // The `?` of a default is not that of the URL, and then its value counts as a secret too.
    if let Some((_, query)) = url.split_once('?') {
        referenced(query, found);
    }
}

/// The values of the variables that a text refers to.
fn referenced(text: &str, found: &mut Vec<String>) {
    let values = std::cell::RefCell::new(Vec::new());
    let variable = |name: &str| {
        let value = std::env::var(name).ok()?;
        values.borrow_mut().push(value.clone());
        Some(value)
    };
    // A mistake is reported where the references are replaced.
    let _ = environment::fill(text, &variable);
    found.extend(values.into_inner());
}
