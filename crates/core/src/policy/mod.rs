//! What follows from a delivery policy and from faults: pure functions over the data in `model`.
//!
//! - [`request`]: a request, and which parts of it may be shown
//! - [`sign`]: the headers that prove who sends
//! - [`signed`]: the text that a signature covers, and the value of its header
//! - [`senders`]: how well-known senders sign
//! - [`template`]: reads how those two are written
//! - [`key`]: reads keys, signs and checks with them
//! - [`assertion`]: signs the JWT with which a client asks for a token
//! - [`token`]: token requests, and the tokens in their answers
//! - [`verify`]: says whether a signature is right, and what explains a wrong one
//! - [`judge`]: what an answer means
//! - [`retry`]: how long to wait before the next attempt
//! - [`presets`]: the delivery rules of well-known senders
//! - [`fault`]: the phrases for faults
//! - [`damage`]: what faults do to a body
//! - [`transit`]: what faults do to a request in transit
//! - [`mask`]: masks secrets in an answer that repeats them
//! - [`url`]: masks what may be a secret in a URL
//!
//! Nothing here reads a clock or sends a byte.

pub mod api_fault;
pub mod assertion;
pub mod damage;
pub mod fault;
pub mod handshake;
pub mod header;
pub mod judge;
pub mod key;
mod lone;
pub mod mask;
mod near;
pub mod presets;
pub mod request;
pub mod retry;
pub mod senders;
pub mod sign;
pub mod signed;
pub mod template;
pub mod token;
pub mod transit;
pub mod url;
pub mod verify;
pub mod wire;

pub use header::{Header, HeaderValue};
pub use request::Request;
