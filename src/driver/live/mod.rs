//! Drives a run for as long as a server lives: in real time or at a word, with many tickets out.
//!
//! A task of its own sends what is due (`pump`). Whoever else has a [`Live`] applies inputs and asks
//! questions at any time (`handle`), and waits for no request that is under way. What was applied is in
//! the journal once its future has ended.

mod core;
mod handle;
mod pace;
mod pump;

pub use self::core::Live;
pub use handle::Gate;
pub use pace::Pace;
