//! The constant parts of the bodies of one order or one event; ids; and the owners of answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::for_any_run;
use crate::seen::{Seen, list, lives, replay, text, whole};

/// What may change in an order, by the path of its object. Everything else is constant.
const OF_ORDERS: &[(&str, &[&str])] = &[
    ("", &["cancellation_invoice"]),
    ("/event", &["title", "start_date", "end_date", "status"]),
    (
        "/order_details",
        &[
            "first_name",
            "last_name",
            "status",
            "cancellation_date",
            "removed_date",
            "organizer_comment",
            "regenerate_requested_date",
            "booking_approval_date",
            "cancellation_invoice_id",
        ],
    ),
    (
        "/order_details/payment",
        &["payment_date", "status", "invoice_file_url", "cancellation_invoice_link"],
    ),
    ("/order_details/payment/original_tickets", &["passbook_link"]),
    ("/order_details/attendees/[]", &["status", "first_name", "last_name"]),
    ("/order_details/attendees/[]/ticket", &["status", "passbook_link"]),
];

/// What may change in an event.
const OF_EVENTS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "title",
            "description",
            "short_description",
            "start_date",
            "end_date",
            "update_date",
            "live_date",
            "is_deleted",
            "deletion_date",
            "cancelled_date",
            "comment",
            "status",
            "amount",
            "is_publishable",
            "total_revenue",
            "has_order_with_booking_approval",
            "participants_count",
        ],
    ),
    // It follows from the day on which the event begins, which may be moved across a clock change.
    ("/address", &["timezone_offset"]),
    (
        "/ticket_categories/[]",
        &[
            "start_date",
            "available_amount",
            "is_ended",
            "taken_amount",
            "max_available_amount",
            "min_available_amount",
        ],
    ),
];

/// A body without what may change in it.
fn constant(body: &Json, path: &str, changes: &[(&str, &[&str])]) -> Json {
    match body {
        Json::Object(object) => {
            let here = changes.iter().find(|(place, _)| *place == path);
            let keys = here.map_or(&[] as &[&str], |(_, keys)| keys);
            let stay = object.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
            stay.map(|(key, value)| {
                (key.clone(), constant(value, &format!("{path}/{key}"), changes))
            })
            .collect()
        }
        Json::Array(items) => {
            items.iter().map(|item| constant(item, &format!("{path}/[]"), changes)).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn what_was_first_never_changes() {
    for_any_run(2_000, |run| {
        let mut cases = 0;
        for (kind, changes) in [("order_", OF_ORDERS), ("event_", OF_EVENTS)] {
            for life in lives(&run.seen, kind) {
                let first = constant(&life[0].body, "", changes);
                for one in &life[1..] {
                    cases += 1;
                    assert_eq!(constant(&one.body, "", changes), first, "{}", one.here());
                }
            }
        }
        cases
    });
}

/// If both triggers of a cancellation are sent, they have the same body.
#[test]
fn two_webhooks_of_one_change_say_the_same() {
    for_any_run(20, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            for pair in life.windows(2).filter(|pair| pair[1].trigger == "order_cancelled") {
                if pair[0].action == pair[1].action && pair[0].at == pair[1].at {
                    cases += 1;
                    assert_eq!(pair[0].body, pair[1].body);
                }
            }
        }
        cases
    });
}

/// Ids are texts or numbers as documented, below 2^31, and each belongs to one object only.
#[test]
fn ids_have_the_documented_types_and_belong_to_one_alone() {
    for_any_run(4_000, |run| {
        let mut owners: BTreeMap<(&str, i64), String> = BTreeMap::new();
        let mut own = |kind, id: i64, owner: String| {
            assert!((1..1 << 31).contains(&id), "{kind} {id}");
            let known = owners.entry((kind, id)).or_insert_with(|| owner.clone());
            assert_eq!(*known, owner, "{kind} {id} is of two");
        };
        for one in &run.seen {
            if one.is_event() {
                assert!(one.body["id"].is_i64(), "{}", one.here());
                for category in list(&one.body, "ticket_categories") {
                    assert!(category["id"].is_string());
                    own("category", whole(&category["id"]), one.id());
                }
            } else if one.is_order() {
                assert!(one.body["event"]["id"].is_string());
                own("order", whole(&one.order()["id"]), one.id());
                for attendee in list(one.order(), "attendees") {
                    own("attendee", whole(&attendee["id"]), one.id());
                    let of = text(attendee, "id").to_owned();
                    own("ticket", whole(&attendee["ticket"]["id"]), of);
                }
                for category in list(&one.body["event"], "ticket_categories") {
                    assert!(category["id"].is_i64());
                    own("category", whole(&category["id"]), one.event_id());
                }
            }
        }
        owners.len()
    });
}

/// Seed 003, 3.4.3: if an event asks only the booker, its attendees have three keys.
#[test]
fn attendees_have_three_keys_where_the_booker_alone_is_asked() {
    const BARE: &[&str] = &["id", "status", "ticket"];
    for_any_run(600, |run| {
        let mut cases = 0;
        let mut kinds: BTreeMap<String, bool> = BTreeMap::new();
        for one in run.seen.iter().filter(|one| one.is_event()) {
            let asked = &one.body["questions"]["attendee_questions"];
            let nobody = list(asked, "default_questions").is_empty()
                && list(asked, "additional_questions").is_empty();
            assert_eq!(*kinds.entry(one.id()).or_insert(nobody), nobody, "{}", one.here());
        }
        for one in run.seen.iter().filter(|one| one.is_order()) {
            for attendee in list(one.order(), "attendees") {
                let keys: BTreeSet<&str> =
                    attendee.as_object().expect("it is one").keys().map(String::as_str).collect();
                let bare = keys == BARE.iter().copied().collect();
                assert!(bare || keys.contains("answers"), "{}", one.here());
                cases += usize::from(bare);
                let known = *kinds.entry(one.event_id()).or_insert(bare);
                assert_eq!(bare, known, "{}", one.here());
            }
        }
        cases
    });
}

#[test]
fn answers_answer_the_questions_of_the_event() {
    for_any_run(5_000, |run| {
        let mut cases = 0;
        replay(&run.seen, |known, one| {
            if !one.is_order() {
                return;
            }
            let questions = known.events.get(&one.event_id()).map(|event| &event["questions"]);
            let bookers = questions.map(|questions| labels(&questions["buyer_questions"]));
            answer(list(one.order(), "buyer_answers"), bookers, one);
            let asked = questions.map(|questions| labels(&questions["attendee_questions"]));
            for attendee in list(one.order(), "attendees") {
                let Some(answers) = attendee["answers"].as_array() else { continue };
                cases += 1;
                assert!(answers.iter().all(|answer| answer["attendee_id"] == attendee["id"]));
                answer(answers, asked.clone(), one);
            }
        });
        cases
    });
}

fn labels(questions: &Json) -> BTreeSet<&str> {
    list(questions, "additional_questions").iter().map(|one| text(one, "label")).collect()
}

/// Each answer is to another question. If the questions are known, all of them are answered.
fn answer(answers: &[Json], questions: Option<BTreeSet<&str>>, one: &Seen) {
    let answered: BTreeSet<&str> = answers.iter().map(|answer| text(answer, "question")).collect();
    assert!(answered.len() == answers.len() && !answers.is_empty(), "{}", one.here());
    assert!(questions.is_none_or(|questions| questions == answered), "{}", one.here());
}
