//! Ombori's REST API: every operation with its errors, credentials, the webhooks that writes cause,
//! the values that reads return, and that a journal read back gives the same answers and contains
//! no key.

mod common;

#[path = "api_ombori/anything.rs"]
mod anything;
#[path = "api_ombori/client.rs"]
mod client;
#[path = "api_ombori/login.rs"]
mod login;
#[path = "api_ombori/positions.rs"]
mod positions;
#[path = "api_ombori/reads.rs"]
mod reads;
#[path = "api_ombori/slots.rs"]
mod slots;
#[path = "api_ombori/table.rs"]
mod table;
#[path = "api_ombori/tickets.rs"]
mod tickets;
