//! The house rules as tests: which room may import which, where outside crates and the outside
//! world may be named, and the form of every file (ARCHITECTURE.md).
//!
//! The source is read as text. Comments and everything under `#[cfg(test)]` do not count, except
//! where a rule is about them. The tables are exact: a permission that the code no longer uses is
//! also an error.

#[path = "architecture/circles.rs"]
mod circles;
#[path = "architecture/functions.rs"]
mod functions;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};

use functions::functions;
use source::{HOMES, SOURCES, Source};
use standin::vendors::registry;

/// Which rooms a room may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("suggest", &[]),
    ("model", &["text", "suggest"]),
    ("yaml", &["text", "suggest", "model"]),
    ("clock", &[]),
    ("chance", &[]),
    ("phrase", &["text", "suggest", "model"]),
    ("vendors", &["model", "clock", "chance"]),
    ("sim", &["text", "model", "clock", "chance", "phrase", "vendors"]),
    ("policy", &["suggest", "model", "chance", "phrase"]),
    ("delivery", &["model", "clock", "policy"]),
    ("journal", &["model"]),
    ("run", &["model", "clock", "chance", "phrase", "vendors", "sim", "policy", "journal"]),
    (
        "driver",
        &[
            "model", "clock", "chance", "phrase", "vendors", "sim", "policy", "delivery",
            "journal", "run",
        ],
    ),
    ("probe", &["model", "clock", "policy", "delivery"]),
    ("under_test", &["model", "vendors", "driver", "probe"]),
    (
        "scenario",
        &[
            "text", "suggest", "model", "yaml", "clock", "chance", "phrase", "vendors", "sim",
            "policy", "journal", "run", "driver",
        ],
    ),
    (
        "contract",
        &[
            "text",
            "suggest",
            "model",
            "clock",
            "chance",
            "phrase",
            "vendors",
            "sim",
            "policy",
            "journal",
            "run",
            "driver",
            "probe",
            "under_test",
            "scenario",
        ],
    ),
    (
        "load",
        &[
            "text", "model", "clock", "chance", "sim", "policy", "delivery", "journal", "driver",
            "probe",
        ],
    ),
    ("report", &["text", "model"]),
    ("receiver", &["model", "clock"]),
    (
        "server",
        &[
            "text",
            "suggest",
            "model",
            "clock",
            "chance",
            "phrase",
            "vendors",
            "sim",
            "policy",
            "journal",
            "run",
            "driver",
            "probe",
            "under_test",
            "scenario",
        ],
    ),
];

/// The room that composes all others. It may import every one of them.
const TOP: &str = "cli";

/// Outside crates, with the rooms that may use them.
const CRATES: &[(&str, &[&str])] = &[
    ("actix_web", &["receiver", "server"]),
    ("cucumber", &["contract"]),
    ("hyper", &["delivery", "probe"]),
    ("flate2", &["delivery", "load"]),
    ("rustls", &["delivery", "load"]),
    ("standin_hmac", &["policy"]),
    ("ed25519_dalek", &["policy"]),
    ("p256", &["policy"]),
    ("ring", &["policy", "receiver"]),
    ("sha1", &["policy"]),
    ("standin_wire", &["load", "cli"]),
    ("standin_wire_hyper", &["load"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("rusqlite", &["journal"]),
    ("granit_parser", &["yaml"]),
];

/// The pure rooms: no runtime, no I/O.
const PURE: &[&str] = &[
    "text", "suggest", "model", "yaml", "chance", "phrase", "vendors", "sim", "policy", "journal",
    "run",
];

/// Folders of pure rooms that may name parts of the outside world, with the reason. None may use an
/// async runtime.
const NOT_PURE: &[(&str, &[&str], &str)] = &[(
    "journal/sqlite/",
    &["std::fs", "std::io", "std::thread"],
    "keeps journals in files, and one thread writes them",
)];

/// What the pure rooms never name.
const OUTSIDE_WORLD: &[&str] = &[
    "tokio",
    "futures",
    "std::fs",
    "std::net",
    "std::env",
    "std::io",
    "std::process",
    "std::thread",
];

/// Files and folders that name a vendor outside its own folder, with the reason.
const NAME_VENDORS: &[(&str, &str)] = &[
    ("vendors/mod.rs", "declares the vendors' modules"),
    ("vendors/registry.rs", "the list of vendors"),
    ("receiver/", "a receiver is written for the vendors that it hears"),
    ("contract/plan.rs", "an example in a message"),
    ("cli/settings/probes.rs", "an example in a message"),
    ("cli/receiver.rs", "starts the reference receiver with its settings"),
];

/// The most lines that a file may have without a reason.
const MOST_LINES: usize = 450;

/// The most lines that a file may have with a reason.
const LINES_WITH_A_REASON: usize = 600;

/// The most lines that a function may have.
const MOST_FUNCTION_LINES: usize = 70;

/// Long files, with the reason.
const LONGER: &[(&str, &str)] = &[
    ("vendors/ombori/catalogue.rs", "a declaration to be read from top to bottom"),
    ("vendors/waitwhile/catalogue.rs", "a declaration to be read from top to bottom"),
];

#[test]
fn rooms_import_only_what_the_table_allows_and_all_of_that() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ROOMS.iter().map(|(room, others)| (*room, others.iter().copied().collect())).collect();
    let mut imported: BTreeMap<&str, BTreeSet<String>> =
        ROOMS.iter().map(|(room, _)| (*room, BTreeSet::new())).collect();
    let rooms = SOURCES.iter().filter(|source| source.room() != TOP && source.path != "lib.rs");
    for source in rooms {
        let room = source.room();
        let known = imported.get_mut(room).unwrap_or_else(|| panic!("room {room} is in no table"));
        for other in rooms_named(source).into_iter().filter(|other| other != room) {
            let fine = allowed[room].contains(other.as_str());
            assert!(fine, "{}: {room} may not import {other}", source.place());
            known.insert(other);
        }
    }
    for (room, others) in allowed {
        let used: BTreeSet<&str> = imported[room].iter().map(String::as_str).collect();
        let unused: Vec<_> = others.difference(&used).collect();
        assert!(unused.is_empty(), "{room} no longer imports {unused:?}: take it out of the table");
    }
}

/// The rooms that a file names by their path from the crate's root.
fn rooms_named(source: &Source) -> BTreeSet<String> {
    let paths = source.paths.iter();
    let rooted =
        paths.filter(|path| ["crate", "standin", "standin_core"].contains(&path[0].as_str()));
    rooted.map(|path| path[1].clone()).collect()
}

/// With this test and the table, rooms cannot import each other in a circle.
#[test]
fn rooms_stand_on_floors_and_import_only_lower_ones() {
    let floors = floors();
    for (room, others) in ROOMS {
        let floor = floors.iter().position(|other| other == room);
        let floor = floor.unwrap_or_else(|| panic!("no lib.rs has a room {room}"));
        for other in *others {
            assert!(floors[..floor].iter().any(|lower| lower == other), "{room} imports {other}");
        }
    }
    assert_eq!(floors.last().map(String::as_str), Some(TOP));
    let tabled: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).chain([TOP]).collect();
    for room in &floors {
        assert!(tabled.contains(room.as_str()), "room {room} is in no table");
    }
}

/// The rooms in the order of the `lib.rs` of each home, bottom to top.
fn floors() -> Vec<String> {
    HOMES.into_iter().flat_map(rooms_of).collect()
}

fn rooms_of(home: &str) -> Vec<String> {
    let is_lib = |source: &&Source| source.home == home && source.path == "lib.rs";
    let lib = SOURCES.iter().find(is_lib).unwrap_or_else(|| panic!("{home}/lib.rs"));
    let lines = lib.code.lines().filter_map(|line| line.trim().strip_prefix("pub mod "));
    lines.map(|line| line.trim_end_matches(';').to_owned()).collect()
}

/// A crate of their own, whose dependencies know no network.
#[test]
fn the_pure_rooms_and_the_clock_are_the_core() {
    let core: BTreeSet<String> = rooms_of(HOMES[0]).into_iter().collect();
    let pure = PURE.iter().copied().chain(["clock"]).map(str::to_owned).collect();
    assert_eq!(core, pure);
}

#[test]
fn no_path_through_super_leaves_its_room() {
    for source in SOURCES.iter() {
        let folders = source.path.split('/').count() - 1;
        let own_folder = source.path.ends_with("/mod.rs");
        // `vendors/mod.rs` is one level below the root, `vendors/phrase.rs` two.
        let depth = folders + usize::from(!own_folder);
        for path in &source.paths {
            let up = path.iter().take_while(|part| *part == "super").count();
            assert!(up < depth, "{}: {} leaves the room", source.place(), path.join("::"));
        }
    }
}

#[test]
fn files_of_a_room_import_each_other_in_no_circle() {
    let held = |source: &&Source| source.path != "lib.rs";
    let sources: Vec<&Source> = SOURCES.iter().filter(held).collect();
    let circles = circles::circles(&circles::needs(&sources));
    assert!(circles.is_empty(), "files of src that need each other: {circles:#?}");
}

#[test]
fn no_function_is_long() {
    for source in SOURCES.iter() {
        for function in functions(&source.bare) {
            let (name, lines) = (&function.name, function.lines);
            let fine = lines <= MOST_FUNCTION_LINES;
            assert!(fine, "{}: {name} has {lines} lines", source.place());
        }
    }
}

/// At a call, an enum with two names says more than `true`.
#[test]
fn no_function_takes_a_bool() {
    // The trait `Serializer` prescribes this one.
    let prescribed = ["serialize_bool"];
    for source in SOURCES.iter() {
        for function in functions(&source.bare) {
            let (name, flags) = (&function.name, &function.flags);
            let fine = flags.is_empty() || prescribed.contains(&&**name);
            assert!(fine, "{}: {name} takes bools: {flags:?}", source.place());
        }
    }
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    for source in SOURCES.iter() {
        for path in &source.paths {
            let found = CRATES.iter().find(|(name, _)| path[0] == *name);
            let Some((name, rooms)) = found else { continue };
            assert!(rooms.contains(&source.room()), "{}: {name} is not for it", source.place());
        }
    }
}

#[test]
fn pure_rooms_know_no_runtime_and_do_no_io() {
    for source in SOURCES.iter().filter(|source| PURE.contains(&source.room())) {
        let except = NOT_PURE.iter().filter(|(folder, ..)| source.path.starts_with(folder));
        let allowed: Vec<&str> = except.flat_map(|(_, names, _)| *names).copied().collect();
        for path in &source.paths {
            let outside = outside_world(&path.join("::"));
            let outside = outside.filter(|name| !allowed.contains(name));
            assert_eq!(outside, None, "{}: {}", source.place(), path.join("::"));
        }
    }
    for (folder, names, reason) in NOT_PURE {
        let there = SOURCES.iter().filter(|source| source.path.starts_with(folder));
        let named: BTreeSet<&str> = there
            .flat_map(|source| &source.paths)
            .filter_map(|path| outside_world(&path.join("::")))
            .collect();
        let unused: Vec<_> = names.iter().filter(|name| !named.contains(**name)).collect();
        assert!(unused.is_empty(), "{folder} ({reason}) no longer names {unused:?}");
    }
}

/// The part of the outside world that a path names.
fn outside_world(path: &str) -> Option<&'static str> {
    let mut names = OUTSIDE_WORLD.iter().copied();
    names.find(|name| path == *name || path.starts_with(&format!("{name}::")))
}

#[test]
fn only_the_clock_reads_the_clock() {
    for source in SOURCES.iter().filter(|source| source.room() != "clock") {
        let words = source.bare.split(|c: char| !c.is_alphanumeric() && c != '_');
        let found = words.into_iter().find(|word| ["Instant", "SystemTime"].contains(word));
        assert_eq!(found, None, "{}: time comes from clock.rs", source.place());
    }
}

#[test]
fn only_its_folder_and_the_registry_name_a_vendor() {
    let mut used = BTreeSet::new();
    for vendor in registry::shipped().names() {
        let own = format!("vendors/{vendor}/");
        for source in SOURCES.iter().filter(|source| !source.path.starts_with(&own)) {
            if without_examples(source).to_lowercase().contains(vendor) {
                let listed = NAME_VENDORS.iter().find(|(path, _)| source.path.starts_with(path));
                let listed = listed.unwrap_or_else(|| panic!("{} names {vendor}", source.place()));
                used.insert(listed.0);
            }
        }
    }
    for (path, reason) in NAME_VENDORS {
        assert!(used.contains(path), "{path} names no vendor ({reason}): take it off the list");
    }
}

/// The code without the examples that a command's help ends with.
fn without_examples(source: &Source) -> String {
    let mut code = String::new();
    let mut end = 0;
    for (start, _) in source.bare.match_indices("after_help") {
        code += &source.code[end..start];
        end = start + source.bare[start..].find(")]").unwrap_or_default();
    }
    code + &source.code[end..]
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    for source in SOURCES.iter() {
        assert!(source.text.starts_with("//! "), "{} does not open with `//!`", source.place());
    }
}

#[test]
fn files_are_short() {
    for source in SOURCES.iter() {
        let lines = source.text.lines().count();
        let longer = LONGER.iter().find(|(path, _)| source.path == *path);
        match longer {
            None => assert!(lines <= MOST_LINES, "{} has {lines} lines", source.place()),
            Some(_) => assert!(lines > MOST_LINES, "{} is short now", source.place()),
        }
        let fine = lines <= LINES_WITH_A_REASON;
        assert!(fine, "{} has {lines} lines", source.place());
    }
    for (path, reason) in LONGER {
        assert!(SOURCES.iter().any(|source| source.path == *path), "{path} is gone: {reason}");
    }
}

#[test]
fn nothing_is_unwrapped_and_no_lint_is_silenced_without_a_reason() {
    for source in SOURCES.iter() {
        assert!(!source.bare.contains(".unwrap()"), "{} unwraps", source.place());
        let dense: String = source.text.split_whitespace().collect();
        for attribute in ["#[allow(", "#![allow("] {
            let (code, found) = (source.bare.replace(' ', ""), dense.contains(attribute));
            assert!(!code.contains(attribute) && !found, "{}: {attribute}", source.place());
        }
    }
}
