//! The operations of the control API, one file for each group.

mod accounts;
mod actions;
mod clock;
mod events;
mod health;
mod part;
mod subjects;
mod vendors;

use super::route::Group;

/// All operations.
pub fn groups() -> Vec<Group> {
    vec![
        Group { name: "server", routes: health::routes() },
        Group { name: "vendors", routes: vendors::routes() },
        Group { name: "accounts", routes: accounts::routes() },
        Group { name: "actions", routes: actions::routes() },
        Group { name: "clock", routes: clock::routes() },
        Group { name: "subjects", routes: subjects::routes() },
        Group { name: "events", routes: events::routes() },
    ]
}

/// Whether a path can be read without the administrator's token: whether the server is there.
pub fn needs_no_login(path: &str) -> bool {
    matches!(path, "/health" | "/ready")
}
