//! Every operation in the documents or in clients is declared: as played, or with a reason.

use standin::vendors::api::{Method, Played};

use super::desk::vendor;

/// The calls of the vendor's documents and clients, in the form of docs/vendors/waitwhile.md.
const KNOWN: &[&str] = &[
    "POST /visits",
    "POST /visits/{visitId}",
    "GET /visits/{visitId}",
    "GET /visits",
    "DELETE /visits/{visitId}",
    "GET /visits/export",
    "GET /customers",
    "POST /customers",
    "GET /customers/{customerId}",
    "POST /customers/{customerId}",
    "DELETE /customers/{customerId}",
    "GET /customers/search",
    "GET /customers/export",
    "POST /customers/import",
    "GET /customers/{customerId}/notes",
    "POST /customers/{customerId}/notes",
    "GET /customers/{customerId}/notes/{noteId}",
    "POST /customers/{customerId}/notes/{noteId}",
    "DELETE /customers/{customerId}/notes/{noteId}",
    "GET /invites",
    "POST /invites",
    "GET /invites/{inviteId}",
    "DELETE /invites/{inviteId}",
    "POST /invites/{inviteId}/resend",
    "GET /locations",
    "GET /locations/{locationId}",
    "POST /locations/{locationId}",
    "DELETE /locations/{locationId}",
    "GET /location-status",
    "GET /location-status/{locationId}",
    "GET /services",
    "GET /resources",
    "GET /resources/{resourceId}",
    "GET /users",
    "POST /webhooks",
    "DELETE /webhooks/{webhookId}",
    "GET /webhooks",
    "GET /webhooks/{webhookId}",
    "POST /webhooks/{webhookId}",
    "GET /messages",
    "GET /messages/{messageId}",
    "GET /public/locations/{shortName}",
    "GET /public/visits/{location}/availability",
    "GET /public/visits/{location}/first-available-slots",
    "GET /public/visits/{shortName}/{publicId}/qrcode",
];

#[test]
fn every_known_call_is_declared_once_and_nothing_else() {
    let api = vendor().api().expect("an API");
    let mut declared: Vec<String> =
        api.operations.iter().map(|one| format!("{} {}", one.method.name(), one.path)).collect();
    let mut known: Vec<String> = KNOWN.iter().map(|call| (*call).to_owned()).collect();
    declared.sort();
    known.sort();
    assert_eq!(declared, known);
    let mut ids: Vec<&str> = api.operations.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), api.operations.len(), "two operations have one name");
    assert_eq!(api.mount, "/waitwhile/v2");
}

#[test]
fn what_is_not_played_says_so_with_its_reason() {
    let mut desk = super::desk::Desk::open(&[]);
    let mut not_played = 0;
    for operation in vendor().api().expect("an API").operations {
        let Played::No(why) = operation.played else { continue };
        not_played += 1;
        let path = operation.path.replace(['{', '}'], "");
        let (status, answer) = desk.call(operation.method, &path, &serde_json::Value::Null);
        assert_eq!((status, answer["message"].as_str()), (501, Some(why)), "{}", operation.id);
    }
    assert_eq!(not_played, 3);
}

#[test]
fn a_path_that_is_not_there_is_404_and_another_method_405() {
    let mut desk = super::desk::Desk::open(&[]);
    desk.refused(404, Method::Get, "/nothing", &serde_json::Value::Null);
    desk.refused(404, Method::Get, "/visits/", &serde_json::Value::Null);
    desk.refused(405, Method::Put, "/visits", &serde_json::Value::Null);
    desk.refused(405, Method::Patch, "/visits/abc", &serde_json::Value::Null);
    desk.refused(405, Method::Post, "/visits/export", &serde_json::Value::Null);
}
