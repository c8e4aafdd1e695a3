//! The shared types of Standin as plain data. They decide nothing and do no I/O.
//!
//! Every other room uses these types. None of them knows a vendor, a clock or a socket.

pub mod address;
pub mod api_fault;
pub mod attempt;
pub mod catalogue;
pub mod control;
pub mod fact;
pub mod failure_kind;
pub mod fault;
pub mod figure;
pub mod followed;
pub mod ids;
pub mod list;
pub mod load;
pub mod login;
pub mod percentiles;
pub mod policy;
pub mod probed;
pub mod problem;
pub mod provenance;
pub mod result;
pub mod rule;
pub mod secret;
pub mod set_ids;
pub mod settings;
pub mod signature;
pub mod sparse;
pub mod summary;
pub mod tolerance;
pub mod unreadable;
pub mod webhook;

pub use address::Address;
pub use attempt::{Answer, Attempt, Failure, Granted, Outcome, RequestKind};
pub use catalogue::{
    Action, Argument, ArgumentKind, Call, Catalogue, Profile, SubjectKind, Trigger, Value,
};
pub use control::{PolicyChange, Release};
pub use fact::{Fact, Play, Seen};
pub use fault::{Effect, Fault, Which};
pub use figure::Figure;
pub use ids::{ActionId, KindId, StateId, TriggerId};
pub use list::{List, Number, Numbers};
pub use login::{Login, Shown};
pub use policy::{Accepted, Authentication, OAuth, Ordering, Policy, Retries};
pub use problem::Problem;
pub use provenance::Provenance;
pub use secret::Secret;
pub use set_ids::{IdForm, IdKind, SET_IDS, SetIds};
pub use settings::{Setting, SettingKind, SettingProblem, SettingValue, Settings};
pub use sparse::SparseList;
pub use webhook::{Subject, SubjectIndex, Subjects, Webhook};
