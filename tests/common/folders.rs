//! Folders in which the program runs.

use std::path::Path;

use tempfile::TempDir;

/// A folder above which no standin.yaml is looked for.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    std::fs::create_dir(folder.path().join(".git")).expect("a new folder");
    folder
}

/// Writes a file of a folder.
pub fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a writable folder");
}
