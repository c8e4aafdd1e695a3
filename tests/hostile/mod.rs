//! Receivers that do everything wrong, and the lists of what they do.

pub mod answers;
pub mod behaviours;
pub mod looks;
pub mod persistent;
pub mod receiver;
