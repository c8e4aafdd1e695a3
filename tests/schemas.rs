//! The checked-in JSON Schemas of all webhooks.
//!
//! `schemas/<vendor>/<profile>/<trigger>.schema.json` are generated from the payload types. The
//! test fails on any difference, and on files that are no longer generated. `UPDATE=1 cargo test
//! --test schemas` rewrites them.

#[path = "schemas/documented.rs"]
mod documented;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use standin::vendors::registry;

/// The least number of schemas. A shorter list has lost some.
const SCHEMAS_AT_LEAST: usize = 60;

#[test]
fn the_files_are_what_the_payload_types_say() {
    let generated = generated();
    let written = written();
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        update(&generated, &written);
        return;
    }
    assert!(generated.len() >= SCHEMAS_AT_LEAST, "only {} schemas", generated.len());
    let mut wrong = Vec::new();
    for (path, text) in &generated {
        match written.get(path) {
            None => wrong.push(format!("missing: {}", path.display())),
            Some(found) if found != text => wrong.push(difference(path, found, text)),
            Some(_) => {}
        }
    }
    let stale = written.keys().filter(|path| !generated.contains_key(*path));
    wrong.extend(stale.map(|path| format!("nothing generates it: {}", path.display())));
    assert!(
        wrong.is_empty(),
        "{}\nrewrite them with: UPDATE=1 cargo test --test schemas",
        wrong.join("\n")
    );
}

/// Every schema, by the path of its file below the folder.
fn generated() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for vendor in registry::shipped().vendors() {
        let catalogue = vendor.catalogue();
        for profile in catalogue.profiles {
            for trigger in catalogue.triggers {
                let Some(schema) = vendor.schema(profile, trigger.name) else { continue };
                let folder = Path::new(catalogue.vendor).join(profile.name);
                let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
                files.insert(folder.join(format!("{}.schema.json", trigger.name)), text);
            }
        }
    }
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

/// Every file in a vendor's folder. Files directly in `schemas` are not schemas of webhooks.
fn written() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for entry in entries(&root()).into_iter().filter(|path| path.is_dir()) {
        collect(&entry, &mut files);
    }
    files
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for path in entries(folder) {
        if path.is_dir() {
            collect(&path, files);
        } else {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let below = path.strip_prefix(root()).expect("it was found there");
            files.insert(below.to_owned(), text);
        }
    }
}

/// The entries of a folder. Empty if there is no such folder.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.expect("a readable folder").path()).collect()
}

fn update(generated: &BTreeMap<PathBuf, String>, written: &BTreeMap<PathBuf, String>) {
    for path in written.keys().filter(|path| !generated.contains_key(*path)) {
        std::fs::remove_file(root().join(path)).expect("a stale file can be removed");
    }
    for (path, text) in generated {
        let file = root().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(&file, text).expect("a file can be written");
    }
}

/// The first line that differs.
fn difference(path: &Path, found: &str, right: &str) -> String {
    let pairs = found.lines().chain([""]).zip(right.lines().chain([""]));
    let line = pairs.take_while(|(found, right)| found == right).count();
    let at = |text: &str| text.lines().nth(line).unwrap_or("nothing").trim().to_owned();
    format!("{}:{}: `{}` should be `{}`", path.display(), line + 1, at(found), at(right))
}
