//! The only reader of the system clock in this crate.

use std::time::Instant;

/// The present moment.
#[expect(clippy::disallowed_methods, reason = "this is where the crate reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
