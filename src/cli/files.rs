//! Files of the user's: read with a limit, and checked before a long run is to fill them.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::errors::CliError;
use crate::model::Problem;

/// The largest text file that is read: no scenario or feature comes near it.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// Reads a text file of the user's.
///
/// # Errors
/// If it cannot be read, is too large, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, CliError> {
    let name = path.display();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_TEXT + 1).read_to_end(&mut bytes))
        .map_err(|error| CliError::Usage(format!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > LARGEST_TEXT {
        return Err(CliError::Usage(format!("{name} has more than {LARGEST_TEXT} bytes")));
    }
    match String::from_utf8(bytes) {
        // Some editors begin a file with a mark that is no text.
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let good =
                String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let (line, column) = (good.matches('\n').count() + 1, good.rsplit('\n').next());
            Err(Problem {
                file: name.to_string(),
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

/// Makes sure that a file can be written before anything is sent: a long run whose report has
/// nowhere to go would be for nothing.
pub fn must_be_writable(path: &Path) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let why = if path.is_dir() {
        "it is a folder"
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        "its folder is not there"
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
