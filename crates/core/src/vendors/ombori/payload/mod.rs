//! The bodies: typed per trigger and profile, rendered straight into bytes.

mod body;
mod keys;
mod object;
mod place;
mod registration;
mod render;

pub use body::{Body, Staff, Station};
pub use object::object;
pub use place::{Place, Version};
pub use render::{render, truth};
