//! The settings of a Waitwhile account and of its traffic, with visible defaults.

use crate::model::Provenance::{Assumed, Documented};
use crate::model::{Provenance, Setting, SettingKind};

const fn setting(
    name: &'static str,
    default: &'static str,
    kind: SettingKind,
    about: &'static str,
    provenance: Provenance,
) -> Setting {
    Setting { name, default, kind, about, provenance }
}

const OURS: Provenance = Assumed("invented for the simulation");

/// The kinds of message that the vendor sends by itself (H5).
pub const AUTOMATIC: &[&str] = &[
    "none",
    "confirmation",
    "next-in-line",
    "reminder",
    "serving",
    "completed",
    "follow-up",
    "cancelled",
    "no-show",
];

/// The settings of an account.
pub const SETTINGS: &[Setting] = &[
    setting(
        "business",
        "Demo Desk",
        SettingKind::Text,
        "name of the business, in its messages",
        Documented("seed 002: substitutions.businessName"),
    ),
    setting(
        "locations",
        "Downtown, Uptown, Airport",
        SettingKind::List,
        "names of the locations, each with a waitlist of its own; the first is meant if none is said",
        OURS,
    ),
    setting(
        "time_zone",
        "America/New_York",
        SettingKind::TimeZone,
        "local time of the locations, in which a booking's `date` is written",
        Documented("seed 002: `date` without a zone; the zone is ours"),
    ),
    setting(
        "resources",
        "Desk 1, Desk 2, Desk 3",
        SettingKind::List,
        "who or what serves guests at each location; a webhook carries only ids",
        OURS,
    ),
    setting(
        "resource_capacity",
        "1",
        SettingKind::Integer(1, 100),
        "how many a resource serves at the same time, and how many bookings it takes for one slot",
        OURS,
    ),
    setting(
        "services",
        "Consultation, Pickup, Advice",
        SettingKind::List,
        "what guests come for, at each location; a webhook carries only ids",
        OURS,
    ),
    setting(
        "service_capacity",
        "3",
        SettingKind::Integer(1, 1000),
        "how many bookings of a service fit into one slot of a location; whoever finds one full takes another",
        OURS,
    ),
    setting(
        "data_fields",
        "1",
        SettingKind::Integer(0, 5),
        "how many questions the form asks (dataFields)",
        OURS,
    ),
    setting(
        "locales",
        "en-US, es-US, de-DE",
        SettingKind::List,
        "languages of the guests; some have none",
        Documented("seed 002: en-US or null; the others are ours"),
    ),
    setting(
        "slot",
        "30m",
        SettingKind::Duration,
        "length of a booking, in whole minutes; slots begin at multiples of it",
        Documented("seed 002: duration 1800"),
    ),
    setting(
        "service_time",
        "6m",
        SettingKind::Duration,
        "how long serving takes until real times are known; estimates begin with it",
        OURS,
    ),
    setting(
        "estimates_fire",
        "with-position",
        SettingKind::Choice(&["with-position", "always"]),
        "whether a changed estimate alone sends visit.updated, or only with a new position",
        Assumed("\"every change\" suggests always; it is not stated"),
    ),
    setting(
        "hold",
        "10m",
        SettingKind::Duration,
        "how long a slot is held while the guest fills in the form (pendingExpireTime); off: for ever",
        Assumed("the length is not documented"),
    ),
    setting(
        "hold_fires",
        "visit.created",
        SettingKind::Choice(&["visit.created", "nothing"]),
        "what a held booking sends; with nothing, visit.created comes with the form",
        Assumed("not documented"),
    ),
    setting(
        "hold_expiry_fires",
        "visit.removed",
        SettingKind::Choice(&["visit.removed", "nothing"]),
        "what a hold sends that has expired",
        Assumed("not documented"),
    ),
    setting(
        "waitlist_sync",
        "off",
        SettingKind::Duration,
        "move bookings to the waitlist by itself so long before their slot",
        Documented("seed 002: booking to waitlist sync; off unless set up"),
    ),
    setting(
        "expires_after",
        "off",
        SettingKind::Duration,
        "complete a visit with EXPIRED so long after it joined the waitlist or its slot began",
        Documented("H2: an automatic rule; off unless set up"),
    ),
    setting(
        "auto_complete",
        "off",
        SettingKind::Duration,
        "complete a visit so long after it was served",
        Documented("VS: auto-complete; off unless set up"),
    ),
    setting(
        "no_show_tag",
        "NOSHOW",
        SettingKind::Choice(&["NOSHOW", "NO-SHOW"]),
        "how the tag of a no-show is spelled",
        Documented("H4: NOSHOW; H3: NO-SHOW"),
    ),
    setting(
        "messages",
        "confirmation, reminder, cancelled",
        SettingKind::Choices(AUTOMATIC),
        "which messages are sent by themselves; an alert always sends one",
        Documented("H5: the kinds; which are on is ours"),
    ),
    setting(
        "reminder",
        "1h",
        SettingKind::Duration,
        "how long before its slot a booking is reminded of",
        OURS,
    ),
    setting(
        "follow_up_after",
        "1h",
        SettingKind::Duration,
        "how long after it was completed a visit is followed up",
        OURS,
    ),
    setting(
        "message_takes",
        "5s",
        SettingKind::Duration,
        "how long a message is PENDING; off: for ever",
        Assumed("not documented"),
    ),
    setting(
        "undelivered",
        "2%",
        SettingKind::Share,
        "share of messages whose delivery fails",
        OURS,
    ),
    setting(
        "failed_state",
        "FAILED",
        SettingKind::Text,
        "how the state of a message is spelled that was not delivered",
        Assumed("only PENDING and DELIVERED are documented"),
    ),
    setting(
        "host",
        "waitwhile.example.test",
        SettingKind::Text,
        "host of the links in messages",
        Documented("seed 002: waitwhile.com; ours reaches nobody"),
    ),
];

/// The settings of the traffic.
pub const TRAFFIC: &[Setting] = &[
    setting(
        "arrivals",
        "0,0,0,0,0,0,0,4,12,18,22,24,26,24,20,20,22,25,18,8,0,0,0,0",
        SettingKind::Hours,
        "guests an hour at each location, by local hour of the day",
        OURS,
    ),
    setting(
        "bookings",
        "20%",
        SettingKind::Share,
        "share of guests who book a slot instead of joining the waitlist",
        OURS,
    ),
    setting(
        "requests",
        "10%",
        SettingKind::Share,
        "share of bookings that staff have to approve",
        OURS,
    ),
    setting(
        "holds",
        "15%",
        SettingKind::Share,
        "share of bookings that begin with a held slot; one in four of them is never submitted",
        OURS,
    ),
    setting("reschedules", "8%", SettingKind::Share, "share of bookings that are moved", OURS),
    setting(
        "synced",
        "40%",
        SettingKind::Share,
        "share of arriving bookings that staff put on the waitlist",
        OURS,
    ),
    setting(
        "staff_added",
        "15%",
        SettingKind::Share,
        "share of walk-ins whom staff add to the waitlist",
        OURS,
    ),
    setting("returns", "10%", SettingKind::Share, "share of walk-ins who were here before", OURS),
    setting("cancels", "6%", SettingKind::Share, "share of guests who cancel", OURS),
    setting(
        "no_show",
        "5%",
        SettingKind::Share,
        "share of alerted guests who do not show up",
        OURS,
    ),
    setting(
        "restored",
        "25%",
        SettingKind::Share,
        "share of those who turn up after all and are restored",
        OURS,
    ),
    setting(
        "moved",
        "4%",
        SettingKind::Share,
        "share of waiting guests whom staff move in line, to another location, or off the list",
        OURS,
    ),
    setting(
        "edits",
        "10%",
        SettingKind::Share,
        "share of guests who change their party or say that they are late or have arrived",
        OURS,
    ),
    setting(
        "deleted",
        "1%",
        SettingKind::Share,
        "share of visits that are deleted afterwards, alone or with their customer",
        OURS,
    ),
    setting(
        "service",
        "5m 30s",
        SettingKind::Duration,
        "median time of serving; times are skewed around it",
        OURS,
    ),
    setting(
        "break_every",
        "3h",
        SettingKind::Duration,
        "how long a desk is staffed between breaks",
        OURS,
    ),
    setting("break", "20m", SettingKind::Duration, "how long a break lasts", OURS),
];
