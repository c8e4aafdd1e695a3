//! What doo's documents say that its webhooks show, and whether it is played.

use crate::model::Fact;
use crate::model::Play::{Api, ByDefault, LeftOut, Setting};
use crate::model::Seen::{Key, Nowhere, States, Triggers, Values};

/// Everything that is documented, in the order of the documents.
pub static FACTS: &[Fact] = &[
    Fact::new(
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
    Fact::new(
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
    Fact::new(
        "the triggers of contacts and invitees",
        Nowhere,
        LeftOut("they belong to the GraphQL payload; their names and bodies are not documented"),
        "IN",
    ),
    Fact::new(
        "statuses of an event",
        States("event", &["draft", "live", "cancelled", "done", "deleted"]),
        ByDefault,
        "seed 003",
    ),
    Fact::new(
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
    Fact::new(
        "statuses of an attendee",
        States("attendee", &["inactive", "active"]),
        ByDefault,
        "seed 003",
    ),
    Fact::new(
        "statuses of a ticket",
        States("ticket", &["pending", "valid", "checked", "cancelled"]),
        ByDefault,
        "seed 003",
    ),
    Fact::new("an event: all keys of its model", Key("event"), ByDefault, "SW, seed 003"),
    Fact::new("an order: all keys of its model", Key("order"), ByDefault, "SW, seed 003"),
    Fact::new(
        "shapes of images",
        Values("event.image_shape_type", &["square", "horizontal"]),
        ByDefault,
        "SWh",
    ),
    Fact::new(
        "kinds of events, whose spelling is assumed",
        Values("event.event_type", &["conference", "workshop", "seminar"]),
        ByDefault,
        "SW",
    ),
    Fact::new(
        "the customer's id in another system",
        Key("order.external_customer_id"),
        ByDefault,
        "seed 003",
    ),
    Fact::new(
        "ways of paying, whose spelling is assumed",
        Values(
            "order.order_details.payment.method",
            &["credit_card", "paypal", "bank_transfer", "free"],
        ),
        ByDefault,
        "SW, H3",
    ),
    Fact::new("more ways of paying", Nowhere, LeftOut("no document lists them all"), "SW"),
    Fact::new("whether the contact center may call", Key("order.contact_center"), ByDefault, "SW"),
    Fact::new(
        "what the contact center does",
        Nowhere,
        LeftOut("only the key is documented: it is always false"),
        "SW",
    ),
    Fact::new(
        "refunds",
        Nowhere,
        LeftOut("no status of a payment or webhook is documented; `payment.status` stays"),
        "H5",
    ),
    Fact::new(
        "cancelling one ticket of an order",
        Nowhere,
        LeftOut("only whole bookings can be cancelled"),
        "H2",
    ),
    Fact::new(
        "waiting lists, widgets and e-mail campaigns",
        Nowhere,
        LeftOut("no webhook is documented"),
        "help pages",
    ),
    Fact::new(
        "the GraphQL payload",
        Nowhere,
        LeftOut("a query of the integrator selects its body, and its schema is not documented"),
        "CO, GQ",
    ),
    Fact::new(
        "several webhook configurations, each with its URLs and its login",
        Nowhere,
        Api,
        "CO, CFG",
    ),
    Fact::new(
        "configurations for one event or event guide",
        Nowhere,
        LeftOut("which webhooks belong to an event guide is not documented: the API answers 501"),
        "CO",
    ),
    Fact::new(
        "hooks with another method than POST",
        Nowhere,
        LeftOut("where a GET has its body is not documented: the API answers 501"),
        "CO",
    ),
    Fact::new("initialization", Nowhere, Api, "IN"),
    Fact::new(
        "initialization of one of several configurations with the same type of hook",
        Nowhere,
        LeftOut("which of them is sent is not documented: the API answers 501"),
        "IN",
    ),
];
