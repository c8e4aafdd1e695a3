//! What doo's documents say that its webhooks show, and whether it is played.

use crate::model::Play::{Api, ByDefault, LeftOut, Setting};
use crate::model::Seen::{Key, Nowhere, States, Triggers, Values};
use crate::model::{Fact, Play, Seen};

const fn fact(about: &'static str, seen: Seen, play: Play, source: &'static str) -> Fact {
    Fact { about, seen, play, source }
}

/// Everything that is documented, in the order of the documents.
pub static FACTS: &[Fact] = &[
    fact(
        "the triggers of events and orders",
        Triggers(&[
            "event_created",
            "event_updated",
            "event_removed",
            "order_created",
            "order_updated",
            "order_cancelled",
            "order_removed",
        ]),
        ByDefault,
        "SWp",
    ),
    fact(
        "the triggers of attendees",
        Triggers(&[
            "attendee_pending",
            "attendee_validated",
            "attendee_cancelled",
            "attendee_checkin",
        ]),
        Setting("attendee_triggers"),
        "IN: only the names",
    ),
    fact(
        "the triggers of contacts and invitees",
        Nowhere,
        LeftOut("they belong to the GraphQL payload; their names and bodies are not documented"),
        "IN",
    ),
    fact(
        "statuses of an event",
        States("event", &["draft", "live", "cancelled", "done", "deleted"]),
        ByDefault,
        "seed 003",
    ),
    fact(
        "statuses of an order",
        States(
            "order",
            &[
                "pending_organizer_approval",
                "pending_organizer_review",
                "active",
                "denied",
                "organizer_accepted_cancellation",
                "attendee_accepted_cancellation",
                "removed",
            ],
        ),
        ByDefault,
        "seed 003",
    ),
    fact(
        "statuses of an attendee",
        States("attendee", &["inactive", "active"]),
        ByDefault,
        "seed 003",
    ),
    fact(
        "statuses of a ticket",
        States("ticket", &["pending", "valid", "checked", "cancelled"]),
        ByDefault,
        "seed 003",
    ),
    fact("an event: all keys of its model", Key("event"), ByDefault, "SW, seed 003"),
    fact("an order: all keys of its model", Key("order"), ByDefault, "SW, seed 003"),
    fact(
        "shapes of images",
        Values("event.image_shape_type", &["square", "horizontal"]),
        ByDefault,
        "SWh",
    ),
    fact(
        "kinds of events, whose spelling is assumed",
        Values("event.event_type", &["conference", "workshop", "seminar"]),
        ByDefault,
        "SW",
    ),
    fact(
        "the customer's id in another system",
        Key("order.external_customer_id"),
        ByDefault,
        "seed 003",
    ),
    fact(
        "ways of paying, whose spelling is assumed",
        Values(
            "order.order_details.payment.method",
            &["credit_card", "paypal", "bank_transfer", "free"],
        ),
        ByDefault,
        "SW, H3",
    ),
    fact("more ways of paying", Nowhere, LeftOut("no document lists them all"), "SW"),
    fact("whether the contact center may call", Key("order.contact_center"), ByDefault, "SW"),
    fact(
        "what the contact center does",
        Nowhere,
        LeftOut("only the key is documented: it is always false"),
        "SW",
    ),
    fact(
        "refunds",
        Nowhere,
        LeftOut("no status of a payment or webhook is documented; `payment.status` stays"),
        "H5",
    ),
    fact(
        "cancelling one ticket of an order",
        Nowhere,
        LeftOut("only whole bookings can be cancelled"),
        "H2",
    ),
    fact(
        "waiting lists, widgets and e-mail campaigns",
        Nowhere,
        LeftOut("no webhook is documented"),
        "help pages",
    ),
    fact(
        "the GraphQL payload",
        Nowhere,
        LeftOut("a query of the integrator selects its body, and its schema is not documented"),
        "CO, GQ",
    ),
    fact(
        "several webhook configurations, each with its URLs and its login",
        Nowhere,
        Api,
        "CO, CFG",
    ),
    fact(
        "configurations for one event or event guide",
        Nowhere,
        LeftOut("which webhooks belong to an event guide is not documented: the API answers 501"),
        "CO",
    ),
    fact(
        "hooks with another method than POST",
        Nowhere,
        LeftOut("where a GET has its body is not documented: the API answers 501"),
        "CO",
    ),
    fact("initialization", Nowhere, Api, "IN"),
    fact(
        "initialization of one of several configurations with the same type of hook",
        Nowhere,
        LeftOut("which of them is sent is not documented: the API answers 501"),
        "IN",
    ),
];
