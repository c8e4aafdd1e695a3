//! Requests that no vendor should send: the receiver refuses them clearly, and nothing changes.

use super::*;

#[tokio::test]
async fn an_invalid_order_is_refused_with_the_field() {
    let details = |more| {
        let mut body = paid();
        change(&mut body["order_details"], more);
        body
    };
    let outer = |more| {
        let mut body = paid();
        change(&mut body, more);
        body
    };
    let attendees = |more| details(json!({"attendees": more}));
    let id = "an id of 1 to 128 characters is needed";
    let ticket = |ticket| attendees(json!([{"id": "1", "status": "active", "ticket": ticket}]));
    let receiver = Receiver::good().await;
    for (body, answer) in [
        (json!([]), "422 the body is an array; an object is needed".to_owned()),
        (outer(json!({"order_details": "-"})), "422 order_details is missing; an object is needed".into()),
        (outer(json!({"event": "-"})), "422 event is missing; an object is needed".into()),
        (outer(json!({"event": {"id": 1.5}})), "422 event.id is 1.5; an id, as a number or a string is needed".into()),
        (outer(json!({"external_customer_id": 7})), "422 external_customer_id is 7; a string is needed".into()),
        (details(json!({"id": ""})), format!("422 order_details.id is \"\"; {id}")),
        (details(json!({"id": 12})), format!("422 order_details.id is 12; {id}")),
        (details(json!({"status": "paid"})), "422 order_details.status is \"paid\"; a status of an order is needed".into()),
        (details(json!({"status": {"active": null}})), "422 order_details.status is an object; a status of an order is needed".into()),
        (details(json!({"first_name": null})), "422 order_details.first_name is null; a string is needed".into()),
        (details(json!({"total_coupon_discount": "0"})), "422 order_details.total_coupon_discount is \"0\"; a whole number is needed".into()),
        (details(json!({"payment": {"amount": 142.8}})), "422 order_details.payment.amount is 142.8; a string is needed".into()),
        (details(json!({"attendees": "-"})), "422 order_details.attendees is missing; an array of objects is needed".into()),
        (attendees(json!({})), "422 order_details.attendees is an object; an array of objects is needed".into()),
        (attendees(json!([4])), "422 order_details.attendees[0] is 4; an object is needed".into()),
        (attendees(json!([{"id": "1", "status": "gone"}])), "422 order_details.attendees[0].status is \"gone\"; active or inactive is needed".into()),
        (ticket(json!([])), "422 order_details.attendees[0].ticket is an array; an object is needed".into()),
        (ticket(json!({"id": "2", "status": 1})), "422 order_details.attendees[0].ticket.status is 1; one of pending, valid, checked and cancelled is needed".into()),
    ] {
        assert_eq!(receiver.send("order-created", &body).await, answer);
    }
    assert_eq!(receiver.believes().await, "nothing");
}

#[tokio::test]
async fn an_invalid_event_is_refused_with_the_field() {
    let with = |more| {
        let mut body = event("live", 0, "Summit");
        change(&mut body, more);
        body
    };
    let receiver = Receiver::good().await;
    for (body, answer) in [
        (with(json!({"id": "-"})), "422 id is missing; an id, as a number or a string is needed"),
        (with(json!({"id": -3})), "422 id is -3; an id, as a number or a string is needed"),
        (
            with(json!({"status": "open"})),
            "422 status is \"open\"; one of draft, live, cancelled, done and deleted is needed",
        ),
        (with(json!({"is_deleted": 0})), "422 is_deleted is 0; a string is needed"),
        (with(json!({"update_date": null})), "422 update_date is null; a string is needed"),
    ] {
        assert_eq!(receiver.send("event-updated", &body).await, answer);
    }
    assert_eq!(receiver.event().await, None);
    for id in [json!(70412), json!(70412.0), json!(EVENT)] {
        assert_eq!(&receiver.send("event-updated", &with(json!({"id": id}))).await[..3], "200");
    }
    assert_eq!(receiver.event().await.unwrap()["notified"], 1);
}

/// Each field of each body is absent, or of any type: the receiver answers and never crashes.
#[tokio::test]
async fn no_field_of_any_type_breaks_the_receiver() {
    let receiver = Receiver::good().await;
    let token = receiver.token("doo", SECRET).await;
    let wrong = [
        json!(null),
        json!(true),
        json!(-7),
        json!(1e300),
        json!("é".repeat(300)),
        json!([[], {}]),
        json!({"id": 1}),
        json!("-"),
    ];
    let alone = attendee(ANNA, TICKET, "active", "valid");
    let bodies = [
        ("event-updated", event("live", 0, "Summit")),
        ("order-updated", with_bo(paid(), "valid")),
        ("attendee-checkin", alone),
    ];
    let places = [
        "",
        "/order_details",
        "/event",
        "/order_details/payment",
        "/order_details/attendees/1",
        "/order_details/attendees/1/ticket",
        "/ticket",
    ];
    for (trigger, body) in bodies {
        for place in places {
            let object = body.pointer(place).and_then(Value::as_object);
            for key in object.into_iter().flat_map(|map| map.keys()) {
                for value in &wrong {
                    let mut body = body.clone();
                    change(body.pointer_mut(place).unwrap(), json!({key: value}));
                    let answer = receiver.post(trigger, bearer(&token), body.to_string()).await;
                    let status = answer.status().as_u16();
                    assert!([200, 422].contains(&status), "{place} {key} {value}: {status}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_json_in_utf_8_or_too_large_or_too_deep_is_refused() {
    let receiver = Receiver::good().await;
    let text = paid().to_string();
    for body in [
        text.as_bytes()[..200].to_vec(),
        Vec::new(),
        b"{\"id\": \"\xff\"}".to_vec(),
        format!("{text}{text}").into(),
    ] {
        assert_eq!(&receiver.send_bytes("order-created", body).await[..19], "400 the body is not");
    }
    let deep = [
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{{\"id\":{}1{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000)),
    ];
    for body in deep.map(String::into_bytes) {
        let said = receiver.send_bytes("order-created", body).await;
        assert!(said.starts_with("400 the body is nested too deeply to be read"), "{said}");
    }
    let huge = vec![b' '; 2 * 1024 * 1024];
    assert_eq!(&receiver.send_bytes("order-created", huge).await[..3], "413");
    let token = receiver.token("doo", SECRET).await;
    for content_type in ["text/plain", "application/json; charset=utf-16", "nonsense"] {
        let request = receiver.0.client.post(receiver.url("/webhooks/doo/order-created"));
        let request = request.headers(bearer(&token)).header("content-type", content_type);
        let answer = request.body(text.clone()).send().await.unwrap();
        assert_eq!(answer.status(), 415, "{content_type}");
    }
    assert_eq!(receiver.believes().await, "nothing");
}

#[tokio::test]
async fn an_unknown_trigger_has_no_url() {
    let receiver = Receiver::good().await;
    let token = receiver.token("doo", SECRET).await;
    for trigger in ["order-paid", "order_created", "", "order-created/"] {
        let answer = receiver.post(trigger, bearer(&token), paid().to_string()).await;
        assert_eq!(answer.status(), 404, "{trigger}");
    }
    let url = receiver.url("/webhooks/doo/order-created");
    assert_eq!(receiver.0.client.put(url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_probe_accepts_any_id() {
    let receiver = Receiver::good().await;
    for id in ["short", "%00", "%ff", "%2e%2e%2f", "99999999999999999999999"] {
        for kind in ["events", "orders", "attendees", "tickets"] {
            assert_eq!(receiver.0.probe(&format!("/{kind}/{id}")).await, None);
        }
    }
    let mut body = paid();
    body["order_details"]["id"] = json!("né/..?");
    assert_eq!(receiver.send("order-created", &body).await, "200 applied");
    assert!(receiver.0.probe("/orders/n%C3%A9%2F..%3F").await.is_some());
}

/// Ids that are not unique: nothing breaks, and they belong to the last subject.
#[tokio::test]
async fn ids_that_are_not_unique_break_nothing() {
    let receiver = Receiver::good().await;
    let mut twice = paid();
    let same = attendee(ANNA, TICKET, "active", "checked");
    twice["order_details"]["attendees"] = json!([same, same]);
    assert_eq!(receiver.send("order-created", &twice).await, "200 applied");
    let mut other = paid();
    other["order_details"]["id"] = json!("880032");
    assert_eq!(receiver.send("order-created", &other).await, "200 applied");
    assert_eq!(receiver.send("order-removed", &removed()).await, "200 applied");
    let anna = receiver.0.probe(&format!("/attendees/{ANNA}")).await.unwrap();
    assert_eq!(word(&anna["order"]), ORDER);
    assert!(receiver.0.probe(&format!("/tickets/{TICKET}")).await.is_some());
}

#[tokio::test]
async fn an_order_with_thousands_of_attendees_is_processed_in_time() {
    let many = |pass: &str| {
        let mut body = paid();
        let one = |number| {
            json!({"id": format!("a{number}"), "status": "active",
            "ticket": {"id": format!("t{number}"), "status": pass, "event_ticket_id": 1}})
        };
        body["order_details"]["attendees"] = (0..8_000).map(one).collect();
        body
    };
    let receiver = Receiver::good().await;
    assert_eq!(receiver.send("order-created", &many("valid")).await, "200 applied");
    assert_eq!(receiver.send("order-updated", &many("checked")).await, "200 applied");
    assert_eq!(receiver.send("order-created", &many("valid")).await, "200 stale");
}
