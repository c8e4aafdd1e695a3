//! Compares the operations with the rows of the documents.

use std::collections::BTreeSet;

use standin::vendors::api::{Method, Played};

use crate::client::doo;

/// The documents' calls, with the codes of their rows. D17 says that no call changes a
/// configuration. The first forms of D14 and D19 are those of before 2017-12-13.
const ROWS: &[(&str, &str)] = &[
    ("D1", "POST /oauth"),
    ("D2", "POST /oauth/zapier"),
    ("D3", "GET /organizers/current"),
    ("D4", "GET /organizers/current/organizations"),
    ("D5", "GET /events"),
    ("D6", "GET /events/{eventId}"),
    ("D7", "GET /events/{eventId}/edit"),
    ("D8", "GET /events/{eventId}/details"),
    ("D9", "GET /events/{eventId}/orders"),
    ("D10", "GET /events/{eventId}/attendees"),
    ("D11", "GET /orders/{orderId}"),
    ("D12", "GET /qrcodes/{hash}"),
    ("D13", "POST /qrcodes/{hash}/checkin"),
    ("D13", "POST /qrcodes/{hash}/reset"),
    ("D14", "POST /webhooks"),
    ("D14", "POST /team/{teamId}/webhooks"),
    ("D15", "GET /team/{teamId}/webhooks"),
    ("D16", "DELETE /webhooks/{webhookId}"),
    ("D18", "POST /webhooks/init/events"),
    ("D18", "POST /webhooks/init/orders"),
    ("D18", "POST /webhooks/init/attendees"),
    ("D18", "POST /webhooks/init/contacts"),
    ("D18", "POST /webhooks/init/invitees"),
    ("D19", "GET /events/notify"),
    ("D19", "GET /team/{teamId}/events/notify"),
    ("D19", "GET /events/{eventId}/orders-notify"),
    ("D20", "POST /graphql"),
];

/// The calls that are not played.
const NOT_PLAYED: &[&str] = &["createZapierToken", "initContacts", "initInvitees", "graphql"];

#[test]
fn every_call_of_the_documents_is_declared_and_no_other() {
    let operations = doo().api().expect("an API").operations;
    let declared: BTreeSet<String> = operations
        .iter()
        .filter(|one| one.method != Method::Options)
        .map(|one| format!("{} {}", one.method.name(), one.path))
        .collect();
    let documented: BTreeSet<String> = ROWS.iter().map(|(_, call)| (*call).to_owned()).collect();
    assert_eq!(declared, documented);
    let numbers: BTreeSet<u32> =
        ROWS.iter().map(|(code, _)| code[1..].parse().expect("a number")).collect();
    let all: BTreeSet<u32> = (1..=20).filter(|number| *number != 17).collect();
    assert_eq!(numbers, all);
}

#[test]
fn every_path_has_options() {
    let operations = doo().api().expect("an API").operations;
    let paths = |holds: fn(Method) -> bool| -> BTreeSet<&str> {
        operations.iter().filter(|one| holds(one.method)).map(|one| one.path).collect()
    };
    let mut others = paths(|method| method != Method::Options);
    others.remove("/graphql");
    assert_eq!(paths(|method| method == Method::Options), others);
}

#[test]
fn ids_are_unique_and_only_what_cannot_be_played_is_not() {
    let operations = doo().api().expect("an API").operations;
    let ids: BTreeSet<&str> = operations.iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), operations.len());
    let absent: Vec<&str> = operations
        .iter()
        .filter(|one| matches!(one.played, Played::No(_)))
        .map(|one| one.id)
        .collect();
    assert_eq!(absent, NOT_PLAYED);
}
