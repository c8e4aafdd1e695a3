//! `check --watch`: waits until a file changes that decides what is run.
//!
//! It looks at the files' times and sizes again and again, which works on every file system, also on
//! those that tell nobody about changes, such as folders that are shared with a container.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(300);

/// The most files that are looked at, so that a folder full of others costs nothing.
const MOST: usize = 10_000;

/// When a file was changed, and how large it is. None: it is not there.
type State = Option<(Option<Timestamp>, u64)>;

/// Files as they were when they were looked at.
pub struct Files {
    paths: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, State>,
}

impl Files {
    /// These files, and the features in these folders, as they are now.
    pub fn look(paths: Vec<PathBuf>) -> Self {
        let seen = states(&paths);
        Self { paths, seen }
    }

    /// Waits until one has changed since then, and all stay as they are, and returns it.
    pub async fn changed(&self) -> PathBuf {
        let mut ticks = tokio::time::interval(EVERY);
        let mut last = states(&self.paths);
        loop {
            ticks.tick().await;
            let now = states(&self.paths);
            // A file that is being written is not whole.
            if std::mem::replace(&mut last, now.clone()) != now {
                continue;
            }
            let gone = self.seen.keys().filter(|path| !now.contains_key(*path));
            let new = now.iter().filter(|(path, state)| self.seen.get(*path) != Some(state));
            if let Some(path) = new.map(|(path, _)| path).chain(gone).next() {
                return path.clone();
            }
        }
    }
}

fn states(paths: &[PathBuf]) -> BTreeMap<PathBuf, State> {
    let mut found = BTreeMap::new();
    for path in paths {
        add(path, &mut found);
    }
    found
}

fn add(path: &Path, found: &mut BTreeMap<PathBuf, State>) {
    if found.len() >= MOST {
        return;
    }
    if !path.is_dir() {
        let time = |file: &Metadata| Timestamp::try_from(file.modified().ok()?).ok();
        let state = path.metadata().ok().map(|file| (time(&file), file.len()));
        found.insert(path.to_owned(), state);
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // Links are not followed: they can form a loop.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder || path.extension().is_some_and(|extension| extension == "feature") {
            add(&path, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_written_made_or_deleted_has_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| std::fs::write(of(name), text).expect("written");
        std::fs::create_dir(of("features")).expect("made");
        write("features/a.feature", "a");
        let look = || Files::look(vec![of("standin.yaml"), of("features")]);
        let before = look();
        write("features/notes.txt", "not looked at");
        assert_eq!(states(&before.paths), before.seen);
        write("features/a.feature", "longer");
        assert_eq!(before.changed().await, of("features/a.feature"));
        let before = look();
        write("standin.yaml", "new");
        assert_eq!(before.changed().await, of("standin.yaml"));
        let before = look();
        std::fs::remove_file(of("features/a.feature")).expect("removed");
        assert_eq!(before.changed().await, of("features/a.feature"));
    }
}
