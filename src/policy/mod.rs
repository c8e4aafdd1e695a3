//! What follows from a delivery policy and from faults: pure functions over the data in `model`.
//!
//! - [`request`]: what is sent, and what of it may be shown
//! - [`sign`]: the headers that prove who sends
//! - [`token`]: the tokens that some of them carry, and how they are asked for
//! - [`judge`]: what an answer means
//! - [`retry`]: when the next attempt is
//! - [`presets`]: the delivery rules of well-known senders
//! - [`fault`]: how faults are written
//! - [`damage`]: what they do to a body
//! - [`transit`]: what they do to a request on its way
//! - [`mask`]: what is shown of an answer that repeats secrets
//!
//! Nothing here reads a clock or sends a byte.

pub mod damage;
pub mod fault;
pub mod header;
pub mod judge;
pub mod mask;
pub mod presets;
pub mod request;
pub mod retry;
pub mod sign;
pub mod token;
pub mod transit;
pub mod wire;

pub use header::{Header, HeaderValue};
pub use request::Request;
