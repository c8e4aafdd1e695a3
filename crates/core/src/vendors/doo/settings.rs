//! The settings of a doo account and of its traffic, with visible defaults.

use super::named::IDS;
use super::triggers::Trigger;
use crate::model::Provenance::{Assumed, Documented};
use crate::model::{Provenance, SET_IDS, Setting, SettingKind};

const OURS: Provenance = Assumed("invented for the simulation");

/// The choice of `attendee_triggers` that sends none of them.
const NO_ATTENDEE_TRIGGERS: &str = "none";
const ATTENDEE_CHOICES: &[&str] = &[
    NO_ATTENDEE_TRIGGERS,
    Trigger::AttendeePending.name(),
    Trigger::AttendeeValidated.name(),
    Trigger::AttendeeCancelled.name(),
    Trigger::AttendeeCheckin.name(),
];

/// The settings of an account.
pub const SETTINGS: &[Setting] = &[
    Setting::new(
        "organizer",
        "Harbour Academy",
        SettingKind::Text,
        "name of the organization (organizer_name)",
        Documented("SW: organizer_name; the name is invented"),
    ),
    Setting::new(
        "events",
        "Summit",
        SettingKind::List,
        "names of events that are on sale from the start; a booking without an event means the first",
        OURS,
    ),
    Setting::new(
        "starts_in",
        "30d",
        SettingKind::Length,
        "how long after its creation an event begins",
        OURS,
    ),
    Setting::new("lasts", "8h", SettingKind::Length, "how long an event lasts", OURS),
    Setting::new(
        "prices",
        "gross, gross, net, free",
        SettingKind::Choices(&["gross", "net", "free"]),
        "how events are priced, in turn: with VAT included, with VAT added, or free",
        Documented("seed 003: net and gross ticket prices, free events; the mix is invented"),
    ),
    Setting::new(
        "event_types",
        "conference, workshop, seminar",
        SettingKind::List,
        "what kinds of events there are (event_type), in turn",
        Assumed("SW: a text; no value is documented"),
    ),
    Setting::new(
        "image_shapes",
        "square, horizontal",
        SettingKind::Choices(&["square", "horizontal"]),
        "shapes of the images of events (image_shape_type), in turn",
        Documented("SWh: the two values of a request; the mix is invented"),
    ),
    Setting::new(
        "approval",
        "off, off, on",
        SettingKind::Choices(&["off", "on"]),
        "whether the organizer approves each booking, in turn for each event",
        Documented("H1: manual approval"),
    ),
    Setting::new(
        "questions",
        "attendee",
        SettingKind::Choices(&["attendee", "booker"]),
        "whom events ask, in turn: each attendee, or only the booker; then attendees have only id, status and ticket",
        Documented("seed 003, 3.4.3 note 1"),
    ),
    Setting::new(
        "categories",
        "Early bird, Standard, VIP",
        SettingKind::List,
        "names of the ticket categories of each event, the most expensive last",
        OURS,
    ),
    Setting::new(
        SET_IDS,
        "{}",
        SettingKind::Ids(IDS),
        "ids of events by title, of ticket categories by name (`VIP` is of the first event, `Meetup / VIP` of another) and of questions by text, for a receiver that knows only its own",
        OURS,
    ),
    Setting::new(
        "capacity",
        "300",
        SettingKind::Integer(1, 100_000),
        "how many tickets an event has, over all its categories",
        OURS,
    ),
    Setting::new(
        "fee_cents",
        "119",
        SettingKind::Integer(0, 10_000),
        "doo's fee for each ticket that is not free, with VAT, in cents; the buyer pays it (ticket_fees)",
        Assumed(
            "SW: ticket_fees and fees_type; the amount, and that the buyer pays it, are invented",
        ),
    ),
    Setting::new(
        "coupon_euros",
        "10",
        SettingKind::Integer(1, 1000),
        "how many whole euros a coupon takes off an order, down to zero at most",
        Assumed("SW: total_coupon_discount is an integer; the euros are our choice"),
    ),
    Setting::new(
        "prefilled",
        "40%",
        SettingKind::Share,
        "share of bookers who come with an external_customer_id",
        Documented(
            "seed 003: from the widget's prefill or an e-mail campaign; the share is invented",
        ),
    ),
    Setting::new(
        "external_user_id",
        "crm-user-7",
        SettingKind::Text,
        "external_user_id of the doo user, in each event; `none` leaves it out",
        Documented("seed 003, 3.6"),
    ),
    Setting::new(
        "time_zone",
        "Europe/Berlin",
        SettingKind::TimeZone,
        "time zone of the dates in bodies and of the hours of traffic",
        Assumed("IN: initialization expects dates in CET; no zone is stated for bodies"),
    ),
    Setting::new(
        "date_format",
        "Y-m-d H:i:s",
        SettingKind::Choice(&["Y-m-d H:i:s", "ISO 8601"]),
        "how dates are written in bodies: local without a zone, or with its offset",
        Assumed("IN: initialization expects Y-m-d H:i:s; no format is stated for bodies"),
    ),
    Setting::new(
        "attendee_triggers",
        NO_ATTENDEE_TRIGGERS,
        SettingKind::Choices(ATTENDEE_CHOICES),
        "which attendee triggers are sent; their bodies are not documented",
        Assumed("IN: only the names; they belong to the GraphQL payload"),
    ),
    Setting::new(
        "cancellation_fires",
        Trigger::OrderCancelled.name(),
        SettingKind::Choices(&[Trigger::OrderCancelled.name(), Trigger::OrderUpdated.name()]),
        "what a cancellation sends",
        Assumed("W1: one or more triggers; which is not stated"),
    ),
    Setting::new(
        "checkin_fires",
        Trigger::OrderUpdated.name(),
        SettingKind::Choice(&[Trigger::OrderUpdated.name(), "nothing"]),
        "what a check-in, or its undoing, sends about the order",
        Assumed("W1: each time an entity is changed; for check-ins it is not stated"),
    ),
    Setting::new(
        "done_fires",
        "nothing",
        SettingKind::Choice(&["nothing", Trigger::EventUpdated.name()]),
        "what an event sends when its end has passed",
        Assumed("W1: webhooks follow what a user does, and here no user does anything"),
    ),
    Setting::new(
        "host",
        "doo.example.test",
        SettingKind::Text,
        "host of the links in bodies",
        Documented("SW: doo.net; the default host does not exist"),
    ),
    Setting::new(
        "api_limits",
        "on",
        SettingKind::Choice(&["on", "off"]),
        "whether the API answers 429 beyond one request a second and 1000 a day",
        Documented("AZ: the two limits; the status 429 is assumed"),
    ),
    Setting::new(
        "api_token_lifetime",
        "1h",
        SettingKind::Duration,
        "how long an access token of the API is valid, in real time; with off, forever",
        Assumed("AZ: a token; its lifetime is not documented"),
    ),
    Setting::new(
        "api_tokens",
        "10",
        SettingKind::Integer(1, 500),
        "how many access tokens of the API are valid at the same time; one more revokes the oldest",
        Assumed("nothing is documented about revoked tokens"),
    ),
];

/// The settings of the traffic.
pub const TRAFFIC: &[Setting] = &[
    Setting::new(
        "new_event_every",
        "7d",
        SettingKind::DurationFrom(60),
        "how often the organizer creates another event, at most one a minute; with off, never",
        OURS,
    ),
    Setting::new(
        "organizers",
        "1",
        SettingKind::Integer(1, 2_000),
        "how many events are on sale at the same time, for load",
        OURS,
    ),
    Setting::new(
        "rush",
        "25%",
        SettingKind::Share,
        "share of the tickets that are requested in the opening rush",
        OURS,
    ),
    Setting::new(
        "rush_lasts",
        "20m",
        SettingKind::Length,
        "how long it takes until the rush has fallen to a third",
        OURS,
    ),
    Setting::new(
        "arrivals",
        "0.1,0.1,0,0,0,0.1,0.2,0.4,0.6,0.8,0.8,0.7,0.9,0.8,0.6,0.6,0.6,0.7,0.8,1,1.1,0.9,0.6,0.3",
        SettingKind::Hours,
        "bookings an hour for a popular event on sale after the rush, by local hour of the day; events and days of the week differ",
        OURS,
    ),
    Setting::new(
        "bank_transfers",
        "30%",
        SettingKind::Share,
        "share of paid orders that are paid by bank transfer",
        OURS,
    ),
    Setting::new(
        "pays_after",
        "3d",
        SettingKind::Length,
        "median time until a bank transfer arrives; times are skewed around it",
        OURS,
    ),
    Setting::new(
        "never_pays",
        "5%",
        SettingKind::Share,
        "share of bank transfers that never arrive; the organizer cancels those orders",
        OURS,
    ),
    Setting::new("coupons", "12%", SettingKind::Share, "share of orders with a coupon", OURS),
    Setting::new(
        "decides_after",
        "5h",
        SettingKind::Length,
        "median time until the organizer approves or denies",
        OURS,
    ),
    Setting::new(
        "flagged",
        "10%",
        SettingKind::Share,
        "share of waiting orders that are flagged first",
        OURS,
    ),
    Setting::new(
        "denied",
        "12%",
        SettingKind::Share,
        "share of waiting orders that are denied",
        OURS,
    ),
    Setting::new(
        "edits",
        "6%",
        SettingKind::Share,
        "share of bookers who correct their name",
        OURS,
    ),
    Setting::new(
        "cancels",
        "4%",
        SettingKind::Share,
        "share of orders that are cancelled, by the booker if the event is free",
        OURS,
    ),
    Setting::new(
        "removed",
        "3%",
        SettingKind::Share,
        "share of cancelled or denied orders that are removed",
        OURS,
    ),
    Setting::new(
        "no_show",
        "12%",
        SettingKind::Share,
        "share of valid tickets whose guests do not come",
        OURS,
    ),
    Setting::new(
        "undone",
        "1%",
        SettingKind::Share,
        "share of check-ins that are undone and then repeated",
        OURS,
    ),
];
