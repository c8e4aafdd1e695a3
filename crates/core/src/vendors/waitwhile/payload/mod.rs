//! The bodies: typed per object and profile, rendered straight into bytes.
//!
//! The keys of an object follow the documented examples (seed 002). They differ from trigger to
//! trigger, which is what [`Form`] is for.

mod envelope;
mod message;
mod office;
mod render;
mod status;
mod visit;

pub use envelope::{Pair, Single};
pub use message::{MessageBody, message, message_standing, message_truth};
pub use office::{Around, Office, Version};
pub use status::{StatusBody, status, status_truth};
pub use visit::{Form, VisitBody, details, standing, visit_read, visit_truth};
