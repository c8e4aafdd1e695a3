//! The checked-in OpenAPI document is the one that the server gives (`UPDATE=1` rewrites it).

use std::collections::BTreeSet;

use serde_json::Value as Json;
use standin::receiver::{self, Running};
use standin::vendors::registry;

#[path = "common/served.rs"]
mod process;
#[path = "openapi/story.rs"]
mod story;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/openapi.json");
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/server/examples.json");

/// The document itself.
const WITHOUT_EXAMPLE: &[&str] = &["getOpenApi"];

async fn receiver() -> Running {
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), BTreeSet::new());
    receiver::start(options).await.expect("a free port")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_are_what_a_server_answers() {
    let running = receiver().await;
    let url = running.url.clone();
    let examples = tokio::task::spawn_blocking(move || story::examples(&url)).await;
    let examples = examples.expect("a story that is told to its end");
    let text = serde_json::to_string_pretty(&examples).expect("it is JSON") + "\n";
    hold(EXAMPLES, &text);
    running.stop().await;
}

#[test]
fn every_operation_has_an_example() {
    let document = standin::server::document(registry::shipped());
    let examples: Json =
        serde_json::from_str(include_str!("../src/server/examples.json")).expect("it is JSON");
    let paths = document["paths"].as_object().expect("paths");
    for operation in paths.values().flat_map(|path| path.as_object().expect("methods").values()) {
        let id = operation["operationId"].as_str().expect("a name");
        if WITHOUT_EXAMPLE.contains(&id) {
            continue;
        }
        assert!(examples[id].is_object(), "{id} has no example: tell tests/openapi/story.rs");
        let answers = operation["responses"].as_object().expect("responses");
        let good = answers.iter().find(|(status, _)| status.starts_with('2')).expect("an answer").1;
        if let Some(content) = good["content"].as_object() {
            assert!(content.values().all(|one| !one["example"].is_null()), "{id}: {good}");
        }
        let body = &operation["requestBody"];
        assert!(
            body.is_null() || !body["content"]["application/json"]["example"].is_null(),
            "{id}"
        );
    }
}

/// Compares a file with its expected text. `UPDATE=1` writes the expected text instead.
fn hold(file: &str, wanted: &str) {
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(file, wanted).expect("a writable file");
    }
    let found = std::fs::read_to_string(file).unwrap_or_default();
    let place = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    assert!(
        found == wanted,
        "`UPDATE=1 cargo test --test openapi`, twice, writes {file} anew: {place:?}"
    );
}

#[test]
fn the_document_that_is_checked_in_is_the_one_that_the_server_gives() {
    let document = standin::server::document(registry::shipped());
    let text = serde_json::to_string_pretty(&document).expect("it is JSON") + "\n";
    hold(FILE, &text);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_every_trigger_a_webhook() {
    let document = standin::server::document(registry::shipped());
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|path| path.as_object().expect("methods").values());
    let mut names: Vec<&str> =
        operations.map(|one| one["operationId"].as_str().expect("a name")).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two operations share a name");
    assert!(count >= 20, "only {count} operations");
    for vendor in registry::shipped().vendors() {
        let catalogue = vendor.catalogue();
        for trigger in catalogue.triggers {
            let name = format!("{}.{}", catalogue.vendor, trigger.name);
            let has = catalogue.default_profile();
            let described = document["webhooks"][&name].is_object();
            assert_eq!(described, trigger.profiles.contains(&has.name), "{name}");
        }
    }
}
