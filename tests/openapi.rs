//! The checked-in OpenAPI document is the one that the server gives (`UPDATE=1` rewrites it).

use standin::vendors::registry;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/openapi.json");

#[test]
fn the_document_that_is_checked_in_is_the_one_that_the_server_gives() {
    let document = standin::server::document(registry::shipped());
    let text = serde_json::to_string_pretty(&document).expect("it is JSON") + "\n";
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(FILE, &text).expect("a writable file");
    }
    let checked_in = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(text == checked_in, "UPDATE=1 cargo test --test openapi writes schemas/openapi.json");
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
