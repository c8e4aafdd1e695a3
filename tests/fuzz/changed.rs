//! Texts that are changed at random.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

/// What breaks readers: marks of YAML, JSON and Gherkin, numbers at limits, and text that hides.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\t",
    " ",
    "  ",
    ":",
    ": ",
    "- ",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "|",
    "|\n",
    "\\",
    "\\u0000",
    "\\ud83d",
    "#",
    "@",
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "? ",
    "%",
    "---\n",
    "...",
    "\"\"\"\n",
    "```\n",
    "Feature: ",
    "Rule: ",
    "Scenario: ",
    "Scenario Outline: ",
    "Examples:\n",
    "Background:\n",
    "Given ",
    "Then ",
    "And ",
    "<name>",
    "null",
    "~",
    "true",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    ".inf",
    "0x7f",
    "99999999999d",
    "5s",
    "${HOME}",
    "${",
    "http://127.0.0.1:1/",
    "\u{0}",
    "\u{1b}[31m",
    "\u{9b}",
    "\u{202e}",
    "\u{feff}",
    "\u{ffff}",
    "é",
    "👩‍🦽",
    "access_token",
    "***",
    "%2F",
    "\\/",
    "&quot;",
    "=\r\n",
    "::warning::",
];

/// A change of a text.
#[derive(Clone, Debug)]
enum Change {
    /// Puts a piece somewhere.
    Insert(Index, String),
    /// Takes some characters away.
    Remove(Index, usize),
    /// Repeats a line so many times.
    Repeat(Index, usize),
    /// Moves a line.
    Move(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        8 => select(PIECES).prop_map(str::to_owned),
        1 => "\\PC{1,8}",
        1 => (select(PIECES), 2..400_usize).prop_map(|(piece, times)| piece.repeat(times)),
    ];
    prop_oneof![
        4 => (any::<Index>(), piece).prop_map(|(at, piece)| Change::Insert(at, piece)),
        3 => (any::<Index>(), 1..12_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (any::<Index>(), 1..40_usize).prop_map(|(line, times)| Change::Repeat(line, times)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(line, to)| Change::Move(line, to)),
    ]
}

impl Change {
    fn apply(&self, text: &str) -> String {
        match self {
            Self::Insert(at, piece) => {
                let at = boundary(text, *at);
                format!("{}{piece}{}", &text[..at], &text[at..])
            }
            Self::Remove(at, length) => {
                let at = boundary(text, *at);
                let rest: String = text[at..].chars().skip(*length).collect();
                format!("{}{rest}", &text[..at])
            }
            Self::Repeat(line, times) => {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                if !lines.is_empty() {
                    let line = line.index(lines.len());
                    let repeated = std::iter::repeat_n(lines[line], *times);
                    lines.splice(line..line, repeated);
                }
                lines.concat()
            }
            Self::Move(line, to) => {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                if !lines.is_empty() {
                    let moved = lines.remove(line.index(lines.len()));
                    lines.insert(to.index(lines.len() + 1), moved);
                }
                lines.concat()
            }
        }
    }
}

/// A place between two characters.
fn boundary(text: &str, at: Index) -> usize {
    let mut at = at.index(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// These texts, and those of a folder of the corpus.
pub fn corpus(folder: &str, shipped: impl IntoIterator<Item = String>) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    let kept = files.iter().map(|file| {
        let bytes = std::fs::read(file).expect("a file that can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    });
    kept.chain(shipped).collect()
}

/// Tries each text as it is, and then so many changed ones.
pub fn changed(cases: u32, texts: Vec<String>, holds: impl Fn(&str) -> Result<(), String>) {
    for text in &texts {
        holds(text).unwrap_or_else(|why| panic!("{why}\nin\n{text}"));
    }
    let asked = std::env::var("FUZZ_CASES").ok();
    let asked = asked.map(|number| number.parse::<u32>().expect("FUZZ_CASES is a number"));
    let config =
        Config { cases: asked.unwrap_or(cases), failure_persistence: None, ..Config::default() };
    let mut runner = match asked {
        None => {
            let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            TestRunner::new_with_rng(config, rng)
        }
        Some(_) => TestRunner::new(config),
    };
    let strategy = (select(texts), proptest::collection::vec(change(), 1..8));
    let tried = runner.run(&strategy, |(text, changes)| {
        let text = changes.iter().fold(text, |text, change| change.apply(&text));
        let shown = || format!("in\n{text:?}");
        let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| holds(&text)));
        let held = held.map_err(|_| TestCaseError::fail(format!("a panic {}", shown())))?;
        held.map_err(|why| TestCaseError::fail(format!("{why} {}", shown())))
    });
    tried.unwrap_or_else(|failure| panic!("{failure}"));
}
