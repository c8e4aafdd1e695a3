//! Ombori's REST API: tickets, bookings and reservations of one organization.
//!
//! Sources: the vendor's REST pages, named as in docs/vendors/ombori.md. They document paths,
//! bodies and successful answers. The statuses and bodies of errors are assumed.

mod bodies;
mod calls;
mod operations;
mod positions;
mod refused;
mod rules;
mod slots;
mod tickets;

pub use operations::API;
pub use rules::Rules;
