//! Which files are opened, and which are refused and why.

use std::path::Path;

use rusqlite::Connection;
use standin::journal::Journal as _;
use standin::journal::sqlite::{Options, Reader, Store, Synchronous, VERSION};

use super::walk::Walk;
use super::{info, open, place};

fn refused(file: &Path) -> String {
    match Store::open(file, Options::default()) {
        Ok(_) => panic!("{} was opened", file.display()),
        Err(error) => error.to_string(),
    }
}

fn unreadable(file: &Path) -> String {
    Reader::open(file).expect_err("it is no journal").to_string()
}

#[test]
fn what_is_no_journal_is_refused_with_the_mend_and_left_as_it_is() {
    let (folder, file) = place();
    assert!(refused(folder.path()).ends_with("it is a folder; give the name of a file in it"));
    let nowhere = folder.path().join("missing/run.journal");
    assert!(refused(&nowhere).contains("its folder does not exist; create it"));
    assert!(unreadable(&file).contains("there is no such file"));
    assert!(!file.exists(), "reading makes no file");

    let text =
        "not a journal, but a text that is longer than SQLite's header of 100 bytes. ".repeat(9);
    std::fs::write(&file, &text).expect("a writable file");
    for said in [refused(&file), unreadable(&file)] {
        assert!(said.contains("it is not a SQLite file; give a new name"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), text);

    let other = folder.path().join("other.db");
    Connection::open(&other)
        .and_then(|it| it.execute_batch("CREATE TABLE t (a)"))
        .expect("a table");
    for said in [refused(&other), unreadable(&other)] {
        assert!(said.contains("a SQLite file of another program"), "{said}");
    }
}

#[test]
fn an_unknown_version_is_refused() {
    let (_folder, file) = place();
    drop(open(&file));
    for version in [0, VERSION + 1, 99] {
        let connection = Connection::open(&file).expect("it opens");
        connection.pragma_update(None, "user_version", version).expect("it is set");
        drop(connection);
        for said in [refused(&file), unreadable(&file)] {
            let found = format!(
                "its format is {version}, but this version of Standin knows format {VERSION}"
            );
            assert!(said.contains(&found), "{said}");
            assert!(said.contains("open it with the version that wrote it"), "{said}");
        }
    }
}

#[test]
fn one_process_at_a_time_writes_and_the_next_one_goes_on() {
    let (folder, file) = place();
    let first = open(&file);
    assert!(
        refused(&file).contains("another Standin process is writing it; wait until that has ended")
    );
    let run = first.begin(info("one")).expect("it is written").run();
    // The writer of a run also keeps the file open.
    drop(first);
    let second = open(&file);
    let other = second.begin(info("two")).expect("it is written");
    assert!(other.run() > run);
    drop(second);
    assert!(refused(&file).contains("another Standin process is writing it"));
    drop(other);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["run.journal"], "nothing is left beside it");
    let runs = Reader::open(&file).and_then(|reader| reader.runs()).expect("they are read");
    assert_eq!(runs.iter().map(|run| &*run.info.name).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(runs[0].info, info("one"));
}

#[test]
fn a_lock_of_another_program_is_told() {
    let (_folder, file) = place();
    drop(open(&file));
    let other = Connection::open(&file).expect("it opens");
    other.pragma_update(None, "locking_mode", "exclusive").expect("it is set");
    other.execute_batch("BEGIN EXCLUSIVE; DELETE FROM runs; COMMIT").expect("it is locked");
    assert!(refused(&file).contains("another program holds a lock on it; close that program"));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it_or_what_stands_beside_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, file) = place();
    let store = open(&file);
    let mut writer = store.begin(info("one")).expect("it is written");
    let mut walk = Walk::new("ombori", 1);
    walk.walk(5);
    writer.append_and_wait(&walk.entries).expect("it is written");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("its metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name());
    }
    names.sort();
    assert_eq!(names, ["run.journal", "run.journal-lock", "run.journal-shm", "run.journal-wal"]);
}

#[cfg(unix)]
#[test]
fn where_it_cannot_be_written_it_can_still_be_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, file) = place();
    let store = open(&file);
    let run = store.begin(info("one")).expect("it is written").run();
    drop(store);
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    mode(&file, 0o400);
    mode(folder.path(), 0o500);
    // A user who may write everywhere, such as root, cannot be refused.
    if std::fs::write(folder.path().join("probe"), "").is_err() {
        assert!(refused(&file).contains("give a path that you can write to"), "{}", refused(&file));
        let reader = Reader::open(&file).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(reader.run(run).expect("it is read").info, info("one"));
    }
    mode(folder.path(), 0o700);
}

#[test]
fn a_full_disk_fails_the_append_and_all_that_follow() {
    let (_folder, file) = place();
    let options = Options { largest: Some(2_000_000), synchronous: Synchronous::Full };
    let store = Store::open(&file, options).expect("it opens");
    let mut writer = store.begin(info("one")).expect("it is written");
    let mut walk = Walk::new("waitwhile", 1);
    let mut acknowledged = 0;
    let failed = loop {
        walk.walk(5);
        match writer.append_and_wait(&walk.entries[acknowledged..]) {
            Ok(_) => acknowledged = walk.entries.len(),
            Err(error) => break error,
        }
    };
    assert!(acknowledged > 20, "{acknowledged} entries were written");
    assert_eq!(
        failed.to_string(),
        "the journal cannot be written: database or disk is full; nothing more is sent"
    );
    assert_eq!(store.failed(), Some(failed.clone()));
    assert_eq!(writer.append_and_wait(&[]), Err(failed.clone()));
    assert_eq!(store.begin(info("two")).map(|_| ()), Err(failed.clone()));
    assert_eq!(store.flush(), Err(failed.clone()));
    let mut queued = store.begin_queued(info("three"));
    assert_eq!(queued.write_all(&walk.entries), Err(failed));
    let lines = store.reader().and_then(|reader| reader.lines(writer.run())).expect("it is read");
    assert_eq!(lines, walk.lines()[..acknowledged], "no more and no less than was acknowledged");
}
