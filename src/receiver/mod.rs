//! The reference receiver: what a good receiver of each vendor's webhooks does, and the defects it
//! can be told to have. It shares no code with the simulator, as a real receiver would not.
//!
//! Left out on purpose: a database, a queue and a text message provider. All is kept in memory,
//! and the messages that customers would get are only counted.

mod credentials;
mod defects;
mod doo;
mod fields;
mod intake;
mod ombori;
mod probe;
mod queue;
mod refusal;
mod server;
mod verdict;
mod waitwhile;

#[cfg(test)]
mod tests;

pub use defects::{Defect, defects};
pub use doo::{Client, OAuth};
pub use server::{Options, Running, start};
pub use waitwhile::Signing;
