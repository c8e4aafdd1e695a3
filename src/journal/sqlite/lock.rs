//! The lock that keeps two processes from writing one journal.
//!
//! It is on a file beside the journal, `FILE-lock`. SQLite has locks of its own on the journal
//! itself; on some systems one more would get in their way. The system gives the lock back when the process ends,
//! however it ends.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::error::Why;

/// How often the lock is tried again when its file was removed in between.
const TRIES: usize = 100;

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// Holds the lock of the system.
    _file: File,
}

impl Lock {
    /// Takes the lock of this journal.
    ///
    /// # Errors
    /// If another process has it, or its file cannot be made.
    pub fn take(journal: &Path) -> Result<Self, Why> {
        let mut path = OsString::from(journal);
        path.push("-lock");
        let path = PathBuf::from(path);
        for _ in 0..TRIES {
            let file = private().create(true).truncate(false).write(true).open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(Why::Written),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            if is_still_there(&file, &path) {
                return Ok(Self { path, _file: file });
            }
        }
        Err(Why::Written)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The lock is still held, so nobody writes. Whoever has just opened the file sees that it is
        // gone and makes a new one. If it cannot be removed it does no harm.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Files that only their owner can read.
pub fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether the file that was opened is the one that stands there now.
#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(ours), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (ours.dev(), ours.ino()) == (there.dev(), there.ino())
}

/// Elsewhere a file that is open cannot be removed.
#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    true
}
