//! Drives a run for as long as a server runs: in real time or on request, with many tickets out.
//!
//! A task sends what is due (`pump`). Any other task can apply inputs and ask questions at any time
//! through a [`Live`] (`handle`), without waiting for requests that are under way. An input is in the
//! journal when its future resolves.

mod core;
mod handle;
mod pace;
mod pump;

pub use self::core::Live;
pub use handle::Gate;
pub use pace::Pace;
