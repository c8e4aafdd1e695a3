//! Scenario files: read, checked, and played.
//!
//! [`words`] holds the phrases that do something, and [`run`] does it. The contract's Gherkin uses
//! both too.

pub mod file;
pub mod rehearse;
pub mod run;
pub mod words;

pub use file::{Scenario, Step};
