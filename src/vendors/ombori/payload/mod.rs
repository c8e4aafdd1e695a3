//! The bodies: typed per trigger and profile, rendered straight into bytes.

mod body;
mod keys;
mod place;
mod registration;
mod render;

pub use body::{Body, Staff, Station};
pub use place::{Place, Version};
pub use render::{render, truth};
