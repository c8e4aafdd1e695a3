//! The operations of the API, in the order of the vendor's documents.
//!
//! The codes of sources are those of docs/vendors/waitwhile.md. What is only seen in the code of
//! clients counts as assumed. Names come from the vendor's specification as PD has them. Other
//! names follow the same pattern.

use crate::model::Provenance::{self, Assumed, Documented};
use crate::vendors::api::Method::{self, Delete, Get, Post};
use crate::vendors::api::{Operation, Played};

const LISTED: Provenance =
    Assumed("PD: a name of the vendor's specification; what it answers is not written");
const ALIKE: Provenance = Assumed("follows similar operations; no document names it");
const CLIENTS: Provenance =
    Assumed("clients call it (AP, CL, LS, EXP); the vendor's page is not known");
const MONITORS: Provenance = Assumed("SL: public programs call it");

/// The URLs in any body. Only a webhook that is registered has one.
const URLS: &[&str] = &["/url"];

const fn yes(
    id: &'static str,
    method: Method,
    path: &'static str,
    about: &'static str,
    provenance: Provenance,
) -> Operation {
    Operation { id, method, path, about, played: Played::Yes, secrets: &[], urls: URLS, provenance }
}

const fn no(
    id: &'static str,
    method: Method,
    path: &'static str,
    about: &'static str,
    why: &'static str,
    provenance: Provenance,
) -> Operation {
    Operation {
        id,
        method,
        path,
        about,
        played: Played::No(why),
        secrets: &[],
        urls: URLS,
        provenance,
    }
}

/// All known operations.
pub static OPERATIONS: &[Operation] = &[
    yes(
        "postVisits",
        Post,
        "/visits",
        "creates a visit; with `id` in the body, changes one",
        Documented("VC; AP: with `id`"),
    ),
    yes("getVisits", Get, "/visits", "lists visits by location, state, customer and time", CLIENTS),
    yes(
        "getVisitsExport",
        Get,
        "/visits/export",
        "the visits in a span of time, as JSON or CSV",
        CLIENTS,
    ),
    yes("getVisitsVisitid", Get, "/visits/{visitId}", "one visit", Documented("VR")),
    yes(
        "postVisitsVisitid",
        Post,
        "/visits/{visitId}",
        "changes a visit; the names of its query parameters are not known, so they are ignored",
        Documented("VU"),
    ),
    yes(
        "deleteVisitsVisitid",
        Delete,
        "/visits/{visitId}",
        "deletes a visit for good",
        Documented("seed 002: visit.removed follows"),
    ),
    yes("getCustomers", Get, "/customers", "lists customers", LISTED),
    yes(
        "postCustomers",
        Post,
        "/customers",
        "creates a customer; with `id` in the body, changes one",
        LISTED,
    ),
    yes(
        "getCustomersSearch",
        Get,
        "/customers/search",
        "finds customers by the beginning of a name, number, address or id",
        LISTED,
    ),
    yes(
        "getCustomersExport",
        Get,
        "/customers/export",
        "the customers in a span of time, as JSON or CSV",
        LISTED,
    ),
    no(
        "postCustomersImport",
        Post,
        "/customers/import",
        "imports customers",
        "what an import holds is not documented",
        LISTED,
    ),
    yes("getCustomersCustomerid", Get, "/customers/{customerId}", "one customer", LISTED),
    yes(
        "postCustomersCustomerid",
        Post,
        "/customers/{customerId}",
        "changes a customer, and the visits that are not over",
        LISTED,
    ),
    yes(
        "deleteCustomersCustomerid",
        Delete,
        "/customers/{customerId}",
        "deletes a customer with all visits",
        LISTED,
    ),
    yes(
        "getCustomersCustomeridNotes",
        Get,
        "/customers/{customerId}/notes",
        "lists the notes about a customer",
        LISTED,
    ),
    yes(
        "postCustomersCustomeridNotes",
        Post,
        "/customers/{customerId}/notes",
        "adds a note",
        LISTED,
    ),
    yes(
        "getCustomersCustomeridNotesCustomernoteid",
        Get,
        "/customers/{customerId}/notes/{noteId}",
        "one note",
        LISTED,
    ),
    yes(
        "postCustomersCustomeridNotesNoteid",
        Post,
        "/customers/{customerId}/notes/{noteId}",
        "changes a note",
        LISTED,
    ),
    yes(
        "deleteCustomersCustomeridNotesNoteid",
        Delete,
        "/customers/{customerId}/notes/{noteId}",
        "deletes a note",
        LISTED,
    ),
    yes("getInvites", Get, "/invites", "lists invites", LISTED),
    yes("postInvites", Post, "/invites", "invites a user; nobody gets mail", LISTED),
    yes("getInvitesInviteid", Get, "/invites/{inviteId}", "one invite", LISTED),
    yes("deleteInvitesInviteid", Delete, "/invites/{inviteId}", "deletes an invite", LISTED),
    yes(
        "postInvitesInviteidResend",
        Post,
        "/invites/{inviteId}/resend",
        "sends an invite again; nobody gets mail",
        LISTED,
    ),
    yes("getLocations", Get, "/locations", "lists locations", CLIENTS),
    yes("getLocationsLocationid", Get, "/locations/{locationId}", "one location", CLIENTS),
    yes(
        "postLocationsLocationid",
        Post,
        "/locations/{locationId}",
        "renames a location, closes or opens it",
        CLIENTS,
    ),
    no(
        "deleteLocationsLocationid",
        Delete,
        "/locations/{locationId}",
        "deletes a location",
        "what becomes of the visits there is not documented",
        CLIENTS,
    ),
    yes("getLocationStatus", Get, "/location-status", "the status of every location", CLIENTS),
    yes(
        "getLocationStatusLocationid",
        Get,
        "/location-status/{locationId}",
        "the status of one location",
        CLIENTS,
    ),
    yes("getServices", Get, "/services", "lists services", CLIENTS),
    yes("getResources", Get, "/resources", "lists resources", CLIENTS),
    yes("getResourcesResourceid", Get, "/resources/{resourceId}", "one resource", CLIENTS),
    yes("getUsers", Get, "/users", "lists users", CLIENTS),
    yes(
        "postWebhooks",
        Post,
        "/webhooks",
        "registers a webhook; its secret is shown once",
        Documented(
            "WH; the keys are seen in AP; WH, newer: the secret is shown once, there in the user interface",
        ),
    ),
    yes("getWebhooks", Get, "/webhooks", "lists the registered webhooks", ALIKE),
    yes("getWebhooksWebhookid", Get, "/webhooks/{webhookId}", "one registered webhook", ALIKE),
    yes(
        "postWebhooksWebhookid",
        Post,
        "/webhooks/{webhookId}",
        "changes a registered webhook",
        Documented("WH has a section on it; the path is assumed"),
    ),
    yes(
        "deleteWebhooksWebhookid",
        Delete,
        "/webhooks/{webhookId}",
        "deletes a registered webhook",
        CLIENTS,
    ),
    yes(
        "getMessages",
        Get,
        "/messages",
        "lists messages",
        Assumed("seed 002 names a section on messages; its paths are not known"),
    ),
    yes(
        "getMessagesMessageid",
        Get,
        "/messages/{messageId}",
        "one message",
        Assumed("seed 002 names a section on messages; its paths are not known"),
    ),
    yes(
        "getPublicLocationsShortname",
        Get,
        "/public/locations/{shortName}",
        "a location as guests see it, without a key",
        MONITORS,
    ),
    yes(
        "getPublicVisitsLocationAvailability",
        Get,
        "/public/visits/{location}/availability",
        "the slots of a span of time, without a key",
        MONITORS,
    ),
    yes(
        "getPublicVisitsLocationFirstAvailableSlots",
        Get,
        "/public/visits/{location}/first-available-slots",
        "the next free slots, without a key",
        MONITORS,
    ),
    no(
        "getPublicVisitsShortnamePublicidQrcode",
        Get,
        "/public/visits/{shortName}/{publicId}/qrcode",
        "a picture of a visit's code",
        "no pictures are drawn",
        Documented("seed 002: qrCodeImageLink"),
    ),
];
