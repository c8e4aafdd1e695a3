//! Reads, checks and plays scenario files.
//!
//! [`words`] has the phrases that do something, and [`run`] carries them out. The contract uses
//! both too.

mod api_faults;
mod caused;
mod delivered;
pub mod file;
mod mistake;
pub mod rehearse;
pub mod run;
pub mod words;

pub use file::{Scenario, Step};
