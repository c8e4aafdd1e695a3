//! Receivers that do everything wrong, and the list of what they do.

pub mod answers;
pub mod behaviours;
pub mod looks;
pub mod receiver;
