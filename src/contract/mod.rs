//! The contract: Gherkin features, read and checked before anything is sent, then run by
//! `cucumber`, each scenario in its own engine with its own account.
//!
//! - [`words`]: what a step can say
//! - [`read`]: feature files into plans; every mistake has its place
//! - `rehearse`: each plan is played in the simulation first: what is illegal is found, and what
//!   cannot be judged against this receiver is skipped with a reason
//! - `world`, `expect`, `effects` and `tokens`: the steps at work
//! - [`run`]: the runner
//! - `hint`: what the whole run tells beyond its scenarios

mod effects;
mod exchange;
mod expect;
mod hint;
pub mod read;
mod rehearse;
pub mod run;
mod tokens;
pub mod words;
mod world;

pub use read::{Plan, ScenarioPlan, Selection, Source};
pub use run::{Progress, check};
