//! The table of defects: which shipped scenarios catch which of them.
//!
//! `tests/contract/defects.txt`: a line for each defect, and under it a line for each feature with
//! the lines on which the scenarios begin. A scenario's line also names its stream of
//! chance, so it must not change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The table of the defects.
const FILE: &str = "tests/contract/defects.txt";

/// The scenarios that catch a defect: the lines on which they begin, by feature file.
pub type Catchers = BTreeMap<String, BTreeSet<usize>>;

/// The scenarios that catch each defect, by the defect's name.
#[derive(Debug, Default, PartialEq)]
pub struct Table(pub BTreeMap<String, Catchers>);

impl Table {
    /// The table in the file.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn checked_in() -> Self {
        Self::in_file(FILE)
    }

    /// The table in another file.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn in_file(file: &str) -> Self {
        let path = path(file);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::read(&text)
    }

    fn read(text: &str) -> Self {
        let mut table = Self::default();
        let mut defect = None;
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let mut words = line.split_whitespace();
            let first = words.next().expect("the line is not empty").to_owned();
            if !line.starts_with(' ') {
                let old = table.0.insert(first.clone(), Catchers::new());
                assert!(old.is_none() && words.next().is_none(), "one line a defect: {line}");
                defect = Some(first);
                continue;
            }
            let catchers = defect.as_ref().and_then(|defect| table.0.get_mut(defect));
            let lines: BTreeSet<usize> =
                words.map(|word| word.parse().expect("the number of a line")).collect();
            assert!(!lines.is_empty(), "no scenario: {line}");
            let old = catchers.expect("a defect stands above").insert(first, lines);
            assert!(old.is_none(), "one line a feature: {line}");
        }
        table
    }

    fn written(&self) -> String {
        let mut text = String::new();
        for (defect, catchers) in &self.0 {
            let _ = writeln!(text, "\n{defect}");
            for (file, lines) in catchers {
                let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
                let _ = writeln!(text, "    {file} {}", lines.join(" "));
            }
        }
        text
    }

    /// Writes this table to the file.
    pub fn check_in(&self) {
        self.write_to(FILE);
    }

    /// Writes it to another file, below the comments that it has.
    pub fn write_to(&self, file: &str) {
        let before = std::fs::read_to_string(path(file)).expect("a file");
        let head = before.lines().take_while(|line| line.starts_with('#'));
        let head: String = head.map(|line| format!("{line}\n")).collect();
        std::fs::write(path(file), head + &self.written()).expect("a writable file");
    }
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

#[test]
fn a_table_is_read_as_it_is_written() {
    let catchers = Catchers::from([("features/a.feature".to_owned(), BTreeSet::from([7, 12]))]);
    let table = Table(BTreeMap::from([("b".to_owned(), catchers), ("c".into(), Catchers::new())]));
    assert_eq!(Table::read(&table.written()), table);
}
