//! The operations of doo's API: all that the documents have, played or not.
//!
//! Sources: as in `catalogue`. For users: `docs/vendors/doo.md`.

use Method::{Delete, Get, Options, Post};
use Played::{No, Yes};

use crate::model::Provenance::{self, Assumed, Documented};
use crate::vendors::api::{Method, Operation, Played};

const GRAPHQL: &str = "the GraphQL payload, and contacts and invitees with it, are not documented";

/// The secrets in any body, even in one that is sent to the wrong path. The first belongs to a
/// webhook configuration.
const SECRETS: &[&str] = &[
    "/authentication/credentials/client_secret",
    "/authentication/credentials/password",
    "/client_secret",
    "/password",
    "/code",
    "/refresh_token",
];

/// The URLs in any body. They belong to a webhook configuration.
const URLS: &[&str] = &["/hooks/*/endpoint", "/authentication/endpoint"];

const fn operation(
    (id, method, path): (&'static str, Method, &'static str),
    about: &'static str,
    provenance: Provenance,
) -> Operation {
    Operation { id, method, path, about, played: Yes, secrets: SECRETS, urls: URLS, provenance }
}

const fn not_played(operation: Operation, why: &'static str) -> Operation {
    Operation { played: No(why), ..operation }
}

/// Every path has OPTIONS, for browsers.
const fn options(id: &'static str, path: &'static str) -> Operation {
    operation(
        (id, Options, path),
        "which methods and headers a browser may use",
        Documented("SW: 200 with the usual headers; their values are assumed"),
    )
}

/// The operations.
pub const OPERATIONS: &[Operation] = &[
    operation(
        ("createToken", Post, "/oauth"),
        "an access token for a client's id and secret",
        Documented("AZ, PL; the lifetime of a token is the setting `api_token_lifetime`"),
    ),
    not_played(
        operation(
            ("createZapierToken", Post, "/oauth/zapier"),
            "an access token for a code",
            Documented("SW"),
        ),
        "its code comes from a login page",
    ),
    operation(
        ("getOrganizer", Get, "/organizers/current"),
        "the organizer to whom the token belongs",
        Documented("SW; most values are invented"),
    ),
    operation(
        ("getOrganizations", Get, "/organizers/current/organizations"),
        "the organizer's active team",
        Documented("PL, SW: `active_team` with its two ids; the rest of the answer is assumed"),
    ),
    operation(
        ("listEvents", Get, "/events"),
        "the events, in pages; `status` chooses some",
        Documented("SW; that deleted events come only if they are asked for is assumed"),
    ),
    operation(("getEvent", Get, "/events/{eventId}"), "an event", Documented("SW")),
    operation(
        ("getEventEdit", Get, "/events/{eventId}/edit"),
        "an event, as its webhooks have it",
        Documented("SW, seed 003"),
    ),
    operation(
        ("getEventDetails", Get, "/events/{eventId}/details"),
        "an event with its newest orders",
        Documented("SW; that 25 orders are the most is assumed"),
    ),
    operation(
        ("listEventOrders", Get, "/events/{eventId}/orders"),
        "the orders of an event, in pages",
        Documented("SW"),
    ),
    operation(
        ("listEventAttendees", Get, "/events/{eventId}/attendees"),
        "the attendees of an event, in pages",
        Documented("SW; the form of `ticket_hash` is assumed"),
    ),
    operation(
        ("getOrder", Get, "/orders/{orderId}"),
        "an order, as its webhooks have it",
        Documented("SW, seed 003"),
    ),
    operation(("getQrcode", Get, "/qrcodes/{hash}"), "a ticket", Documented("SW")),
    operation(
        ("checkIn", Post, "/qrcodes/{hash}/checkin"),
        "checks a ticket in",
        Documented("SW; that 405 means a ticket that is not valid is assumed"),
    ),
    operation(
        ("resetCheckIn", Post, "/qrcodes/{hash}/reset"),
        "undoes a check-in",
        Documented("SW; that 405 means a ticket that is not checked in is assumed"),
    ),
    operation(
        ("createWebhooks", Post, "/team/{teamId}/webhooks"),
        "creates a webhook configuration",
        Documented("CFG, CO, SWp"),
    ),
    operation(
        ("createWebhooksOfUser", Post, "/webhooks"),
        "the same, at the path used until 2017-12-13",
        Documented("SWp, SWh"),
    ),
    operation(
        ("listWebhooks", Get, "/team/{teamId}/webhooks"),
        "the webhook configurations, in pages",
        Documented("LS11, LS13, SWp"),
    ),
    operation(
        ("deleteWebhooks", Delete, "/webhooks/{webhookId}"),
        "deletes a webhook configuration, if there is one; the key is enough",
        Documented("CFG, SW: 204 in any case"),
    ),
    operation(
        ("initEvents", Post, "/webhooks/init/events"),
        "sends a webhook for each event",
        INITIALIZED,
    ),
    operation(
        ("initOrders", Post, "/webhooks/init/orders"),
        "sends a webhook for each order of an event",
        INITIALIZED,
    ),
    operation(
        ("initAttendees", Post, "/webhooks/init/attendees"),
        "sends a webhook for each attendee of an event, if `attendee_triggers` names its type",
        INITIALIZED,
    ),
    not_played(
        operation(
            ("initContacts", Post, "/webhooks/init/contacts"),
            "sends a webhook for each contact",
            Documented("IN"),
        ),
        GRAPHQL,
    ),
    not_played(
        operation(
            ("initInvitees", Post, "/webhooks/init/invitees"),
            "sends a webhook for each invitee of an event",
            Documented("IN"),
        ),
        GRAPHQL,
    ),
    operation(
        ("notifyEvents", Get, "/team/{teamId}/events/notify"),
        "sends a webhook for each event that changed between two dates",
        NOTIFIED,
    ),
    operation(
        ("notifyEventsOfUser", Get, "/events/notify"),
        "the same, at the path used until 2017-12-13",
        NOTIFIED,
    ),
    operation(
        ("notifyOrders", Get, "/events/{eventId}/orders-notify"),
        "sends a webhook for each order of an event that changed between two dates",
        NOTIFIED,
    ),
    not_played(
        operation(
            ("graphql", Post, "/graphql"),
            "a query of GraphQL",
            Assumed("GQ, CO: it is at a host of its own; the path is ours"),
        ),
        GRAPHQL,
    ),
    options("optionsToken", "/oauth"),
    options("optionsZapierToken", "/oauth/zapier"),
    options("optionsOrganizer", "/organizers/current"),
    options("optionsOrganizations", "/organizers/current/organizations"),
    options("optionsEvents", "/events"),
    options("optionsEvent", "/events/{eventId}"),
    options("optionsEventEdit", "/events/{eventId}/edit"),
    options("optionsEventDetails", "/events/{eventId}/details"),
    options("optionsEventOrders", "/events/{eventId}/orders"),
    options("optionsEventAttendees", "/events/{eventId}/attendees"),
    options("optionsOrder", "/orders/{orderId}"),
    options("optionsQrcode", "/qrcodes/{hash}"),
    options("optionsCheckIn", "/qrcodes/{hash}/checkin"),
    options("optionsResetCheckIn", "/qrcodes/{hash}/reset"),
    options("optionsTeamWebhooks", "/team/{teamId}/webhooks"),
    options("optionsWebhooks", "/webhooks"),
    options("optionsWebhook", "/webhooks/{webhookId}"),
    options("optionsInitEvents", "/webhooks/init/events"),
    options("optionsInitOrders", "/webhooks/init/orders"),
    options("optionsInitAttendees", "/webhooks/init/attendees"),
    options("optionsInitContacts", "/webhooks/init/contacts"),
    options("optionsInitInvitees", "/webhooks/init/invitees"),
    options("optionsNotifyEvents", "/team/{teamId}/events/notify"),
    options("optionsNotifyEventsOfUser", "/events/notify"),
    options("optionsNotifyOrders", "/events/{eventId}/orders-notify"),
];

const INITIALIZED: Provenance =
    Documented("IN: one webhook for each item; which of the types it has is assumed, by its state");

const NOTIFIED: Provenance =
    Documented("SW; which type is sent, and which date counts, is assumed, as for initialization");
