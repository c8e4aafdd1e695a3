//! The vendors' own APIs over HTTP: finds the vendor of a path, reads the request, and writes the
//! answer. The answer comes from an account of the server ([`live`]), or from the account of a
//! scenario ([`scenarios`]).

pub mod live;
mod mounted;
pub mod scenarios;
