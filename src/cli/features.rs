//! Finds the features of a run and the scenario to play: shipped ones, or the user's own files.

use std::collections::BTreeSet;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::errors::CliError;
use super::files;
use crate::contract::{Origin, Source};

/// The shipped contract.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/features");

/// The shipped contract, in the order of its files.
pub fn shipped() -> Vec<Source> {
    let mut sources = Vec::new();
    collect_shipped(&SHIPPED, &mut sources);
    sources.sort_by(|one, other| one.file.cmp(&other.file));
    sources
}

fn collect_shipped(folder: &Dir<'_>, sources: &mut Vec<Source>) {
    for file in folder.files() {
        if let Some(text) = file.contents_utf8() {
            let file = format!("features/{}", file.path().display());
            let (text, lines) = (text.to_owned(), BTreeSet::new());
            sources.push(Source { file, text, lines, origin: Origin::Shipped });
        }
    }
    folder.dirs().for_each(|dir| collect_shipped(dir, sources));
}

/// The features at these paths, or the shipped ones if there are no paths.
///
/// # Errors
/// If a path does not exist, or is neither a feature file nor a folder with feature files.
pub fn find(paths: &[String]) -> Result<Vec<Source>, CliError> {
    if paths.is_empty() {
        return Ok(shipped());
    }
    let mut sources = Vec::new();
    for path in paths {
        let before = sources.len();
        let (file, line) = split_line(path);
        let on_disk = Path::new(file);
        if on_disk.is_dir() {
            walk(on_disk, &mut sources)?;
        } else if on_disk.is_file() {
            sources.push(Source { lines: line.into_iter().collect(), ..read(on_disk)? });
        } else {
            let within = |source: &Source| {
                source.file == file
                    || source.file.starts_with(&format!("{}/", file.trim_end_matches('/')))
            };
            sources.extend(
                shipped()
                    .into_iter()
                    .filter(within)
                    .map(|source| Source { lines: line.into_iter().collect(), ..source }),
            );
        }
        if sources.len() == before {
            return Err(CliError::Usage(format!(
                "there is no feature file at {file}, and no shipped feature has this name \
                 (shipped features are under features/)"
            )));
        }
    }
    Ok(once(sources))
}

/// The file or folder that a path names, without a line.
pub fn on_disk(path: &str) -> &Path {
    Path::new(split_line(path).0)
}

/// Each file once, with all its named lines. A scenario must not run twice: the receiver would see
/// the same ids again.
fn once(sources: Vec<Source>) -> Vec<Source> {
    let place = |source: &Source| {
        std::fs::canonicalize(&source.file).unwrap_or_else(|_| source.file.clone().into())
    };
    let mut kept: Vec<Source> = Vec::new();
    for source in sources {
        match kept.iter_mut().find(|other| place(other) == place(&source)) {
            None => kept.push(source),
            // The whole file includes every line.
            Some(other) if other.lines.is_empty() || source.lines.is_empty() => other.lines.clear(),
            Some(other) => other.lines.extend(source.lines),
        }
    }
    kept
}

/// `FILE:LINE` names one scenario of a file.
fn split_line(path: &str) -> (&str, Option<usize>) {
    match path.rsplit_once(':') {
        Some((file, line)) if !file.is_empty() => match line.parse() {
            Ok(line) => (file, Some(line)),
            Err(_) => (path, None),
        },
        _ => (path, None),
    }
}

fn walk(folder: &Path, sources: &mut Vec<Source>) -> Result<(), CliError> {
    let unreadable = |error| CliError::Usage(format!("cannot read {}: {error}", folder.display()));
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .collect::<Result<_, _>>()
        .map_err(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        // Links are not followed: they can form a loop.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "feature") {
            sources.push(read(&path)?);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Source, CliError> {
    let text = files::read_text(path)?;
    // A copy of a shipped feature is explained like the original.
    let is_shipped = shipped().iter().any(|source| source.text == text);
    let origin = if is_shipped { Origin::Shipped } else { Origin::Own };
    Ok(Source { file: path.display().to_string(), text, lines: BTreeSet::new(), origin })
}

/// The shipped scenarios.
static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// The story for a vendor's demo: the last of its shipped scenarios, by name, that is a story.
pub fn story(vendor: &str) -> Option<(String, String)> {
    let mut files: Vec<_> = SCENARIOS.get_dir(vendor)?.files().collect();
    files.sort_by_key(|file| std::cmp::Reverse(file.path()));
    files.into_iter().find_map(|file| {
        let text = file.contents_utf8()?;
        let is_story = text.lines().any(|line| line.starts_with("steps:"));
        is_story.then(|| (format!("scenarios/{}", file.path().display()), text.to_owned()))
    })
}

/// The shipped scenarios, by name: `ombori/walk-in.yaml` and its text.
pub fn shipped_scenarios() -> Vec<(String, String)> {
    let folders = SCENARIOS.dirs();
    let mut scenarios: Vec<(String, String)> = folders
        .flat_map(|folder| folder.files())
        .filter_map(|file| {
            Some((file.path().display().to_string(), file.contents_utf8()?.to_owned()))
        })
        .collect();
    scenarios.sort();
    scenarios
}

/// The text of a scenario file. A file on disk wins over the shipped one of the same name.
///
/// # Errors
/// If neither exists, or the file cannot be read.
pub fn scenario(path: &Path) -> Result<String, CliError> {
    let inside = path.strip_prefix(".").unwrap_or(path).strip_prefix("scenarios").ok();
    let shipped = inside.and_then(|inside| SCENARIOS.get_file(inside)?.contents_utf8());
    match shipped {
        Some(text) if !path.exists() => Ok(text.to_owned()),
        _ => files::read_text(path),
    }
}
