//! Generated bodies against the documented ones, for every vendor, trigger and profile.
//!
//! `fixtures/<vendor>/<profile>/<trigger>[.<variant>].json` hold the documented keys, types,
//! null and absent, and value forms. At every object of a generated body the set of keys must be
//! that of the same place in some fixture of its trigger; every value must have a type and a form
//! found there. And the other way round: every fixture's position must come up in what is
//! generated, so that no fixture is dead.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value as Json;
use standin::chance::Chance;
use standin::clock::default_start;
use standin::model::{Profile, Settings, Webhook};
use standin::sim::{Opening, Simulation};
use standin::vendors::{Vendor, registry};

/// How many webhooks of the default traffic are held against the fixtures, per profile.
const WEBHOOKS: usize = 60_000;

#[test]
fn generated_bodies_have_the_documented_keys_types_and_forms() {
    for vendor in registry::VENDORS {
        for profile in vendor.catalogue().profiles {
            hold(*vendor, profile);
        }
    }
}

fn hold(vendor: &'static dyn Vendor, profile: &'static Profile) {
    let catalogue = vendor.catalogue();
    let webhooks = generate(vendor, profile);
    for trigger in catalogue.triggers.iter().filter(|t| t.profiles.contains(&profile.name)) {
        let place = format!("{}/{}/{}", catalogue.vendor, profile.name, trigger.name);
        let fixtures = fixtures(catalogue.vendor, profile.name, trigger.name);
        assert!(!fixtures.is_empty(), "{place}: no fixture");
        let documented = Shapes::of(fixtures.values());
        let bodies: Vec<Json> = webhooks
            .iter()
            .filter(|webhook| webhook.trigger == trigger.name)
            .map(|webhook| serde_json::from_slice(&webhook.body).expect("a body is JSON"))
            .collect();
        assert!(!bodies.is_empty(), "{place}: the traffic never causes it");
        let generated = Shapes::of(bodies.iter());
        let (more, less) = (generated.beyond(&documented), documented.missing_objects(&generated));
        assert!(more.is_empty(), "{place}: generated and not in any fixture:\n{}", more.join("\n"));
        assert!(less.is_empty(), "{place}: in a fixture and never generated:\n{}", less.join("\n"));
    }
}

fn generate(vendor: &'static dyn Vendor, profile: &'static Profile) -> Vec<Webhook> {
    let catalogue = vendor.catalogue();
    let settings = Settings::check(catalogue.settings, []).expect("defaults are right");
    let traffic = Settings::check(catalogue.traffic, []).expect("defaults are right");
    let mut sim = Simulation::new(Chance::from_seed(3), default_start());
    let opening = Opening { name: "fixtures".to_owned(), profile, settings: settings.clone() };
    let account = sim.open(vendor, opening);
    sim.populate(account, &settings, &traffic);
    let mut webhooks = Vec::new();
    while webhooks.len() < WEBHOOKS {
        sim.step(&mut webhooks);
    }
    webhooks
}

fn fixtures(vendor: &str, profile: &str, trigger: &str) -> BTreeMap<String, Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(vendor).join(profile);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    files
        .map(|file| file.expect("a readable folder").path())
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.ends_with(".json") && name.split('.').next() == Some(trigger)
        })
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let json = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.display().to_string(), json)
        })
        .collect()
}

/// The objects and values found at each path.
#[derive(Default)]
struct Shapes {
    /// The key sets of the objects at a path.
    objects: BTreeMap<String, BTreeSet<Vec<String>>>,
    /// The forms of the values at a path.
    forms: BTreeMap<String, BTreeSet<&'static str>>,
}

/// Objects whose keys are data, not shape.
const MAPS: &[&str] = &["/data/position/registrationData"];

impl Shapes {
    fn of<'a>(bodies: impl Iterator<Item = &'a Json>) -> Self {
        let mut shapes = Self::default();
        for body in bodies {
            shapes.learn("", body);
        }
        shapes
    }

    fn learn(&mut self, path: &str, value: &Json) {
        self.forms.entry(path.to_owned()).or_default().insert(form(value));
        match value {
            Json::Object(object) if MAPS.contains(&path) => {
                object.values().for_each(|value| self.learn(&format!("{path}/*"), value));
            }
            Json::Object(object) => {
                let mut keys: Vec<String> = object.keys().cloned().collect();
                keys.sort();
                self.objects.entry(path.to_owned()).or_default().insert(keys);
                for (key, value) in object {
                    self.learn(&format!("{path}/{key}"), value);
                }
            }
            Json::Array(list) => {
                list.iter().for_each(|value| self.learn(&format!("{path}/[]"), value));
            }
            _ => {}
        }
    }

    /// What is here and not there.
    fn beyond(&self, other: &Self) -> Vec<String> {
        let none = BTreeSet::new();
        let forms = self.forms.iter().flat_map(|(path, forms)| {
            forms
                .difference(other.forms.get(path).unwrap_or(&BTreeSet::new()))
                .map(|form| format!("  {path}: {form}, documented {:?}", other.forms.get(path)))
                .collect::<Vec<_>>()
        });
        let objects = self.objects.iter().flat_map(|(path, sets)| {
            sets.difference(other.objects.get(path).unwrap_or(&none))
                .map(|keys| format!("  {path}: {}", keys.join(" ")))
                .collect::<Vec<_>>()
        });
        forms.chain(objects).collect()
    }

    /// Objects that are here and not there.
    fn missing_objects(&self, other: &Self) -> Vec<String> {
        let none = BTreeSet::new();
        self.objects
            .iter()
            .flat_map(|(path, sets)| {
                sets.difference(other.objects.get(path).unwrap_or(&none))
                    .map(|keys| format!("  {path}: {}", keys.join(" ")))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

/// The type of a value, and for a text its form.
fn form(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.is_f64() => "decimal",
        Json::Number(_) => "whole number",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
        Json::String(text) => text_form(text),
    }
}

fn text_form(text: &str) -> &'static str {
    const FORMS: &[(&str, &str)] = &[
        ("", "^$"),
        ("uuid", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
        ("time with milliseconds", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"),
        ("time with seconds", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
        ("phone", r"^\+\d{6,15}$"),
        ("e-mail", r"^[^@\s]+@example\.test$"),
        ("JSON in a string", r"^\{.*\}$"),
        ("label", r"^[A-Z]\d+$"),
    ];
    FORMS
        .iter()
        .find(|(_, pattern)| regex::Regex::new(pattern).expect("a pattern").is_match(text))
        .map_or("text", |(name, _)| if name.is_empty() { "empty text" } else { name })
}
