//! Compares the operations with the rows of the documents.

use std::collections::BTreeSet;

use standin::vendors::api::Played;

use crate::client::ombori;

const PREFIX: &str = "/regions/{region}/queues/v1/organizations/{tenantId}/queues/{queueId}";

/// The documents' calls, with the codes of their rows. The paths of O2, O4 and O7 are assumed.
/// Clients of the SignalR hub of O3 begin with `negotiate`.
const ROWS: &[(&str, &str)] = &[
    ("O1", "POST /join"),
    ("O2", "GET /positions/{positionId}"),
    ("O3", "POST /positions/{positionId}/negotiate"),
    ("O4", "GET /timeslots"),
    ("O5", "POST /bookings"),
    ("O6", "POST /reservations"),
    ("O7", "PATCH /reservations/{reservationId}"),
    ("O8", "POST /reservations/{reservationId}/confirm"),
    ("O9", "PATCH /positions/{positionId}"),
    ("O10", "PUT /positions/{positionId}/cancel-position"),
];

#[test]
fn every_call_of_the_documents_is_declared_in_order_and_no_other() {
    let api = ombori().api().expect("an API");
    let declared: Vec<String> = api
        .operations
        .iter()
        .map(|one| {
            let rest = one.path.strip_prefix(PREFIX).expect("the usual prefix");
            format!("{} {rest}", one.method.name())
        })
        .collect();
    let documented: Vec<&str> = ROWS.iter().map(|(_, call)| *call).collect();
    assert_eq!(declared, documented);
    let codes: Vec<String> = (1..=10).map(|number| format!("O{number}")).collect();
    assert_eq!(ROWS.iter().map(|(code, _)| *code).collect::<Vec<_>>(), codes);
    assert_eq!((api.mount, api.tenant), ("/ombori", Some("tenantId")));
}

#[test]
fn ids_are_unique_and_only_live_updates_and_time_slots_are_not_played() {
    let operations = ombori().api().expect("an API").operations;
    let ids: BTreeSet<&str> = operations.iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), operations.len());
    let absent = operations.iter().filter(|one| matches!(one.played, Played::No(_)));
    assert_eq!(absent.map(|one| one.id).collect::<Vec<_>>(), ["liveUpdates", "getTimeSlots"]);
}
