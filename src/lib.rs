//! Standin plays your SaaS vendors against your own webhook receiver, so that you can prove the
//! receiver before the vendor meets it.
//!
//! The rooms, bottom to top; a room imports only rooms above it in this list. The pure ones are a
//! crate of their own:

pub use standin_core::{
    chance, clock, journal, model, phrase, policy, run, sim, suggest, text, vendors, yaml,
};

pub mod delivery;

pub mod driver;

pub mod probe;

pub mod under_test;

pub mod scenario;

pub mod contract;

#[cfg(target_os = "linux")]
pub mod load;

pub mod report;

pub mod receiver;

pub mod server;

pub mod cli;
