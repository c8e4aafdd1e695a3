//! Generated bodies against the documented ones, for every vendor, trigger and profile.
//!
//! `fixtures/<vendor>/<profile>/<trigger>[.<variant>].json` hold the documented keys, types,
//! null and absent, and value forms. At every object of a generated body the set of keys must be
//! that of the same place in some fixture of its trigger; every value must have a type and a form
//! found there. And the other way round: every fixture's objects and forms must come up in what is
//! generated, so that no fixture is dead.
//!
//! Where a vendor documents which keys are optional, `fixtures/<vendor>/<profile>/optional.json` lists
//! them, by the beginning of the trigger and the path of their object. Those are compared one by one:
//! a key may be there, or not there, only where some fixture of the trigger has it so, and both ways
//! round. All other keys are compared as a set.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use common::settings;
use common::walk::Walk;
use regex::Regex;
use serde_json::Value as Json;
use standin::chance::Chance;
use standin::model::{Profile, Webhook};
use standin::vendors::{Vendor, registry};

/// How many webhooks of the default traffic are held against the fixtures, per profile.
const OF_TRAFFIC: usize = 500;
/// How many random walks come on top, and how long each is. The first has the default settings,
/// the others any.
const WALKS: u64 = 10;
const STEPS: usize = 1000;

#[test]
fn generated_bodies_have_the_documented_keys_types_and_forms() {
    let mut wrong = Vec::new();
    for vendor in registry::shipped().vendors() {
        for profile in vendor.catalogue().profiles {
            wrong.extend(differences(vendor, profile));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn documented_bodies_validate_against_the_generated_schemas() {
    for vendor in registry::shipped().vendors() {
        let catalogue = vendor.catalogue();
        for (profile, trigger) in catalogue
            .profiles
            .iter()
            .flat_map(|profile| catalogue.triggers.iter().map(move |trigger| (profile, trigger)))
        {
            let Some(schema) = vendor.schema(profile, trigger.name) else { continue };
            let schema = jsonschema::validator_for(&schema).expect("a schema");
            for (path, body) in fixtures(catalogue.vendor, profile.name, trigger.name) {
                let wrong: Vec<String> = schema.iter_errors(&body).map(|e| e.to_string()).collect();
                assert!(wrong.is_empty(), "{path}: {}", wrong.join("\n"));
            }
        }
    }
}

fn differences(vendor: &'static dyn Vendor, profile: &'static Profile) -> Vec<String> {
    let catalogue = vendor.catalogue();
    let webhooks = generate(vendor, profile);
    let mut wrong = Vec::new();
    for trigger in catalogue.triggers.iter().filter(|t| t.profiles.contains(&profile.name)) {
        let place = format!("{}/{}/{}", catalogue.vendor, profile.name, trigger.name);
        let fixtures = fixtures(catalogue.vendor, profile.name, trigger.name);
        assert!(!fixtures.is_empty(), "{place}: no fixture");
        let optional = optional(catalogue.vendor, profile.name, trigger.name);
        let documented = Shapes::of(fixtures.values(), &optional);
        let bodies: Vec<Json> = webhooks
            .iter()
            .filter(|webhook| webhook.trigger == trigger.name)
            .map(|webhook| serde_json::from_slice(&webhook.body).expect("a body is JSON"))
            .collect();
        assert!(!bodies.is_empty(), "{place}: never caused");
        let generated = Shapes::of(bodies.iter(), &optional);
        let generated_only = generated.beyond(&documented);
        let documented_only = documented.beyond(&generated);
        wrong.extend(generated_only.map(|what| format!("{place}: in no fixture: {what}")));
        wrong.extend(documented_only.map(|what| format!("{place}: never generated: {what}")));
    }
    wrong
}

fn generate(vendor: &'static dyn Vendor, profile: &'static Profile) -> Vec<Webhook> {
    let declared = vendor.catalogue().settings;
    let mut webhooks = common::traffic(vendor, profile, 3, OF_TRAFFIC);
    for seed in 0..WALKS {
        let settings = match seed {
            0 => settings::defaults(declared),
            _ => settings::any(declared, &mut Chance::from_seed(seed)),
        };
        let mut walk = Walk::new(vendor, profile, settings, seed);
        walk.go(STEPS);
        webhooks.append(&mut walk.webhooks);
    }
    webhooks
}

fn folder(vendor: &str, profile: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(vendor).join(profile)
}

/// The keys that are documented as optional, by the path of their object.
type Optional = BTreeMap<String, BTreeSet<String>>;

/// What is optional in the bodies of a trigger; nothing if the vendor's documents do not say.
fn optional(vendor: &str, profile: &str, trigger: &str) -> Optional {
    let path = folder(vendor, profile).join("optional.json");
    let Ok(text) = std::fs::read_to_string(&path) else { return Optional::new() };
    let by_trigger: BTreeMap<String, Optional> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut all = by_trigger.into_iter().filter(|(beginning, _)| trigger.starts_with(beginning));
    all.next().map(|(_, optional)| optional).unwrap_or_default()
}

fn fixtures(vendor: &str, profile: &str, trigger: &str) -> BTreeMap<String, Json> {
    let folder = folder(vendor, profile);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    files
        .map(|file| file.expect("a readable folder").path())
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let variant = name.strip_suffix(".json").and_then(|name| name.strip_prefix(trigger));
            variant.is_some_and(|variant| variant.is_empty() || variant.starts_with('.'))
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
struct Shapes<'o> {
    /// The keys that are not part of a key set.
    optional: &'o Optional,
    /// The key sets of the objects at a path, without the optional keys.
    objects: BTreeMap<String, BTreeSet<Vec<String>>>,
    /// The optional keys that objects at a path had, and those that they had not.
    choices: BTreeMap<String, BTreeSet<String>>,
    /// The forms of the values at a path.
    forms: BTreeMap<String, BTreeSet<&'static str>>,
}

/// Objects whose keys are data, not shape.
const MAPS: &[&str] = &[
    "/data/position/registrationData",
    "/data/resources",
    "/data/services",
    "/data/fields",
    "/before/resources",
    "/before/services",
    "/before/fields",
    "/before/numWaitingByPartySize",
    "/before/waitByPartySize",
    "/after/resources",
    "/after/services",
    "/after/fields",
    "/after/numWaitingByPartySize",
    "/after/waitByPartySize",
];

/// Texts whose form is data too: answers to the questions of the account's own form.
const ANSWERS: &[&str] = &[
    "/data/position/registrationData/",
    "/data/fields/",
    "/data/dataFields/[]/values/",
    "/before/fields/",
    "/before/dataFields/[]/values/",
    "/after/fields/",
    "/after/dataFields/[]/values/",
    "/answers/[]/answer",
    "/order_details/buyer_answers/[]/answer",
    "/order_details/attendees/[]/answers/[]/answer",
];

impl<'o> Shapes<'o> {
    fn of<'a>(bodies: impl Iterator<Item = &'a Json>, optional: &'o Optional) -> Self {
        let (objects, forms, choices) = Default::default();
        let mut shapes = Self { optional, objects, forms, choices };
        for body in bodies {
            shapes.learn("", body);
        }
        shapes
    }

    fn learn(&mut self, path: &str, value: &Json) {
        let answer = ANSWERS.iter().any(|below| path.starts_with(below));
        let form = if answer && value.is_string() { "text" } else { form(value) };
        self.forms.entry(path.to_owned()).or_default().insert(form);
        match value {
            Json::Object(object) if MAPS.contains(&path) => {
                object.values().for_each(|value| self.learn(&format!("{path}/*"), value));
            }
            Json::Object(object) => {
                let optional = self.optional.get(path);
                for key in optional.into_iter().flatten() {
                    let with = if object.contains_key(key) { "with" } else { "without" };
                    let choices = self.choices.entry(path.to_owned()).or_default();
                    choices.insert(format!("{with} {key}"));
                }
                let part = |key: &&String| optional.is_none_or(|keys| !keys.contains(*key));
                let mut keys: Vec<String> = object.keys().filter(part).cloned().collect();
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
    fn beyond<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = String> + use<'a, 'o> {
        let forms = missing(&self.forms, &other.forms);
        let objects = missing(&self.objects, &other.objects);
        let choices = missing(&self.choices, &other.choices);
        forms
            .map(|(path, form)| format!("{path} {form}"))
            .chain(objects.map(|(path, keys)| format!("{path} {{ {} }}", keys.join(" "))))
            .chain(choices.map(|(path, choice)| format!("{path} {choice}")))
    }
}

fn missing<'a, T: Ord>(
    here: &'a BTreeMap<String, BTreeSet<T>>,
    there: &'a BTreeMap<String, BTreeSet<T>>,
) -> impl Iterator<Item = (&'a str, &'a T)> {
    here.iter().flat_map(|(path, found)| {
        let known = there.get(path);
        let new = found.iter().filter(move |one| known.is_none_or(|known| !known.contains(one)));
        new.map(|one| (path.as_str(), one))
    })
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
        ("empty text", "^$"),
        ("uuid", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
        ("time with milliseconds", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"),
        ("time with seconds", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
        // One form: which of the two it is, is a setting.
        ("time of a zone", r"^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d|T\d\d:\d\d:\d\d[+-]\d\d:\d\d)$"),
        ("whole number in a text", r"^-?\d+$"),
        ("decimal in a text", r"^-?\d+\.\d+$"),
        ("phone", r"^\+\d{6,15}$"),
        ("e-mail", r"^[^@\s]+@example\.test$"),
        ("JSON in a string", r"^\{.*\}$"),
        ("label", r"^[A-Z]\d+$"),
    ];
    static COMPILED: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
        let compile = |pattern| Regex::new(pattern).expect("a pattern");
        FORMS.iter().map(|(name, pattern)| (*name, compile(pattern))).collect()
    });
    let form = COMPILED.iter().find(|(_, pattern)| pattern.is_match(text));
    form.map_or("text", |(name, _)| *name)
}
