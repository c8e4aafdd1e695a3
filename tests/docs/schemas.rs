//! The JSON Schemas of our own file formats, and that what we ship and print holds to them.

use std::process::Command;

use serde_json::{Value as Json, json};
use standin::vendors::registry;

use super::{hold, repository, text};

/// How many generated lines are held against the schema, per vendor.
const LINES: &str = "200";

#[test]
fn the_schemas_of_our_files_are_as_the_code_has_them() {
    let scenario = schemars::schema_for!(standin::scenario::file::ScenarioFile).to_value();
    for (name, schema) in [
        ("standin", standin::cli::settings::schema()),
        ("scenario", scenario),
        ("report", standin::report::json::schema()),
    ] {
        let pretty = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
        hold(&format!("schemas/{name}.schema.json"), &format!("{pretty}\n"));
    }
}

#[test]
fn the_settings_that_init_writes_fit_their_schema() {
    let schema = standin::cli::settings::schema();
    let mut settings = yaml("templates/standin.yaml");
    assert_eq!(complaints(&schema, &settings), [""; 0]);
    settings["receiver"]["ur"] = json!("a mistake");
    assert!(!complaints(&schema, &settings).is_empty(), "an unknown key is a mistake");
}

#[test]
fn every_shipped_scenario_fits_the_schema() {
    let schema = schemars::schema_for!(standin::scenario::file::ScenarioFile).to_value();
    let files: Vec<String> =
        super::files::all().into_iter().filter(|path| is_scenario(path)).collect();
    assert!(!files.is_empty());
    for path in files {
        assert_eq!(complaints(&schema, &yaml(&path)), [""; 0], "{path}");
    }
}

/// Scenario files that their schema must refuse, each for one reason.
const WRONG_SCENARIOS: &[&str] = &[
    "steps: [wait: 4m]",
    "vendor: 7",
    "vendor: ombori\nstep: []",
    "vendor: ombori\nsteps: Anna takes a walk-in ticket",
    "vendor: ombori\nsteps: [7]",
    "vendor: ombori\ntraffic: []",
    "vendor: ombori\naccount: []",
];

/// Settings that their schema must refuse, each for one reason.
const WRONG_SETTINGS: &[&str] = &[
    "{}",
    "receiver: http://127.0.0.1:1",
    "receiver: { ack_within: 5s }",
    "receiver: { url: 7 }",
    "receiver: { url: http://127.0.0.1:1, ack_witin: 5s }",
    "receiver: { url: http://127.0.0.1:1, queues: [] }",
    "receiver: { url: http://127.0.0.1:1 }\nvendor: {}",
    "receiver: { url: http://127.0.0.1:1 }\nvendors: []",
    "receiver: { url: http://127.0.0.1:1 }\nprobes: { ombori.position: { fields: {} } }",
    "receiver: { url: http://127.0.0.1:1 }\nprobes: { ombori.position: { get: '/p/{id}', field: {} } }",
];

#[test]
fn the_schemas_of_our_files_refuse_what_is_wrong() {
    for (file, wrong, right) in [
        ("scenario", WRONG_SCENARIOS, "vendor: ombori\nsteps: [wait: 4m]"),
        ("standin", WRONG_SETTINGS, "receiver: { url: http://127.0.0.1:1 }"),
    ] {
        let text = text(&format!("schemas/{file}.schema.json"));
        let schema: Json = serde_json::from_str(&text).expect("a schema is JSON");
        let read = |yaml: &str| serde_saphyr::from_str::<Json>(yaml).expect("YAML");
        assert_eq!(complaints(&schema, &read(right)), [""; 0], "{right}");
        for one in wrong {
            assert!(!complaints(&schema, &read(one)).is_empty(), "{file} may be:\n{one}");
        }
    }
}

fn is_scenario(path: &str) -> bool {
    path.starts_with("scenarios/") && path.ends_with(".yaml")
}

#[test]
fn generated_lines_fit_their_schema() {
    let schema: Json = serde_json::from_str(&text("schemas/generated.schema.json")).expect("JSON");
    for vendor in registry::shipped().names() {
        let output = Command::new(env!("CARGO_BIN_EXE_standin"))
            .args(["generate", "--vendor", vendor, "--count", LINES, "--seed", "42"])
            .output()
            .expect("the program starts");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        let lines: Vec<Json> =
            printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines.len().to_string(), LINES);
        for line in &lines {
            assert_eq!(complaints(&schema, line), [""; 0], "{line}");
        }
        for key in ["seq", "at", "vendor", "account", "trigger", "subject", "action", "body"] {
            let mut line = lines[0].clone();
            line.as_object_mut().expect("an object").shift_remove(key);
            assert!(!complaints(&schema, &line).is_empty(), "a line without {key} is wrong");
        }
    }
}

/// Every key of standin.yaml is explained in the guide.
#[test]
fn the_guide_names_every_key_of_the_settings() {
    let guide = text("docs/guide.md");
    let mut keys = Vec::new();
    properties(&standin::cli::settings::schema(), &mut keys);
    assert!(keys.len() > 20, "{keys:?}");
    let missing: Vec<_> = keys.iter().filter(|key| !guide.contains(&format!("{key}`"))).collect();
    assert!(missing.is_empty(), "docs/guide.md does not explain {missing:?}");
}

/// The names of all properties, however deep.
fn properties(schema: &Json, keys: &mut Vec<String>) {
    match schema {
        Json::Object(object) => {
            if let Some(named) = object.get("properties").and_then(Json::as_object) {
                keys.extend(named.keys().cloned());
            }
            object.values().for_each(|value| properties(value, keys));
        }
        Json::Array(list) => list.iter().for_each(|value| properties(value, keys)),
        _ => {}
    }
}

fn yaml(path: &str) -> Json {
    serde_saphyr::from_str(&text(path))
        .unwrap_or_else(|error| panic!("{}: {error}", repository(path).display()))
}

fn complaints(schema: &Json, value: &Json) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let complaints =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path()));
    complaints.collect()
}
