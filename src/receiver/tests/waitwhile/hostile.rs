//! Requests that no vendor should send: the receiver refuses them clearly, and nothing changes.

use super::*;

#[tokio::test]
async fn an_invalid_body_is_refused_with_the_field() {
    let state = "one of PENDING, DRAFT, BOOKED, WAITING, SERVING and COMPLETE is needed";
    let id = "an id of 1 to 128 characters is needed";
    let with = |more| {
        let mut body = created();
        change(&mut body["data"], more);
        body
    };
    let outer = |more| {
        let mut body = created();
        change(&mut body, more);
        body
    };
    let cases = [
        (json!([]), "422 the body is an array; an object is needed".into()),
        (outer(json!({"id": "-"})), format!("422 id is missing; {id}")),
        (outer(json!({"created": "noon"})), "422 created is \"noon\"; a time as in RFC 3339 is needed".into()),
        (outer(json!({"accountId": null})), format!("422 accountId is null; {id}")),
        (outer(json!({"type": 7})), "422 type is 7; a string is needed".into()),
        (outer(json!({"data": "-"})), "422 data is missing; an object is needed".into()),
        (outer(json!({"data": null})), "422 data is null; an object is needed".into()),
        (outer(json!({"type": "visit.updated"})), "422 after is missing; an object is needed".into()),
        (with(json!({"id": ""})), format!("422 data.id is \"\"; {id}")),
        (with(json!({"id": 12})), format!("422 data.id is 12; {id}")),
        (with(json!({"id": "x".repeat(129)})), format!("422 data.id is \"{}; {id}", "x".repeat(39))),
        (with(json!({"state": "COMPLETED"})), format!("422 data.state is \"COMPLETED\"; {state}")),
        (with(json!({"state": null})), format!("422 data.state is null; {state}")),
        (with(json!({"updated": "-"})), "422 data.updated is missing; a time as in RFC 3339 is needed".into()),
        (with(json!({"partySize": -1})), "422 data.partySize is -1; a whole number from 0 is needed".into()),
        (with(json!({"position": "3"})), "422 data.position is \"3\"; a whole number from 0 is needed".into()),
        (with(json!({"tags": [{}]})), "422 data.tags is an array; an array of strings is needed".into()),
        (with(json!({"dataFields": [{"id": "a"}, 4]})), "422 data.dataFields[1] is 4; an object is needed".into()),
        (
            with(json!({"date": "2031-06-03T14:30Z"})),
            "422 data.date is \"2031-06-03T14:30Z\"; a local date and time without a zone is needed".into(),
        ),
    ];
    let receiver = Receiver::good().await;
    for (body, answer) in cases {
        assert_eq!(receiver.send(&body).await, answer);
    }
    assert_eq!(receiver.believes().await, "nothing");
}

/// Each field of each body is absent, or of any type: the receiver answers and never crashes.
#[tokio::test]
async fn no_field_of_any_type_breaks_the_receiver() {
    let receiver = Receiver::good().await;
    let wrong = [
        json!(null),
        json!(true),
        json!(-7),
        json!(1e300),
        json!("é".repeat(300)),
        json!([[], {}]),
        json!({"id": 1}),
    ];
    let bodies = [
        created(),
        served(),
        removed(),
        booked(),
        message_created(),
        message_updated("FAILED"),
        location_updated(3, 1, false),
    ];
    for body in bodies {
        for place in [None, Some("data"), Some("after"), Some("before")] {
            let object = place.map_or(Some(&body), |place| body.get(place));
            let keys = object.and_then(Value::as_object).into_iter().flat_map(|map| map.keys());
            for key in keys {
                for value in wrong.iter().chain([&json!("-")]) {
                    let mut body = body.clone();
                    let object = match place {
                        Some(place) => &mut body[place],
                        None => &mut body,
                    };
                    change(object, json!({key: value}));
                    let answer = receiver.send(&body).await;
                    assert!(["200", "422"].contains(&&answer[..3]), "{place:?} {key}: {answer}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_json_in_utf_8_or_too_large_or_too_deep_is_refused() {
    let receiver = Receiver::good().await;
    let text = created().to_string();
    for body in [
        text.as_bytes()[..200].to_vec(),
        Vec::new(),
        b"{\"type\": \"\xff\"}".to_vec(),
        format!("{text}{text}").into(),
    ] {
        assert_eq!(&receiver.send_bytes(body).await[..19], "400 the body is not");
    }
    let deep = [
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{{\"id\":{}1{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000)),
    ];
    for body in deep.map(String::into_bytes) {
        let said = receiver.send_bytes(body).await;
        assert!(said.starts_with("400 the body is nested too deeply to be read"), "{said}");
    }
    let huge = vec![b' '; 2 * 1024 * 1024];
    assert_eq!(&receiver.send_bytes(huge).await[..3], "413");
    let body = text.clone().into_bytes();
    let headers = signed(&signature(SECRET, &receiver.url(), &body));
    for content_type in ["text/plain", "application/json; charset=utf-16", "nonsense"] {
        let request = receiver.0.client.post(receiver.url()).headers(headers.clone());
        let request = request.header("content-type", content_type).body(body.clone());
        assert_eq!(request.send().await.unwrap().status(), 415, "{content_type}");
    }
    assert_eq!(receiver.believes().await, "nothing");
}

#[tokio::test]
async fn a_probe_accepts_any_id() {
    let receiver = Receiver::good().await;
    for id in ["short", "%00", "%ff", "%2e%2e%2f", "7d0a4c52-1f0e-4f6f-9a55-0b7f6e2c1a10"] {
        for kind in ["visits", "messages", "locations"] {
            assert_eq!(receiver.0.probe(&format!("/{kind}/{id}")).await, None);
        }
    }
    let mut body = created();
    body["data"]["id"] = json!("né/..?");
    assert_eq!(receiver.send(&body).await, "200 applied");
    assert!(receiver.visit("n%C3%A9%2F..%3F").await.is_some());
}
