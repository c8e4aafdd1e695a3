//! The vendors' own APIs over HTTP: which one a path belongs to, what is asked of it, and how its
//! answer is written. Who answers is another matter: an account of the server ([`live`]), or that of
//! a scenario ([`scenarios`]).

pub mod live;
mod mounted;
pub mod scenarios;
