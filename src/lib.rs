//! Standin plays your SaaS vendors against your own webhook receiver.

pub mod model;
