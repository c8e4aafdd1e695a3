//! The operations of the API, each with its provenance.

use super::refused::body;
use crate::model::Provenance::{self, Assumed, Documented};
use crate::vendors::Api;
use crate::vendors::api::{CredentialKind, CredentialPlace, Method, Operation, Played};

pub(super) const JOIN: &str = "join";
pub(super) const GET_POSITION: &str = "getPosition";
pub(super) const CREATE_BOOKING: &str = "createBooking";
pub(super) const CREATE_RESERVATION: &str = "createReservation";
pub(super) const UPDATE_RESERVATION: &str = "updateReservation";
pub(super) const CONFIRM_RESERVATION: &str = "confirmReservation";
pub(super) const UPDATE_POSITION: &str = "updatePosition";
pub(super) const CANCEL_POSITION: &str = "cancelPosition";

/// The API.
pub static API: Api = Api {
    mount: "/ombori",
    credentials: &[CredentialPlace {
        kind: CredentialKind::Key,
        header: "ApiKey",
        scheme: "",
        provenance: Documented("REST pages: overview, join"),
    }],
    oauth: None,
    tenant: Some("tenantId"),
    operations: OPERATIONS,
    queries: &[],
    error: body,
    provenance: Documented("REST page: overview"),
};

/// Prepends what all paths begin with.
macro_rules! path {
    ($rest:literal) => {
        concat!("/regions/{region}/queues/v1/organizations/{tenantId}/queues/{queueId}", $rest)
    };
}

const fn operation(
    id: &'static str,
    method: Method,
    path: &'static str,
    about: &'static str,
    provenance: Provenance,
) -> Operation {
    Operation { id, method, path, about, played: Played::Yes, secrets: &[], urls: &[], provenance }
}

const fn absent(operation: Operation, why: &'static str) -> Operation {
    Operation { played: Played::No(why), ..operation }
}

const OPERATIONS: &[Operation] = &[
    operation(
        JOIN,
        Method::Post,
        path!("/join"),
        "creates a ticket, or changes one",
        Documented("REST page: join"),
    ),
    operation(
        GET_POSITION,
        Method::Get,
        path!("/positions/{positionId}"),
        "reads a position",
        Assumed(
            "the page `Get position` exists, its text was not found: the path follows the others, the answer the position model",
        ),
    ),
    absent(
        operation(
            "liveUpdates",
            Method::Post,
            path!("/positions/{positionId}/negotiate"),
            "connects to the SignalR hub that tells of every change of a position",
            Documented("page on SignalR; `negotiate` is how its clients begin"),
        ),
        "live updates come over SignalR, which is not REST",
    ),
    absent(
        operation(
            "getTimeSlots",
            Method::Get,
            path!("/timeslots"),
            "lists the slots that can be booked",
            Assumed("the overview names it; neither the path nor the answer was found"),
        ),
        "the overview names time slots, but neither the path, the parameters nor the answer is documented",
    ),
    operation(
        CREATE_BOOKING,
        Method::Post,
        path!("/bookings"),
        "books a slot",
        Documented("REST page: bookings"),
    ),
    operation(
        CREATE_RESERVATION,
        Method::Post,
        path!("/reservations"),
        "reserves a slot, to be confirmed or cancelled",
        Documented(
            "REST page: reservations; the answer is cut off, so it follows that of bookings",
        ),
    ),
    operation(
        UPDATE_RESERVATION,
        Method::Patch,
        path!("/reservations/{reservationId}"),
        "changes a reservation",
        Assumed("the overview names it; path and body follow those of `updatePosition`"),
    ),
    operation(
        CONFIRM_RESERVATION,
        Method::Post,
        path!("/reservations/{reservationId}/confirm"),
        "turns a reservation into a booking",
        Documented(
            "REST page: confirm a reservation; that it sends bookingConfirmation is assumed",
        ),
    ),
    operation(
        UPDATE_POSITION,
        Method::Patch,
        path!("/positions/{positionId}"),
        "changes a ticket, a booking or a reservation",
        Documented(
            "REST page: update; that it sends bookingUpdated for a booking whose slot has not begun is assumed",
        ),
    ),
    operation(
        CANCEL_POSITION,
        Method::Put,
        path!("/positions/{positionId}/cancel-position"),
        "cancels a ticket, a booking or a reservation",
        Documented("REST page: cancel; the webhook is assumed (setting `api_cancel_fires`)"),
    ),
];
