//! Circles of files inside a room: files that need each other, through a `use` or a path.
//!
//! A file needs the file that defines a name, not one that re-exports it: a `pub use` in `mod.rs`
//! is followed, unless `mod.rs` uses the name itself. Methods are ignored, since a call does not
//! tell where they are defined.

use std::collections::{BTreeMap, BTreeSet};

use crate::paths::paths;
use crate::source::Source;

/// The files that each file needs, by their paths below `src`.
pub type Needs = BTreeMap<String, BTreeSet<String>>;

/// The files that each file needs in its room.
pub fn needs(sources: &[&Source]) -> Needs {
    let modules: Modules = sources.iter().map(|source| (module(&source.path), *source)).collect();
    let edges = |source: &Source| {
        let own = module(&source.path);
        let passed_on = reexports(source);
        let used = source.paths.iter().filter(|path| !passed_on.contains(*path));
        let found = used.filter_map(|path| definition(&modules, &own, path, MOST_STEPS));
        found.filter(|file| *file != source.path && room(file) == source.room()).collect()
    };
    sources.iter().map(|source| (source.path.clone(), edges(source))).collect()
}

/// The files that need each other: each circle once, in the order of the files.
pub fn circles(needs: &Needs) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        needs.keys().map(|file| (file, reached(needs, file))).collect();
    let mut found = BTreeSet::new();
    for (file, others) in &reached {
        let circle: Vec<String> = others
            .iter()
            .filter(|other| reached.get(**other).is_some_and(|back| back.contains(*file)))
            .map(|other| (*other).clone())
            .collect();
        if circle.contains(*file) {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

/// Every file that a file needs, directly or indirectly.
fn reached<'a>(needs: &'a Needs, file: &str) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&String> = needs.get(file).into_iter().flatten().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(needs.get(next).into_iter().flatten());
        }
    }
    reached
}

/// Modules by their path: `["cli", "settings"]`.
type Modules<'a> = BTreeMap<Vec<String>, &'a Source>;

/// The longest chain of re-exports.
const MOST_STEPS: usize = 8;

fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

fn room(path: &str) -> &str {
    path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// The file in which a path ends, seen from a module. `None` for a path that leaves the crate.
fn definition(
    modules: &Modules<'_>,
    own: &[String],
    path: &[String],
    steps: usize,
) -> Option<String> {
    let mut at = own.to_vec();
    let mut rest = path;
    match rest.first()?.as_str() {
        "crate" | "standin" => {
            at.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {}
        // A bare name is a child module, or comes from a `use` that is checked itself.
        first if !is_module(modules, own, first) => return None,
        _ => {}
    }
    while rest.first().is_some_and(|part| part == "super") {
        at.pop();
        rest = &rest[1..];
    }
    while let Some((part, behind)) = rest.split_first() {
        if !is_module(modules, &at, part) {
            break;
        }
        at.push(part.clone());
        rest = behind;
    }
    let source = modules.get(&at)?;
    let passed_on = rest.first().filter(|_| steps > 0).and_then(|name| {
        let import = imports(source).into_iter().find(|import| import.last() == Some(name))?;
        definition(modules, &at, &import, steps - 1)
    });
    Some(passed_on.unwrap_or_else(|| source.path.clone()))
}

fn is_module(modules: &Modules<'_>, parent: &[String], name: &str) -> bool {
    let mut child = parent.to_vec();
    child.push(name.to_owned());
    modules.contains_key(&child)
}

/// Every path that a file brings in by `use`.
fn imports(source: &Source) -> BTreeSet<Vec<String>> {
    statements(&source.bare).into_iter().flat_map(|(_, tree)| paths(tree)).collect()
}

/// The paths that a file re-exports and does not use itself.
fn reexports(source: &Source) -> BTreeSet<Vec<String>> {
    let statements = statements(&source.bare);
    let mut body = source.bare.clone();
    for (_, tree) in &statements {
        body = body.replacen(tree, "", 1);
    }
    let words: BTreeSet<&str> = body.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let public = statements.iter().filter(|(public, _)| *public == Visibility::Public);
    let passed_on = public.flat_map(|(_, tree)| paths(tree));
    passed_on.filter(|path| path.last().is_some_and(|name| !words.contains(&**name))).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Visibility {
    Public,
    Private,
}

/// The trees of all `use` statements, and who sees them.
fn statements(bare: &str) -> Vec<(Visibility, &str)> {
    let mut found = Vec::new();
    for (start, _) in bare.match_indices("use ") {
        let before = bare[..start].trim_end_matches(' ');
        let visibility = match before.chars().next_back() {
            None | Some('\n' | ';' | '}' | '{' | ']') => Visibility::Private,
            _ if before.ends_with("pub") || before.ends_with(')') => Visibility::Public,
            _ => continue,
        };
        let tree = bare[start + 4..].split(';').next().unwrap_or_default();
        found.push((visibility, tree));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The circles in these invented files.
    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let sources: Vec<Source> =
            files.iter().map(|(path, text)| Source::of("src", path, (*text).to_owned())).collect();
        circles(&needs(&sources.iter().collect::<Vec<_>>()))
    }

    #[test]
    fn siblings_that_import_each_other_are_a_circle() {
        for back in [
            "use super::a::A;",
            "use super::{a, c};",
            "use crate::room::a::{self, A};",
            "fn f() { super::a::f() }",
            "use super::c::C;",
        ] {
            let circles = found(&[
                ("room/mod.rs", "mod a; mod b; mod c;"),
                ("room/a.rs", "use super::b::B; pub struct A;"),
                ("room/b.rs", back),
                ("room/c.rs", "use self::super::a; pub struct C;"),
            ]);
            assert_eq!(circles.len(), 1, "{back}: {circles:?}");
            let circle = &circles[0];
            assert!(circle.contains(&"room/a.rs".to_owned()), "{back}: {circle:?}");
            assert!(circle.contains(&"room/b.rs".to_owned()), "{back}: {circle:?}");
        }
    }

    #[test]
    fn a_parent_and_its_child_are_a_circle() {
        let child = ("room/child.rs", "use super::Parent; pub fn f() {}");
        for parent in ["use child::f; struct Parent;", "struct Parent; fn g() { child::f() }"] {
            let parent = format!("mod child; {parent}");
            assert_eq!(found(&[("room.rs", &parent), child]), [["room.rs", "room/child.rs"]]);
        }
        // A re-export is not a use, but a use by the parent is.
        let facade = "mod child; pub use child::f; struct Parent;";
        assert_eq!(found(&[("room.rs", facade), child]), [[""; 0]; 0]);
        let user = "mod child; pub use child::f; struct Parent; fn g() { f() }";
        assert_eq!(found(&[("room.rs", user), child]), [["room.rs", "room/child.rs"]]);
    }

    #[test]
    fn a_name_belongs_to_the_file_that_defines_it() {
        let facade = ("room/mod.rs", "mod a; mod b; pub use a::A; pub use b::B; fn f() {}");
        let a = ("room/a.rs", "pub struct A;");
        assert_eq!(found(&[facade, a, ("room/b.rs", "use super::A; pub struct B;")]), [[""; 0]; 0]);
        let back = ("room/a.rs", "use super::B; pub struct A;");
        let b = ("room/b.rs", "use crate::room::A; pub struct B;");
        assert_eq!(found(&[facade, back, b]), [["room/a.rs", "room/b.rs"]]);
    }

    #[test]
    fn imports_of_other_rooms_and_in_tests_form_no_circle() {
        let one = ("one/mod.rs", "use crate::two::T; pub struct O; #[cfg(test)] use self::c::C;");
        let two = ("two/mod.rs", "use crate::one::O; pub struct T;");
        let child = ("one/c.rs", "use super::O; pub struct C;");
        assert_eq!(found(&[one, two, child]), [[""; 0]; 0]);
    }
}
