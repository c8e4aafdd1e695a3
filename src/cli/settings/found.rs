//! Which settings file a command uses: the named one, or the nearest standin.yaml.
//!
//! Like the files of other tools, one in a folder above counts too, up to the root of the repository.

use std::path::{Path, PathBuf};

/// The file that is looked for.
pub const DEFAULT_FILE: &str = "standin.yaml";

/// Where the settings come from.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// The file that was named, or the one in this folder.
    Here(PathBuf),
    /// The one in a folder above, by its way from here.
    Above(PathBuf),
    /// There is none: the built-in settings apply.
    Nowhere,
    /// The nearest one above belongs to somebody else: the built-in settings apply.
    Foreign(PathBuf),
}

impl Found {
    /// What to tell the user, who may not expect it.
    pub fn notice(&self) -> Option<String> {
        match self {
            Self::Here(_) => None,
            Self::Above(file) => Some(format!("using {}", file.display())),
            Self::Nowhere => Some(format!(
                "using the built-in settings: there is no {DEFAULT_FILE} here or above (`standin init` \
                 writes one)"
            )),
            Self::Foreign(file) => {
                let file = file.display();
                Some(format!(
                    "using the built-in settings: {file} belongs to somebody else (`--config {file}` \
                     uses it)"
                ))
            }
        }
    }
}

/// The named file, else the nearest standin.yaml in `from` or above.
pub fn find(named: Option<&Path>, from: std::io::Result<PathBuf>) -> Found {
    if let Some(named) = named {
        return Found::Here(named.to_owned());
    }
    if Path::new(DEFAULT_FILE).exists() {
        return Found::Here(PathBuf::from(DEFAULT_FILE));
    }
    // A folder that has been deleted has nothing above it.
    let Ok(from) = from else { return Found::Nowhere };
    let mut way = PathBuf::new();
    for folder in from.ancestors() {
        let file = folder.join(DEFAULT_FILE);
        if file.is_file() {
            let trusted = is_trusted(&file, &from);
            let way = way.join(DEFAULT_FILE);
            return if trusted { Found::Above(way) } else { Found::Foreign(way) };
        }
        // A submodule or a worktree has a file of this name.
        if folder.join(".git").exists() {
            break;
        }
        way.push("..");
    }
    Found::Nowhere
}

/// Whether a file above may decide where secrets of the environment go. Somebody else may have left
/// one in a folder that all users share, such as /tmp.
#[cfg(unix)]
fn is_trusted(file: &Path, from: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| path.metadata().map(|found| found.uid());
    match (owner(file), owner(from)) {
        (Ok(file), Ok(from)) => file == from || file == 0,
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_trusted(_: &Path, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_ends_at_the_root_of_the_repository() {
        let root = tempfile::tempdir().expect("a folder");
        let below = root.path().join("a/b");
        std::fs::create_dir_all(&below).expect("made");
        std::fs::write(root.path().join(DEFAULT_FILE), "").expect("written");
        let found = || find(None, Ok(below.clone()));
        assert_eq!(found(), Found::Above(PathBuf::from("../../standin.yaml")));
        std::fs::create_dir(root.path().join(".git")).expect("made");
        assert_eq!(found(), Found::Above(PathBuf::from("../../standin.yaml")), "its root counts");
        std::fs::write(root.path().join("a/.git"), "gitdir: x").expect("written");
        assert_eq!(found(), Found::Nowhere);
        std::fs::write(root.path().join("a").join(DEFAULT_FILE), "").expect("written");
        assert_eq!(found(), Found::Above(PathBuf::from("../standin.yaml")), "the nearest");
    }

    #[test]
    #[cfg(unix)]
    fn a_file_above_that_belongs_to_somebody_else_does_not_count() {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join(DEFAULT_FILE);
        std::fs::write(&file, "").expect("written");
        assert!(is_trusted(&file, root.path()));
        // Only root may give files away. Other users see that a file of root's counts.
        if std::os::unix::fs::chown(&file, Some(65_533), None).is_ok() {
            assert!(!is_trusted(&file, root.path()));
            let found = find(None, Ok(root.path().to_owned()));
            assert_eq!(found, Found::Foreign(DEFAULT_FILE.into()));
            let notice = found.notice().expect("one");
            assert!(notice.contains("standin.yaml belongs to somebody else"), "{notice}");
        } else {
            assert!(is_trusted(Path::new("/etc/passwd"), root.path()));
        }
    }

    #[test]
    fn what_the_user_named_or_sees_needs_no_notice() {
        let named = find(Some(Path::new("x/y.yaml")), Ok(PathBuf::from("/")));
        assert_eq!(named, Found::Here(PathBuf::from("x/y.yaml")));
        assert_eq!(named.notice(), None);
        assert_eq!(Found::Above("../a".into()).notice().as_deref(), Some("using ../a"));
        assert!(Found::Nowhere.notice().expect("one").contains("built-in settings"));
    }
}
