//! What Waitwhile's documents say that its webhooks show, and whether it is played.

use crate::model::Play::{Api, ByDefault, LeftOut, Login, Setting};
use crate::model::Seen::{Actions, Key, Nowhere, States, Triggers, Values};
use crate::model::{Fact, Play};

const MESSAGES: Play = Setting("messages");

/// Everything that is documented, in the order of the documents.
pub static FACTS: &[Fact] = &[
    Fact::new(
        "the triggers",
        Triggers(&[
            "visit.created",
            "visit.updated",
            "visit.removed",
            "message.created",
            "message.updated",
            "location-status.updated",
        ]),
        ByDefault,
        "WH, WR",
    ),
    Fact::new(
        "states of a visit",
        States("visit", &["PENDING", "DRAFT", "BOOKED", "WAITING", "SERVING", "COMPLETE"]),
        ByDefault,
        "VS",
    ),
    Fact::new(
        "deleted visits",
        States("visit", &["REMOVED"]),
        ByDefault,
        "seed 002: visit.removed",
    ),
    Fact::new("states of a message", States("message", &["PENDING", "DELIVERED"]), ByDefault, "WR"),
    Fact::new(
        "messages that fail",
        States("message", &["FAILED"]),
        ByDefault,
        "H7; the spelling is the setting `failed_state`",
    ),
    Fact::new(
        "locations that staff close by force",
        States("location", &["OPEN", "CLOSED"]),
        ByDefault,
        "LS: isForceClosed",
    ),
    Fact::new("the envelope", Key("id"), ByDefault, "seed 002"),
    Fact::new("when it was created", Key("created"), ByDefault, "seed 002"),
    Fact::new("the account", Key("accountId"), ByDefault, "seed 002"),
    Fact::new("the type of a webhook", Key("type"), ByDefault, "seed 002"),
    Fact::new("something new or gone", Key("data"), ByDefault, "seed 002"),
    Fact::new("something that changed", Key("before"), ByDefault, "seed 002"),
    Fact::new("the same afterwards", Key("after"), ByDefault, "seed 002"),
    Fact::new("a visit: all keys but those below", Key("visit"), ByDefault, "seed 002"),
    Fact::new(
        "the e-mail address of a guest",
        Key("visit.email"),
        Api,
        "VC: answers of the API alone",
    ),
    Fact::new(
        "a guest's consent",
        Key("visit.policyConsent"),
        LeftOut("a key of requests that no webhook shows"),
        "a public program",
    ),
    Fact::new(
        "tags",
        Values(
            "visit.tags[]",
            &[
                "ALERTED",
                "ARRIVED",
                "CANCELLED",
                "CAPACITY",
                "CONFIRMED",
                "DELAYED",
                "FLAGGED",
                "NO-SHOW",
                "PRIORITIZED",
                "REMOVED",
            ],
        ),
        ByDefault,
        "H2, H3, PD",
    ),
    Fact::new(
        "the tag of an automatic rule",
        Values("visit.tags[]", &["EXPIRED"]),
        Setting("expires_after"),
        "H2",
    ),
    Fact::new(
        "the other spelling of a no-show",
        Values("visit.tags[]", &["NOSHOW"]),
        Setting("no_show_tag"),
        "H4",
    ),
    Fact::new(
        "the tag of imported visits",
        Values("visit.tags[]", &["IMPORTED"]),
        Api,
        "PD; what an import holds is not documented",
    ),
    Fact::new(
        "where a visit comes from",
        Values("visit.source", &["WEB-APP"]),
        ByDefault,
        "seed 002",
    ),
    Fact::new("other sources, which are not known", Nowhere, Setting("sources"), "seed 002"),
    Fact::new(
        "blocks on the calendar, `isBlock`",
        Nowhere,
        LeftOut("what they send is not documented"),
        "seed 002",
    ),
    Fact::new(
        "visits that are only counted in",
        Actions(&["count-in"]),
        ByDefault,
        "H2: the tag CAPACITY; its flow is not documented",
    ),
    Fact::new(
        "several services or resources in one visit, and longer bookings",
        Nowhere,
        LeftOut("how they are made is not documented"),
        "VU",
    ),
    Fact::new("a message: all keys but those below", Key("message"), ByDefault, "seed 002"),
    Fact::new("channels", Values("message.channel", &["SMS", "EMAIL"]), ByDefault, "WR"),
    Fact::new(
        "an alert",
        Values("message.type", &["WAITLIST-ALERT"]),
        ByDefault,
        "seed 002: the only type that is written",
    ),
    Fact::new(
        "confirmations, reminders and cancellations, whose types are assumed",
        Values(
            "message.type",
            &[
                "WAITLIST-CONFIRMATION",
                "BOOKING-CONFIRMATION",
                "BOOKING-REMINDER",
                "WAITLIST-CANCELLED",
                "BOOKING-CANCELLED",
            ],
        ),
        ByDefault,
        "H5",
    ),
    Fact::new(
        "the confirmation of a booking request, whose type is assumed",
        Values("message.type", &["BOOKING-REQUEST"]),
        ByDefault,
        "VS",
    ),
    Fact::new(
        "all other kinds of messages, whose types are assumed",
        Values(
            "message.type",
            &[
                "WAITLIST-NEXT-IN-LINE",
                "WAITLIST-SERVING",
                "WAITLIST-COMPLETED",
                "WAITLIST-FOLLOW-UP",
                "WAITLIST-NO-SHOW",
            ],
        ),
        MESSAGES,
        "H5",
    ),
    Fact::new(
        "messages from guests, `isIncoming`, and chats",
        Nowhere,
        LeftOut("no example, type or state is documented"),
        "H5",
    ),
    Fact::new(
        "the status of a location: all keys that have a name in public",
        Key("location-status"),
        ByDefault,
        "LS",
    ),
    Fact::new(
        "some 35 further keys of it",
        Nowhere,
        LeftOut("one public reader reports them without names"),
        "LS",
    ),
    Fact::new(
        "why there is no estimate",
        Values("location-status.naEstWaitReason", &["LOCATION_CLOSED"]),
        ByDefault,
        "LS",
    ),
    Fact::new(
        "other reasons",
        Values("location-status.naEstWaitReason", &["WAIT_EXCEEDS_HOURS", "WAITLIST_DISABLED"]),
        LeftOut("opening hours and switched-off waitlists are not simulated"),
        "LS",
    ),
    Fact::new("a full waitlist, `isWaitlistFull`", Nowhere, Setting("waitlist_limit"), "LS"),
    Fact::new(
        "automatic rules",
        Actions(&["sync-by-itself"]),
        Setting("waitlist_sync"),
        "seed 002",
    ),
    Fact::new(
        "a visit that is completed by itself",
        Actions(&["complete-by-itself"]),
        Setting("auto_complete"),
        "VS",
    ),
    Fact::new(
        "webhooks for chosen locations",
        Nowhere,
        LeftOut("the name of the key is not documented"),
        "WH",
    ),
    Fact::new(
        "creating keys, and the query of an update",
        Nowhere,
        LeftOut("neither the path nor the names are known"),
        "AK, VU",
    ),
    Fact::new("API v1 (guests, waitlists)", Nowhere, LeftOut("its payloads are not known"), "V1"),
    Fact::new(
        "a token of the receiver in place of the signature",
        Nowhere,
        Login("oauth"),
        "AU: authenticating webhooks",
    ),
];
