//! Which scenarios failed the last time, for `check --last-failed`.
//!
//! The list is in the user's cache folder, one file for each folder and settings file that `check` is
//! run with. So nothing is left in a repository, and no git ignores it by chance. It is a convenience:
//! where there is no cache folder, or it cannot be written, nothing is kept.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::files;
use crate::contract::Plan;
use crate::model::result::{Run, Verdict};

/// A scenario: its file as the user knows it, and its name. A line would change with each edit above.
type Key = (String, String);

/// The scenarios that failed the last time.
pub struct LastFailed {
    file: Option<PathBuf>,
    failed: BTreeSet<Key>,
}

impl LastFailed {
    /// Those of the runs from this folder with this settings file.
    pub fn of(config: Option<&Path>) -> Self {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let file = cache(variable).zip(std::env::current_dir().ok()).map(|(cache, here)| {
            let of = format!("{}\n{}", here.display(), config.unwrap_or(Path::new("")).display());
            cache.join("standin/last-failed").join(name(&of))
        });
        let text = file.as_deref().and_then(|file| files::read_text(file).ok());
        Self { file, failed: text.as_deref().map(read).unwrap_or_default() }
    }

    /// Keeps only the scenarios that failed, and says whether there are any.
    pub fn choose(&self, plans: &mut Vec<Plan>) -> bool {
        let is_one =
            |file: &str, name: &str| self.failed.contains(&(file.to_owned(), name.to_owned()));
        if !plans.iter().any(|plan| plan.scenarios.iter().any(|one| is_one(&plan.file, &one.name)))
        {
            return false;
        }
        for plan in plans.iter_mut() {
            let file = plan.file.clone();
            plan.scenarios.retain(|one| is_one(&file, &one.name));
        }
        plans.retain(|plan| !plan.scenarios.is_empty());
        true
    }

    /// Notes how a run ended. What it did not come to keeps its place in the list.
    pub fn note(mut self, run: &Run) {
        for feature in &run.features {
            for scenario in &feature.scenarios {
                let key = (feature.file.clone(), scenario.name.clone());
                match &scenario.verdict {
                    Verdict::Failed => self.failed.insert(key),
                    Verdict::Skipped(_) | Verdict::PassedInPart if run.interrupted => continue,
                    _ => self.failed.remove(&key),
                };
            }
        }
        let Some(file) = &self.file else { return };
        // Without the list only the next `--last-failed` is longer.
        let _ = self.write(file);
    }

    fn write(&self, file: &Path) -> std::io::Result<()> {
        if self.failed.is_empty() {
            return std::fs::remove_file(file);
        }
        let mut text = String::new();
        for (file, name) in &self.failed {
            let _ = writeln!(text, "{file}\t{name}");
        }
        file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        super::files::replace(file, &text)
    }
}

fn read(text: &str) -> BTreeSet<Key> {
    let pairs = text.lines().filter_map(|line| line.split_once('\t'));
    pairs.map(|(file, name)| (file.to_owned(), name.to_owned())).collect()
}

/// The user's cache folder (XDG Base Directory Specification; `%LOCALAPPDATA%` on Windows). Paths that
/// are not absolute do not count.
fn cache(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let given = variable("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    let home =
        || variable("HOME").filter(|path| path.is_absolute()).map(|home| home.join(".cache"));
    given.or_else(home).or_else(|| variable("LOCALAPPDATA").filter(|path| path.is_absolute()))
}

/// The name of the file for a folder and a settings file.
fn name(of: &str) -> String {
    let digest = Sha256::digest(of.as_bytes());
    digest.iter().take(12).fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_folder_is_where_the_specification_says() {
        let of = |given: &[(&str, &str)]| {
            cache(|name| {
                given.iter().find(|(one, _)| *one == name).map(|(_, path)| PathBuf::from(path))
            })
        };
        let folder = |path: &str| Some(PathBuf::from(path));
        assert_eq!(of(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]), folder("/c"));
        assert_eq!(of(&[("XDG_CACHE_HOME", "c"), ("HOME", "/h")]), folder("/h/.cache"));
        assert_eq!(of(&[]), None);
        assert_ne!(name("/a\n"), name("/b\n"));
        assert_eq!(name("/a\n").len(), 24);
    }
}
