//! Signals that end a command: Ctrl-C, SIGTERM, and SIGHUP of a terminal that closes. They end it with what
//! it has until then, and a second one ends the process at once.
//!
//! Until a command asks for a signal, there is nothing to report, and a signal ends the process. `check` has
//! reports to write however early it is, and so keeps one that comes before the run. `load` asks
//! for each one by itself, since the second breaks off what is under way. `serve` and `receiver` run until
//! a signal, which is then no interruption.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

use tokio::sync::watch;

use super::errors::BUG;

/// How often a signal came. A signal is for the process, and so is this.
static COUNT: LazyLock<watch::Sender<usize>> = LazyLock::new(|| watch::Sender::new(0));

/// How many of them somebody has waited for.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// Whether a command asks for signals.
static ASKED: AtomicBool = AtomicBool::new(false);

/// Whether a signal is kept until somebody waits for it.
static KEPT: AtomicBool = AtomicBool::new(false);

/// The number of the first signal.
static FIRST: AtomicU8 = AtomicU8::new(SIGINT);

const SIGHUP: u8 = 1;
const SIGINT: u8 = 2;
const SIGTERM: u8 = 15;

/// Catches the signals from now on.
pub fn catch() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::SignalKind;
        let hangup = (!ignores_hangup()).then_some((SIGHUP, SignalKind::hangup()));
        let ends = [(SIGINT, SignalKind::interrupt()), (SIGTERM, SignalKind::terminate())];
        for (number, kind) in ends.into_iter().chain(hangup) {
            // Without a handler the signal ends the process, which is acceptable.
            let Ok(mut signals) = tokio::signal::unix::signal(kind) else { continue };
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    came_in(number);
                }
            });
        }
    }
    #[cfg(not(unix))]
    tokio::spawn(async {
        while tokio::signal::ctrl_c().await.is_ok() {
            came_in(SIGINT);
        }
    });
}

/// Whether whoever started the process means it to outlive its terminal, as `nohup` does. Elsewhere than
/// on Linux nobody can be asked, and the signal keeps its usual meaning.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return true };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_none_or(|mask| mask & 1 << (SIGHUP - 1) != 0)
}

fn came_in(signal: u8) {
    if !ASKED.load(Ordering::SeqCst) {
        std::process::exit(i32::from(code_of(signal)));
    }
    let is_second = *COUNT.borrow() > TAKEN.load(Ordering::SeqCst);
    if is_second && KEPT.load(Ordering::SeqCst) {
        std::process::exit(i32::from(code_of(signal)));
    }
    COUNT.send_modify(|count| {
        if *count == 0 {
            FIRST.store(signal, Ordering::SeqCst);
        }
        *count += 1;
    });
}

/// The exit code of a process that a signal ended, as shells count it.
fn code_of(signal: u8) -> u8 {
    128 + signal
}

/// Keeps a signal that comes from now on until [`first`] is waited for. A second one meanwhile ends the process.
pub fn keep() {
    KEPT.store(true, Ordering::SeqCst);
    ASKED.store(true, Ordering::SeqCst);
}

/// Waits for the next signal. One that came since the first call and while nobody waited counts.
pub fn next() -> impl Future<Output = ()> {
    ASKED.store(true, Ordering::SeqCst);
    async {
        let taken = TAKEN.load(Ordering::SeqCst);
        wait_for_more_than(taken).await;
        TAKEN.fetch_max(taken + 1, Ordering::SeqCst);
    }
}

/// Waits for the signal that ends a command which runs until then. That is no interruption.
pub fn stopped() -> impl Future<Output = ()> {
    ASKED.store(true, Ordering::SeqCst);
    wait_for_more_than(0)
}

async fn wait_for_more_than(taken: usize) {
    let mut count = COUNT.subscribe();
    // The sender is never dropped.
    let _ = count.wait_for(|count| *count > taken).await;
}

/// Waits for a signal, unless one has come. From then on, another one ends the process at once.
pub fn first() -> impl Future<Output = ()> {
    let next_one = next();
    async {
        KEPT.store(false, Ordering::SeqCst);
        if came() {
            return;
        }
        next_one.await;
        tokio::spawn(async {
            next().await;
            std::process::exit(exit_code().into());
        });
        match FIRST.load(Ordering::SeqCst) {
            SIGTERM => say!("interrupted by SIGTERM; a second signal ends at once"),
            SIGHUP => say!("interrupted by SIGHUP; a second signal ends at once"),
            _ => say!("interrupted; Ctrl-C again ends at once"),
        }
    }
}

/// Whether a signal interrupted the command.
pub fn came() -> bool {
    TAKEN.load(Ordering::SeqCst) > 0
}

/// The exit code of a command that the first signal ended.
pub fn exit_code() -> u8 {
    code_of(FIRST.load(Ordering::SeqCst))
}

/// The exit code of a command that ends with this one: what was interrupted neither passed nor failed.
pub fn code(ended: u8) -> u8 {
    if came() && ended != BUG { exit_code() } else { ended }
}
