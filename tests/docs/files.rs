//! Rules for the files of the repository: links lead somewhere, no file mentions the machine that
//! it was made on, and the exit codes are documented correctly.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use standin::cli::errors;

use super::{repository, text};

/// Texts that no file may contain: paths of one machine, and package registries. They are composed
/// here, so that this file does not contain them either.
const UNMENTIONABLE: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tmp", "/wt"),
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("registry.", "npmjs"),
];

/// Written by Cargo, which names the registry.
const BY_CARGO: &str = "Cargo.lock";

#[test]
fn no_file_speaks_of_a_machine_or_a_registry() {
    let mut read = 0;
    for path in all().iter().filter(|path| !path.ends_with(BY_CARGO)) {
        let Ok(text) = std::fs::read_to_string(repository(path)) else { continue };
        read += 1;
        for word in UNMENTIONABLE {
            let line = text.lines().position(|line| line.contains(word));
            assert_eq!(line, None, "{path} mentions {word} (line counted from 0)");
        }
    }
    assert!(read > 500, "only {read} files were read");
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    static LINK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\]\(([^)\s]+)\)").expect("a pattern"));
    let mut links = 0;
    for path in all().iter().filter(|path| path.ends_with(".md")) {
        let document = text(path);
        for found in LINK.captures_iter(&without_code(&document)) {
            let target = &found[1];
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            links += 1;
            lead(path, target);
        }
    }
    assert!(links > 10, "only {links} links were found");
}

/// Checks one link: the file exists, and so does the heading.
fn lead(from: &str, target: &str) {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() { from.into() } else { folder.join(file) };
    let there = repository(&path.to_string_lossy());
    assert!(there.exists(), "{from} links to {target}, which is not there");
    if !anchor.is_empty() {
        let document = std::fs::read_to_string(&there).expect("a document");
        let known: BTreeSet<String> = without_code(&document)
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| anchor_of(line.trim_start_matches('#')))
            .collect();
        assert!(known.contains(anchor), "{from} links to {target}; there are {known:?}");
    }
}

/// The anchor that a heading gets: lower case, hyphens for spaces, no punctuation.
fn anchor_of(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    heading.trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

/// A document without fenced blocks. In these a bracket is not a link, and `#` is not a heading.
fn without_code(document: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[test]
fn the_exit_codes_in_the_help_are_right() {
    let codes = [
        errors::PASSED,
        errors::BROKEN,
        errors::USAGE,
        errors::UNREACHABLE,
        errors::BUG,
        errors::UNWRITTEN,
        errors::INTERRUPTED,
    ];
    for path in ["README.md", "docs/guide.md"] {
        let told: Vec<u8> = text(path)
            .lines()
            .skip_while(|line| !line.starts_with("| exit code |"))
            .skip(2)
            .take_while(|line| line.starts_with('|'))
            .map(|line| line.trim_matches(['|', ' ']).split(' ').next().unwrap_or_default().parse())
            .collect::<Result<_, _>>()
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(told, codes, "{path}");
    }
}

/// Every file of the repository, by its path from the root, without build output and hidden files.
pub fn all() -> Vec<String> {
    let mut files = Vec::new();
    walk("", &mut files);
    files.sort();
    files
}

fn walk(folder: &str, files: &mut Vec<String>) {
    let entries = std::fs::read_dir(repository(folder)).expect("a readable folder");
    for entry in entries.map(|entry| entry.expect("a readable entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type().expect("a kind of file");
        // In a worktree, `.git` is a file with a path of the machine.
        if matches!(name.as_str(), ".git" | "target") {
            continue;
        }
        if kind.is_dir() {
            walk(&path, files);
        } else if kind.is_file() {
            files.push(path);
        }
    }
}
