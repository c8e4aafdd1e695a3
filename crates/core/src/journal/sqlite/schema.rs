//! The tables of a journal file, and the marks that identify it.

use rusqlite::{Connection, TransactionBehavior};

use super::error::Why;

/// The version of the tables.
pub const VERSION: i64 = 1;

/// "Stdn": distinguishes a journal from the SQLite files of other programs.
const APPLICATION: i64 = 0x5374_646e;

/// `rows.id` grows over all runs and is never reused. If the line contains the bytes of the body,
/// the row has their range, so that they are not stored twice. Otherwise they are in `body`. A row
/// without an `entry` is a note: a replay ignores it. SQLite ends each index with `id`, so `pages`
/// gives the rows of a run in order, from any row on.
const TABLES: &str = "
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    command TEXT NOT NULL,
    name TEXT NOT NULL,
    vendor TEXT,
    seed TEXT NOT NULL,
    start TEXT NOT NULL,
    created TEXT NOT NULL,
    meta TEXT NOT NULL
) STRICT;
CREATE TABLE rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL,
    entry INTEGER,
    cause INTEGER,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    account TEXT,
    delivery INTEGER,
    attempt INTEGER,
    seq INTEGER,
    trigger TEXT,
    outcome TEXT,
    line TEXT NOT NULL,
    body_from INTEGER,
    body_length INTEGER,
    body BLOB,
    answer BLOB
) STRICT;
CREATE INDEX pages ON rows (run);
CREATE UNIQUE INDEX entries ON rows (run, entry);
CREATE INDEX deliveries ON rows (run, delivery) WHERE delivery IS NOT NULL;
CREATE INDEX webhooks ON rows (run, seq) WHERE kind = 'caused';
";

/// Creates the tables in an empty file, and checks those of any other file.
pub fn prepare(connection: &mut Connection) -> Result<(), Why> {
    let (application, _) = marks(connection)?;
    if application == 0 && is_empty(connection)? {
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        if mode != "wal" {
            return Err(Why::Other(format!(
                "SQLite keeps its own journal as `{mode}`, not as `wal`"
            )));
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }
    check(connection)
}

/// Checks that the file is a journal, in a format that this version knows.
pub fn check(connection: &Connection) -> Result<(), Why> {
    match marks(connection)? {
        (APPLICATION, VERSION) => Ok(()),
        (APPLICATION, found) => Err(Why::Version { found, known: VERSION }),
        _ => Err(Why::NotAJournal),
    }
}

fn marks(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let read = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((read("application_id")?, read("user_version")?))
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}
