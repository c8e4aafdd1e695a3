//! Finds the features of a run and the scenario to play: shipped ones, or the user's own files.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::errors::CliError;
use super::files;
use crate::contract::{Origin, Source};
use crate::suggest::{nearest, question};

/// The shipped contract.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/features");

/// Where the contract of senders is.
const OF_SENDERS: &str = "features/senders/";

/// All shipped features, in the order of their files.
pub fn all() -> Vec<Source> {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        let mut sources = Vec::new();
        collect_shipped(&SHIPPED, &mut sources);
        sources.sort_by(|one, other| one.file.cmp(&other.file));
        sources
    });
    SOURCES.clone()
}

/// The shipped contract of the vendors.
pub fn shipped() -> Vec<Source> {
    all().into_iter().filter(|source| !source.file.starts_with(OF_SENDERS)).collect()
}

/// The shipped contract of senders.
pub fn of_senders() -> Vec<Source> {
    all().into_iter().filter(|source| source.file.starts_with(OF_SENDERS)).collect()
}

/// What of these features is not shipped for senders. `None` if all of it is.
pub fn without_senders(mut sources: Vec<Source>) -> Option<Vec<Source>> {
    let of_senders = of_senders();
    sources.retain(|source| !of_senders.iter().any(|one| *one.text == *source.text));
    (!sources.is_empty()).then_some(sources)
}

fn collect_shipped(folder: &Dir<'_>, sources: &mut Vec<Source>) {
    for file in folder.files() {
        if let Some(text) = file.contents_utf8() {
            let file = format!("features/{}", file.path().display());
            let (text, lines) = (text.to_owned().into(), BTreeSet::new());
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
        let (file, lines) = split_lines(path);
        let on_disk = Path::new(file);
        let mut found = Vec::new();
        if on_disk.is_dir() {
            walk(on_disk, &mut found)?;
        } else if on_disk.is_file() {
            found.push(read(on_disk)?);
        } else {
            found = shipped_at(file);
        }
        let Some(first) = found.first() else { return Err(nothing_at(file)) };
        let is_file = on_disk.is_file() || first.file.len() == cleaned(file).len();
        if !lines.is_empty() && !is_file {
            return Err(CliError::Usage(format!(
                "{file} is a folder, and a line is one of a file: give FILE:LINE"
            )));
        }
        sources.extend(found.into_iter().map(|one| Source { lines: lines.clone(), ..one }));
    }
    Ok(once(sources))
}

/// The shipped features of this name, or in this folder.
fn shipped_at(file: &str) -> Vec<Source> {
    let file = cleaned(file);
    let mut all = all();
    all.retain(|source| {
        let rest = source.file.strip_prefix(file);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    all
}

fn cleaned(path: &str) -> &str {
    path.trim_start_matches("./").trim_end_matches('/')
}

fn nothing_at(file: &str) -> CliError {
    let shipped = all();
    let names = shipped.iter().map(|source| source.file.as_str());
    // Who leaves out a folder means the file that ends like this.
    let ending = format!("/{}", cleaned(file));
    let near = names.clone().find(|name| name.ends_with(&ending)).or_else(|| nearest(file, names));
    let near = near.map_or(String::new(), |near| format!(": {}", question(near)));
    CliError::Usage(format!(
        "there is no feature file at {file}, and no shipped feature has this name (shipped features \
         are under features/){near}"
    ))
}

/// The file or folder that a path names, without a line.
pub fn on_disk(path: &str) -> &Path {
    Path::new(split_lines(path).0)
}

/// Each file once, with all its named lines. A scenario must not run twice: the receiver would see
/// the same ids again.
fn once(sources: Vec<Source>) -> Vec<Source> {
    let mut places = HashMap::<PathBuf, usize>::new();
    let mut kept: Vec<Source> = Vec::new();
    for source in sources {
        let place = std::fs::canonicalize(&source.file);
        let place = place.unwrap_or_else(|_| source.file.clone().into());
        let known = *places.entry(place).or_insert(kept.len());
        match kept.get_mut(known) {
            None => kept.push(source),
            // The whole file includes every line.
            Some(other) if other.lines.is_empty() || source.lines.is_empty() => other.lines.clear(),
            Some(other) => other.lines.extend(source.lines),
        }
    }
    kept
}

/// `FILE:LINE` names one scenario of a file, and `FILE:LINE:LINE` two.
fn split_lines(path: &str) -> (&str, BTreeSet<usize>) {
    let (mut file, mut lines) = (path, BTreeSet::new());
    while let Some((before, last)) = file.rsplit_once(':')
        && !before.is_empty()
        && let Ok(line) = last.parse()
    {
        lines.insert(line);
        file = before;
    }
    (file, lines)
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
    let is_shipped = all().iter().any(|source| *source.text == *text);
    let origin = if is_shipped { Origin::Shipped } else { Origin::Own };
    Ok(Source {
        file: path.display().to_string(),
        text: text.into(),
        lines: BTreeSet::new(),
        origin,
    })
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
