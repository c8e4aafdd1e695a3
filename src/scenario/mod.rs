//! Scenario files: read, checked, and played.
//!
//! [`words`] and [`run`] are the vocabulary for doing things and its one way into the engine; the
//! contract's Gherkin uses them too.

pub mod file;
pub mod rehearse;
pub mod run;
pub mod words;

pub use file::{Scenario, Step};
