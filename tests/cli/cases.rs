//! The messages about mistakes: each folder in `tests/cli/cases` is a case.
//!
//! `cmd` has the command line and the exit code, `stdout` and `stderr` have the output. If one of
//! these is missing, its output must be empty. All other files are the user's. In a command line,
//! `$RECEIVER` is the URL of a reference receiver. `UPDATE=1` rewrites `stdout` and `stderr`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::{folder, receiver, run, text};

/// With fewer cases, some have been lost.
const CASES_AT_LEAST: usize = 97;
/// Texts in the user's files that must never be shown.
const SECRETS: &[&str] = &["s3cr3t", "my-0wn"];

/// A case as it is written.
struct Case {
    folder: PathBuf,
    arguments: Vec<String>,
    code: i32,
}

/// The contents of a case, by file.
type Said = BTreeMap<&'static str, String>;

#[test]
fn every_case_prints_what_it_should() {
    let (_runtime, receiver) = receiver();
    let cases = cases();
    assert!(cases.len() >= CASES_AT_LEAST, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case.folder.display();
        let (code, said) = case.run(&receiver.url);
        if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
            case.write(&said);
        }
        for (file, wanted) in case.wanted() {
            if said[file] != wanted {
                wrong.push(format!("{name}/{file} is\n{wanted}\nbut it says\n{}", said[file]));
            }
        }
        if code != Some(case.code) {
            wrong.push(format!("{name}: exit {code:?}, not {}", case.code));
        }
        let all: String = said.into_values().collect();
        if all.is_empty() || all.contains("bug in Standin") {
            wrong.push(format!("{name}: a mistake is told, and is the user's:\n{all}"));
        }
        if let Some(secret) = SECRETS.iter().find(|secret| all.contains(**secret)) {
            wrong.push(format!("{name} shows {secret}:\n{all}"));
        }
    }
    assert!(wrong.is_empty(), "{}\nUPDATE=1 writes them anew", wrong.join("\n──\n"));
}

fn cases() -> Vec<Case> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/cases");
    let entries = std::fs::read_dir(&all).expect("the folder of the cases");
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a readable folder").path()).collect();
    folders.sort();
    folders.into_iter().map(Case::read).collect()
}

impl Case {
    fn read(folder: PathBuf) -> Self {
        let cmd = std::fs::read_to_string(folder.join("cmd"))
            .unwrap_or_else(|error| panic!("{}/cmd: {error}", folder.display()));
        let mut lines = cmd.lines();
        let mut words = lines.next().unwrap_or_default().split_whitespace().map(str::to_owned);
        assert_eq!(words.next().as_deref(), Some("standin"), "{}", folder.display());
        let code = lines.next().and_then(|line| line.strip_prefix("exit ")?.parse().ok());
        let code = code.unwrap_or_else(|| panic!("{}: no exit code", folder.display()));
        Self { arguments: words.collect(), folder, code }
    }

    /// Runs it in a folder with the user's files.
    fn run(&self, receiver: &str) -> (Option<i32>, Said) {
        let here = folder();
        for entry in std::fs::read_dir(&self.folder).expect("a readable folder") {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            if !["cmd", "stdout", "stderr"].contains(&name) {
                std::fs::copy(&path, here.path().join(name)).expect("a writable folder");
            }
        }
        let arguments: Vec<String> =
            self.arguments.iter().map(|word| word.replace("$RECEIVER", receiver)).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = run(here.path(), &arguments);
        let shown = |bytes: &[u8]| steady(&text(bytes), receiver);
        let said = [("stdout", shown(&output.stdout)), ("stderr", shown(&output.stderr))];
        (output.status.code(), said.into())
    }

    /// The expected output.
    fn wanted(&self) -> Said {
        let read = |file| std::fs::read_to_string(self.folder.join(file)).unwrap_or_default();
        ["stdout", "stderr"].map(|file| (file, read(file))).into()
    }

    fn write(&self, said: &Said) {
        for (file, text) in said {
            let path = self.folder.join(file);
            if text.is_empty() {
                // The file may not exist.
                let _ = std::fs::remove_file(path);
            } else {
                std::fs::write(path, text).expect("a writable file");
            }
        }
    }
}

/// The text without what differs from run to run: the receiver's address, and durations.
fn steady(text: &str, receiver: &str) -> String {
    let took = Regex::new(r"(< |\b)\d+(\.\d+)? (ms|s)\b").expect("a pattern");
    took.replace_all(&text.replace(receiver, "$RECEIVER"), "[TIME]").into_owned()
}
