//! Checks the documents against the program: generated parts, replayed transcripts, links and
//! examples.
//!
//! `UPDATE=1 cargo test --test docs` writes the generated parts anew. The prose stays as it is.

#[path = "common/built_in.rs"]
mod built_in;
#[path = "docs/curl.rs"]
mod curl;
#[path = "docs/files.rs"]
mod files;
#[path = "docs/generated.rs"]
mod generated;
#[path = "docs/pictures.rs"]
mod pictures;
#[path = "common/served.rs"]
mod process;
#[path = "docs/schemas.rs"]
mod schemas;
#[path = "docs/transcripts.rs"]
mod transcripts;

use std::path::{Path, PathBuf};

/// A file of the repository, by its path from the root.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the repository.
fn text(path: &str) -> String {
    let file = repository(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Compares a file with its expected text. `UPDATE=1` writes the expected text instead.
fn hold(path: &str, wanted: &str) {
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        let file = repository(path);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).expect("a folder that can be made");
        }
        std::fs::write(&file, wanted).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    let found = std::fs::read_to_string(repository(path)).unwrap_or_default();
    let first = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
    let line = first.unwrap_or_else(|| found.lines().count().min(wanted.lines().count())) + 1;
    assert!(
        found == wanted,
        "{path} is out of date from line {line} on; UPDATE=1 cargo test --test docs writes it anew"
    );
}
