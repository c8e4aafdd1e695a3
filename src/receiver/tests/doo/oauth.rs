//! The token endpoint and the revocation endpoint.

use super::*;

const TOKEN: &str = "/oauth/token";
const REVOKE: &str = "/oauth/revoke";

#[tokio::test]
async fn the_right_secret_gets_a_token() {
    let receiver = Receiver::good().await;
    let answer = receiver.form(TOKEN, &credentials("doo", SECRET)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let json: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    let token = json["access_token"].as_str().unwrap();
    assert_eq!(token.len(), 32);
    let expected = json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600,
        "message": "token issued", "description": "valid for 3600 seconds"});
    assert_eq!(json, expected);
}

#[tokio::test]
async fn every_request_gets_a_new_token_and_all_are_valid() {
    let receiver = Receiver::good().await;
    let tokens = futures::future::join_all((0..40).map(|_| receiver.token("doo", SECRET))).await;
    assert_eq!(tokens.iter().collect::<BTreeSet<_>>().len(), 40);
    let body = paid().to_string();
    let sent =
        tokens.iter().map(|token| receiver.post("order-created", bearer(token), body.clone()));
    for answer in futures::future::join_all(sent).await {
        assert_eq!(answer.status(), 200);
    }
    assert_eq!(receiver.believes().await, "Åsa, active, active valid, told 1, let in 0");
}

#[tokio::test]
async fn a_form_may_be_written_in_any_valid_way() {
    let receiver = Receiver::good().await;
    let encoded: String = SECRET.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for form in [
        format!("grant_type=client_credentials&client_secret={SECRET}&client_id=doo"),
        format!("client_id=d%6Fo&client_secret={encoded}&grant_type=client%5Fcredentials"),
        format!("&&scope=all&scope=more&{}&=&x", credentials("doo", SECRET)),
    ] {
        assert_eq!(receiver.form(TOKEN, &form).await.status(), 200, "{form}");
    }
    let url = receiver.url(TOKEN);
    for content_type in [
        "application/x-www-form-urlencoded; charset=utf-8",
        "Application/X-WWW-Form-Urlencoded;charset=UTF-8",
    ] {
        let request = receiver.0.client.post(&url).header("content-type", content_type);
        let answer = request.body(credentials("doo", SECRET)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{content_type}");
    }
}

#[tokio::test]
async fn a_secret_may_contain_any_character() {
    let secret = "p&l=u+s %é\u{0}";
    let client = Client { id: "doo".into(), secret: Secret::new(secret), may_send: true };
    let options = Options { doo: Some(OAuth::new(vec![client])), ..Options::default() };
    let receiver = Receiver(Host::with(options).await);
    let form = credentials("doo", "p%26l%3Du%2Bs+%25%C3%A9%00");
    assert_eq!(receiver.form(TOKEN, &form).await.status(), 200);
    let form = credentials("doo", "p%26l%3Du+s+%25%C3%A9%00");
    assert_eq!(receiver.form(TOKEN, &form).await.status(), 401);
}

#[tokio::test]
async fn a_wrong_secret_gets_no_token() {
    let receiver = Receiver::good().await;
    let wrong = "401 client_id or client_secret is wrong";
    let grant = "400 grant_type must be client_credentials";
    let twice = |field| format!("400 the form must have {field} exactly once");
    let right = credentials("doo", SECRET);
    for (form, answer) in [
        (credentials("doo", "made-up"), wrong.to_owned()),
        (credentials("doo", ""), wrong.into()),
        (credentials("doo", &SECRET[1..]), wrong.into()),
        (credentials("doo", &format!("{SECRET}%00")), wrong.into()),
        (credentials("doo", &SECRET.to_uppercase()), wrong.into()),
        (credentials("doo", PARTNER), wrong.into()),
        (credentials("partner", SECRET), wrong.into()),
        (credentials("Doo", SECRET), wrong.into()),
        (credentials("doo", "%ff%fe"), wrong.into()),
        (credentials("doo", "%"), wrong.into()),
        (right.replace("client_secret", "secret"), wrong.into()),
        (right.replace("client_id=doo&", ""), wrong.into()),
        (String::new(), wrong.into()),
        (right.replace("client_credentials", "password"), grant.into()),
        (right.replace("&grant_type=client_credentials", ""), grant.into()),
        (right.replace("client_credentials", ""), grant.into()),
        (format!("{right}&client_id=doo"), twice("client_id")),
        (format!("client_secret=x&{right}"), twice("client_secret")),
        (format!("{right}&grant_type=password"), twice("grant_type")),
    ] {
        assert_eq!(
            status_and_description(receiver.form(TOKEN, &form).await).await,
            answer,
            "{form}"
        );
    }
    let answer = receiver.form(TOKEN, &credentials("doo", "made-up")).await;
    let json: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(json["message"], "invalid_client");
}

#[tokio::test]
async fn an_empty_secret_gets_no_token() {
    let client = Client { id: "doo".into(), secret: Secret::new(""), may_send: true };
    let options = Options { doo: Some(OAuth::new(vec![client])), ..Options::default() };
    let receiver = Receiver(Host::with(options).await);
    assert_eq!(receiver.form(TOKEN, &credentials("doo", "")).await.status(), 401);
}

#[tokio::test]
async fn a_body_that_is_not_a_form_or_too_large_is_refused() {
    let receiver = Receiver::good().await;
    let json = json!({"client_id": "doo", "client_secret": SECRET,
        "grant_type": "client_credentials"})
    .to_string();
    for (content_type, body) in [
        ("application/json", json.clone()),
        ("text/plain", credentials("doo", SECRET)),
        ("multipart/form-data; boundary=x", credentials("doo", SECRET)),
        ("application/x-www-form-urlencoded; charset=utf-16", credentials("doo", SECRET)),
        ("nonsense", credentials("doo", SECRET)),
    ] {
        let request = receiver.0.client.post(receiver.url(TOKEN));
        let answer = request.header("content-type", content_type).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 415, "{content_type}");
    }
    let bare = receiver.0.client.post(receiver.url(TOKEN)).body(credentials("doo", SECRET));
    assert_eq!(bare.send().await.unwrap().status(), 415);
    let right = credentials("doo", SECRET);
    for (length, status) in [(16 * 1024, 200), (16 * 1024 + 1, 413), (4 * 1024 * 1024, 413)] {
        let padding = "a".repeat(length - right.len() - 1);
        let answer = receiver.form(TOKEN, &format!("{right}&{padding}")).await;
        assert_eq!(answer.status(), status, "{length}");
    }
    let many = format!("{right}{}", "&client_id=doo".repeat(1_000));
    assert_eq!(receiver.form(TOKEN, &many).await.status(), 400);
    assert_eq!(receiver.form(REVOKE, &many).await.status(), 400);
    // Credentials in the URL are ignored, since URLs end up in logs.
    let path = format!("{TOKEN}?{right}");
    assert_eq!(receiver.form(&path, "").await.status(), 401);
    assert_eq!(receiver.0.client.get(receiver.url(TOKEN)).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn only_its_client_can_revoke_a_token() {
    let receiver = Receiver::good().await;
    let token = receiver.token("doo", SECRET).await;
    let good =
        async || receiver.post("order-created", bearer(&token), paid().to_string()).await.status();
    let revoke = async |client, secret, more: &str| {
        let form = format!("client_id={client}&client_secret={secret}{more}");
        status_and_description(receiver.form(REVOKE, &form).await).await
    };
    let it = format!("&token={token}&token_type_hint=access_token");
    let wrong = "401 client_id or client_secret is wrong";
    assert_eq!(revoke("doo", "made-up", &it).await, wrong);
    assert_eq!(revoke("partner", PARTNER, &it).await, "400 the token belongs to another client");
    let none = "400 the form must have token exactly once";
    assert_eq!(revoke("doo", SECRET, "").await, none);
    let two = "400 the form must have token exactly once";
    assert_eq!(revoke("doo", SECRET, "&token=a&token=b").await, two);
    assert_eq!(good().await, 200);
    assert_eq!(revoke("doo", SECRET, "&token=never-given-out").await, "200 revoked");
    assert_eq!(good().await, 200);
    assert_eq!(revoke("doo", SECRET, &it).await, "200 revoked");
    assert_eq!(revoke("doo", SECRET, &it).await, "200 revoked");
    assert_eq!(good().await, 401);
    // The client's other tokens are still valid.
    assert_eq!(receiver.send("order-created", &paid()).await, "200 duplicate");
}

/// The statuses with which a receiver with this defect answers these token requests.
async fn answered<const N: usize>(forms: &[String; N], defect: Option<Defect>) -> [u16; N] {
    let defects = defect.into_iter().collect();
    let receiver = Receiver::with(Options { defects, ..Options::default() }).await;
    let mut statuses = [0; N];
    for (form, status) in forms.iter().zip(&mut statuses) {
        *status = receiver.form(TOKEN, form).await.status().as_u16();
    }
    statuses
}

/// Each defect shows in the answer to the right or to a wrong secret.
#[tokio::test]
async fn each_defect_of_the_token_endpoint_shows_in_its_answer() {
    let forms = [
        credentials("doo", SECRET),
        credentials("doo", "made-up"),
        credentials("doo", ""),
        credentials("doo", PARTNER),
    ];
    for (defect, expected) in [
        (None, [200, 401, 401, 401]),
        (Some(Defect::SecretIgnored), [200, 200, 200, 200]),
        (Some(Defect::AnyClientAccepted), [200, 401, 401, 200]),
        (Some(Defect::MissingSecretAccepted), [200, 401, 200, 401]),
        (Some(Defect::WrongSecretCrashes), [200, 500, 500, 500]),
        (Some(Defect::WrongSecretAnswered200), [200, 200, 200, 200]),
        (Some(Defect::FormRefused), [415, 415, 415, 415]),
        (Some(Defect::TokenCreated201), [201, 401, 401, 401]),
    ] {
        assert_eq!(answered(&forms, defect).await, expected, "{defect:?}");
    }
}

#[tokio::test]
async fn a_token_request_that_is_nearly_right_is_refused() {
    let right = credentials("doo", SECRET);
    let forms = [
        credentials("doo", &SECRET[..4]),
        right.replace("client_credentials", "password"),
        right.replace("client_secret", "secret"),
    ];
    for (defect, expected) in [
        (None, [401, 400, 401]),
        (Some(Defect::AnyGrantAccepted), [401, 200, 401]),
        (Some(Defect::SecretSearched), [401, 400, 200]),
    ] {
        assert_eq!(answered(&forms, defect).await, expected, "{defect:?}");
    }
}

#[tokio::test]
async fn defects_of_the_answer_hide_the_token() {
    for (defect, has_token) in
        [(Defect::TokenUnnamed, false), (Defect::TokenAsText, false), (Defect::TokenUsedOnce, true)]
    {
        let receiver = Receiver::bad(defect).await;
        let answer = receiver.form(TOKEN, &credentials("doo", SECRET)).await;
        assert_eq!(answer.status(), 200);
        let json = serde_json::from_slice::<Value>(&answer.bytes().await.unwrap()).ok();
        let token = json.and_then(|json| json.get("access_token").cloned());
        assert_eq!(token.is_some(), has_token, "{}", defect.name());
    }
    let receiver = Receiver::bad(Defect::WrongSecretAnswered200).await;
    let answer = receiver.form(TOKEN, &credentials("doo", "made-up")).await;
    assert_eq!(status_and_description(answer).await, "200 invalid_client");
}
