//! The reference receiver: what a correct receiver of each vendor's webhooks does, and the defects
//! that it can be started with. Like a real receiver, it shares no code with the simulator.
//!
//! Left out on purpose: a database and a text message provider. Everything is kept in memory, and
//! messages to customers are only counted.

mod credentials;
mod defects;
mod doo;
mod fields;
mod form;
mod intake;
mod ombori;
mod probe;
mod queue;
mod refusal;
mod server;
mod token_header;
mod tokens;
mod unfinished;
mod unstorable;
mod variation;
mod verdict;
mod waitwhile;

#[cfg(test)]
mod tests;

pub use defects::{Defect, defects};
pub use doo::{Client, OAuth};
pub use server::{Options, Running, start};
pub use variation::{BUSY, Part, Variation, variations};
pub use waitwhile::{Assertions, Signing};
