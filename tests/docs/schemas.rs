//! The JSON Schemas of our own file formats, and that the files and the output of the program
//! follow them.

use std::process::Command;

use serde_json::{Value as Json, json};
use standin::vendors::registry;

use super::{hold, repository, text};

/// How many generated lines are checked against the schema, per vendor.
const LINES: &str = "200";
/// The least number of shipped scenario files. A shorter list has lost some.
const SCENARIOS_AT_LEAST: usize = 6;

#[test]
fn the_schemas_of_our_files_are_as_the_code_has_them() {
    let scenario = schemars::schema_for!(standin::scenario::file::ScenarioFile).to_value();
    for (name, schema) in [
        ("standin", standin::cli::settings::schema()),
        ("scenario", scenario),
        ("report", standin::report::json::schema()),
        ("load", standin::report::load::json::schema()),
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
    assert!(files.len() >= SCENARIOS_AT_LEAST, "only {} scenarios", files.len());
    for path in files {
        assert_eq!(complaints(&schema, &yaml(&path)), [""; 0], "{path}");
    }
}

/// The least number of documents of each kind. A shorter list has lost some.
const VALID_AT_LEAST: usize = 7;
const INVALID_AT_LEAST: usize = 60;

/// `tests/docs/formats/<schema>/valid` has valid documents, `invalid` has invalid ones. All are
/// written by hand. An invalid one has one mistake, which its name tells.
#[test]
fn the_schemas_of_our_files_accept_what_is_right_and_refuse_what_is_wrong() {
    let (mut valid, mut invalid) = (0, 0);
    let mut wrong = Vec::new();
    for path in super::files::all() {
        let Some(below) = path.strip_prefix("tests/docs/formats/") else { continue };
        let parts: Vec<&str> = below.split('/').collect();
        let [format, kind, _] = parts[..] else { panic!("{path}: neither right nor wrong") };
        let schema = text(&format!("schemas/{format}.schema.json"));
        let schema: Json = serde_json::from_str(&schema).expect("a schema is JSON");
        let complaints = complaints(&schema, &yaml(&path));
        match kind {
            "valid" => {
                valid += 1;
                assert_eq!(complaints, [""; 0], "{path}");
            }
            "invalid" => {
                invalid += 1;
                if complaints.len() != 1 {
                    wrong.push(format!("{path}: {complaints:?}"));
                }
            }
            _ => panic!("{path}: neither right nor wrong"),
        }
    }
    assert!(wrong.is_empty(), "not one mistake:\n{}", wrong.join("\n"));
    assert!(valid >= VALID_AT_LEAST, "only {valid} right documents");
    assert!(invalid >= INVALID_AT_LEAST, "only {invalid} wrong documents");
}

/// A scenario that passes, and one that fails.
const BOTH_VERDICTS: &str = r#"Feature: f
  Scenario: passes
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then the last webhook is accepted
  Scenario: fails
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then the last webhook is refused
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_fits_its_schema() {
    let receiver = super::transcripts::start(Default::default()).await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("both.feature"), BOTH_VERDICTS).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(["check", "both.feature", "--json", "report.json", "--target", &receiver.url])
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    receiver.stop().await;
    let said = String::from_utf8_lossy(&output.stderr);
    let report = std::fs::read_to_string(folder.path().join("report.json"));
    let report: Json = serde_json::from_str(&report.expect(&said)).expect("JSON");
    assert_eq!(
        report["totals"],
        json!({"passed": 1, "passed_in_part": 0, "failed": 1, "warned": 0, "known": 0, "skipped": 0})
    );
    let schema: Json = serde_json::from_str(&text("schemas/report.schema.json")).expect("JSON");
    assert_eq!(complaints(&schema, &report), [""; 0]);
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
    }
}

/// The guide explains every key of standin.yaml.
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
