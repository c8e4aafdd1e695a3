//! Replays the terminal transcripts in the documents.
//!
//! A fenced `console` block begins with `$ standin …`. Its output follows. A line `…` stands for
//! any lines, a `…` at the end of a line for the rest of it. Times, ports and numbers of readings
//! differ from run to run and are ignored.
//!
//! The command runs in its own folder, which has a standin.yaml for a correct receiver, our
//! scenarios, and every feature or scenario that the document shows with its path (`#
//! features/a.feature`). `--target` is a receiver with the defect that the document has named last.

use super::built_in::built_in;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use regex::Regex;
use standin::receiver::{self, Defect, Running};

use super::text;

const DOCUMENTS: &[&str] = &["README.md", "docs/guide.md"];

#[tokio::test(flavor = "multi_thread")]
async fn what_the_documents_show_is_what_happens() {
    let mut blocks = 0;
    for path in DOCUMENTS {
        // Each document has its own receiver, since the same seed gives the same ids.
        let good = start(BTreeSet::new()).await;
        let blocks_of_it = fenced(&text(path));
        let folder = prepared(&good.url, &blocks_of_it);
        let mut defect = BTreeSet::new();
        for block in &blocks_of_it {
            if let Some(name) = named_defect(&block.text) {
                defect = BTreeSet::from([name]);
            }
            if block.language == "console" {
                blocks += 1;
                let bad = start(defect.clone()).await;
                replay(path, &block.text, folder.path(), &bad.url);
                bad.stop().await;
            }
        }
        good.stop().await;
    }
    assert!(blocks > 4, "only {blocks} blocks were found");
}

/// A reference receiver with these defects.
pub async fn start(defects: BTreeSet<Defect>) -> Running {
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), defects);
    receiver::start(options).await.expect("a free port")
}

fn named_defect(text: &str) -> Option<Defect> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?m)^standin receiver .*--defect ([a-z-]+)").expect("a pattern")
    });
    let name = NAMED.captures(text)?[1].to_owned();
    Some(Defect::from_name(&name).unwrap_or_else(|| panic!("there is no defect {name}")))
}

/// Runs the command of a block and compares its output with the block.
fn replay(path: &str, block: &str, folder: &Path, bad: &str) {
    let (command, shown) = block.split_once('\n').unwrap_or((block, ""));
    let arguments = command
        .strip_prefix("$ standin ")
        .unwrap_or_else(|| panic!("{path}: a console block begins with `$ standin`: {command}"));
    let mut arguments: Vec<&str> = arguments.split_whitespace().collect();
    if let Some(place) = arguments.iter().position(|argument| *argument == "--target") {
        arguments[place + 1] = bad;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(&arguments)
        .current_dir(folder)
        .env("TMPDIR", folder)
        .env_remove("OMBORI_API_KEY")
        .env_remove("GITHUB_ACTIONS")
        .output()
        .expect("the program starts");
    let printed = [output.stdout, output.stderr].concat();
    let printed = settled(&String::from_utf8(printed).expect("UTF-8"));
    let shown = settled(shown);
    let printed_lines: Vec<&str> = printed.lines().collect();
    let shown_lines: Vec<&str> = shown.lines().collect();
    if !fits(&shown_lines, &printed_lines) {
        let never = shown_lines
            .iter()
            .find(|line| **line != "…" && !printed_lines.iter().any(|found| same(line, found)));
        let why =
            never.map_or("some lines are in another order, or some are left out", |line| line);
        panic!(
            "{path} shows for `{command}` what it does not print:\n{why}\nit prints:\n{printed}"
        );
    }
}

/// A folder with all files that a command may read.
fn prepared(good: &str, blocks: &[Block]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = built_in(&[("http://127.0.0.1:8080", good)]);
    std::fs::write(folder.path().join("standin.yaml"), settings).expect("a file");
    let write = |path: &str, text: &str| {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    };
    for path in super::files::all().iter().filter(|path| path.starts_with("scenarios/")) {
        write(path, &text(path));
    }
    for block in blocks {
        if let Some(path) = named_file(&block.text) {
            write(path, &block.text);
        }
    }
    folder
}

/// The path in the first line of a block that shows a whole file.
fn named_file(text: &str) -> Option<&str> {
    let path = text.lines().next()?.strip_prefix("# ")?;
    let ours = path.starts_with("features/") || path.starts_with("scenarios/");
    (ours && !path.contains(' ')).then_some(path)
}

/// A text without the parts that differ from run to run.
fn settled(text: &str) -> String {
    static VARYING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        [
            (r"(?:< )?\d+(?:\.\d+)? m?s\b", "TIME"),
            (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
            (r" \(×\d+\)", ""),
            (r"[^ ]*standin-demo-\d+\.html", "REPORT"),
        ]
        .map(|(pattern, instead)| (Regex::new(pattern).expect("a pattern"), instead))
        .into()
    });
    VARYING.iter().fold(text.to_owned(), |text, (pattern, instead)| {
        pattern.replace_all(&text, *instead).into_owned()
    })
}

/// Whether the shown lines match the printed ones. `…` stands for omitted text.
fn fits(shown: &[&str], printed: &[&str]) -> bool {
    match shown {
        [] => printed.is_empty(),
        ["…"] => true,
        ["…", rest @ ..] => (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..])),
        [line, rest @ ..] => printed
            .split_first()
            .is_some_and(|(found, others)| same(line, found) && fits(rest, others)),
    }
}

fn same(shown: &str, printed: &str) -> bool {
    match shown.strip_suffix('…') {
        Some(start) => printed.starts_with(start),
        None => shown.trim_end() == printed.trim_end(),
    }
}

/// A fenced block.
pub struct Block {
    /// What is written behind its opening fence.
    pub language: String,
    /// Its lines.
    pub text: String,
}

/// The fenced blocks of a document.
pub fn fenced(document: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        match line.strip_prefix("```") {
            Some(language) if !inside => {
                inside = true;
                blocks.push(Block { language: language.to_owned(), text: String::new() });
            }
            Some(_) => inside = false,
            None if inside => {
                if let Some(block) = blocks.last_mut() {
                    block.text += line;
                    block.text += "\n";
                }
            }
            None => {}
        }
    }
    blocks
}

#[test]
fn an_ellipsis_stands_for_what_is_left_out() {
    assert!(fits(&["a", "…", "d"], &["a", "b", "c", "d"]));
    assert!(fits(&["ab…", "…"], &["abc", "d"]));
    assert!(!fits(&["a", "d"], &["a", "b", "d"]));
    assert!(!fits(&["a"], &["a", "b"]));
}
