//! Journals in a file: everything acknowledged is in it, byte for byte, however the process ended.
//! A file that cannot be opened is refused, with advice.

#[path = "common/built_in.rs"]
mod built_in;
#[path = "sqlite_journal/bytes.rs"]
mod bytes;
#[path = "journal/digest.rs"]
mod digest;
#[path = "sqlite_journal/killed.rs"]
mod killed;
#[path = "sqlite_journal/opening.rs"]
mod opening;
#[path = "journal/played.rs"]
mod played;
#[path = "sqlite_journal/queries.rs"]
mod queries;
#[path = "sqlite_journal/scenarios.rs"]
mod scenarios;
#[path = "journal/walk.rs"]
mod walk;

use std::path::{Path, PathBuf};

use standin::clock::default_start;
use standin::journal::sqlite::{Options, RunInfo, Store};
use tempfile::TempDir;

/// A folder, and the path of a file in it that does not exist yet.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let file = folder.path().join("run.journal");
    (folder, file)
}

fn open(file: &Path) -> Store {
    Store::open(file, Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A run with this name.
fn info(name: &str) -> RunInfo {
    RunInfo {
        command: "test".to_owned(),
        name: name.to_owned(),
        vendor: Some("ombori".to_owned()),
        seed: u64::MAX,
        start: default_start(),
        created: "2031-01-01T00:00:00Z".to_owned(),
        meta: serde_json::json!({ "streams": [] }),
    }
}

/// The bytes of all files in the folder.
fn raw(folder: &Path) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    paths.flat_map(|path| std::fs::read(path).expect("a readable file")).collect()
}
