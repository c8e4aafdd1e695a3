//! Webhook configurations: which are accepted, where webhooks go then, and how secrets are kept.

use serde_json::{Value as Json, json};
use standin::vendors::api::{ApiBody, Method, SubscriptionLogin};

use crate::client::{Client, assert_error, json_of, text};

const SECRET: &str = "a-secret-of-the-receiver";

fn configuration() -> Json {
    json!({
        "name": "CRM sync",
        "description": "bookings to the CRM",
        "hooks": [
            {"type": "order_created", "method": "POST", "endpoint": "https://crm.example.test/o"},
            {"type": "event_updated", "method": "POST", "endpoint": "https://crm.example.test/e"},
        ],
        "authentication": {
            "grant_type": "client_credentials",
            "endpoint": "https://crm.example.test/oauth/token",
            "credentials": {"client_id": "doo", "client_secret": SECRET},
            "header_format": "Oauth-Token",
            "header_value_format": "%ACCESS_TOKEN%",
        },
    })
}

fn create(client: &mut Client, configuration: &Json) -> String {
    let team = client.team();
    let answer = client.post(&format!("/team/{team}/webhooks"), configuration);
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let body = json_of(&answer);
    assert_eq!(body["response_status"], 200);
    let own = text(&body["_links"]["self"]["href"]);
    assert!(own.ends_with(&format!("/v1/team/{team}/webhooks")), "{own}");
    text(&body["data"])
}

fn listed(client: &mut Client) -> Vec<Json> {
    let team = client.team();
    let list = client.read(&format!("/team/{team}/webhooks"));
    list["_embedded"]["webhooks"].as_array().expect("a list").clone()
}

#[test]
fn a_configuration_is_created_listed_and_deleted() {
    let mut client = Client::unlimited();
    let id = create(&mut client, &configuration());
    assert_eq!(id.len(), 36);
    assert_eq!(&id[14..15], "1", "a UUID of version 1: {id}");
    let list = listed(&mut client);
    assert_eq!(list.len(), 1);
    let mut wanted = configuration();
    wanted["id"] = id.as_str().into();
    let own = format!("https://doo.example.test/v1/webhooks/{id}");
    wanted["_links"] = json!({"self": {"href": own}});
    assert_eq!(list[0], wanted, "with the secret in clear");
    let answer = client.call(Method::Delete, &format!("/webhooks/{id}"), "");
    assert_eq!((answer.status, answer.body), (204, ApiBody::Empty));
    assert!(listed(&mut client).is_empty());
    let again = client.call(Method::Delete, &format!("/webhooks/{id}"), "");
    assert_eq!(again.status, 204);
}

#[test]
fn what_is_optional_may_be_left_out() {
    let mut client = Client::unlimited();
    let least = json!({
        "name": "n",
        "hooks": [{"type": "order_removed", "method": "POST", "endpoint": "http://h.example.test"}],
    });
    let id = create(&mut client, &least);
    let list = listed(&mut client);
    assert_eq!(list[0]["id"], id);
    assert_eq!(list[0].get("authentication"), None);
    assert_eq!(client.run.sim().subscriptions(0)[0].login, None);
    assert_eq!(client.post("/webhooks", &least).status, 200);
    assert_eq!(listed(&mut client).len(), 2);
}

#[test]
fn webhooks_go_to_what_is_configured_with_its_login() {
    let mut client = Client::unlimited();
    let id = create(&mut client, &configuration());
    let subscriptions = client.run.sim().subscriptions(0);
    assert_eq!(subscriptions.len(), 1);
    assert_eq!(subscriptions[0].id, id);
    assert_eq!(
        subscriptions[0].hooks,
        [
            ("order_created", "https://crm.example.test/o".to_owned()),
            ("event_updated", "https://crm.example.test/e".to_owned()),
        ]
    );
    let Some(SubscriptionLogin::Token { endpoint, client: named, header, value }) =
        subscriptions[0].login.clone()
    else {
        panic!("no token")
    };
    assert_eq!(endpoint, "https://crm.example.test/oauth/token");
    let named = named.expect("a client");
    assert_eq!((named.id.as_str(), named.secret.reveal()), ("doo", SECRET));
    assert_eq!(header.as_deref(), Some("Oauth-Token"));
    assert_eq!(value.as_deref(), Some("%ACCESS_TOKEN%"));
}

/// The URL and the body of each request that is due now. Nobody answers them.
fn due(client: &mut Client) -> Vec<(String, String)> {
    let now = client.run.sim().now();
    let mut requests = Vec::new();
    while let Some(ticket) = client.run.poll(now) {
        let body = String::from_utf8_lossy(&ticket.request.body).into_owned();
        requests.push((ticket.request.address.known.as_str().to_owned(), body));
    }
    client.write();
    requests
}

#[test]
fn a_webhook_goes_to_each_configuration_of_its_type_and_to_standin_yaml_without_any() {
    let mut client = Client::unlimited();
    client.say("Anna books a ticket");
    assert_eq!(due(&mut client)[0].0, "http://127.0.0.1:9/order_created");
    let mut one = configuration();
    one["authentication"]["credentials"]["client_id"] = "harbour".into();
    let one = create(&mut client, &one);
    let bare = json!({
        "name": "bare",
        "hooks": [{"type": "order_created", "method": "POST", "endpoint": "http://h.example.test/"}],
    });
    let bare = create(&mut client, &bare);
    client.say("Ben books a ticket");
    let requests = due(&mut client);
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].0, "https://crm.example.test/oauth/token");
    let form = format!("client_id=harbour&client_secret={SECRET}&grant_type=client_credentials");
    assert_eq!(requests[0].1, form);
    assert_eq!(requests[1].0, "http://h.example.test/");
    assert!(requests[1].1.starts_with("{\"contact_center\""), "the webhook itself");

    client.say("the organizer cancels the booking of Ben");
    assert!(due(&mut client).is_empty(), "nobody has configured order_cancelled");
    let delete = |client: &mut Client, id: &str| {
        client.call(Method::Delete, &format!("/webhooks/{id}"), "");
    };
    delete(&mut client, &one);
    client.say("Cem books a ticket");
    let requests = due(&mut client);
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].0, "http://h.example.test/");
    delete(&mut client, &bare);
    client.say("Dana books a ticket");
    assert_eq!(due(&mut client)[0].0, "http://127.0.0.1:9/order_created");

    let run = client.again().unwrap_or_else(|error| panic!("{error}"));
    let urls = |run: &standin::run::Run| -> Vec<String> {
        run.outstanding().map(|one| one.request.address.known.as_str().to_owned()).collect()
    };
    assert_eq!(urls(&run), urls(&client.run));
    let forms = run.outstanding().map(|one| String::from_utf8_lossy(&one.request.body));
    let harbour: Vec<_> = forms.filter(|form| form.contains("client_id=harbour")).collect();
    assert_eq!(harbour.len(), 1, "the id is kept, and the secret is that of the settings");
    assert!(harbour[0].contains("client_secret=&"), "{}", harbour[0]);
    assert!(!client.lines().concat().contains(SECRET));
}

#[test]
fn what_is_wrong_with_a_configuration_is_refused() {
    let mut client = Client::unlimited();
    let team = client.team();
    let path = format!("/team/{team}/webhooks");
    let long = "x".repeat(256);
    let far = format!("https://example.test/{}", "x".repeat(1000));
    for (pointer, value, status) in [
        ("/name", json!(null), 400),
        ("/name", json!(""), 400),
        ("/name", json!(7), 400),
        ("/name", json!(long), 400),
        ("/description", json!(long), 400),
        ("/hooks", json!(null), 400),
        ("/hooks", json!([]), 400),
        ("/hooks", json!({}), 400),
        ("/hooks/0", json!("order_created"), 400),
        ("/hooks/0/type", json!("order_imagined"), 400),
        ("/hooks/0/type", json!("on_order_created"), 400),
        ("/hooks/0/type", json!("event_updated"), 400),
        ("/hooks/0/method", json!(null), 400),
        ("/hooks/0/method", json!("BREW"), 400),
        ("/hooks/0/method", json!("PUT"), 501),
        ("/hooks/0/endpoint", json!(null), 400),
        ("/hooks/0/endpoint", json!("crm.example.test"), 400),
        ("/hooks/0/endpoint", json!("ftp://crm.example.test"), 400),
        ("/hooks/0/endpoint", json!("https://"), 400),
        ("/hooks/0/endpoint", json!(far), 400),
        ("/authentication", json!([]), 400),
        ("/authentication/endpoint", json!(null), 400),
        ("/authentication/grant_type", json!("password"), 501),
        ("/authentication/credentials", json!(null), 400),
        ("/authentication/credentials", json!({"client_id": "doo"}), 400),
        ("/authentication/credentials", json!({"client_secret": "s", "pin": 1}), 400),
        ("/authentication/credentials/client_id", json!(""), 400),
        ("/authentication/header_format", json!("two words"), 400),
        ("/authentication/header_format", json!("Content-Length"), 400),
        ("/authentication/header_format", json!(""), 400),
        ("/authentication/header_value_format", json!("Bearer"), 400),
        ("/authentication/header_value_format", json!("%ACCESS_TOKEN%\r\nX: y"), 400),
    ] {
        let mut body = configuration();
        *body.pointer_mut(pointer).expect("it is there") = value;
        assert_error(&client.post(&path, &body), status);
    }
    for (name, value) in [("event_id", json!("1")), ("event_guide_id", json!("1"))] {
        let mut body = configuration();
        body[name] = value;
        assert_error(&client.post(&path, &body), 501);
    }
    let mut graphql = configuration();
    graphql["hooks"][0]["origin"] = json!({"method": "POST", "body": "{}"});
    assert_error(&client.post(&path, &graphql), 501);
    for body in ["", "{", "[]", "7"] {
        assert_error(&client.call(Method::Post, &path, body), 400);
    }
    assert_error(&client.post("/team/1/webhooks", &configuration()), 404);
    assert_error(&client.get("/team/x/webhooks"), 404);
    assert!(listed(&mut client).is_empty());
    assert!(client.run.sim().subscriptions(0).is_empty());
}

#[test]
fn a_run_read_back_answers_alike_and_no_secret_is_in_its_journal() {
    // Short secrets, secrets with escapes, and one that also occurs elsewhere. All are hidden.
    let secrets = [
        SECRET,
        "***",
        "a",
        "",
        "success",
        "_embedded",
        "total_items",
        "crm.example.test",
        "with \"quotes\" and \\",
        "ünïcödé-secret",
        "password",
        "password1",
        "1password12",
    ];
    let mut client = Client::with_token(&[("api_limits", "off")]);
    client.say("Anna books a ticket");
    for (place, secret) in secrets.iter().enumerate() {
        let mut body = configuration();
        body["name"] = format!("number {place}").into();
        body["authentication"]["credentials"]["client_secret"] = (*secret).into();
        create(&mut client, &body);
        listed(&mut client);
    }
    let mut odd = configuration();
    odd["authentication"]["credentials"]["client_secret"] = json!({"nested": ["secret-in-a-list"]});
    create(&mut client, &odd);
    let list = listed(&mut client);
    assert_eq!(list[0]["authentication"]["credentials"]["client_secret"], SECRET);
    assert_eq!(list[2]["authentication"]["credentials"]["client_secret"], "***");
    client.say("Ben books a ticket");

    let mut run = client.again().unwrap_or_else(|error| panic!("{error}"));
    let lines = client.lines().concat();
    let token = client.token.clone().expect("a token");
    let own = client.run.api_keys(0).client.secret.reveal().to_owned();
    for secret in [SECRET, "ünïcödé-secret", "secret-in-a-list", &token, &own, &client.key()] {
        assert!(!lines.contains(secret), "{secret}");
    }
    assert_eq!(run.take_entries().len(), 0);
    let ids = |run: &standin::run::Run| -> Vec<String> {
        run.sim().subscriptions(0).iter().map(|one| one.id.clone()).collect()
    };
    assert_eq!(ids(&run), ids(&client.run));
    assert_eq!(run.sim().api_tokens(0), client.run.sim().api_tokens(0));

    let mut again = Client { run, entries: Vec::new(), clock: client.clock, token: Some(token) };
    let list = listed(&mut again);
    assert_eq!(list.len(), secrets.len() + 1);
    for item in &list {
        assert_eq!(item["authentication"]["credentials"]["client_secret"], "***");
    }
    let login = again.run.sim().subscriptions(0)[0].login.clone();
    let Some(SubscriptionLogin::Token { client: Some(named), .. }) = login else {
        panic!("no client")
    };
    assert_eq!((named.id.as_str(), named.secret.reveal()), ("doo", ""));
}
