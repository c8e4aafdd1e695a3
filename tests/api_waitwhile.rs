//! Waitwhile's REST API: every operation, its errors, credentials and pages; its writes and the
//! webhooks that follow; its reads compared with the last webhook; and random requests.

#[path = "api_waitwhile/any.rs"]
mod any;
#[path = "api_waitwhile/changes.rs"]
mod changes;
#[path = "api_waitwhile/customers.rs"]
mod customers;
#[path = "api_waitwhile/desk.rs"]
mod desk;
#[path = "api_waitwhile/endpoints.rs"]
mod endpoints;
#[path = "api_waitwhile/logins.rs"]
mod logins;
#[path = "api_waitwhile/pages.rs"]
mod pages;
#[path = "api_waitwhile/places.rs"]
mod places;
#[path = "api_waitwhile/reads.rs"]
mod reads;
#[path = "api_waitwhile/table.rs"]
mod table;
#[path = "api_waitwhile/visits.rs"]
mod visits;
