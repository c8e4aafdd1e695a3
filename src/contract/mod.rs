//! The contract: Gherkin features, checked before anything is sent, then run by `cucumber`. Each
//! scenario has its own run with its own account.
//!
//! From bottom to top:
//!
//! - `source`, `table`, `expectation`, `words`, `scenario`: what a feature file says, as
//!   parsed data
//! - `compare`, `stage`, `exchange`, `finding`: what expectations are judged by
//! - `expect`: expectations, judged; needs neither Gherkin nor `cucumber`
//! - `rehearse`: a scenario played in the simulation: finds what is illegal there, and what cannot
//!   be judged against this receiver, which is skipped with a reason
//! - `plan`: feature files into plans; every mistake has its place
//! - `world` and `run`: the plans, run by `cucumber`
//! - `hint`: what all scenarios together show

mod compare;
mod exchange;
pub mod expect;
pub mod expectation;
mod finding;
mod hint;
pub mod plan;
mod rehearse;
pub mod run;
mod scenario;
mod source;
pub mod stage;
mod table;
pub mod words;
mod world;

pub use finding::Finding;
pub use plan::{Plan, ScenarioPlan, Selection};
pub use run::{Progress, check};
pub use scenario::PlannedStep;
pub use source::Source;
