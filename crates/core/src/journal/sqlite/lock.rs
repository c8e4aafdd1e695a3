//! The lock that keeps two processes from writing one journal.
//!
//! The lock is on a file beside the journal, `FILE-lock`. SQLite has its own locks on the journal
//! itself, and on some systems another lock there would interfere with them. The system releases
//! the lock when the process ends, however it ends.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::error::Why;

/// How often to try, since the lock's file may be removed meanwhile.
const TRIES: usize = 100;

/// A lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// Holds the system's lock.
    _file: File,
}

impl Lock {
    /// Takes the lock of this journal.
    ///
    /// # Errors
    /// If another process has it, or its file cannot be created.
    pub fn take(journal: &Path) -> Result<Self, Why> {
        let mut path = OsString::from(journal);
        path.push("-lock");
        let path = PathBuf::from(path);
        for _ in 0..TRIES {
            let file = owner_only().create(true).truncate(false).write(true).open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(Why::InUse),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            if is_still_there(&file, &path) {
                return Ok(Self { path, _file: file });
            }
        }
        Err(Why::InUse)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The lock is still held, so nobody else writes. A process that has just opened the file
        // sees that it is gone, and creates a new one. A file that cannot be removed does no harm.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Options for files that only their owner can read.
pub fn owner_only() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether the file that was opened is still the one at this path.
#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(ours), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (ours.dev(), ours.ino()) == (there.dev(), there.ino())
}

/// On other systems, an open file cannot be removed.
#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    true
}
