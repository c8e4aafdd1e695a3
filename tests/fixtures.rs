//! Compares generated bodies with the documented ones, for every vendor, trigger and profile.
//!
//! `fixtures/<vendor>/<profile>/<trigger>[.<variant>].json` have the documented keys, types, nulls,
//! absences and forms of values. Each object in a generated body must have the same keys as the
//! object at the same path in some fixture of its trigger. Each value must have a type and a form
//! that occurs there. The reverse must hold too: all objects and forms in the fixtures must be
//! generated, so that no fixture is outdated.
//!
//! If a vendor documents which keys are optional, `fixtures/<vendor>/<profile>/optional.json` lists
//! them, by the beginning of the trigger and the path of their object. They are compared one by
//! one: a key may be present only if it is in some fixture of the trigger, and absent only if it is
//! absent from one, and the reverse. All other keys are compared as a set.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use common::settings;
use common::walk::Walk;
use jsonschema::Validator;
use regex::Regex;
use serde_json::Value as Json;
use standin::chance::Chance;
use standin::model::{Profile, Webhook};
use standin::vendors::{Vendor, registry};

/// How many webhooks of the default traffic are compared with the fixtures, per profile.
const OF_TRAFFIC: usize = 500;
/// How many random walks are compared as well, and how long each is. The first has the default
/// settings, the others random ones.
const WALKS: u64 = 16;
const STEPS: usize = 1000;

/// The least number of profiles. A shorter list has lost some.
const PROFILES_AT_LEAST: usize = 7;
const SCHEMAS_AT_LEAST: usize = 60;
const REFUSED_AT_LEAST: usize = 10_000;

#[test]
fn generated_bodies_have_the_documented_keys_types_and_forms() {
    let profiles: Vec<_> = profiles().collect();
    assert!(profiles.len() >= PROFILES_AT_LEAST, "only {} profiles", profiles.len());
    // Each profile has its own thread, so that none waits for another.
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = profiles
            .iter()
            .map(|(vendor, profile)| scope.spawn(|| differences(*vendor, profile)))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every vendor in every one of its profiles.
fn profiles() -> impl Iterator<Item = (&'static dyn Vendor, &'static Profile)> {
    registry::shipped()
        .vendors()
        .flat_map(|vendor| vendor.catalogue().profiles.iter().map(move |profile| (vendor, profile)))
}

/// The checked-in schema of each trigger in each profile that has it, with its documented bodies.
fn documented() -> Vec<(Validator, BTreeMap<String, Json>, Optional)> {
    let mut all = Vec::new();
    for (vendor, profile) in profiles() {
        let catalogue = vendor.catalogue();
        for trigger in catalogue.triggers.iter().filter(|t| t.profiles.contains(&profile.name)) {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("schemas")
                .join(catalogue.vendor)
                .join(profile.name)
                .join(format!("{}.schema.json", trigger.name));
            let text = std::fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let schema = serde_json::from_str(&text).expect("a schema is JSON");
            let schema = jsonschema::validator_for(&schema).expect("a schema");
            let bodies = fixtures(catalogue.vendor, profile.name, trigger.name);
            assert!(!bodies.is_empty(), "{}: no documented body", path.display());
            all.push((schema, bodies, optional(catalogue.vendor, profile.name, trigger.name)));
        }
    }
    assert!(all.len() >= SCHEMAS_AT_LEAST, "only {} schemas", all.len());
    all
}

#[test]
fn the_schemas_accept_every_documented_body() {
    for (schema, bodies, _) in documented() {
        for (path, body) in bodies {
            let wrong: Vec<String> = schema.iter_errors(&body).map(|e| e.to_string()).collect();
            assert!(wrong.is_empty(), "{path}: {}", wrong.join("\n"));
        }
    }
}

/// A schema that accepts anything would accept the documented bodies too.
#[test]
fn the_schemas_refuse_documented_bodies_with_a_key_missing_or_mistyped() {
    let mut refused = 0;
    let mut wrong = BTreeSet::new();
    for (schema, bodies, optional) in documented() {
        // A key that some documented body lacks is not required.
        let always = always_there(bodies.values(), &optional);
        for body in bodies.values() {
            let mut places = Vec::new();
            keys("", "", body, &mut places);
            for (object, pointer, key) in places {
                let mut mistyped = body.clone();
                // No document has a list inside a list.
                mistyped.pointer_mut(&pointer).expect("it was found there")[&key] =
                    serde_json::json!([[true]]);
                let mut without = body.clone();
                let there = without.pointer_mut(&pointer).and_then(Json::as_object_mut);
                there.expect("it was found there").shift_remove(&key);
                if schema.is_valid(&mistyped) {
                    wrong.insert(format!("{object}/{key} may be anything"));
                }
                let must = always.get(&object).is_some_and(|keys| keys.contains(&key));
                if must && schema.is_valid(&without) {
                    wrong.insert(format!("{object}/{key} may be missing"));
                }
                refused += 1 + usize::from(must);
            }
        }
    }
    assert!(refused >= REFUSED_AT_LEAST, "only {refused} wrong bodies were tried");
    let open: BTreeSet<String> = OPEN.iter().map(|one| (*one).to_owned()).collect();
    assert_eq!(wrong, open, "what the schemas leave open is not what is known");
}

/// What the schemas leave open although all documented bodies are alike: the keys of `servedBy`, an
/// object that may be empty, and arrays whose items are not documented. A position from the REST
/// API has no registration form.
const OPEN: &[&str] = &[
    "/data/position/registrationData may be missing",
    "/data/position/servedBy/displayName may be anything",
    "/data/position/servedBy/displayName may be missing",
    "/data/position/servedBy/email may be anything",
    "/data/position/servedBy/email may be missing",
    "/data/position/servedBy/firstName may be anything",
    "/data/position/servedBy/firstName may be missing",
    "/data/position/servedBy/id may be anything",
    "/data/position/servedBy/id may be missing",
    "/data/position/servedBy/lastName may be anything",
    "/data/position/servedBy/lastName may be missing",
    "/demo_screen may be anything",
    "/order_details/payment/expected_attachments_link may be anything",
];

/// The keys that all documented objects at a path have, except those that are documented as
/// optional.
fn always_there<'a>(
    bodies: impl Iterator<Item = &'a Json>,
    optional: &Optional,
) -> BTreeMap<String, BTreeSet<String>> {
    let shapes = Shapes::of(bodies, optional);
    let common = shapes.objects.into_iter().map(|(path, sets)| {
        let mut sets = sets.into_iter().map(|keys| keys.into_iter().collect::<BTreeSet<_>>());
        let first = sets.next().unwrap_or_default();
        (path, sets.fold(first, |keys, other| &keys & &other))
    });
    common.collect()
}

/// The keys in a body: the path of the object, its pointer, and the key. The keys of maps are data.
fn keys(path: &str, pointer: &str, value: &Json, places: &mut Vec<(String, String, String)>) {
    match value {
        Json::Object(_) if MAPS.contains(&path) => {}
        Json::Object(object) => {
            for (key, value) in object {
                places.push((path.to_owned(), pointer.to_owned(), key.clone()));
                keys(&format!("{path}/{key}"), &format!("{pointer}/{key}"), value, places);
            }
        }
        Json::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                keys(&format!("{path}/[]"), &format!("{pointer}/{index}"), value, places);
            }
        }
        _ => {}
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

/// The optional keys in the bodies of a trigger. Empty if the vendor's documents do not list any.
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
    /// The optional keys, which are not part of a key set.
    optional: &'o Optional,
    /// The key sets of the objects at a path, without the optional keys.
    objects: BTreeMap<String, BTreeSet<Vec<String>>>,
    /// The optional keys that objects at a path had, and those that they lacked.
    choices: BTreeMap<String, BTreeSet<String>>,
    /// The forms of the values at a path.
    forms: BTreeMap<String, BTreeSet<&'static str>>,
}

/// Objects whose keys are data.
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

/// Texts whose form is data: answers to the questions of the account's own form.
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

    /// What this has and the other lacks.
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
        // These count as one form, since a setting chooses between them.
        ("time of a zone", r"^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d|T\d\d:\d\d:\d\d[+-]\d\d:\d\d)$"),
        ("whole number in a text", r"^-?\d+$"),
        ("decimal in a text", r"^-?\d+\.\d+$"),
        ("phone", r"^\+\d{6,15}$"),
        ("e-mail", r"^[^@\s]+@([a-z0-9-]+\.)*example\.test$"),
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
