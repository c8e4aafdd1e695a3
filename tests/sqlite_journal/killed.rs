//! A process that writes three runs at once is killed at random moments.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use standin::chance::Chance;
use standin::journal::sqlite::{Reader, RunId};

use super::digest::digest;
use super::walk::Walk;
use super::{info, open, place};

const VENDORS: [&str; 3] = ["ombori", "waitwhile", "doo"];

/// The variable with the path of the child's file.
const FILE: &str = "STANDIN_TEST_JOURNAL";

/// How often the process is killed.
fn rounds() -> u64 {
    if std::env::var_os("FULL").is_some_and(|value| value == "1") { 100 } else { 12 }
}

/// Writes until it is killed, if it was started as the child. Prints what was acknowledged: the
/// run, and the number of its entries.
#[test]
fn child() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let store = open(Path::new(&file));
    std::thread::scope(|scope| {
        for vendor in VENDORS {
            let mut writer = store.begin(info(vendor)).expect("it is written");
            scope.spawn(move || {
                let mut walk = Walk::new(vendor, writer.run().cast_unsigned());
                let mut written = 0;
                loop {
                    writer.append_and_wait(&walk.entries[written..]).expect("it is written");
                    written = walk.entries.len();
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "\nwritten {} {written}", writer.run()).expect("somebody reads");
                    out.flush().expect("somebody reads");
                    drop(out);
                    walk.walk(1);
                }
            });
        }
    });
}

/// Starts the child, kills it after this many acknowledgements, and returns how many entries of
/// each run were acknowledged.
fn killed(file: &Path, after: u64) -> BTreeMap<RunId, usize> {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "killed::child", "--nocapture"])
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut acknowledged = BTreeMap::new();
    let mut lines = 0;
    let out = BufReader::new(child.stdout.take().expect("it is piped"));
    // The lines that it printed before it was killed are still in the pipe.
    for line in out.lines() {
        let line = line.expect("UTF-8");
        let mut words = line.split(' ');
        if words.next() != Some("written") {
            continue;
        }
        let mut number = || words.next().and_then(|word| word.parse::<i64>().ok());
        if let (Some(run), Some(entries)) = (number(), number()) {
            acknowledged.insert(run, entries as usize);
        }
        lines += 1;
        if lines == after {
            child.kill().expect("it runs");
        }
    }
    let status = child.wait().expect("it was started");
    assert!(!status.success() && lines >= after, "it was killed: {status}, {lines} lines");
    acknowledged
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let (_folder, file) = place();
    let mut chance = Chance::from_seed(1).child("kills");
    let (mut acknowledged, mut unsaid) = (0, 0);
    for round in 0..rounds() {
        for (run, entries) in killed(&file, chance.between(1, 250)) {
            let reader = Reader::open(&file).unwrap_or_else(|error| panic!("{error}"));
            let lines = reader.lines(run).expect("it is read");
            assert!(lines.len() >= entries, "round {round}: {} of {entries}", lines.len());
            acknowledged += entries;
            unsaid += lines.len() - entries;
            is_the_walk(&reader, run, &lines);
        }
    }
    assert!(
        acknowledged > 1_000,
        "{acknowledged} entries were acknowledged, {unsaid} more are there"
    );
    let connection = Connection::open(&file).expect("it opens");
    let check = connection.pragma_query_value(None, "integrity_check", |row| row.get(0));
    assert_eq!(check, Ok("ok".to_owned()));
    goes_on(&file);
}

/// Checks that the lines are those of the walk, and give its run.
fn is_the_walk(reader: &Reader, run: RunId, lines: &[String]) -> Walk {
    let vendor = reader.run(run).expect("it is there").info.name;
    let mut walk = Walk::new(&vendor, run.cast_unsigned());
    while walk.entries.len() < lines.len() {
        walk.walk(1);
    }
    assert_eq!(walk.lines(), lines, "{vendor}, run {run}");
    if !lines.is_empty() {
        let again = walk.fresh().replay(lines.iter().map(String::as_str), &walk.reopen());
        let again = again.unwrap_or_else(|error| panic!("{vendor}, run {run}: {error}"));
        assert_eq!(digest(&again), digest(&walk.run), "{vendor}, run {run}");
    }
    walk
}

/// Opens the file in another process, and continues a run.
fn goes_on(file: &Path) {
    let store = open(file);
    let reader = store.reader().expect("it opens");
    let runs = reader.runs().expect("they are read");
    let longest = runs
        .iter()
        .map(|run| (reader.lines(run.id).expect("it is read"), run.id))
        .max_by_key(|one| one.0.len());
    let (lines, run) = longest.expect("there are runs");
    let mut walk = is_the_walk(&reader, run, &lines);
    let again = walk.fresh().replay(lines.iter().map(String::as_str), &walk.reopen());
    let mut other = walk.with(again.unwrap_or_else(|error| panic!("{error}")));
    let mut writer = store.resume(run).unwrap_or_else(|error| panic!("{error}"));
    other.walk(60);
    writer.append_and_wait(&other.entries).unwrap_or_else(|error| panic!("{error}"));
    walk.walk(60);
    assert!(walk.entries.len() > lines.len());
    assert_eq!(reader.lines(run).expect("it is read"), walk.lines());
}
