//! JSON Schemas from the field tables. Bodies, fixtures, the list of optional keys, and the
//! vendor's own copy of the tables are checked against them.
//!
//! The tables are `fixtures/doo/fields/*.txt`: one line per field. They share nothing with the
//! types of the bodies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Map, Value as Json, json};

use crate::{doo, for_any_run};

/// A field, with the fields below it.
#[derive(Default)]
struct Field {
    kind: String,
    required: bool,
    limits: Map<String, Json>,
    below: BTreeMap<String, Field>,
}

const ITEM: &str = "[]";
/// The keys of an attendee if only the booker is asked (seed 003, 3.4.3).
const BARE_ATTENDEE: &[&str] = &["id", "status", "ticket"];

/// The least number of fields in all schemas together. A shorter list has lost some.
const SCHEMA_FIELDS_AT_LEAST: usize = 400;

impl Field {
    /// Reads rows of `path type required|optional|item limits`.
    fn read<'a>(rows: impl Iterator<Item = &'a str>) -> Self {
        let mut root = Self { kind: "object".to_owned(), required: true, ..Self::default() };
        for row in rows {
            let words: Vec<&str> = row.split_whitespace().collect();
            let [path, kind, required, limits @ ..] = words.as_slice() else {
                panic!("no row of a field table: {row}")
            };
            let field = steps(path).fold(&mut root, |field, step| field.below(step));
            field.kind = (*kind).to_owned();
            field.required = *required == "required";
            for limit in limits {
                let (name, number) = limit.split_once('=').expect("a limit");
                let number: u64 = number.parse().expect("a length");
                field.limits.insert(name.to_owned(), number.into());
            }
        }
        root
    }

    /// A child of the field. An item without a row of its own is an object.
    fn below(&mut self, step: &str) -> &mut Self {
        let object = || Self { kind: "object".to_owned(), ..Self::default() };
        self.below.entry(step.to_owned()).or_insert_with(object)
    }

    fn schema(&self) -> Json {
        let mut schema = self.limits.clone();
        schema.insert("type".to_owned(), self.kind.clone().into());
        if let Some(item) = self.below.get(ITEM) {
            schema.insert("items".to_owned(), item.schema());
        } else if !self.below.is_empty() {
            let below = |(name, field): (&String, &Self)| (name.clone(), field.schema());
            let properties: Map<String, Json> = self.below.iter().map(below).collect();
            let required = self.below.iter().filter(|(_, field)| field.required);
            let required: Vec<Json> = required.map(|(name, _)| name.clone().into()).collect();
            schema.insert("properties".to_owned(), properties.into());
            schema.insert("required".to_owned(), required.into());
            schema.insert("additionalProperties".to_owned(), false.into());
        }
        schema.into()
    }
}

/// The names in a path, and `[]` for an item.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').flat_map(|part| {
        let name = part.strip_suffix(ITEM);
        [Some(name.unwrap_or(part)), name.map(|_| ITEM)].into_iter().flatten()
    })
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn rows(path: &str) -> Vec<String> {
    let file = repository(path);
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let rows = text.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#'));
    let rows: Vec<String> = rows.map(str::to_owned).collect();
    assert!(!rows.is_empty(), "{path} has no rows");
    rows
}

/// The documented fields of a model, with our assumptions for gaps in the documents.
fn model(name: &str) -> Field {
    let documented = rows(&format!("fixtures/doo/fields/{name}.txt"));
    let open = rows("fixtures/doo/fields/assumed.txt");
    let beginning = format!("{name} ");
    let assumed = open.iter().filter_map(|row| row.strip_prefix(&beginning));
    Field::read(documented.iter().map(String::as_str).chain(assumed))
}

/// The schema of an attendee, the whole one or the bare one, with further keys that are texts.
fn attendee(whole: &Json, further: &[&str]) -> Json {
    let mut whole = whole.clone();
    for key in further {
        whole["properties"][*key] = json!({"type": "string", "minLength": 1});
        whole["required"].as_array_mut().expect("a list").push((*key).into());
    }
    let kept: Vec<&str> = BARE_ATTENDEE.iter().chain(further).copied().collect();
    let property = |key: &&str| ((*key).to_owned(), whole["properties"][*key].clone());
    let properties: Map<String, Json> = kept.iter().map(property).collect();
    let bare = json!({
        "type": "object",
        "properties": properties,
        "required": kept,
        "additionalProperties": false,
    });
    json!({"anyOf": [whole, bare]})
}

/// The schema of a trigger's bodies.
fn schema(trigger: &str) -> Json {
    if trigger.starts_with("event_") {
        return model("event").schema();
    }
    let mut order = model("order").schema();
    let item = "/properties/order_details/properties/attendees/items";
    let item = order.pointer_mut(item).expect("attendees have items");
    let whole = item.take();
    *item = attendee(&whole, &[]);
    // Assumed: attendees have no model of their own.
    if trigger.starts_with("attendee_") {
        attendee(&whole, &["order_id", "event_id"])
    } else {
        order
    }
}

fn validators() -> BTreeMap<&'static str, Validator> {
    let triggers = doo().1.triggers.iter();
    let validator =
        |name: &'static str| jsonschema::validator_for(&schema(name)).expect("a schema");
    triggers.map(|trigger| (trigger.name, validator(trigger.name))).collect()
}

#[test]
fn every_body_has_the_documented_fields_and_no_other() {
    let validators = validators();
    for_any_run(3_000, |run| {
        for one in &run.seen {
            let wrong = validators[one.trigger].iter_errors(&one.body);
            let wrong: Vec<_> =
                wrong.map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(wrong.is_empty(), "{wrong:?} in {}", one.here());
        }
        run.seen.len()
    });
}

/// The shipped schemas come from `crates/core/src/vendors/doo/fields`, these from `fixtures/doo/fields`.
#[test]
fn the_shipped_schemas_have_the_documented_fields_and_no_other() {
    let mut compared = 0;
    for trigger in doo().1.triggers {
        let path = format!("schemas/doo/default-payload/{}.schema.json", trigger.name);
        let text = std::fs::read_to_string(repository(&path)).expect("a readable file");
        let shipped: Json = serde_json::from_str(&text).expect("JSON");
        let documented = schema(trigger.name);
        let (mut ours, mut theirs) = (BTreeMap::new(), BTreeMap::new());
        collect(&shipped, &shipped, "", &mut ours);
        collect(&documented, &documented, "", &mut theirs);
        assert_eq!(ours, theirs, "{path}");
        compared += ours.len();
    }
    assert!(compared >= SCHEMA_FIELDS_AT_LEAST, "only {compared} fields");
}

/// The JSON types of each field that a schema names, by its path.
fn collect(
    schema: &Json,
    root: &Json,
    path: &str,
    fields: &mut BTreeMap<String, BTreeSet<String>>,
) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).expect("a definition");
        return collect(target, root, path, fields);
    }
    let types =
        schema["type"].as_array().map_or(std::slice::from_ref(&schema["type"]), Vec::as_slice);
    let types = types.iter().filter_map(Json::as_str).map(str::to_owned);
    fields.entry(path.to_owned()).or_default().extend(types);
    let variants =
        ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|kind| schema[kind].as_array());
    variants.flatten().for_each(|one| collect(one, root, path, fields));
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        collect(below, root, &format!("{path}/{key}"), fields);
    }
    if schema["items"].is_object() {
        collect(&schema["items"], root, &format!("{path}/{ITEM}"), fields);
    }
}

/// Every file, with its trigger: the text before the first dot.
fn fixtures() -> Vec<(String, PathBuf)> {
    let folder = repository("fixtures/doo/default-payload");
    let files =
        std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let trigger = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.split('.').next().unwrap_or_default().to_owned()
    };
    files.map(|path| (trigger(&path), path)).filter(|(trigger, _)| trigger != "optional").collect()
}

#[test]
fn every_fixture_has_the_documented_fields_and_no_other() {
    let fixtures = fixtures();
    assert!(fixtures.len() > 40, "{}", fixtures.len());
    for (trigger, path) in fixtures {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let body: Json = serde_json::from_str(&text).expect("JSON");
        let validator = jsonschema::validator_for(&schema(&trigger)).expect("a schema");
        let wrong: Vec<_> =
            validator.iter_errors(&body).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
    }
}

#[test]
fn the_optional_keys_of_the_fixtures_are_those_of_the_tables() {
    type Optional = BTreeMap<String, BTreeSet<String>>;
    let file = repository("fixtures/doo/default-payload/optional.json");
    let text = std::fs::read_to_string(file).expect("a readable file");
    let listed: BTreeMap<String, Optional> = serde_json::from_str(&text).expect("lists of keys");
    let of = |model: &str, root: &str| {
        let mut optional = Optional::new();
        for row in rows(&format!("fixtures/doo/fields/{model}.txt")) {
            let words: Vec<&str> = row.split_whitespace().collect();
            let path: String = steps(words[0]).map(|step| format!("/{step}")).collect();
            let (object, key) = path.rsplit_once('/').expect("it begins with one");
            if let Some(object) = object.strip_prefix(root).filter(|_| words[2] == "optional") {
                optional.entry(object.to_owned()).or_default().insert(key.to_owned());
            }
        }
        optional
    };
    let right = [
        ("order_", of("order", "")),
        ("event_", of("event", "")),
        ("attendee_", of("order", "/order_details/attendees/[]")),
    ];
    assert_eq!(listed, right.map(|(kind, optional)| (kind.to_owned(), optional)).into());
}

/// The two tables were transcribed independently from the documents.
#[test]
fn two_transcriptions_of_the_documents_agree() {
    for name in ["order", "event"] {
        let ours = rows(&format!("fixtures/doo/fields/{name}.txt"));
        let vendors = rows(&format!("crates/core/src/vendors/doo/fields/{name}.txt"));
        assert_eq!(ours, vendors, "{name}");
    }
}
