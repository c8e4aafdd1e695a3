//! The pure rooms of Standin: no network, no runtime, no clock but the one that is asked for. The
//! same seed gives the same bytes.
//!
//! They are a crate of their own, so that they compile while the rest of it does, and so that
//! nothing here can use a crate of the network. `standin` has each of them under its own name:
//! `standin::vendors` is this crate's.
//!
//! Bottom to top; a room imports only rooms above it in this list:

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

pub mod journal;

pub mod run;
