//! Ombori's vocabulary: triggers, actions, profiles and settings, each with its provenance.
//!
//! "Documented" facts come from the vendor's webhook page and its position model. Each names the
//! version of its page (for the addresses see docs/vendors/ombori.md).

use super::act::Act;
use super::facts::FACTS;
use super::named::IDS;
use super::state::{State, SubjectKind as Kind};
use super::triggers::{TRIGGERS, Trigger};
use crate::model::Provenance::{Assumed, Documented};
use crate::model::{
    Action, Argument, ArgumentKind, Catalogue, Profile, SET_IDS, Setting, SettingKind, SubjectKind,
};

/// Ombori's catalogue.
pub static CATALOGUE: Catalogue = Catalogue {
    vendor: "ombori",
    title: "Ombori",
    about: "Ombori Grid Queues: walk-in, staff-issued and booked tickets (positions) at a store",
    subjects: &[SubjectKind {
        id: Kind::Position.id(),
        kind: Kind::Position.name(),
        about: "a ticket or a booking in a queue",
        reported_by: Kind::Position.name(),
        states: State::NAMES,
    }],
    profiles: PROFILES,
    triggers: TRIGGERS,
    actions: ACTIONS,
    settings: SETTINGS,
    traffic: TRAFFIC,
    trigger_pointer: Some("/type"),
    delivery: Assumed(
        "nothing is documented but the POST and its headers: any 2xx, one attempt, no order, our time-outs",
    ),
    facts: FACTS,
};

const RESERVED: &str = State::Reserved.name();
const DRAFT: &str = State::Draft.name();
const PENDING: &str = State::Pending.name();
const NOTIFIED: &str = State::Notified.name();
const FULFILLED: &str = State::Fulfilled.name();
const COMPLETED: &str = State::Completed.name();
const REJECTED: &str = State::Rejected.name();

const PROFILES: &[Profile] = &[
    Profile {
        name: "2020-12",
        about: "page versions 3 and 4: location is a string, bookingRemoved",
        default: false,
        unordered: true,
    },
    Profile {
        name: "2021-01",
        about: "page version 5: location is an object, bookingRemoved",
        default: false,
        unordered: true,
    },
    Profile {
        name: "2021-01-28",
        about: "page version 9: positionRemoved, registrationData, calledAt, rejectedAt, completedAt, servedBy, station, retryCount",
        default: false,
        unordered: false,
    },
    Profile {
        name: "2021-02",
        about: "page versions 10 to 13: bookingUpdated, location.organizationTitle, booking.virtualAppointment",
        default: true,
        unordered: false,
    },
    Profile {
        name: "position-model",
        about: "the position model since late 2021: registrationData is an array; fulfilledBy, servedById, activatedAt",
        default: false,
        unordered: false,
    },
];

const NEW: ArgumentKind = ArgumentKind::New(Kind::Position.name());
const POSITION: Argument =
    Argument { name: "who", kind: ArgumentKind::Subject(Kind::Position.name()) };
const WHO: &[Argument] = &[POSITION];
const SLOT: &[Argument] = &[
    Argument { name: "who", kind: NEW },
    Argument { name: "ahead", kind: ArgumentKind::Duration },
    Argument { name: "people", kind: ArgumentKind::Integer(1, 20) },
];
const REMOVED: &[&str] = &[Trigger::BookingRemoved.name(), Trigger::PositionRemoved.name()];

// The phrases of an action are tried in order. A longer one comes first where a shorter one would
// match too.
const ACTIONS: &[Action] = &[
    Action {
        id: Act::TakeTicket.id(),
        call: Act::TakeTicket.name(),
        phrases: &["{who} takes a walk-in ticket"],
        arguments: &[Argument { name: "who", kind: NEW }],
        from: &[],
        to: &[PENDING],
        causes: &[Trigger::PositionCreated.name()],
        provenance: Documented("seed 000"),
    },
    Action {
        id: Act::IssueTicket.id(),
        call: Act::IssueTicket.name(),
        phrases: &["staff issue a ticket to {who}"],
        arguments: &[Argument { name: "who", kind: NEW }],
        from: &[],
        to: &[PENDING],
        causes: &[Trigger::PositionCreated.name()],
        provenance: Documented("help page on manual tickets; type `manual` in the position model"),
    },
    Action {
        id: Act::IssueUrgentTicket.id(),
        call: Act::IssueUrgentTicket.name(),
        phrases: &["staff issue a ticket of high priority to {who}"],
        arguments: &[Argument { name: "who", kind: NEW }],
        from: &[],
        to: &[PENDING],
        causes: &[Trigger::PositionCreated.name()],
        provenance: Documented(
            "help page on manual tickets: high priority; its number is the setting `high_priority`",
        ),
    },
    Action {
        id: Act::Book.id(),
        call: Act::Book.name(),
        phrases: &[
            "{who} books a slot in {ahead} for {people} people",
            "{who} books a slot in {ahead}",
        ],
        arguments: SLOT,
        from: &[],
        to: &[DRAFT],
        causes: &[Trigger::BookingConfirmation.name()],
        provenance: Documented("REST page on bookings; webhook page v6"),
    },
    Action {
        id: Act::Reserve.id(),
        call: Act::Reserve.name(),
        phrases: &[
            "{who} reserves a slot in {ahead} for {people} people",
            "{who} reserves a slot in {ahead}",
        ],
        arguments: SLOT,
        from: &[],
        to: &[RESERVED],
        causes: &[],
        provenance: Documented("REST page on reservations: no webhook is documented"),
    },
    Action {
        id: Act::Confirm.id(),
        call: Act::Confirm.name(),
        phrases: &["{who} confirms the reservation"],
        arguments: WHO,
        from: &[RESERVED],
        to: &[DRAFT],
        causes: &[Trigger::BookingConfirmation.name()],
        provenance: Assumed(
            "the REST answer is a draft booking, as after booking; the webhook is not named",
        ),
    },
    Action {
        id: Act::Reschedule.id(),
        call: Act::Reschedule.name(),
        phrases: &["{who} reschedules to a slot in {ahead}"],
        arguments: &[POSITION, Argument { name: "ahead", kind: ArgumentKind::Duration }],
        from: &[DRAFT],
        to: &[DRAFT],
        causes: &[Trigger::BookingUpdated.name()],
        provenance: Documented("seed 001; profiles before 2021-02 send nothing"),
    },
    Action {
        id: Act::Activate.id(),
        call: Act::Activate.name(),
        phrases: &[],
        arguments: WHO,
        from: &[DRAFT],
        to: &[PENDING],
        causes: &[Trigger::BookingActivated.name()],
        provenance: Documented("webhook page v10: fires when the slot becomes active"),
    },
    Action {
        id: Act::Call.id(),
        call: Act::Call.name(),
        phrases: &["staff call {who}"],
        arguments: WHO,
        from: &[PENDING],
        to: &[NOTIFIED],
        causes: &[Trigger::PositionCalled.name()],
        provenance: Documented("webhook page v9"),
    },
    Action {
        id: Act::Retry.id(),
        call: Act::Retry.name(),
        phrases: &["staff put {who} back in the queue"],
        arguments: WHO,
        from: &[NOTIFIED],
        to: &[PENDING],
        causes: &[Trigger::PositionRetry.name()],
        provenance: Documented("webhook page v9: back in the queue, calledAt kept"),
    },
    Action {
        id: Act::Reject.id(),
        call: Act::Reject.name(),
        phrases: &["staff reject {who}"],
        arguments: WHO,
        from: &[PENDING, NOTIFIED],
        to: &[REJECTED],
        causes: REMOVED,
        provenance: Documented("seed 001; the states from which it is possible are assumed"),
    },
    Action {
        id: Act::CheckIn.id(),
        call: Act::CheckIn.name(),
        phrases: &["staff check in {who}"],
        arguments: WHO,
        from: &[NOTIFIED],
        to: &[FULFILLED],
        causes: &[Trigger::PositionFulfilled.name()],
        provenance: Documented("seed 001; position model"),
    },
    Action {
        id: Act::ScanCode.id(),
        call: Act::ScanCode.name(),
        phrases: &["{who} checks in with the QR code"],
        arguments: WHO,
        from: &[PENDING, NOTIFIED],
        to: &[FULFILLED],
        causes: &[Trigger::PositionFulfilled.name()],
        provenance: Assumed(
            "bookings carry a check-in QR code; that it skips the call is not written. Bookings only",
        ),
    },
    Action {
        id: Act::CheckOut.id(),
        call: Act::CheckOut.name(),
        phrases: &["staff check out {who}"],
        arguments: WHO,
        from: &[FULFILLED],
        to: &[COMPLETED],
        causes: &[Trigger::PositionCompleted.name()],
        provenance: Documented("console settings page: needs the serving tab"),
    },
    Action {
        id: Act::CheckOutByItself.id(),
        call: Act::CheckOutByItself.name(),
        phrases: &[],
        arguments: WHO,
        from: &[FULFILLED],
        to: &[COMPLETED],
        causes: &[Trigger::PositionCompleted.name()],
        provenance: Assumed(
            "release notes 2021-11-30 name the feature; that it fires positionCompleted is not written",
        ),
    },
    Action {
        id: Act::Cancel.id(),
        call: Act::Cancel.name(),
        phrases: &["{who} cancels"],
        arguments: WHO,
        from: &[RESERVED, DRAFT, PENDING, NOTIFIED],
        to: &[REJECTED],
        causes: &[Trigger::PositionCancelled.name()],
        provenance: Documented(
            "seed 000; REST page on cancelling, for reservations too; the webhook of a reservation, and that a called ticket can still be cancelled, are assumed",
        ),
    },
    Action {
        id: Act::CancelBooking.id(),
        call: Act::CancelBooking.name(),
        phrases: &["staff cancel the booking of {who}"],
        arguments: WHO,
        from: &[DRAFT],
        to: &[REJECTED],
        causes: &[Trigger::PositionCancelledByStaff.name()],
        provenance: Documented("seed 000: staff cancel an upcoming booking"),
    },
    Action {
        id: Act::Reset.id(),
        call: Act::Reset.name(),
        phrases: &["the queue of {who} is reset"],
        arguments: WHO,
        from: &[PENDING, NOTIFIED],
        to: &[REJECTED],
        causes: REMOVED,
        provenance: Assumed(
            "the settings page says that all open tickets are closed; that a guest who is being served stays, the state and the webhook (setting `reset_fires`) are not written",
        ),
    },
    Action {
        id: Act::GiveFeedback.id(),
        call: Act::GiveFeedback.name(),
        phrases: &["{who} gives feedback {rating}", "{who} gives feedback {rating} {text}"],
        arguments: &[
            POSITION,
            Argument { name: "rating", kind: ArgumentKind::Integer(1, 5) },
            Argument { name: "text", kind: ArgumentKind::Text },
        ],
        from: &[COMPLETED],
        to: &[COMPLETED],
        causes: &[Trigger::FeedbackReceived.name()],
        provenance: Documented("seed 000; ratings from 1 to 5 are assumed"),
    },
];

const OURS: crate::model::Provenance = Assumed("invented for the simulation");

const SETTINGS: &[Setting] = &[
    Setting::new(
        "organization",
        "demo-retail",
        SettingKind::Text,
        "slug of the tenant, in every webhook",
        Documented("seed 000: a slug"),
    ),
    Setting::new(
        "organization_title",
        "Demo Retail",
        SettingKind::Text,
        "title of the tenant",
        Documented("seed 001: location.organizationTitle"),
    ),
    Setting::new(
        "location",
        "Demo Store North",
        SettingKind::Text,
        "name of the store",
        Documented("seed 000: location"),
    ),
    Setting::new(
        "time_zone",
        "Europe/Stockholm",
        SettingKind::TimeZone,
        "local time of the store, in message texts and for the hours of traffic",
        OURS,
    ),
    Setting::new(
        "queues",
        "Service desk, Exchange and return, Order pickup",
        SettingKind::List,
        "names of the queues (a webhook carries only the id)",
        OURS,
    ),
    Setting::new(
        "stations",
        "6",
        SettingKind::Integer(1, 500),
        "how many desks serve the queues",
        OURS,
    ),
    Setting::new(
        "locales",
        "sv, en, ar",
        SettingKind::Choices(&["en", "sv", "ar"]),
        "languages of the guests; the first ones are more frequent",
        Documented("position.locale: en, sv and ar are documented; the mix is invented"),
    ),
    Setting::new(
        "registration",
        "phone, name",
        SettingKind::Choices(&["phone", "name", "email"]),
        "what the registration form asks for (the keys of registrationData)",
        Documented("webhook page v7: the key `phone` is fixed; others are free"),
    ),
    Setting::new(
        "notifications",
        "phoneNumber, email, applePass, none",
        SettingKind::Choices(&["phoneNumber", "email", "applePass", "none"]),
        "how guests are notified; the first ones are more frequent. Whoever books is notified in any case",
        Documented(
            "notification.type; webhook page v9: a ticket without notification; the mix is invented",
        ),
    ),
    Setting::new(
        "high_priority",
        "50",
        SettingKind::Integer(1, 1_000_000),
        "`priority` of a ticket of high priority; others have 0, bookings 100",
        Assumed("help page on manual tickets: high priority; its number is not written"),
    ),
    Setting::new(
        "slot",
        "30m",
        SettingKind::Minutes(1, 24 * 60),
        "length of a booking's slot, in whole minutes; in traffic, slots begin at multiples of it",
        Documented("seed 000: slots of half an hour, at half past; other multiples are assumed"),
    ),
    Setting::new(
        "reminder",
        "30m",
        SettingKind::Length,
        "how long before the slot the time in bookingReminderAt is",
        Documented("seed 000: half an hour before"),
    ),
    Setting::new(
        "auto_checkout",
        "off",
        SettingKind::Duration,
        "how long after the check-in a position is checked out by itself",
        Documented("release notes 2021-11-30; off unless set up"),
    ),
    Setting::new(
        "reset_fires",
        "positionRemoved",
        SettingKind::Choice(&["positionRemoved", "nothing"]),
        "what a reset of the queue sends for each open ticket (the profiles that have bookingRemoved send that)",
        Assumed("not documented"),
    ),
    Setting::new(
        SET_IDS,
        "{}",
        SettingKind::Ids(IDS),
        "ids of queues by name and of stations by label, for a receiver that knows only its own",
        OURS,
    ),
    Setting::new(
        "booking_key",
        "optional",
        SettingKind::Choice(&["optional", "needed"]),
        "REST API: whether creating a booking needs the header ApiKey, as all other calls do",
        Assumed("the page on bookings shows no key; the other pages do"),
    ),
    Setting::new(
        "reservation_status",
        "draft",
        SettingKind::Choice(&["draft", "reserved"]),
        "REST API: the status of a reservation that is not confirmed",
        Assumed("the answer is cut off; the list of statuses has none for it"),
    ),
    Setting::new(
        "api_cancel_fires",
        "positionCancelled",
        SettingKind::Choice(&["positionCancelled", "positionCancelledByStaff"]),
        "REST API: what cancelling an upcoming booking sends; everything else sends positionCancelled",
        Assumed("the page on cancelling names no webhook"),
    ),
    Setting::new(
        "position_url",
        "empty",
        SettingKind::Choice(&["empty", "page"]),
        "REST API: positionUrl in the answer to a join: empty, or the page of the ticket",
        Documented("REST page: join; the newer sample is empty, the older one has the page"),
    ),
];

const TRAFFIC: &[Setting] = &[
    Setting::new(
        "arrivals",
        "0,0,0,0,0,0,0,0,0,18,30,42,55,48,36,34,46,62,54,28,0,0,0,0",
        SettingKind::Hours,
        "walk-ins an hour, by local hour of the day; a quarter more on Saturdays, a quarter fewer on Sundays",
        OURS,
    ),
    Setting::new(
        "bookings",
        "25%",
        SettingKind::Share,
        "share of guests who book a slot instead of walking in",
        OURS,
    ),
    Setting::new(
        "staff_issued",
        "12%",
        SettingKind::Share,
        "share of walk-ins whose ticket staff issue",
        OURS,
    ),
    Setting::new(
        "no_show",
        "7%",
        SettingKind::Share,
        "share of called guests who do not come",
        OURS,
    ),
    Setting::new(
        "cancels",
        "5%",
        SettingKind::Share,
        "share of guests who cancel before they are called",
        OURS,
    ),
    Setting::new(
        "reschedules",
        "15%",
        SettingKind::Share,
        "share of bookings that are rescheduled",
        OURS,
    ),
    Setting::new(
        "staff_cancels",
        "4%",
        SettingKind::Share,
        "share of bookings that staff cancel",
        OURS,
    ),
    Setting::new(
        "feedback",
        "28%",
        SettingKind::Share,
        "share of served guests who give feedback",
        OURS,
    ),
    Setting::new(
        "service",
        "5m 30s",
        SettingKind::Length,
        "median time at the desk; times are skewed around it",
        OURS,
    ),
    Setting::new(
        "break_every",
        "2h 30m",
        SettingKind::Duration,
        "how long a desk is staffed between breaks",
        OURS,
    ),
    Setting::new("break", "20m", SettingKind::Length, "how long a break lasts", OURS),
    Setting::new(
        "stores",
        "1",
        SettingKind::Integer(1, 2_000),
        "multiplies arrivals and desks, for load",
        OURS,
    ),
];
