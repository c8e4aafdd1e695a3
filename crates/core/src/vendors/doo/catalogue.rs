//! doo's vocabulary: triggers, actions and the one generation of payloads, each with its provenance.
//!
//! "Documented" facts come from the vendor's wiki, its Swagger file of 2017 (SW) and its help
//! centre, by the keys of docs/vendors/doo.md.

use super::act::Act;
use super::facts::FACTS;
use super::settings::{SETTINGS, TRAFFIC};
use super::state::{AttendeeState, EventState, OrderState, SubjectKind as Kind, TicketState};
use super::triggers::{TRIGGERS, Trigger};
use crate::model::Provenance::{Assumed, Documented};
use crate::model::{Action, Argument, ArgumentKind, Catalogue, Profile, SubjectKind};

/// doo's catalogue.
pub static CATALOGUE: Catalogue = Catalogue {
    vendor: "doo",
    title: "doo",
    about: "doo: events with ticket categories, orders with attendees and their tickets, an OAuth token before each webhook",
    subjects: &[
        SubjectKind {
            id: Kind::Event.id(),
            kind: EVENT,
            about: "an event that tickets are sold to",
            reported_by: EVENT,
            states: EventState::NAMES,
        },
        SubjectKind {
            id: Kind::Order.id(),
            kind: ORDER,
            about: "a booking of one or more tickets",
            reported_by: ORDER,
            states: OrderState::NAMES,
        },
        SubjectKind {
            id: Kind::Attendee.id(),
            kind: ATTENDEE,
            about: "a person in an order: active once registered and paid",
            reported_by: ORDER,
            states: AttendeeState::NAMES,
        },
        SubjectKind {
            id: Kind::Ticket.id(),
            kind: TICKET,
            about: "the ticket of an attendee",
            reported_by: ORDER,
            states: TicketState::NAMES,
        },
    ],
    profiles: PROFILES,
    triggers: TRIGGERS,
    actions: ACTIONS,
    settings: SETTINGS,
    traffic: TRAFFIC,
    trigger_pointer: None,
    delivery: Documented(
        "RS: exactly 200, ten fails, then the dead letter queue; AU: the token. Assumed: the waits between attempts, the time-outs, no order, a token for each attempt",
    ),
    facts: FACTS,
};

const DRAFT: &str = EventState::Draft.name();
const LIVE: &str = EventState::Live.name();
const CALLED_OFF: &str = EventState::Cancelled.name();
const DONE: &str = EventState::Done.name();
const DELETED: &str = EventState::Deleted.name();

const PENDING_APPROVAL: &str = OrderState::PendingApproval.name();
const PENDING_REVIEW: &str = OrderState::PendingReview.name();
const ACTIVE: &str = OrderState::Active.name();
const DENIED: &str = OrderState::Denied.name();
const CANCELLED_BY_ORGANIZER: &str = OrderState::CancelledByOrganizer.name();
const CANCELLED_BY_ATTENDEE: &str = OrderState::CancelledByAttendee.name();
const REMOVED: &str = OrderState::Removed.name();

const VALID: &str = TicketState::Valid.name();
const CHECKED: &str = TicketState::Checked.name();

const EVENT_CREATED: &str = Trigger::EventCreated.name();
const EVENT_UPDATED: &str = Trigger::EventUpdated.name();
const EVENT_REMOVED: &str = Trigger::EventRemoved.name();
const ORDER_CREATED: &str = Trigger::OrderCreated.name();
const ORDER_UPDATED: &str = Trigger::OrderUpdated.name();
const ORDER_CANCELLED: &str = Trigger::OrderCancelled.name();
const ORDER_REMOVED: &str = Trigger::OrderRemoved.name();
const ATTENDEE_PENDING: &str = Trigger::AttendeePending.name();
const ATTENDEE_VALIDATED: &str = Trigger::AttendeeValidated.name();
const ATTENDEE_CANCELLED: &str = Trigger::AttendeeCancelled.name();
const ATTENDEE_CHECKIN: &str = Trigger::AttendeeCheckin.name();

const EVENT: &str = Kind::Event.name();
const ORDER: &str = Kind::Order.name();
const ATTENDEE: &str = Kind::Attendee.name();
const TICKET: &str = Kind::Ticket.name();

const PROFILES: &[Profile] = &[Profile {
    name: "default-payload",
    about: "the vendor's default payload: the REST models EventsIdEditGetResponse and OrdersIdGetResponse of 2017-12, with buyer_price, display_price and the statuses of seed 003",
    default: true,
    // An event has an `update_date`. An order and its attendees have no such field.
    unordered: true,
}];

const ON_EVENT: Argument = Argument { name: "event", kind: ArgumentKind::Subject(EVENT) };
const EVENT_ALONE: &[Argument] = &[ON_EVENT];
const ON_ORDER: Argument = Argument { name: "who", kind: ArgumentKind::Subject(ORDER) };
const ORDER_ALONE: &[Argument] = &[ON_ORDER];
const TICKET_ALONE: &[Argument] = &[Argument { name: "who", kind: ArgumentKind::Subject(TICKET) }];

/// Anna's order, Anna as its first attendee, and her ticket.
const BOOKING: &[Argument] = &[
    Argument { name: "who", kind: ArgumentKind::New(ORDER) },
    Argument { name: "event", kind: ArgumentKind::Other(EVENT, &[LIVE]) },
    Argument { name: "tickets", kind: ArgumentKind::Integer(1, 10) },
    Argument { name: "coupon", kind: ArgumentKind::Text },
    Argument { name: "who", kind: ArgumentKind::New(ATTENDEE) },
    Argument { name: "who", kind: ArgumentKind::New(TICKET) },
];

/// Also a second person who comes along.
const BOOKING_WITH: &[Argument] = &[
    Argument { name: "who", kind: ArgumentKind::New(ORDER) },
    Argument { name: "event", kind: ArgumentKind::Other(EVENT, &[LIVE]) },
    Argument { name: "who", kind: ArgumentKind::New(ATTENDEE) },
    Argument { name: "who", kind: ArgumentKind::New(TICKET) },
    Argument { name: "guest", kind: ArgumentKind::New(ATTENDEE) },
    Argument { name: "guest", kind: ArgumentKind::New(TICKET) },
];

const PLACED: &[&str] = &[ORDER_CREATED, ATTENDEE_PENDING, ATTENDEE_VALIDATED];
const WAITS: &[&str] = &[PENDING_APPROVAL, PENDING_REVIEW];

// The phrases of an action are tried in order. A longer one comes first where a shorter one would
// match too.
const ACTIONS: &[Action] = &[
    Action {
        id: Act::CreateEvent.id(),
        call: Act::CreateEvent.name(),
        phrases: &["the organizer creates the event {event}"],
        arguments: &[Argument { name: "event", kind: ArgumentKind::New(EVENT) }],
        from: &[],
        to: &[DRAFT],
        causes: &[EVENT_CREATED],
        provenance: Assumed(
            "seed 003: a draft is not published yet; that it begins so is read off",
        ),
    },
    Action {
        id: Act::Publish.id(),
        call: Act::Publish.name(),
        phrases: &["the organizer publishes {event}"],
        arguments: EVENT_ALONE,
        from: &[DRAFT],
        to: &[LIVE],
        causes: &[EVENT_UPDATED],
        provenance: Documented("seed 003: live is published; the webhook is assumed"),
    },
    Action {
        id: Act::RenameEvent.id(),
        call: Act::RenameEvent.name(),
        phrases: &["the organizer renames {event} to {title}"],
        arguments: &[ON_EVENT, Argument { name: "title", kind: ArgumentKind::Text }],
        from: &[DRAFT, LIVE, DONE],
        to: &[DRAFT, LIVE, DONE],
        causes: &[EVENT_UPDATED],
        provenance: Documented(
            "W1: each time an entity is changed; that an event that is over can be edited is assumed",
        ),
    },
    Action {
        id: Act::PostponeEvent.id(),
        call: Act::PostponeEvent.name(),
        phrases: &["the organizer postpones {event} by {length}"],
        arguments: &[ON_EVENT, Argument { name: "length", kind: ArgumentKind::Duration }],
        from: &[DRAFT, LIVE],
        to: &[DRAFT, LIVE],
        causes: &[EVENT_UPDATED],
        provenance: Documented("W1: each time an entity is changed"),
    },
    Action {
        id: Act::CallOff.id(),
        call: Act::CallOff.name(),
        phrases: &["the organizer calls off {event}"],
        arguments: EVENT_ALONE,
        from: &[LIVE],
        to: &[CALLED_OFF],
        causes: &[EVENT_UPDATED],
        provenance: Assumed(
            "seed 003 names the status `cancelled`; that its orders stay as they are is not stated",
        ),
    },
    Action {
        id: Act::DeleteEvent.id(),
        call: Act::DeleteEvent.name(),
        phrases: &["the organizer deletes {event}"],
        arguments: EVENT_ALONE,
        from: &[DRAFT],
        to: &[DELETED],
        causes: &[EVENT_REMOVED],
        provenance: Documented("seed 003: a draft that was deleted; the webhook is assumed"),
    },
    Action {
        id: Act::EndEvent.id(),
        call: Act::EndEvent.name(),
        phrases: &[],
        arguments: EVENT_ALONE,
        from: &[LIVE],
        to: &[DONE],
        causes: &[EVENT_UPDATED],
        provenance: Documented(
            "seed 003: published, and the end date has passed; whether that sends anything is the setting `done_fires`",
        ),
    },
    Action {
        id: Act::Book.id(),
        call: Act::Book.name(),
        phrases: &[
            "{who} books a ticket for {event} with the coupon {coupon}",
            "{who} books a ticket with the coupon {coupon}",
            "{who} books {tickets} tickets for {event} with the coupon {coupon}",
            "{who} books {tickets} tickets with the coupon {coupon}",
            "{who} books a ticket for {event}",
            "{who} books a ticket",
            "{who} books {tickets} tickets for {event}",
            "{who} books {tickets} tickets",
        ],
        arguments: BOOKING,
        from: &[],
        to: &[ACTIVE, PENDING_APPROVAL],
        causes: PLACED,
        provenance: Documented(
            "H1, H3, seed 003: active, or waiting for approval; paid at once by card or PayPal is assumed",
        ),
    },
    Action {
        id: Act::BookByTransfer.id(),
        call: Act::BookByTransfer.name(),
        phrases: &[
            "{who} books a ticket for {event} by bank transfer",
            "{who} books a ticket by bank transfer",
            "{who} books {tickets} tickets for {event} by bank transfer",
            "{who} books {tickets} tickets by bank transfer",
        ],
        arguments: BOOKING_BY_TRANSFER,
        from: &[],
        to: &[ACTIVE, PENDING_APPROVAL],
        causes: &[ORDER_CREATED, ATTENDEE_PENDING],
        provenance: Documented(
            "H3, seed 003: active is valid, and perhaps not paid; the combination of statuses is assumed",
        ),
    },
    Action {
        id: Act::BookWith.id(),
        call: Act::BookWith.name(),
        phrases: &[
            "{who} books tickets for {event} with {guest}",
            "{who} books tickets with {guest}",
        ],
        arguments: BOOKING_WITH,
        from: &[],
        to: &[ACTIVE, PENDING_APPROVAL],
        causes: PLACED,
        provenance: Documented("SW: an order has several attendees"),
    },
    Action {
        id: Act::Approve.id(),
        call: Act::Approve.name(),
        phrases: &["the organizer approves {who}"],
        arguments: ORDER_ALONE,
        from: WAITS,
        to: &[ACTIVE],
        causes: &[ORDER_UPDATED, ATTENDEE_VALIDATED],
        provenance: Documented(
            "H1: a free booking is confirmed at once, a paid one is asked to pay; that payment comes after the approval is assumed",
        ),
    },
    Action {
        id: Act::Flag.id(),
        call: Act::Flag.name(),
        phrases: &["the organizer flags {who} for review"],
        arguments: ORDER_ALONE,
        from: &[PENDING_APPROVAL],
        to: &[PENDING_REVIEW],
        causes: &[ORDER_UPDATED],
        provenance: Documented(
            "seed 003: waits for approval and was flagged; no way back is known",
        ),
    },
    Action {
        id: Act::Deny.id(),
        call: Act::Deny.name(),
        phrases: &["the organizer denies {who}"],
        arguments: ORDER_ALONE,
        from: WAITS,
        to: &[DENIED],
        causes: &[ORDER_UPDATED, ATTENDEE_CANCELLED],
        provenance: Documented("seed 003: rejected; that its tickets are cancelled is assumed"),
    },
    Action {
        id: Act::Pay.id(),
        call: Act::Pay.name(),
        phrases: &["the payment of {who} arrives"],
        arguments: ORDER_ALONE,
        from: &[ACTIVE],
        to: &[ACTIVE],
        causes: &[ORDER_UPDATED, ATTENDEE_VALIDATED],
        provenance: Documented(
            "seed 003: a ticket is pending until it is paid; the webhook is assumed",
        ),
    },
    Action {
        id: Act::Rename.id(),
        call: Act::Rename.name(),
        phrases: &["{who} corrects the name to {name}"],
        arguments: &[ON_ORDER, Argument { name: "name", kind: ArgumentKind::Text }],
        from: &[PENDING_APPROVAL, PENDING_REVIEW, ACTIVE],
        to: &[PENDING_APPROVAL, PENDING_REVIEW, ACTIVE],
        causes: &[ORDER_UPDATED],
        provenance: Documented("H4, W1: each time an entity is changed; the booker's name"),
    },
    Action {
        id: Act::CancelBooking.id(),
        call: Act::CancelBooking.name(),
        phrases: &["the organizer cancels the booking of {who}"],
        arguments: ORDER_ALONE,
        from: &[ACTIVE],
        to: &[CANCELLED_BY_ORGANIZER],
        causes: &[ORDER_CANCELLED, ORDER_UPDATED, ATTENDEE_CANCELLED],
        provenance: Documented(
            "H2, H5: cannot be undone, makes a cancellation invoice; whether order_updated comes too is the setting `cancellation_fires`",
        ),
    },
    Action {
        id: Act::Cancel.id(),
        call: Act::Cancel.name(),
        phrases: &["{who} cancels"],
        arguments: ORDER_ALONE,
        from: &[ACTIVE],
        to: &[CANCELLED_BY_ATTENDEE],
        causes: &[ORDER_CANCELLED, ORDER_UPDATED, ATTENDEE_CANCELLED],
        provenance: Documented("seed 003: bookers can cancel only orders for free events"),
    },
    Action {
        id: Act::Remove.id(),
        call: Act::Remove.name(),
        phrases: &["the booking of {who} is removed"],
        arguments: ORDER_ALONE,
        from: &[
            PENDING_APPROVAL,
            PENDING_REVIEW,
            ACTIVE,
            DENIED,
            CANCELLED_BY_ORGANIZER,
            CANCELLED_BY_ATTENDEE,
        ],
        to: &[REMOVED],
        causes: &[ORDER_REMOVED, ATTENDEE_CANCELLED],
        provenance: Documented("seed 003: removed from the system; the webhook is assumed"),
    },
    Action {
        id: Act::CheckIn.id(),
        call: Act::CheckIn.name(),
        phrases: &["staff check in {who}"],
        arguments: TICKET_ALONE,
        from: &[VALID],
        to: &[CHECKED],
        causes: &[ORDER_UPDATED, ATTENDEE_CHECKIN],
        provenance: Documented(
            "seed 003, SW: a valid ticket is checked in; that the order's webhook follows is the setting `checkin_fires`",
        ),
    },
    Action {
        id: Act::UndoCheckIn.id(),
        call: Act::UndoCheckIn.name(),
        phrases: &["staff undo the check-in of {who}"],
        arguments: TICKET_ALONE,
        from: &[CHECKED],
        to: &[VALID],
        causes: &[ORDER_UPDATED, ATTENDEE_VALIDATED],
        provenance: Assumed(
            "SW: POST /qrcodes/{hash}/reset; that the ticket is valid again is read off",
        ),
    },
];

/// Without a coupon: a later payment is always the full price.
const BOOKING_BY_TRANSFER: &[Argument] = &[
    Argument { name: "who", kind: ArgumentKind::New(ORDER) },
    Argument { name: "event", kind: ArgumentKind::Other(EVENT, &[LIVE]) },
    Argument { name: "tickets", kind: ArgumentKind::Integer(1, 10) },
    Argument { name: "who", kind: ArgumentKind::New(ATTENDEE) },
    Argument { name: "who", kind: ArgumentKind::New(TICKET) },
];
