//! Credentials, and what the path must name.

use standin::vendors::api::Method;

use crate::client::{Client, assert_error, booking, ombori};

/// Every operation that is played, as a call that succeeds with the key.
fn calls(client: &mut Client) -> Vec<(Method, String, String)> {
    let request = booking(60).to_string();
    let (ticket, _) = client.good(Method::Post, "/join", &serde_json::json!({"session": "s"}));
    let ticket = ticket["position"]["id"].as_str().expect("an id").to_owned();
    let mut reservation = || {
        let (made, _) = client.good(Method::Post, "/reservations", &booking(60));
        made["id"].as_str().expect("an id").to_owned()
    };
    let (first, second) = (reservation(), reservation());
    vec![
        (Method::Post, "/join".to_owned(), r#"{"session": "s"}"#.to_owned()),
        (Method::Get, format!("/positions/{ticket}"), String::new()),
        (Method::Post, "/bookings".to_owned(), request.clone()),
        (Method::Post, "/reservations".to_owned(), request),
        (Method::Patch, format!("/reservations/{first}"), "{}".to_owned()),
        (Method::Post, format!("/reservations/{second}/confirm"), String::new()),
        (Method::Patch, format!("/positions/{ticket}"), "{}".to_owned()),
        (Method::Put, format!("/positions/{ticket}/cancel-position"), String::new()),
    ]
}

#[test]
fn every_operation_needs_the_key_but_a_booking_unless_the_account_says_so() {
    for (setting, keyless) in [("optional", true), ("needed", false)] {
        let mut client = Client::new(&[("booking_key", setting)]);
        for (method, rest, body) in calls(&mut client) {
            let path = client.path(&rest);
            let before = client.state();
            assert_error(&client.send(method, &path, Some("wrong"), body.clone()), 401);
            if !(keyless && rest == "/bookings") {
                assert_error(&client.send(method, &path, None, body.clone()), 401);
                assert_eq!(client.state(), before, "{rest}");
                assert_eq!(client.call(method, &rest, &body).status, 200, "{rest}");
            } else {
                assert_eq!(client.send(method, &path, None, body).status, 200, "{rest}");
            }
        }
    }
}

#[test]
fn a_path_with_another_region_organization_or_queue_is_not_found() {
    let mut client = Client::new(&[]);
    let key = client.key();
    for (method, rest, body) in calls(&mut client) {
        let path = client.path(&rest);
        let queue = client.queue.clone();
        for (right, wrong) in [
            ("/eu/", "/mars/"),
            ("/demo-retail/", "/other/"),
            (queue.as_str(), "0b0b0b0b-0000-4000-8000-000000000000"),
            (queue.as_str(), "%00"),
        ] {
            let path = path.replace(right, wrong);
            assert_error(&client.send(method, &path, Some(&key), body.clone()), 404);
        }
        for region in ["us", "in", "au", "uae"] {
            let path = path.replace("/eu/", &format!("/{region}/"));
            let status = client.send(method, &path, Some(&key), "[").status;
            assert!([200, 400, 409].contains(&status), "{rest}: {status}");
        }
    }
    // The account's name also identifies its organization.
    let path = client.path("/join").replace("/demo-retail/", "/alone/");
    let answer = client.send(Method::Post, &path, Some(&key), r#"{"session": "s"}"#);
    assert_eq!(answer.status, 200);
}

#[test]
fn what_is_not_played_says_why_and_other_methods_are_refused() {
    let mut client = Client::new(&[]);
    client.bad(Method::Get, "/timeslots", "", 501);
    client.bad(Method::Post, "/positions/x/negotiate", "", 501);
    client.bad(Method::Delete, "/positions/x", "", 405);
    client.bad(Method::Get, "/elsewhere", "", 404);
    assert_eq!(ombori().api().expect("an API").credentials[0].header, "ApiKey");
}
