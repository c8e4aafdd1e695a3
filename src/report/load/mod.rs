//! The results of a load, in each format.

mod effects;
pub mod hdr;
mod histogram;
pub mod html;
pub mod json;
pub mod junit;
mod plots;
#[cfg(test)]
mod sample;
mod tables;
pub mod terminal;
mod values;
