//! The operations of the control API, one file for each group.

mod accounts;
mod actions;
mod beliefs;
mod calls;
mod clock;
mod dead_letters;
mod deliveries;
mod events;
mod faults;
mod health;
mod part;
mod scenarios;
mod subjects;
mod traffic;
mod vendors;

use super::route::Group;

/// All operations.
pub fn groups() -> Vec<Group> {
    vec![
        Group {
            name: "server",
            about: "The health of the server, and its description",
            routes: health::routes(),
        },
        Group {
            name: "vendors",
            about: "The vendors that can be played",
            routes: vendors::routes(),
        },
        Group {
            name: "accounts",
            about: "Accounts at vendors: each is an isolated run with its own seed and time",
            routes: accounts::routes(),
        },
        Group { name: "actions", about: "What people do at a vendor", routes: actions::routes() },
        Group { name: "clock", about: "The virtual time of an account", routes: clock::routes() },
        Group { name: "subjects", about: "What a vendor knows", routes: subjects::routes() },
        Group {
            name: "deliveries",
            about: "What was sent to the receiver",
            routes: deliveries::routes(),
        },
        Group {
            name: "dead letters",
            about: "Webhooks whose every attempt has failed, and deactivated endpoints",
            routes: dead_letters::routes(),
        },
        Group {
            name: "scenarios",
            about: "Stories, played step by step",
            routes: scenarios::routes(),
        },
        Group {
            name: "faults",
            about: "Things that go wrong on purpose",
            routes: faults::routes(),
        },
        Group {
            name: "traffic",
            about: "A population that acts by itself",
            routes: traffic::routes(),
        },
        Group { name: "beliefs", about: "What the receiver believes", routes: beliefs::routes() },
        Group { name: "calls", about: "Calls of the vendor's own API", routes: calls::routes() },
        Group {
            name: "events",
            about: "A live stream of everything that happens",
            routes: events::routes(),
        },
    ]
}

/// Whether a path can be read without the administrator's token, as health checks must be.
pub fn needs_no_login(path: &str) -> bool {
    matches!(path, "/health" | "/ready")
}
