//! Ctrl-C: it ends a command with what it has until then, and a second one ends the process at once.
//!
//! `load` asks for each Ctrl-C by itself, since its second one breaks off what is under way. `serve` and
//! `receiver` run until Ctrl-C, which is then no interruption.

use std::sync::atomic::{AtomicBool, Ordering};

use super::errors::{BUG, INTERRUPTED};

/// Whether Ctrl-C came. A signal is for the process, and so is this.
static CAME: AtomicBool = AtomicBool::new(false);

/// Waits for the next Ctrl-C.
pub async fn next() {
    // Without a handler Ctrl-C ends the process, which is acceptable.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    CAME.store(true, Ordering::Relaxed);
}

/// Waits for Ctrl-C. From then on, another one ends the process at once.
pub async fn first() {
    next().await;
    tokio::spawn(async {
        next().await;
        std::process::exit(INTERRUPTED.into());
    });
    anstream::eprintln!("interrupted; Ctrl-C again ends at once");
}

/// Whether Ctrl-C came.
pub fn came() -> bool {
    CAME.load(Ordering::Relaxed)
}

/// The exit code of a command that ends with this one: what was interrupted neither passed nor failed.
pub fn code(ended: u8) -> u8 {
    if came() && ended != BUG { INTERRUPTED } else { ended }
}
