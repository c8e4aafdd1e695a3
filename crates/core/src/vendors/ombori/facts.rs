//! What Ombori's documents say that its webhooks show, and whether it is played.

use crate::model::Play::{Api, ByDefault, LeftOut, Profile, Setting};
use crate::model::Seen::{Actions, Key, Nowhere, States, Triggers, Values};
use crate::model::{Fact, Play};

const MODEL: Play = Profile("position-model");

/// Everything that is documented, in the order of the documents.
pub static FACTS: &[Fact] = &[
    Fact::new(
        "the triggers of the newest page",
        Triggers(&[
            "positionCreated",
            "bookingConfirmation",
            "bookingActivated",
            "bookingUpdated",
            "positionRemoved",
            "positionRetry",
            "positionCalled",
            "positionFulfilled",
            "positionCompleted",
            "positionCancelled",
            "positionCancelledByStaff",
            "feedbackReceived",
        ]),
        ByDefault,
        "seed 001",
    ),
    Fact::new(
        "the older trigger",
        Triggers(&["bookingRemoved"]),
        Profile("2021-01"),
        "seed 000, v5",
    ),
    Fact::new(
        "the statuses",
        States("position", &["draft", "pending", "notified", "fulfilled", "completed", "rejected"]),
        ByDefault,
        "e-mail",
    ),
    Fact::new(
        "a reservation that is not confirmed",
        States("position", &["reserved"]),
        Api,
        "REST page on reservations: no webhook is documented",
    ),
    Fact::new("the text for the customer", Key("message"), ByDefault, "seed 000"),
    Fact::new("the type of a webhook", Key("type"), ByDefault, "seed 000"),
    Fact::new("the tenant", Key("organization"), ByDefault, "seed 000"),
    Fact::new("the position: all keys but those below", Key("data"), ByDefault, "seed 000"),
    Fact::new(
        "types of tickets",
        Values("data.position.type", &["anonymous", "manual", "booking"]),
        ByDefault,
        "position model",
    ),
    Fact::new(
        "languages",
        Values("data.position.locale", &["en", "sv", "ar"]),
        ByDefault,
        "position model",
    ),
    Fact::new(
        "more languages",
        Nowhere,
        LeftOut("the documents that were found do not list them"),
        "settings",
    ),
    Fact::new(
        "ways of notifying a guest",
        Values("data.position.notification.type", &["phoneNumber", "email", "applePass"]),
        ByDefault,
        "seed 000, position model",
    ),
    Fact::new(
        "how far a guest has been notified",
        Key("data.position.notification.status"),
        LeftOut(
            "when each of its six values is set is not documented, nor that a webhook tells it",
        ),
        "position model",
    ),
    Fact::new(
        "the registration form as an object",
        Key("data.position.registrationData"),
        ByDefault,
        "v7",
    ),
    Fact::new(
        "the registration form as an array",
        Key("data.position.registrationData[]"),
        MODEL,
        "position model",
    ),
    Fact::new(
        "types of questions in it",
        Values("data.position.registrationData[].type", &["input", "phone"]),
        MODEL,
        "position model",
    ),
    Fact::new(
        "a question for an e-mail address",
        Values("data.position.registrationData[].type", &["email"]),
        Setting("registration"),
        "position model",
    ),
    Fact::new(
        "more types of questions",
        Values(
            "data.position.registrationData[].type",
            &["textarea", "checkbox", "radio", "category"],
        ),
        LeftOut("which values their answers have is not documented"),
        "position model",
    ),
    Fact::new(
        "whether a booking is by video",
        Key("data.position.booking.virtualAppointment"),
        ByDefault,
        "v10",
    ),
    Fact::new(
        "the meeting of a booking by video",
        Key("data.position.booking.virtualAppointment.eventId"),
        LeftOut("no example of an enabled one is known"),
        "position model",
    ),
    Fact::new(
        "its link",
        Key("data.position.booking.virtualAppointment.url"),
        LeftOut("no example of an enabled one is known"),
        "position model",
    ),
    Fact::new(
        "the id of who holds it",
        Key("data.position.booking.virtualAppointment.managerId"),
        LeftOut("no example of an enabled one is known"),
        "position model",
    ),
    Fact::new(
        "the address of who holds it",
        Key("data.position.booking.virtualAppointment.managerEmail"),
        LeftOut("no example of an enabled one is known"),
        "position model",
    ),
    Fact::new(
        "an appointment with a member of staff",
        Key("data.position.booking.appointment"),
        LeftOut("how one is made is not documented"),
        "position model",
    ),
    Fact::new(
        "what a guest does after being served",
        Values("data.position.extraStatus", &["goToEntrance"]),
        ByDefault,
        "seed 000",
    ),
    Fact::new(
        "times to leave, and reminders of them",
        Nowhere,
        LeftOut(
            "what sets leaveAt and leaveReminderAt is not documented: they are null, as in the examples",
        ),
        "seed 000, v10",
    ),
    Fact::new("when a slot began", Key("data.position.activatedAt"), MODEL, "position model"),
    Fact::new("who checked a guest in", Key("data.position.fulfilledBy"), MODEL, "position model"),
    Fact::new("who serves a guest", Key("data.position.servedById"), MODEL, "position model"),
    Fact::new(
        "who serves a guest, with names",
        Key("data.position.servedBy"),
        ByDefault,
        "v9, position model",
    ),
    Fact::new(
        "what a program knows about a customer",
        Key("data.position.customerInfo"),
        Api,
        "REST page: join",
    ),
    Fact::new("tags", Key("data.position.tags"), Api, "REST page: join"),
    Fact::new(
        "a program's own data",
        Key("data.position.customData"),
        Api,
        "REST page on reservations",
    ),
    Fact::new("manual tickets", Actions(&["issue-ticket"]), ByDefault, "manual"),
    Fact::new(
        "manual tickets of high priority, whose number is the setting `high_priority`",
        Actions(&["issue-urgent-ticket"]),
        ByDefault,
        "manual",
    ),
    Fact::new(
        "reservations",
        Actions(&["reserve", "confirm"]),
        ByDefault,
        "REST page on reservations",
    ),
    Fact::new(
        "check-in with the QR code of a booking",
        Actions(&["scan-code"]),
        ByDefault,
        "seed 000",
    ),
    Fact::new(
        "a reset that closes all open tickets of a queue",
        Actions(&["reset"]),
        ByDefault,
        "settings",
    ),
    Fact::new(
        "a check-out by itself",
        Actions(&["check-out-by-itself"]),
        Setting("auto_checkout"),
        "release notes",
    ),
    Fact::new(
        "calls by themselves",
        Nowhere,
        LeftOut("what they send is not documented"),
        "settings",
    ),
    Fact::new(
        "a transfer to another queue, and another place in line",
        Nowhere,
        LeftOut("no webhook is documented"),
        "settings, release notes",
    ),
    Fact::new("curbside pickup", Nowhere, LeftOut("documented only in part"), "position model"),
    Fact::new("a guest's place in line, `numberInTheQueue`", Nowhere, Api, "REST page: join"),
    Fact::new(
        "the e-mail templates",
        Nowhere,
        LeftOut("their types have the names of webhooks but other meanings"),
        "e-mail",
    ),
];
