//! Drives a run for as long as a server runs, in real time or on request. Many tickets can be out
//! at the same time.
//!
//! One task sends the due tickets (`pump`). Any other task can apply inputs and read the run at any
//! time through a [`Live`] (`handle`), without waiting for requests under way. When the future of
//! an input resolves, the input is in the journal.

mod core;
mod handle;
mod pace;
mod pump;

pub use self::core::Live;
pub use handle::Gate;
pub use pace::Pace;
