//! The contract: Gherkin features, checked before anything is sent, then run by `cucumber`. Each
//! scenario has its own run with its own account.
//!
//! From bottom to top:
//!
//! - `source`, `table`, `expectation`, `words`, `scenario`: what a feature file says, as
//!   parsed data
//! - `compare`, `stage`, `exchange`, `finding`: what judging needs
//! - `expect`: judges expectations; needs neither Gherkin nor `cucumber`
//! - `rehearse`: plays a scenario in the simulation. It finds illegal steps, and scenarios to skip
//!   because they cannot be judged against this receiver
//! - `rule`: what a feature says of the rules that its scenarios belong to
//! - `parallel`: works on many things at the same time
//! - `plan`: turns feature files into plans; every mistake has its place
//! - `login`: which scenarios are about the way in which their vendor authenticates
//! - `contents`: the rules of a file and where its scenarios stand, without a rehearsal
//! - `evidence`: whether the requests of a scenario reached a handler at all
//! - `world` and `part`: play scenarios with `cucumber` on one thread
//! - `threads`: plays several parts at the same time
//! - `batch`: plays chosen scenarios, in parts
//! - `meanwhile`: what goes on while they are played
//! - `failure_kind`: in which way a scenario failed
//! - `options`: how a run is done
//! - `run`: plays everything and gives verdicts
//! - `turns`: when scenarios begin that judge the same subject of the receiver
//! - `shared_tokens`: requests one token for many scenarios
//! - `expiry`: gets an expired token by waiting for one
//! - `again`: tries failures once more, to see whether they come again
//! - `probed`: what the probes showed, and which of them never showed anything
//! - `verdict`: what a failure counts as: a failure, a warning, or a known failure
//! - `unjudged`: warnings about what was not judged
//! - `cause`: what many failures have in common
//! - `hopeless`: when more of the same would show nothing new

mod again;
mod batch;
mod cause;
mod contents;
mod cut;
mod evidence;
mod exchange;
pub mod expect;
pub mod expectation;
mod expiry;
mod failure_kind;
mod finding;
mod hopeless;
mod journal;
mod login;
mod meanwhile;
mod options;
mod parallel;
mod part;
pub mod plan;
mod probed;
mod rehearse;
mod rule;
pub mod run;
mod scenario;
mod shared_tokens;
mod source;
pub mod stage;
mod table;
mod threads;
mod turns;
mod unjudged;
mod verdict;
pub mod words;
mod world;
mod written;

pub use cause::mend;
pub use contents::{Contents, Expanded, Located, contents, expanded};
pub use exchange::exchange;
pub use finding::Finding;
pub use plan::{Plan, ScenarioPlan, Selection};
pub use probed::shown as probe_exchange;
pub use run::{Progress, check};
pub use scenario::PlannedStep;
pub use source::{Origin, Source};
pub use verdict::{Scope, named};
