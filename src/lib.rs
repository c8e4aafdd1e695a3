//! Standin plays your SaaS vendors against your own webhook receiver, so that you can prove the
//! receiver before the vendor meets it.
//!
//! The rooms, bottom to top; a room imports only rooms above it in this list:

pub mod text;

pub mod suggest;

pub mod model;

pub mod yaml;

pub mod clock;

pub mod chance;

pub mod phrase;

pub mod vendors;

pub mod sim;

pub mod policy;

pub mod delivery;

pub mod journal;

pub mod run;

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
