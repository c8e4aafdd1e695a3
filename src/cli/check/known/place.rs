//! The files of features in the list of known failures. In standin.yaml they are relative to it, in a run
//! to the working folder.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::cli::features;
use crate::contract::Plan;
use crate::model::tolerance::{Known, KnownScenarios};

/// Calls the files in these entries what the run calls them.
pub fn as_in_run(known: &mut [Known], plans: &[Plan]) {
    let own = plans.iter().map(|plan| plan.file.as_str());
    let own = own.filter_map(|file| Some((Path::new(file).canonicalize().ok()?, file)));
    let own: BTreeMap<PathBuf, &str> = own.collect();
    let shipped = LazyCell::new(|| {
        features::all().into_iter().map(|source| source.file).collect::<BTreeSet<String>>()
    });
    for entry in known {
        let Some(file) = entry.which.file() else { continue };
        let settings = Path::new(&entry.place.0);
        let beside = settings.parent().unwrap_or(Path::new("")).join(file);
        let in_run = beside.canonicalize().ok().and_then(|whole| own.get(&whole).copied());
        let name = match in_run {
            Some(name) => name.to_owned(),
            None if shipped.contains(file.trim_start_matches("./")) => continue,
            None => beside.display().to_string(),
        };
        entry.which = entry.which.clone().in_file(&name);
    }
}

/// What an entry in this file of settings calls a scenario of a run, so that it is this one alone. Its
/// name, unlike its line, stays when the file changes above it.
pub fn in_settings(settings: &Path, file: &str, (name, line): (&str, usize)) -> String {
    let file = from_settings(settings, file);
    let by_name = format!("{file}:{name}");
    let meant = KnownScenarios::NameIn(file.clone(), name.to_owned());
    if KnownScenarios::of_scenario(&by_name) == meant {
        return by_name;
    }
    // A name can be a number.
    let by_line = format!("{file}:{line}");
    let meant = KnownScenarios::Line(file, line);
    if KnownScenarios::of_scenario(&by_line) == meant { by_line } else { name.to_owned() }
}

/// The path of a feature, relative to the file of settings. A shipped one has only its name.
fn from_settings(settings: &Path, file: &str) -> String {
    let (whole, base) = (Path::new(file).canonicalize(), folder(settings).canonicalize());
    let (Ok(whole), Ok(base)) = (whole, base) else { return file.to_owned() };
    let (to, from): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (whole.components().collect(), base.components().collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    if common == 0 {
        return whole.display().to_string();
    }
    let up = from[common..].iter().map(|_| "..".to_owned());
    let down = to[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The folder of a file.
fn folder(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_named_by_its_file_and_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::create_dir(path("sub")).expect("a folder");
        std::fs::write(path("a.feature"), "").expect("a file");
        let named = |settings: &str, file: &str, name: &str| {
            in_settings(Path::new(&path(settings)), file, (name, 7))
        };
        assert_eq!(named("s.yaml", &path("a.feature"), "one: two"), "a.feature:one: two");
        assert_eq!(named("sub/s.yaml", &path("a.feature"), "one #2"), "../a.feature:one #2");
        assert_eq!(named("s.yaml", &path("sub/../a.feature"), "12"), "a.feature:7");
        assert_eq!(named("s.yaml", "features/doo/x.feature", "one"), "features/doo/x.feature:one");
        assert_eq!(named("s.yaml", "notes.txt", "one"), "one");
    }
}
