//! Waitwhile's vocabulary: triggers, actions and profiles, each with its provenance.
//!
//! "Documented" facts come from the vendor's pages on webhooks, visits, states and tags, by the
//! codes of docs/vendors/waitwhile.md. "seed 002" is the page of webhook examples.

use super::act::Act;
use super::facts::FACTS;
use super::settings::{SETTINGS, TRAFFIC};
use super::state::{LocationState, MessageState, SubjectKind as Kind, VisitState};
use super::triggers::{TRIGGERS, Trigger};
use crate::model::Provenance::{Assumed, Documented};
use crate::model::{Action, Argument, ArgumentKind, Catalogue, Profile, Provenance, SubjectKind};

/// Waitwhile's catalogue.
pub static CATALOGUE: Catalogue = Catalogue {
    vendor: "waitwhile",
    title: "Waitwhile",
    about: "waitlists that move, bookings and messages at several locations (API v2)",
    subjects: &[
        SubjectKind {
            id: Kind::Visit.id(),
            kind: Kind::Visit.name(),
            about: "a guest's place on a waitlist, or a booking; REMOVED is Standin's word for deleted",
            reported_by: Kind::Visit.name(),
            states: VisitState::NAMES,
        },
        SubjectKind {
            id: Kind::Message.id(),
            kind: Kind::Message.name(),
            about: "an SMS or e-mail to a guest; how a failure is spelled is assumed",
            reported_by: Kind::Message.name(),
            states: MessageState::NAMES,
        },
        SubjectKind {
            id: Kind::Location.id(),
            kind: Kind::Location.name(),
            about: "a place with a waitlist; the states are Standin's words for isForceClosed",
            reported_by: Kind::Location.name(),
            states: LocationState::NAMES,
        },
    ],
    profiles: PROFILES,
    triggers: TRIGGERS,
    actions: ACTIONS,
    settings: SETTINGS,
    traffic: TRAFFIC,
    trigger_pointer: Some("/type"),
    delivery: Documented(
        "WH, WR: the signature, 2xx, up to three retries, deactivation after more than three days; the waits, the time-outs, the order, and that Retry-After is not looked at, are assumed",
    ),
    facts: FACTS,
};

const PENDING: &str = VisitState::Pending.name();
const DRAFT: &str = VisitState::Draft.name();
const BOOKED: &str = VisitState::Booked.name();
const WAITING: &str = VisitState::Waiting.name();
const SERVING: &str = VisitState::Serving.name();
const COMPLETE: &str = VisitState::Complete.name();
const REMOVED: &str = VisitState::Removed.name();

const UNDELIVERED: &str = MessageState::Pending.name();
const DELIVERED: &str = MessageState::Delivered.name();
const FAILED: &str = MessageState::Failed.name();

const OPEN: &str = LocationState::Open.name();
const CLOSED: &str = LocationState::Closed.name();

const CREATED: &str = Trigger::Created.name();
const UPDATED: &str = Trigger::Updated.name();
const DELETED: &str = Trigger::Removed.name();
const MESSAGE_CREATED: &str = Trigger::MessageCreated.name();
const MESSAGE_UPDATED: &str = Trigger::MessageUpdated.name();
const STATUS_UPDATED: &str = Trigger::StatusUpdated.name();

const VISIT: &str = Kind::Visit.name();
const LOCATION: &str = Kind::Location.name();

const PROFILES: &[Profile] = &[
    Profile {
        name: "2022",
        about: "seed 002: every field of the examples of 2022",
        default: true,
        unordered: false,
    },
    Profile {
        name: "2024",
        about: "the newer page: without pendingExpireTime, resources, services, fields, ngrams, prevEstWaitDuration and a message's cost",
        default: false,
        unordered: false,
    },
];

const NEW: ArgumentKind = ArgumentKind::New(VISIT);
const SUBJECT: Argument = Argument { name: "who", kind: ArgumentKind::Subject(VISIT) };
const WHO: &[Argument] = &[SUBJECT];
const NOBODY: &[Argument] = &[Argument { name: "who", kind: NEW }];
const MESSAGE: &[Argument] =
    &[Argument { name: "what", kind: ArgumentKind::Subject(Kind::Message.name()) }];
const PLACE: &[Argument] = &[Argument { name: "where", kind: ArgumentKind::Subject(LOCATION) }];
const AHEAD: ArgumentKind = ArgumentKind::Duration;
/// partySize is from 1 to 100 (VU).
const PEOPLE: ArgumentKind = ArgumentKind::Integer(1, 100);
const ANYWHERE: Argument =
    Argument { name: "where", kind: ArgumentKind::Other(LOCATION, &[OPEN, CLOSED]) };
const SLOT: &[Argument] = &[
    Argument { name: "who", kind: NEW },
    Argument { name: "ahead", kind: AHEAD },
    Argument { name: "people", kind: PEOPLE },
    ANYWHERE,
];
const LIVE: &[&str] = &[PENDING, DRAFT, BOOKED, WAITING, SERVING];
const UPCOMING: &[&str] = &[BOOKED, WAITING];
const ANY: &[&str] = &[PENDING, DRAFT, BOOKED, WAITING, SERVING, COMPLETE];
const NEWCOMER: &[&str] = &[CREATED, MESSAGE_CREATED, STATUS_UPDATED];
const CHANGE: &[&str] = &[UPDATED];
/// The webhooks of an action that moves the line: an update of the visit, one for each visit behind
/// it, perhaps a message, and the location's counters.
const MOVING: &[&str] = &[UPDATED, MESSAGE_CREATED, STATUS_UPDATED];

const fn on_visit(
    act: Act,
    phrases: &'static [&'static str],
    from: &'static [&'static str],
    to: &'static [&'static str],
    causes: &'static [&'static str],
    provenance: Provenance,
) -> Action {
    Action { id: act.id(), call: act.name(), phrases, arguments: WHO, from, to, causes, provenance }
}

// The phrases of an action are tried in order. A longer one comes first where a shorter one would
// match too.
const ACTIONS: &[Action] = &[
    Action {
        id: Act::Join.id(),
        call: Act::Join.name(),
        phrases: &[
            "{who} joins the waitlist at {where} with a party of {people}",
            "{who} joins the waitlist with a party of {people}",
            "{who} joins the waitlist at {where}",
            "{who} joins the waitlist",
        ],
        arguments: &[
            Argument { name: "who", kind: NEW },
            Argument { name: "where", kind: ArgumentKind::Other(LOCATION, &[OPEN]) },
            Argument { name: "people", kind: PEOPLE },
        ],
        from: &[],
        to: &[WAITING],
        causes: NEWCOMER,
        provenance: Documented(
            "seed 002; that a location closed by staff takes no guests is assumed",
        ),
    },
    Action {
        id: Act::Add.id(),
        call: Act::Add.name(),
        phrases: &["staff add {who} to the waitlist at {where}", "staff add {who} to the waitlist"],
        arguments: &[Argument { name: "who", kind: NEW }, ANYWHERE],
        from: &[],
        to: &[WAITING],
        causes: NEWCOMER,
        provenance: Documented("seed 002; VC"),
    },
    Action {
        id: Act::CountIn.id(),
        call: Act::CountIn.name(),
        phrases: &["staff count in {who}"],
        arguments: NOBODY,
        from: &[],
        to: &[SERVING],
        causes: &[CREATED, STATUS_UPDATED],
        provenance: Assumed(
            "H2 names the tag CAPACITY of anonymous capacity visits; the body and the state are not written",
        ),
    },
    Action {
        id: Act::Return.id(),
        call: Act::Return.name(),
        phrases: &["{who} comes back as {again}"],
        arguments: &[
            Argument { name: "who", kind: ArgumentKind::Other(VISIT, &[COMPLETE]) },
            Argument { name: "again", kind: NEW },
        ],
        from: &[],
        to: &[WAITING],
        causes: NEWCOMER,
        provenance: Documented(
            "VC: a customer is matched by e-mail or phone; numVisits counts (seed 002)",
        ),
    },
    Action {
        id: Act::Book.id(),
        call: Act::Book.name(),
        phrases: &[
            "{who} books a slot in {ahead} for {people} people",
            "{who} books a slot in {ahead} at {where}",
            "{who} books a slot in {ahead}",
        ],
        arguments: SLOT,
        from: &[],
        to: &[BOOKED],
        causes: &[CREATED, MESSAGE_CREATED],
        provenance: Documented("seed 002"),
    },
    Action {
        id: Act::Request.id(),
        call: Act::Request.name(),
        phrases: &[
            "{who} requests a slot in {ahead} for {people} people",
            "{who} requests a slot in {ahead} at {where}",
            "{who} requests a slot in {ahead}",
        ],
        arguments: SLOT,
        from: &[],
        to: &[DRAFT],
        causes: &[CREATED, MESSAGE_CREATED],
        provenance: Assumed("VS: a booking request awaits approval; the webhook is not named"),
    },
    Action {
        id: Act::Hold.id(),
        call: Act::Hold.name(),
        phrases: &[
            "{who} begins to book a slot in {ahead} for {people} people",
            "{who} begins to book a slot in {ahead} at {where}",
            "{who} begins to book a slot in {ahead}",
        ],
        arguments: SLOT,
        from: &[],
        to: &[PENDING],
        causes: &[CREATED],
        provenance: Assumed(
            "VS: a slot is held while the guest registers; the webhook is not named (setting `hold_fires`)",
        ),
    },
    on_visit(
        Act::Submit,
        &["{who} submits the booking form"],
        &[PENDING],
        &[BOOKED],
        &[UPDATED, CREATED, MESSAGE_CREATED],
        Assumed("VS; the first webhook of a held booking depends on the setting `hold_fires`"),
    ),
    on_visit(
        Act::HoldExpires,
        &[],
        &[PENDING],
        &[REMOVED],
        &[DELETED],
        Assumed("pendingExpireTime (seed 002); what it sends is the setting `hold_expiry_fires`"),
    ),
    on_visit(
        Act::Approve,
        &["staff approve {who}"],
        &[DRAFT],
        &[BOOKED],
        &[UPDATED, MESSAGE_CREATED],
        Documented("VS; H5: the confirmation is sent then"),
    ),
    on_visit(
        Act::Reject,
        &["staff reject {who}"],
        &[DRAFT],
        &[COMPLETE],
        CHANGE,
        Documented("VS; that no tag is set is assumed"),
    ),
    Action {
        id: Act::Reschedule.id(),
        call: Act::Reschedule.name(),
        phrases: &["{who} reschedules to a slot in {ahead}"],
        arguments: &[SUBJECT, Argument { name: "ahead", kind: AHEAD }],
        from: &[DRAFT, BOOKED],
        to: &[DRAFT, BOOKED],
        causes: CHANGE,
        provenance: Documented("seed 002: every change; VU: date"),
    },
    on_visit(
        Act::Sync,
        &["staff move the booking of {who} to the waitlist"],
        &[BOOKED],
        &[WAITING],
        &[UPDATED, STATUS_UPDATED],
        Documented(
            "seed 002: no second visit.created; that it joins the end of the line is assumed",
        ),
    ),
    on_visit(
        Act::SyncByItself,
        &[],
        &[BOOKED],
        &[WAITING],
        &[UPDATED, STATUS_UPDATED],
        Documented("seed 002: a booking synced to the waitlist (setting `waitlist_sync`)"),
    ),
    on_visit(
        Act::Serve,
        &["staff serve {who}"],
        UPCOMING,
        &[SERVING],
        MOVING,
        Documented("seed 002; VS: the serving message"),
    ),
    on_visit(
        Act::Complete,
        &["staff complete {who}"],
        &[SERVING],
        &[COMPLETE],
        MOVING,
        Documented("VS; that completedTime is set then and position is null afterwards is assumed"),
    ),
    on_visit(
        Act::CompleteByItself,
        &[],
        &[SERVING],
        &[COMPLETE],
        MOVING,
        Documented("VS: auto-complete (setting `auto_complete`)"),
    ),
    on_visit(
        Act::Cancel,
        &["{who} cancels"],
        &[DRAFT, BOOKED, WAITING],
        &[COMPLETE],
        MOVING,
        Documented(
            "H2: CANCELLED completes the visit at once (H3, older, says otherwise); from DRAFT is assumed",
        ),
    ),
    on_visit(
        Act::NoShow,
        &["{who} does not show up"],
        UPCOMING,
        &[COMPLETE],
        MOVING,
        Documented("H2, H3, PD; the spelling is the setting `no_show_tag`"),
    ),
    on_visit(
        Act::Remove,
        &["staff remove {who} from the waitlist"],
        &[WAITING],
        &[COMPLETE],
        MOVING,
        Documented("seed 002: removing is not visit.removed; H1, PD: the tag REMOVED"),
    ),
    on_visit(
        Act::Expire,
        &[],
        UPCOMING,
        &[COMPLETE],
        MOVING,
        Documented("H2: EXPIRED, by an automatic rule (setting `expires_after`)"),
    ),
    on_visit(
        Act::Restore,
        &["staff restore {who} to the waitlist"],
        &[COMPLETE],
        &[WAITING],
        &[UPDATED, STATUS_UPDATED],
        Documented(
            "seed 002: no second visit.created; end of the line, cleared times and tags are assumed",
        ),
    ),
    on_visit(
        Act::RestoreBooking,
        &["staff restore the booking of {who}"],
        &[COMPLETE],
        &[BOOKED],
        CHANGE,
        Documented("seed 002: no second visit.created; cleared times and tags are assumed"),
    ),
    Action {
        id: Act::Move.id(),
        call: Act::Move.name(),
        phrases: &["staff move {who} to position {place}"],
        arguments: &[SUBJECT, Argument { name: "place", kind: ArgumentKind::Integer(1, 10_000) }],
        from: &[WAITING],
        to: &[WAITING],
        causes: &[UPDATED, MESSAGE_CREATED],
        provenance: Documented("VU: position; beyond the end means the end (assumed)"),
    },
    Action {
        id: Act::Transfer.id(),
        call: Act::Transfer.name(),
        phrases: &["staff transfer {who} to {where} as {again}"],
        arguments: &[SUBJECT, ANYWHERE, Argument { name: "again", kind: NEW }],
        from: &[WAITING],
        to: &[COMPLETE],
        causes: &[UPDATED, CREATED, MESSAGE_CREATED, STATUS_UPDATED],
        provenance: Documented(
            "H1: a move to another location is a new visit; that the old one is completed is assumed",
        ),
    },
    Action {
        id: Act::Alert.id(),
        call: Act::Alert.name(),
        phrases: &["staff alert {who}"],
        arguments: &[
            SUBJECT,
            Argument { name: "who", kind: ArgumentKind::New(Kind::Message.name()) },
        ],
        from: UPCOMING,
        to: UPCOMING,
        causes: &[UPDATED, MESSAGE_CREATED],
        provenance: Documented("H2: ALERTED, by the bell; seed 002: the message WAITLIST-ALERT"),
    },
    on_visit(
        Act::Arrive,
        &["{who} arrives"],
        UPCOMING,
        UPCOMING,
        CHANGE,
        Documented("H2: ARRIVED, set by guest or staff"),
    ),
    on_visit(
        Act::Confirm,
        &["{who} confirms to come"],
        UPCOMING,
        UPCOMING,
        CHANGE,
        Documented("H2: CONFIRMED"),
    ),
    on_visit(
        Act::Delay,
        &["{who} runs late"],
        UPCOMING,
        UPCOMING,
        CHANGE,
        Documented("H3: DELAYED"),
    ),
    on_visit(
        Act::Flag,
        &["staff flag {who}"],
        &[BOOKED, WAITING, SERVING],
        &[BOOKED, WAITING, SERVING],
        CHANGE,
        Documented("H3: FLAGGED"),
    ),
    on_visit(
        Act::Prioritize,
        &["staff prioritize {who}"],
        &[BOOKED, WAITING, SERVING],
        &[BOOKED, WAITING, SERVING],
        CHANGE,
        Documented("PD: the tag PRIORITIZED; that its visit keeps its place is assumed"),
    ),
    Action {
        id: Act::Resize.id(),
        call: Act::Resize.name(),
        phrases: &["{who} changes the party to {people}"],
        arguments: &[SUBJECT, Argument { name: "people", kind: PEOPLE }],
        from: LIVE,
        to: LIVE,
        causes: &[UPDATED, STATUS_UPDATED],
        provenance: Documented("VU: partySize 1 to 100"),
    },
    Action {
        id: Act::Rename.id(),
        call: Act::Rename.name(),
        phrases: &["staff correct the name of {who} to {text}"],
        arguments: &[SUBJECT, Argument { name: "text", kind: ArgumentKind::Text }],
        from: LIVE,
        to: LIVE,
        causes: CHANGE,
        provenance: Documented("seed 002: an update to customer information by a staff user"),
    },
    on_visit(
        Act::Delete,
        &["the visit of {who} is deleted"],
        ANY,
        &[REMOVED],
        &[DELETED, UPDATED, MESSAGE_CREATED, STATUS_UPDATED],
        Documented("seed 002: deleted through the API, with a snapshot"),
    ),
    on_visit(
        Act::DeleteCustomer,
        &["staff delete the customer {who}"],
        ANY,
        &[REMOVED],
        &[DELETED, UPDATED, MESSAGE_CREATED, STATUS_UPDATED],
        Documented("seed 002: the customer is removed from the customer database in the UI"),
    ),
    Action {
        id: Act::Close.id(),
        call: Act::Close.name(),
        phrases: &["staff close {where}"],
        arguments: PLACE,
        from: &[OPEN],
        to: &[CLOSED],
        causes: &[STATUS_UPDATED],
        provenance: Documented("WR: any change in status; isForceClosed is seen in public readers"),
    },
    Action {
        id: Act::Open.id(),
        call: Act::Open.name(),
        phrases: &["staff open {where}"],
        arguments: PLACE,
        from: &[CLOSED],
        to: &[OPEN],
        causes: &[STATUS_UPDATED],
        provenance: Documented("WR: any change in status; isForceClosed is seen in public readers"),
    },
    on_visit(
        Act::Remind,
        &[],
        &[BOOKED],
        &[BOOKED],
        &[MESSAGE_CREATED],
        Documented("H5: a booking's reminder (settings `messages` and `reminder`)"),
    ),
    on_visit(
        Act::FollowUp,
        &[],
        &[COMPLETE],
        &[COMPLETE],
        &[MESSAGE_CREATED],
        Documented("H5: a follow-up (settings `messages` and `follow_up_after`)"),
    ),
    Action {
        id: Act::DeliverMessage.id(),
        call: Act::DeliverMessage.name(),
        phrases: &[],
        arguments: MESSAGE,
        from: &[UNDELIVERED],
        to: &[DELIVERED],
        causes: &[MESSAGE_UPDATED],
        provenance: Documented("WR: PENDING to DELIVERED (setting `message_takes`)"),
    },
    Action {
        id: Act::FailMessage.id(),
        call: Act::FailMessage.name(),
        phrases: &[],
        arguments: MESSAGE,
        from: &[UNDELIVERED],
        to: &[FAILED],
        causes: &[MESSAGE_UPDATED],
        provenance: Assumed("H7: deliveries fail; the spelling is the setting `failed_state`"),
    },
];
