//! The user's files: read with a size limit, and checked for writing before a long run.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::errors::CliError;
use crate::model::Problem;

/// The largest text file that is read, in bytes. Scenarios and features are far smaller.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// Reads one of the user's text files.
///
/// # Errors
/// If it cannot be read, is too large, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, CliError> {
    let name = path.display().to_string();
    let bytes = read_at_most(LARGEST_TEXT, &name, File::open(path))?;
    match String::from_utf8(bytes) {
        // Some editors write a byte order mark.
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let good =
                String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let (line, column) = (good.matches('\n').count() + 1, good.rsplit('\n').next());
            Err(Problem {
                file: name,
                line,
                column: column.map_or(0, |line| line.chars().count()) + 1,
                length: 1,
                title: "the file is not UTF-8".to_owned(),
                label: "not a character".to_owned(),
                help: vec!["save it as UTF-8".to_owned()],
                source: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            }
            .into())
        }
    }
}

/// Reads a source with this name, at most `limit` bytes.
///
/// # Errors
/// If it cannot be read, or is larger.
pub fn read_at_most(
    limit: u64,
    name: &str,
    source: io::Result<impl Read>,
) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    source
        .and_then(|source| source.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| CliError::Usage(format!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(CliError::Usage(format!("{name} has more than {limit} bytes")));
    }
    Ok(bytes)
}

/// Checks that a report can be written, before a long run whose report would be lost.
pub fn must_be_writable(path: &Path) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let why = if path.is_dir() {
        "it is a folder"
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        "its folder does not exist"
    } else {
        return Ok(());
    };
    Err(CliError::Usage(format!("cannot write {}: {why}", path.display())))
}

/// Writes a report file.
pub fn write(path: &Path, text: &str) -> Result<(), CliError> {
    std::fs::write(path, text)
        .map_err(|error| CliError::Usage(format!("cannot write {}: {error}", path.display())))
}
