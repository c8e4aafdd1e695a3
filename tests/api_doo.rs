//! doo's REST API: every operation with its errors, credentials, pages, the webhooks that writes
//! cause, and that a journal read back gives the same answers and contains no secret.

mod common;

#[path = "api_doo/anything.rs"]
mod anything;
#[path = "api_doo/client.rs"]
mod client;
#[path = "api_doo/configurations.rs"]
mod configurations;
#[path = "api_doo/initialization.rs"]
mod initialization;
#[path = "api_doo/login.rs"]
mod login;
#[path = "api_doo/pages.rs"]
mod pages;
#[path = "api_doo/reads.rs"]
mod reads;
#[path = "api_doo/table.rs"]
mod table;
#[path = "api_doo/tickets.rs"]
mod tickets;
