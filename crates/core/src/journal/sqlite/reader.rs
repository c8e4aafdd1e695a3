//! Reads a journal file, even while it is being written.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params_from_iter};

use super::error::{StoreError, Why};
use super::row::{Row, RowId, RunId, RunInfo, StoredRun};
use super::schema;
use crate::journal::entry::{DeliveryId, EntryId};

/// How long a reader waits for a lock. Readers need one only while the file is opened or closed.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many rows are read at a time when all are wanted.
const PAGE: usize = 1000;

const RUNS: &str = "SELECT id, command, name, vendor, seed, start, created, meta FROM runs";

const ROWS: &str = "SELECT id, run, entry, cause, at, kind, account, delivery, attempt, seq, \
                    trigger, outcome, line, body_from, body_length, body, answer FROM rows";

/// Which rows are wanted: those that match every condition.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Rows of this run.
    pub run: Option<RunId>,
    /// Rows of this account.
    pub account: Option<String>,
    /// Rows of this delivery. Give the run too.
    pub delivery: Option<DeliveryId>,
    /// Rows of one of these kinds; of any kind if there are none.
    pub kinds: Vec<&'static str>,
    /// Rows about a webhook with this trigger.
    pub trigger: Option<String>,
    /// Rows with one of these outcomes.
    pub outcomes: Outcomes,
}

/// Which outcomes of attempts and deliveries are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcomes {
    /// Any, and rows without an outcome.
    #[default]
    Any,
    /// Any outcome but `accepted`.
    Failed,
}

/// Reads a journal file. Each reader has its own connection.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
}

impl Reader {
    /// Opens a file to read it.
    ///
    /// # Errors
    /// If it does not exist, or is not a journal that this version knows.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = connect(path).map_err(|why| StoreError::open(path, why))?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// The runs, in the order in which they began.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn runs(&self) -> Result<Vec<StoredRun>, StoreError> {
        self.all(&format!("{RUNS} ORDER BY id"), vec![], stored_run)
    }

    /// One run.
    ///
    /// # Errors
    /// If the file has no such run, or cannot be read.
    pub fn run(&self, run: RunId) -> Result<StoredRun, StoreError> {
        let found = self.all(&format!("{RUNS} WHERE id = ?"), vec![run.into()], stored_run)?.pop();
        found.ok_or_else(|| StoreError::read(&self.path, Why::NoRun(run)))
    }

    /// The rows after this one that match the filter, in order, at most `limit`. Row 0 comes before
    /// all others.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn rows_after(
        &self,
        after: RowId,
        limit: usize,
        filter: &Filter,
    ) -> Result<Vec<Row>, StoreError> {
        let (conditions, mut values) = conditions(filter);
        values.push(after.into());
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let sql = format!("{ROWS} WHERE {conditions} id > ? ORDER BY id LIMIT ?");
        self.all(&sql, values, stored_row)
    }

    /// Visits every row that matches the filter, in order.
    ///
    /// # Errors
    /// If the file cannot be read, or with what the visitor returns.
    pub fn each<E: From<StoreError>>(
        &self,
        filter: &Filter,
        mut visit: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = 0;
        loop {
            let rows = self.rows_after(after, PAGE, filter)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            rows.into_iter().try_for_each(&mut visit)?;
        }
    }

    /// The lines of a run's entries, in order and without its notes: the input of a replay.
    ///
    /// # Errors
    /// If the file has no such run, or cannot be read.
    pub fn lines(&self, run: RunId) -> Result<Vec<String>, StoreError> {
        self.run(run)?;
        let sql = "SELECT line FROM rows WHERE run = ? AND entry IS NOT NULL ORDER BY entry";
        let line = |row: &rusqlite::Row<'_>| row.get::<_, String>(0).map(|line| line + "\n");
        self.all(sql, vec![run.into()], line)
    }

    /// The webhook with this `seq` of a run.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn webhook(&self, run: RunId, seq: u64) -> Result<Option<Row>, StoreError> {
        let sql = format!("{ROWS} WHERE run = ? AND seq = ? AND kind = 'caused'");
        Ok(self.all(&sql, vec![run.into(), seq.cast_signed().into()], stored_row)?.pop())
    }

    /// The last row; 0 if there is none.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn latest(&self) -> Result<RowId, StoreError> {
        let latest = |row: &rusqlite::Row<'_>| row.get(0);
        let found = self.all("SELECT coalesce(max(id), 0) FROM rows", vec![], latest)?;
        Ok(found.first().copied().unwrap_or(0))
    }

    /// The number of the next entry of a run.
    pub(super) fn next_entry(&self, run: RunId) -> Result<EntryId, StoreError> {
        self.run(run)?;
        let sql = "SELECT max(entry) FROM rows WHERE run = ?";
        let last = self.connection.query_row(sql, [run], |row| row.get::<_, Option<i64>>(0));
        let last = last.optional().map_err(|error| StoreError::read(&self.path, error))?;
        Ok(last.flatten().map_or(0, |last| last.cast_unsigned() + 1))
    }

    fn all<T>(
        &self,
        sql: &str,
        values: Vec<Value>,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = || -> rusqlite::Result<Vec<T>> {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map(params_from_iter(values), read)?.collect()
        };
        rows().map_err(|error| StoreError::read(&self.path, error))
    }
}

fn connect(path: &Path) -> Result<Connection, Why> {
    if path.is_dir() {
        return Err(Why::Folder);
    }
    if !path.exists() {
        return Err(Why::Missing);
    }
    // The last connection to close removes SQLite's log. A read-only connection cannot do that.
    let both = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, both)?;
    let connection = match schema_of(&connection) {
        // In a read-only folder there is no place for the log, and nobody writes the file.
        Err(Why::ReadOnly(_)) => {
            let address = format!("file:{}?immutable=1", escaped(path));
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_URI
                | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(address, flags)?;
            schema_of(&connection)?;
            connection
        }
        other => other.map(|()| connection)?,
    };
    Ok(connection)
}

fn schema_of(connection: &Connection) -> Result<(), Why> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "query_only", "on")?;
    schema::check(connection)
}

/// A path, escaped for a SQLite URI.
fn escaped(path: &Path) -> String {
    path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

/// The conditions of a filter, each followed by `AND`, and their values.
fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let mut sql = String::new();
    let mut values: Vec<Value> = Vec::new();
    let mut add = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            sql += condition;
            sql += " AND ";
            values.push(value);
        }
    };
    add("run = ?", filter.run.map(Value::from));
    add("account = ?", filter.account.clone().map(Value::from));
    add("delivery = ?", filter.delivery.map(|delivery| delivery.cast_signed().into()));
    add(
        "EXISTS (SELECT 1 FROM rows AS cause WHERE cause.run = rows.run \
         AND cause.seq = rows.seq AND cause.kind = 'caused' AND cause.trigger = ?)",
        filter.trigger.clone().map(Value::from),
    );
    if !filter.kinds.is_empty() {
        let places = vec!["?"; filter.kinds.len()].join(", ");
        sql += &format!("kind IN ({places}) AND ");
        values.extend(filter.kinds.iter().map(|kind| Value::from((*kind).to_owned())));
    }
    if filter.outcomes == Outcomes::Failed {
        sql += "outcome IS NOT NULL AND outcome <> 'accepted' AND ";
    }
    (sql, values)
}

fn stored_run(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredRun> {
    let text = |column| row.get::<_, String>(column);
    Ok(StoredRun {
        id: row.get(0)?,
        info: RunInfo {
            command: text(1)?,
            name: text(2)?,
            vendor: row.get(3)?,
            seed: parsed(4, &text(4)?)?,
            start: parsed(5, &text(5)?)?,
            created: text(6)?,
            meta: parsed(7, &text(7)?)?,
        },
    })
}

fn stored_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let number = |column| -> rusqlite::Result<Option<u64>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(i64::cast_unsigned))
    };
    let mut line: String = row.get(12)?;
    let body = match (number(13)?, number(14)?) {
        (Some(from), Some(length)) => {
            let (from, length) = (from as usize, length as usize);
            line.as_bytes().get(from..from.saturating_add(length)).map(Bytes::copy_from_slice)
        }
        _ => row.get::<_, Option<Vec<u8>>>(15)?.map(Bytes::from),
    };
    line.push('\n');
    Ok(Row {
        id: row.get(0)?,
        run: row.get(1)?,
        entry: number(2)?,
        cause: number(3)?,
        at: parsed(4, &row.get::<_, String>(4)?)?,
        kind: row.get(5)?,
        account: row.get(6)?,
        delivery: number(7)?,
        attempt: row.get(8)?,
        seq: number(9)?,
        trigger: row.get(10)?,
        outcome: row.get(11)?,
        line,
        body,
        answer: row.get::<_, Option<Vec<u8>>>(16)?.map(Bytes::from),
    })
}

fn parsed<T: std::str::FromStr>(column: usize, text: &str) -> rusqlite::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
    })
}
