//! `init` and `schema`: what is written fits together, for one vendor and for all of them.

use std::path::Path;

use serde_json::Value as Json;
use standin::vendors::registry;

use super::{folder, run, text, write};

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a schema finds wrong with a YAML file whose first line names the schema.
#[track_caller]
fn complaints(file: &Path) -> Vec<String> {
    let written = read(file);
    let first = written.lines().next().unwrap_or_default();
    let way =
        first.strip_prefix("# yaml-language-server: $schema=").expect("the line of the schema");
    let schema = read(&file.parent().expect("a folder").join(way));
    let schema: Json = serde_json::from_str(&schema).expect("JSON");
    let written: Json = standin::yaml::read("f", &written).expect("YAML");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    validator.iter_errors(&written).map(|error| error.to_string()).collect()
}

#[test]
fn the_files_of_init_name_schemas_that_are_there_and_fit() {
    let folder = folder();
    assert!(run(folder.path(), &["init"]).status.success());
    for file in ["standin.yaml", "scenarios/first.yaml"] {
        assert_eq!(complaints(&folder.path().join(file)), [""; 0], "{file}");
        let path = folder.path().join(file);
        write(folder.path(), file, &(read(&path) + "\nbogus: 1\n"));
        assert_eq!(complaints(&path).len(), 1, "{file}");
    }
    let beside = read(&folder.path().join("schemas/standin.schema.json"));
    assert_eq!(text(&run(folder.path(), &["schema", "standin"]).stdout), beside);
}

#[test]
fn init_for_one_vendor_writes_its_sections_alone() {
    let names: Vec<&str> = registry::shipped().names().collect();
    for vendor in &names {
        let folder = folder();
        assert!(run(folder.path(), &["init", "--vendor", vendor]).status.success());
        let written = read(&folder.path().join("standin.yaml"));
        let settings: Json = standin::yaml::read("f", &written).expect("YAML");
        let keys = |part: &str| -> Vec<String> {
            settings[part].as_object().expect("a map").keys().cloned().collect()
        };
        assert_eq!(keys("vendors"), [*vendor]);
        let probes = keys("probes");
        assert!(!probes.is_empty());
        assert!(probes.iter().all(|probe| probe.starts_with(vendor)), "{probes:?}");
        let others = names.iter().filter(|other| *other != vendor);
        for other in others {
            assert!(!written.contains(other), "{vendor}: {written}");
        }
        assert_eq!(complaints(&folder.path().join("standin.yaml")), [""; 0]);
    }
    let all = folder();
    assert!(run(all.path(), &["init"]).status.success());
    let written = read(&all.path().join("standin.yaml"));
    assert!(names.iter().all(|vendor| written.contains(&format!("\n  {vendor}:\n"))));
}

#[test]
fn every_schema_that_is_listed_is_printed_and_no_other() {
    let folder = folder();
    let schema = |name: &str| run(folder.path(), &["schema", name]);
    let listed = text(&run(folder.path(), &["schema"]).stdout);
    let names = listed.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names: Vec<&str> = names.collect();
    assert!(names.len() > 60, "{listed}");
    for name in names.iter().filter(|name| !name.contains('/')).chain(names.iter().rev().take(2)) {
        let printed = text(&schema(name).stdout);
        let file = format!("{}/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(printed, read(Path::new(&file)), "{name}");
    }
    let unknown = schema("scenaro");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        text(&unknown.stderr).contains("did you mean `scenario`?"),
        "{}",
        text(&unknown.stderr)
    );
}
