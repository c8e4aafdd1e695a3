//! What a command prints. An output that cannot be written never ends a run: its reports are written all
//! the same, and the exit code tells.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::errors::{CliError, PASSED, UNWRITTEN};

/// Prints a line to stderr. If that cannot be written, there is nobody to tell.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::cli::output::tell(&format!("{}\n", format_args!($($text)*)))
    };
}

/// Prints text to stderr as it is. If that cannot be written, there is nobody to tell.
pub fn tell(text: &str) {
    let mut out = anstream::stderr();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Whether something that the command found could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// Prints to stdout before anything is sent. A closed pipe ends the program quietly, as it does for
/// other tools.
pub fn print(text: &str) {
    match written(text) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(PASSED.into()),
        Err(error) => std::process::exit(CliError::unwritable(&error).report().into()),
    }
}

/// Prints to stdout during a run and after it, and says whether anybody reads on. A closed pipe must not
/// turn the exit code of a broken contract into success, and a full disk must not cost the reports.
pub fn print_last(text: &str) -> bool {
    match written(text) {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => false,
        Err(error) => {
            if !LOST.swap(true, Ordering::Relaxed) {
                CliError::unwritable(&error).report();
            }
            false
        }
    }
}

fn written(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

/// Says after a run that something could not be written, and goes on: the exit code tells it too.
pub fn lost(errors: impl IntoIterator<Item = CliError>) {
    for error in errors {
        error.report();
        LOST.store(true, Ordering::Relaxed);
    }
}

/// The exit code of a command that ends with this one. It has not passed if something that it found could
/// not be written.
pub fn code(ended: u8) -> u8 {
    let is_lost = LOST.load(Ordering::Relaxed);
    if is_lost && ended == PASSED { UNWRITTEN } else { ended }
}
