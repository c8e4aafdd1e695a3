//! Ombori's REST API: tickets, bookings and reservations of one organization.
//!
//! Sources: the vendor's REST pages, by the names that docs/vendors/ombori.md gives them. They
//! document paths, bodies and answers of what goes well. Statuses and bodies of errors are assumed.

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
