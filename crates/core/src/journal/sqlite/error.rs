//! Why a journal file cannot be opened or read, and what to do about it.

use std::path::Path;

use rusqlite::ErrorCode;

/// Why a journal file cannot be opened or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot {what} the journal {path}: {why}")]
pub struct StoreError {
    /// What was attempted.
    what: &'static str,
    /// The file.
    path: String,
    /// Why not.
    pub why: Why,
}

/// The reasons. Each message says how to fix it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// It is a folder.
    #[error("it is a folder; give the name of a file in it")]
    Folder,
    /// Its folder is missing.
    #[error("its folder does not exist; create it, or give another path")]
    NoFolder,
    /// It does not exist, so it cannot be read.
    #[error("there is no such file; a journal is written by `standin check --journal FILE`")]
    Missing,
    /// Another process is writing it.
    #[error(
        "another Standin process is writing it; wait until that has ended, or give another file"
    )]
    InUse,
    /// Another program has locked it.
    #[error("another program holds a lock on it; close that program")]
    Locked,
    /// It is another kind of file.
    #[error("it is not a SQLite file; give a new name, or a journal that Standin has written")]
    NotSqlite,
    /// It is a SQLite file of another program.
    #[error(
        "it is a SQLite file of another program; give a new name, or a journal that Standin has written"
    )]
    NotAJournal,
    /// Another version of Standin wrote it.
    #[error(
        "its format is {found}, but this version of Standin knows format {known}; open it with the version that wrote it, or give a new name"
    )]
    Version {
        /// The format that it has.
        found: i64,
        /// The format that this version knows.
        known: i64,
    },
    /// It cannot be written.
    #[error("it cannot be written there ({0}); give a path that you can write to")]
    ReadOnly(String),
    /// It has no such run.
    #[error("it has no run {0}; `standin journal show FILE --runs` lists its runs")]
    NoRun(i64),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl StoreError {
    /// It could not be opened.
    pub(super) fn open(path: &Path, why: Why) -> Self {
        Self { what: "open", path: path.display().to_string(), why }
    }

    /// It could not be read.
    pub(super) fn read(path: &Path, why: impl Into<Why>) -> Self {
        Self { what: "read", path: path.display().to_string(), why: why.into() }
    }
}

impl From<rusqlite::Error> for Why {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotSqlite,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly(error.to_string())
            }
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Why {
    fn from(error: std::io::Error) -> Self {
        Self::ReadOnly(error.to_string())
    }
}
