//! Ctrl-C: it ends a command with what it has until then, and a second one ends the process at once.
//!
//! `load` asks for each Ctrl-C by itself, since its second one breaks off what is under way. `serve` and
//! `receiver` run until Ctrl-C, which is then no interruption.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

use super::errors::{BUG, INTERRUPTED};

/// How often Ctrl-C came. A signal is for the process, and so is this.
static COUNT: LazyLock<watch::Sender<usize>> = LazyLock::new(|| {
    tokio::spawn(async {
        // Without a handler Ctrl-C ends the process, which is acceptable.
        while tokio::signal::ctrl_c().await.is_ok() {
            COUNT.send_modify(|count| *count += 1);
        }
    });
    watch::Sender::new(0)
});

/// How many of them somebody has waited for.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// Waits for the next Ctrl-C. One that came while nobody waited counts.
pub async fn next() {
    let taken = TAKEN.load(Ordering::Relaxed);
    let mut count = COUNT.subscribe();
    // The sender is never dropped.
    let _ = count.wait_for(|count| *count > taken).await;
    TAKEN.fetch_max(taken + 1, Ordering::Relaxed);
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
    TAKEN.load(Ordering::Relaxed) > 0
}

/// The exit code of a command that ends with this one: what was interrupted neither passed nor failed.
pub fn code(ended: u8) -> u8 {
    if came() && ended != BUG { INTERRUPTED } else { ended }
}
