//! The shared words of Standin as plain data (design: "Words"). Decides nothing, does no I/O.
//!
//! Every other room speaks in these types; none of them knows a vendor, a clock or a socket.

pub mod address;
pub mod attempt;
pub mod catalogue;
pub mod fault;
pub mod policy;
pub mod problem;
pub mod result;
pub mod secret;
pub mod settings;
pub mod webhook;

pub use address::Address;
pub use attempt::{Answer, Attempt, Failure, Outcome, RequestKind};
pub use catalogue::{
    Action, ActionId, Argument, ArgumentKind, Call, Catalogue, Profile, Provenance, SubjectKind,
    Trigger, Value,
};
pub use fault::{Effect, Fault, Which};
pub use policy::{Accepted, Authentication, OAuth, Ordering, Policy, Retries};
pub use problem::Problem;
pub use secret::Secret;
pub use settings::{Setting, SettingKind, SettingProblem, SettingValue, Settings};
pub use webhook::{Subject, SubjectIndex, Webhook};
